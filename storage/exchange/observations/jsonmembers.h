// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <nlohmann/json.hpp>

/// Inside of this room: members of documents of strangers, of which nothing is taken for granted.
namespace evalwright {

/// Null where the value is no object, lacks the member, or has null for it.
inline const nlohmann::json *member(const nlohmann::json &object, const char *name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// Empty where it is no text.
inline QString textOf(const nlohmann::json *value)
{
    return value && value->is_string() ? QString::fromStdString(value->get_ref<const std::string &>()) : QString();
}

} // namespace evalwright
