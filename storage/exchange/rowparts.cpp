// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/rowparts.h"

#include "core/text.h"

#include <algorithm>

namespace evalwright::rows {

using namespace Qt::StringLiterals;

namespace {

/// U+200C and U+200D shape letters and emoji; they are part of the writing.
bool isInvisible(char32_t c)
{
    return c == 0x00ad || c == 0x200b || c == 0x2060 || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
}
bool isBidiControl(char32_t c)
{
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/// The text around a byte, cut at code points, with the place marked by "⟨here⟩".
QString excerptAt(const QByteArray &line, qsizetype offset)
{
    constexpr qsizetype around = 48;
    const QString before = QString::fromUtf8(line.mid(qMax<qsizetype>(0, offset - around), qMin(offset, around)));
    const QString after = QString::fromUtf8(line.mid(offset, around));
    return (before + u"⟨here⟩"_s + after).left(120);
}

} // namespace

void addFlag(QStringList &flags, const QString &flag)
{
    if (!flags.contains(flag))
        flags << flag;
}

void flagText(const QString &text, QStringList &flags)
{
    constexpr qsizetype veryLong = 100'000;
    bool printable = true;
    for (const QChar c : text)
        printable &= static_cast<char16_t>(c.unicode() - u' ') < 0x5f || c == u'\n';
    if (printable && text.size() <= veryLong)
        return; // As nearly all are.
    const QList<uint> points = text.toUcs4();
    if (points.size() > veryLong)
        addFlag(flags, u"very-long"_s);
    for (const uint c : points) {
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || (c >= 0x7f && c < 0xa0))
            addFlag(flags, u"control-character"_s);
        else if (isBidiControl(c))
            addFlag(flags, u"bidi-control"_s);
        else if (isInvisible(c))
            addFlag(flags, u"invisible-character"_s);
    }
}

bool hasVisible(const QString &text)
{
    return std::any_of(text.cbegin(), text.cend(), [](QChar c) {
        return !c.isSpace() && c.category() != QChar::Other_Format && c.category() != QChar::Other_Control;
    });
}

RowProblem problemAt(const QByteArray &row, qsizetype offset, const QString &reason, const QString &message,
                     const QString &field)
{
    return {0, columnOf(row, offset), reason, message, field, excerptAt(row, offset)};
}

QStringList sensibleNames(const QStringList &columns)
{
    constexpr qsizetype most = 1000, longest = 100;
    QStringList names;
    for (const QString &column : columns) {
        if (names.size() < most && column.size() <= longest)
            names << column;
    }
    return names;
}

QString listOf(const QStringList &columns)
{
    constexpr qsizetype most = 50;
    return sensibleNames(columns).mid(0, most).join(u", "_s);
}

tl::expected<JsonRow, RowProblem> parseObject(const QByteArray &row)
{
    constexpr qint64 mostValues = 1'000'000; // Half of what is read, so that what is stored of a row can be read again.
    auto parsed = parseJsonRow(row, 64, mostValues);
    if (!parsed) {
        const JsonRowError &error = parsed.error();
        return tl::unexpected(problemAt(row, error.offset, error.reason, error.message));
    }
    if (parsed->root.kind != JsonNode::Kind::Object) {
        return tl::unexpected(
            problemAt(row, parsed->root.begin, u"not-an-object"_s, u"The row is not a JSON object."_s));
    }
    return *std::move(parsed);
}

QString extraOf(const JsonNode &object, const std::function<bool(const QString &key)> &isKnown,
                const QStringList &flags)
{
    JsonNode fields = JsonNode::object(), out = JsonNode::object();
    for (size_t i = 0; i < object.items.size(); ++i) {
        const QString &key = object.keys[static_cast<qsizetype>(i)];
        if (!isKnown(key))
            fields.add(key, object.items[i]);
    }
    if (fields.keys.isEmpty() && flags.isEmpty())
        return u"{}"_s;
    if (!fields.keys.isEmpty())
        out.add(u"fields"_s, std::move(fields));
    if (!flags.isEmpty())
        out.add(u"flags"_s, JsonNode::ofTexts(flags));
    return out.toText();
}

void mark(ImportedRow &row, const QString &flag)
{
    addFlag(row.flags, flag);
    constexpr int deepest = 66; // As deep as a row may be, one level further down.
    auto extra = parseJsonRow(row.candidate.extra.toUtf8(), deepest);
    if (!extra)
        return;
    JsonNode out = JsonNode::object();
    if (const JsonNode *unknown = extra->root.find(u"fields"_s))
        out.add(u"fields"_s, *unknown);
    out.add(u"flags"_s, JsonNode::ofTexts(row.flags));
    row.candidate.extra = out.toText();
}

void Fields::bad(const QString &reason, const QString &message, const QString &field)
{
    const JsonNode *node = m_object.find(field);
    m_out.problem = problemAt(m_row, node ? node->begin : m_object.begin, reason, message, field);
}

bool Fields::required(const QString &key, const std::function<bool(const QString &key)> &isKnown)
{
    const JsonNode *node = m_object.find(key);
    if (node && node->kind != JsonNode::Kind::Null)
        return true;
    if (node) {
        bad(u"missing-field"_s, u"The field “%1” is null."_s.arg(key), key);
        return false;
    }
    QStringList unknown;
    std::copy_if(m_object.keys.cbegin(), m_object.keys.cend(), std::back_inserter(unknown),
                 [&](const QString &k) { return !isKnown(k); });
    const QStringList near = nearestNames(key, sensibleNames(unknown), 1);
    bad(u"missing-field"_s,
        near.isEmpty() ? u"The field “%1” is missing."_s.arg(key)
                       : u"The field “%1” is missing; there is “%2” instead."_s.arg(key, near.first()),
        key);
    return false;
}

bool Fields::text(const QString &key, QString &out)
{
    const JsonNode *node = m_object.find(key);
    if (!node->isText()) {
        bad(u"wrong-type"_s, u"The field “%1” must be a text."_s.arg(key), key);
        return false;
    }
    if (node->text.isEmpty()) {
        bad(u"missing-field"_s, u"The field “%1” is empty."_s.arg(key), key);
        return false;
    }
    out = node->text;
    return true;
}

} // namespace evalwright::rows
