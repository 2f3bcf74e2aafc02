// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using nlohmann::json;

namespace {

/// Counts brackets outside of strings. For text that is not JSON the count means nothing, and the parser refuses it.
bool isNestedDeeper(const QByteArray &text, int deepest)
{
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text.at(i);
        if (inString) {
            if (c == '\\')
                ++i; // The escaped character ends no string.
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > deepest)
                return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

} // namespace

json parseForeignJson(const QByteArray &text, int deepest)
{
    if (isNestedDeeper(text, deepest))
        return json(json::value_t::discarded);
    return json::parse(text.begin(), text.end(), nullptr, false);
}

json storedJson(const QString &text)
{
    json value = parseForeignJson(text.toUtf8());
    return value.is_discarded() ? json() : value;
}

} // namespace evalwright
