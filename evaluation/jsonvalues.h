// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <nlohmann/json.hpp>
#include <optional>

/// Inside of the evaluation room: values as the command line contract writes them. Unknown is null, never 0 or "".
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
    nlohmann::json list = nlohmann::json::array();
    for (const QString &value : values)
        list.push_back(value.toStdString());
    return list;
}

} // namespace evalwright::jsonvalues
