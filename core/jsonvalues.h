// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jsontexts.h"

#include <nlohmann/json.hpp>
#include <optional>

/// Values as the command line contract writes them. Unknown is null, never 0 or "".
namespace evalwright::jsonvalues {

inline nlohmann::json text(const QString &value)
{
    return value.isEmpty() ? nlohmann::json(nullptr) : nlohmann::json(value.toStdString());
}

template <class T>
nlohmann::json number(const std::optional<T> &value)
{
    return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

inline nlohmann::json texts(const QStringList &values)
{
    return textsToJson(values);
}

} // namespace evalwright::jsonvalues
