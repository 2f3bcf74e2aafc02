// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml.h"

#include <QRegularExpression>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::ordered_json;

namespace {

bool mustBeSpelled(char32_t c)
{
    const bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
    const bool lines = c == 0x2028 || c == 0x2029;
    const bool direction =
        c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    const bool unseen =
        c == 0xad || (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
    return control || lines || direction || unseen || (c & 0xfffe) == 0xfffe;
}

QString spelled(char32_t c)
{
    return c > 0xffff ? u"\\U%1"_s.arg(c, 8, 16, QLatin1Char('0')) : u"\\u%1"_s.arg(c, 4, 16, QLatin1Char('0'));
}

/// A name of a member without quotes where every reader takes it for that text.
QString keyText(const QString &key)
{
    static const QRegularExpression plain(u"\\A[A-Za-z_][A-Za-z0-9_]*\\z"_s),
        acted(u"\\A(y|n|yes|no|on|off|true|false|null)\\z"_s, QRegularExpression::CaseInsensitiveOption);
    return plain.match(key).hasMatch() && !acted.match(key).hasMatch() ? key : yamlText(key);
}

bool isBlock(const ordered_json &value)
{
    return (value.is_object() || value.is_array()) && !value.empty();
}

void append(QString &out, const ordered_json &value, int depth);

QString scalar(const ordered_json &value)
{
    if (value.is_string())
        return yamlText(QString::fromStdString(value.get<std::string>()));
    return QString::fromStdString(value.dump()); // Numbers, truth values, null, [] and {} are written as in JSON.
}

/// What follows "key:" or "-" on the same line or below.
void appendValue(QString &out, const ordered_json &value, int depth)
{
    if (!isBlock(value)) {
        out += u' ' + scalar(value) + u'\n';
        return;
    }
    out += u'\n';
    append(out, value, depth);
}

void append(QString &out, const ordered_json &value, int depth)
{
    const QString indent(2 * depth, u' ');
    if (value.is_object()) {
        for (const auto &[key, member] : value.items()) {
            out += indent + keyText(QString::fromStdString(key)) + u':';
            appendValue(out, member, depth + 1);
        }
        return;
    }
    for (const ordered_json &element : value) {
        out += indent + u'-';
        if (isBlock(element) && element.is_object()) {
            // The first member stands beside the dash.
            QString block;
            append(block, element, depth + 1);
            out += u' ' + block.mid(2 * (depth + 1));
        } else {
            appendValue(out, element, depth + 1);
        }
    }
}

} // namespace

QString yamlText(const QString &text)
{
    QString out = u"\""_s;
    const QList<uint> points = text.toUcs4();
    for (const uint point : points) {
        const char32_t c = point;
        if (c == U'"' || c == U'\\')
            out += u'\\' + QChar(static_cast<char16_t>(c));
        else if (c == U'\n')
            out += u"\\n"_s;
        else if (c == U'\t')
            out += u"\\t"_s;
        else if (c >= 0xd800 && c <= 0xdfff)
            out += u"\\ufffd"_s;
        else if (mustBeSpelled(c))
            out += spelled(c);
        else
            out += QString::fromUcs4(&c, 1);
    }
    return out + u'"';
}

QByteArray toYaml(const ordered_json &document)
{
    if (document.is_null())
        return {};
    QString out;
    if (isBlock(document))
        append(out, document, 0);
    else
        out = scalar(document) + u'\n';
    return out.toUtf8();
}

} // namespace evalwright
