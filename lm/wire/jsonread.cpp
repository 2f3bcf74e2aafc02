// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/jsonread.h"

#include <cmath>

namespace evalwright::wire {

using nlohmann::json;

namespace {

constexpr qsizetype longestExcerpt = 200;

std::optional<qint64> wholeNumber(const json *value, double most)
{
    if (!value || !value->is_number())
        return std::nullopt;
    const double count = value->get<double>();
    return count >= 0 && count <= most && count == std::floor(count) ? std::optional<qint64>(static_cast<qint64>(count))
                                                                     : std::nullopt;
}

} // namespace

const json *member(const json &object, const char *name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

const json *arrayIn(const json &object, const char *name)
{
    const json *value = member(object, name);
    return value && value->is_array() ? value : nullptr;
}

const json *objectIn(const json &object, const char *name)
{
    const json *value = member(object, name);
    return value && value->is_object() ? value : nullptr;
}

QString text(const json *value)
{
    return value && value->is_string() ? QString::fromStdString(value->get_ref<const std::string &>()) : QString();
}

QString textIn(const json &object, const char *name)
{
    return text(member(object, name));
}

std::optional<double> number(const json *value)
{
    return value && value->is_number() ? std::optional<double>(value->get<double>()) : std::nullopt;
}

std::optional<qint64> tokenCount(const json *value)
{
    constexpr double mostThatAnyModelReads = 1e9;
    return wholeNumber(value, mostThatAnyModelReads);
}

std::optional<qint64> tokenId(const json *value)
{
    constexpr double largest = 2147483647;
    return wholeNumber(value, largest);
}

std::optional<QList<qint64>> tokenIdList(const json *value)
{
    if (!value || !value->is_array())
        return std::nullopt;
    QList<qint64> ids;
    ids.reserve(static_cast<qsizetype>(value->size()));
    for (const json &element : *value) {
        const auto id = tokenId(element.is_object() ? member(element, "id") : &element);
        if (!id)
            return std::nullopt;
        ids << *id;
    }
    return ids;
}

QString excerptOf(const QByteArray &body)
{
    return QString::fromUtf8(body.left(longestExcerpt)).simplified();
}

QString excerptOf(const json &document)
{
    return excerptOf(QByteArray::fromStdString(document.dump(-1, ' ', false, json::error_handler_t::replace)));
}

} // namespace evalwright::wire
