// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/foreignjson.h"

#include <QStringList>

#include <nlohmann/json.hpp>

namespace evalwright {

inline nlohmann::json textsToJson(const QStringList &texts)
{
    nlohmann::json list = nlohmann::json::array();
    for (const QString &text : texts)
        list.push_back(text.toStdString());
    return list;
}

/// From a list of texts that was validated.
inline QStringList textsFromJson(const nlohmann::json &list)
{
    QStringList texts;
    for (const nlohmann::json &text : list)
        texts << QString::fromStdString(text.get_ref<const std::string &>());
    return texts;
}

/// The texts of a list that a project stores; what is no text is left out.
inline QStringList storedTexts(const QString &text)
{
    QStringList texts;
    const nlohmann::json list = storedJson(text);
    if (list.is_array()) {
        for (const nlohmann::json &one : list) {
            if (one.is_string())
                texts << QString::fromStdString(one.get_ref<const std::string &>());
        }
    }
    return texts;
}

} // namespace evalwright
