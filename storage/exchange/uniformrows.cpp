// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/uniformrows.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// A whole number that fits 64 bits with a sign, as tables have them.
bool isInteger(const QString &number)
{
    bool fits = false;
    number.toLongLong(&fits);
    return fits;
}

/// A number that a double holds.
bool isFraction(const QString &number)
{
    bool isNumber = false;
    const double value = number.toDouble(&isNumber);
    return isNumber && qIsFinite(value);
}

JsonNode asType(const JsonNode &value, UniformRows::Type type)
{
    using Type = UniformRows::Type;
    if (value.kind == JsonNode::Kind::Null)
        return value;
    if (type == Type::Text)
        return value.isText() ? value : JsonNode::ofText(value.toText());
    if (type == Type::Texts)
        return value.isText() ? JsonNode::ofTexts({value.text}) : value;
    JsonNode out = value;
    const bool whole = !value.text.contains(u'.') && !value.text.contains(u'e', Qt::CaseInsensitive);
    if (type == Type::Float && whole)
        out.text += u".0"_s;
    return out;
}

} // namespace

void UniformRows::survey(const JsonNode &object)
{
    for (size_t i = 0; i < object.items.size(); ++i) {
        const QString &key = object.keys[static_cast<qsizetype>(i)];
        const JsonNode &value = object.items[i];
        if (!m_seen.contains(key))
            m_names << key;
        Seen &seen = m_seen[key];
        switch (value.kind) {
        case JsonNode::Kind::Null:
            break;
        case JsonNode::Kind::True:
        case JsonNode::Kind::False:
            seen.truth = true;
            break;
        case JsonNode::Kind::Number:
            (isInteger(value.text) ? seen.integer : isFraction(value.text) ? seen.fraction : seen.other) = true;
            break;
        case JsonNode::Kind::Text:
            seen.text = true;
            break;
        case JsonNode::Kind::Array:
            (std::ranges::all_of(value.items, &JsonNode::isText) ? seen.texts : seen.other) = true;
            break;
        case JsonNode::Kind::Object:
            seen.other = true;
            break;
        }
    }
}

UniformRows::Type UniformRows::typeOf(const Seen &seen)
{
    const bool number = seen.integer || seen.fraction;
    if (seen.other || int(seen.truth) + int(number) + int(seen.text || seen.texts) > 1)
        return Type::Text;
    if (seen.texts)
        return Type::Texts;
    if (number)
        return seen.fraction ? Type::Float : Type::Integer;
    return seen.truth ? Type::Truth : Type::Text;
}

QList<UniformRows::Column> UniformRows::columns() const
{
    QList<Column> out;
    for (const QString &name : m_names)
        out << Column{name, typeOf(m_seen[name])};
    return out;
}

QByteArray UniformRows::row(const JsonNode &object) const
{
    JsonNode out = JsonNode::object();
    for (size_t i = 0; i < object.items.size(); ++i) {
        const QString &key = object.keys[static_cast<qsizetype>(i)];
        out.add(key, asType(object.items[i], typeOf(m_seen.value(key))));
    }
    QByteArray line;
    appendJson(line, out, JsonEscapes::Utf8);
    return line + '\n';
}

} // namespace evalwright
