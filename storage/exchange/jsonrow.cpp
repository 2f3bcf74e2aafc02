// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/jsonrow.h"

#include "core/utf8text.h"
#include "storage/exchange/linereader.h"

#include <QHash>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Stands in a text for itself.
bool isPlain(char c)
{
    return static_cast<uchar>(c) >= 0x20 && c != '"' && c != '\\';
}

/// Recursive descent; the depth limit bounds the stack.
class Parser
{
public:
    Parser(const QByteArray &text, int deepest, qint64 mostValues) : m_text(text), m_deepest(deepest), m_mostValues(mostValues) {}

    tl::expected<JsonRow, JsonRowError> run()
    {
        JsonRow row;
        blanks();
        if (!value(row.root, 1))
            return tl::unexpected(m_error);
        blanks();
        if (m_at < m_text.size()) {
            fail(u"json-syntax"_s, u"Something follows after the end of the value."_s, m_at);
            return tl::unexpected(m_error);
        }
        row.repeatedKeys = m_repeatedKeys;
        return row;
    }

private:
    bool fail(const QString &reason, const QString &message, qsizetype at)
    {
        m_error = {reason, message, at};
        return false;
    }
    bool syntax(const QString &message) { return fail(u"json-syntax"_s, message, m_at); }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool ended() const { return m_at >= m_text.size(); }
    void blanks()
    {
        while (!ended() && (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n'))
            ++m_at;
    }

    bool value(JsonNode &out, int depth)
    {
        if (ended())
            return syntax(u"The row ends where a value is expected; it seems cut short."_s);
        if (++m_values > m_mostValues)
            return fail(u"too-long"_s, u"The row has more than %1 values."_s.arg(m_mostValues), m_at);
        out.begin = m_at;
        switch (peek()) {
        case '{':
            return depth > m_deepest ? tooDeep() : object(out, depth);
        case '[':
            return depth > m_deepest ? tooDeep() : array(out, depth);
        case '"':
            out.kind = JsonNode::Kind::Text;
            return string(out.text);
        case 't':
            out.kind = JsonNode::Kind::True;
            return word("true");
        case 'f':
            out.kind = JsonNode::Kind::False;
            return word("false");
        case 'n':
            out.kind = JsonNode::Kind::Null;
            return word("null");
        default:
            break;
        }
        if (peek() == '-' || isDigit(peek()))
            return number(out);
        if (m_text.mid(m_at, 3) == "NaN" || m_text.mid(m_at, 8) == "Infinity")
            return syntax(u"NaN and Infinity are not JSON."_s);
        return syntax(u"A JSON value is expected here."_s);
    }

    bool tooDeep() { return fail(u"too-deep"_s, u"Values are nested deeper than %1 levels."_s.arg(m_deepest), m_at); }

    bool word(const char *expected)
    {
        const qsizetype length = qstrlen(expected);
        if (!QByteArrayView(m_text).sliced(m_at).startsWith(QByteArrayView(expected, length)))
            return syntax(u"A JSON value is expected here."_s);
        m_at += length;
        return true;
    }

    bool number(JsonNode &out)
    {
        const qsizetype start = m_at;
        m_at += peek() == '-' ? 1 : 0;
        if (peek() == '0')
            ++m_at;
        else if (!digits())
            return syntax(u"A number has no digit."_s);
        if (peek() == '.') {
            ++m_at;
            if (!digits())
                return syntax(u"A number has no digit after its point."_s);
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            m_at += peek() == '+' || peek() == '-' ? 1 : 0;
            if (!digits())
                return syntax(u"A number has no digit in its exponent."_s);
        }
        out.kind = JsonNode::Kind::Number;
        out.text = QString::fromLatin1(m_text.constData() + start, m_at - start);
        return true;
    }
    bool digits()
    {
        const qsizetype start = m_at;
        while (isDigit(peek()))
            ++m_at;
        return m_at > start;
    }

    /// A key. Rows of a file have the same ones again and again: those of the last rows are shared.
    bool name(QString &out)
    {
        const qsizetype end = m_text.indexOf('"', m_at + 1);
        const QByteArrayView bytes = end < 0 ? QByteArrayView() : QByteArrayView(m_text).sliced(m_at + 1, end - m_at - 1);
        static thread_local std::array<std::pair<QByteArray, QString>, 16> known;
        std::pair<QByteArray, QString> &place = known[static_cast<size_t>(bytes.size()) % known.size()];
        if (!bytes.isEmpty() && place.first == bytes) {
            out = place.second;
            m_at = end + 1;
            return true;
        }
        constexpr qsizetype longest = 64;
        const bool plain = !bytes.isEmpty() && bytes.size() <= longest && std::ranges::all_of(bytes, isPlain);
        if (!string(out))
            return false;
        if (plain)
            place = {bytes.toByteArray(), out};
        return true;
    }

    bool string(QString &out)
    {
        const qsizetype open = m_at++;
        qsizetype plain = m_at; // Start of the part that is taken over as it is.
        const auto take = [&] {
            const QByteArrayView part(m_text.constData() + plain, m_at - plain);
            if (out.isEmpty())
                out = utf8Text(part);
            else
                out += utf8Text(part);
        };
        for (;;) {
            while (!ended() && isPlain(m_text[m_at]))
                ++m_at;
            if (ended())
                return fail(u"json-syntax"_s, u"A text is not closed; the row seems cut short."_s, open);
            const char c = peek();
            if (static_cast<uchar>(c) < 0x20)
                return syntax(u"A control character (U+%1) stands inside a text; it must be escaped."_s.arg(
                    static_cast<uchar>(c), 4, 16, QLatin1Char('0')));
            if (c == '"') {
                take();
                ++m_at;
                return true;
            }
            if (c != '\\') {
                ++m_at;
                continue;
            }
            take();
            if (!escape(out))
                return false;
            plain = m_at;
        }
    }

    bool escape(QString &out)
    {
        const qsizetype start = m_at++;
        switch (peek()) {
        case '"':
            out += u'"';
            break;
        case '\\':
            out += u'\\';
            break;
        case '/':
            out += u'/';
            break;
        case 'b':
            out += u'\b';
            break;
        case 'f':
            out += u'\f';
            break;
        case 'n':
            out += u'\n';
            break;
        case 'r':
            out += u'\r';
            break;
        case 't':
            out += u'\t';
            break;
        case 'u':
            return unicodeEscape(out, start);
        default:
            return fail(u"json-syntax"_s, u"This is no escape of JSON."_s, start);
        }
        ++m_at;
        return true;
    }

    /// The four hex digits after `\u`; -1 when they are none.
    int hexUnit()
    {
        if (peek() != 'u')
            return -1;
        bool ok = true;
        const QByteArray hex = m_text.mid(m_at + 1, 4);
        for (const char c : hex)
            ok = ok && (isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
        if (!ok || hex.size() < 4)
            return -1;
        m_at += 5;
        return hex.toInt(nullptr, 16);
    }

    bool unicodeEscape(QString &out, qsizetype start)
    {
        const int unit = hexUnit();
        if (unit < 0)
            return fail(u"json-syntax"_s, u"\\u needs four hexadecimal digits."_s, start);
        const QChar first(static_cast<char16_t>(unit));
        if (!first.isSurrogate()) {
            out += first;
            return true;
        }
        if (first.isHighSurrogate() && peek() == '\\') {
            ++m_at;
            const QChar second(static_cast<char16_t>(qMax(0, hexUnit())));
            if (second.isLowSurrogate()) {
                out += first;
                out += second;
                return true;
            }
        }
        return fail(u"invalid-unicode"_s,
                    u"An escape is half of a surrogate pair (U+%1)."_s.arg(unit, 4, 16, QLatin1Char('0')), start);
    }

    bool array(JsonNode &out, int depth)
    {
        out.kind = JsonNode::Kind::Array;
        ++m_at;
        blanks();
        if (peek() == ']') {
            ++m_at;
            return true;
        }
        for (;;) {
            blanks();
            if (!value(out.items.emplace_back(), depth + 1))
                return false;
            blanks();
            if (peek() == ']') {
                ++m_at;
                return true;
            }
            if (peek() != ',')
                return syntax(ended() ? u"A list is not closed; the row seems cut short."_s
                                      : u"A list needs “,” or “]” here."_s);
            ++m_at;
        }
    }

    bool object(JsonNode &out, int depth)
    {
        out.kind = JsonNode::Kind::Object;
        QHash<QString, size_t> places; // Of objects with many members only.
        constexpr qsizetype few = 12;
        const auto placeOf = [&](const QString &key) -> std::optional<size_t> {
            if (out.keys.size() <= few) {
                const qsizetype at = out.keys.indexOf(key);
                return at < 0 ? std::nullopt : std::optional(static_cast<size_t>(at));
            }
            if (places.isEmpty()) {
                for (qsizetype i = 0; i < out.keys.size(); ++i)
                    places.insert(out.keys[i], static_cast<size_t>(i));
            }
            const auto known = places.constFind(key);
            return known == places.cend() ? std::nullopt : std::optional(*known);
        };
        ++m_at;
        blanks();
        if (peek() == '}') {
            ++m_at;
            return true;
        }
        for (;;) {
            blanks();
            const qsizetype keyAt = m_at;
            if (peek() != '"')
                return syntax(ended() ? u"An object is not closed; the row seems cut short."_s
                                      : u"A key in quotes is expected here."_s);
            QString key;
            if (!name(key))
                return false;
            blanks();
            if (peek() != ':')
                return syntax(u"A key needs “:” after it."_s);
            ++m_at;
            blanks();
            JsonNode member;
            if (!value(member, depth + 1))
                return false;
            if (const std::optional<size_t> known = placeOf(key); !known) {
                if (!places.isEmpty())
                    places.insert(key, out.items.size());
                out.keys << key;
                out.items.push_back(std::move(member));
            } else if (out.items[*known].sameValue(member)) {
                m_repeatedKeys = true;
            } else {
                return fail(u"duplicate-key"_s, u"The key “%1” occurs twice with different values."_s.arg(key), keyAt);
            }
            blanks();
            if (peek() == '}') {
                ++m_at;
                return true;
            }
            if (peek() != ',')
                return syntax(ended() ? u"An object is not closed; the row seems cut short."_s
                                      : u"An object needs “,” or “}” here."_s);
            ++m_at;
        }
    }

    const QByteArray &m_text;
    int m_deepest;
    qint64 m_mostValues, m_values = 0;
    qsizetype m_at = 0;
    bool m_repeatedKeys = false;
    JsonRowError m_error;
};

} // namespace

qsizetype firstInvalidUtf8(const QByteArray &bytes)
{
    const auto at = [&](qsizetype i) { return i < bytes.size() ? static_cast<uchar>(bytes[i]) : 0; };
    const auto follows = [&](qsizetype i) { return (at(i) & 0xc0) == 0x80; };
    if (isAscii(bytes))
        return -1;
    for (qsizetype i = 0; i < bytes.size();) {
        const int lead = at(i);
        const int second = at(i + 1);
        if (lead < 0x80) {
            i += 1;
        } else if (lead >= 0xc2 && lead <= 0xdf && follows(i + 1)) {
            i += 2;
        } else if (lead >= 0xe0 && lead <= 0xef && follows(i + 1) && follows(i + 2) &&
                   (lead != 0xe0 || second >= 0xa0) && (lead != 0xed || second < 0xa0)) {
            i += 3;
        } else if (lead >= 0xf0 && lead <= 0xf4 && follows(i + 1) && follows(i + 2) && follows(i + 3) &&
                   (lead != 0xf0 || second >= 0x90) && (lead != 0xf4 || second < 0x90)) {
            i += 4;
        } else {
            return i;
        }
    }
    return -1;
}

JsonRowError invalidUtf8(const QByteArray &bytes, qsizetype offset)
{
    return {u"invalid-utf8"_s,
            u"A byte (%1) is not UTF-8."_s.arg(static_cast<uchar>(bytes[offset]), 2, 16, QLatin1Char('0')), offset};
}

const JsonNode *JsonNode::find(const QString &key) const
{
    const qsizetype at = keys.indexOf(key);
    return at < 0 ? nullptr : &items[static_cast<size_t>(at)];
}

bool JsonNode::sameValue(const JsonNode &other) const
{
    return kind == other.kind && text == other.text && keys == other.keys &&
           std::equal(items.cbegin(), items.cend(), other.items.cbegin(), other.items.cend(),
                      [](const JsonNode &a, const JsonNode &b) { return a.sameValue(b); });
}

JsonNode JsonNode::ofText(const QString &text)
{
    return {Kind::Text, text, 0, {}, {}};
}

JsonNode JsonNode::ofTexts(const QStringList &texts)
{
    JsonNode list;
    list.kind = Kind::Array;
    for (const QString &text : texts)
        list.items.push_back(ofText(text));
    return list;
}

JsonNode JsonNode::ofNumber(qint64 number)
{
    return {Kind::Number, QString::number(number), 0, {}, {}};
}

JsonNode JsonNode::object()
{
    return {Kind::Object, {}, 0, {}, {}};
}

void JsonNode::add(const QString &key, JsonNode value)
{
    keys << key;
    items.push_back(std::move(value));
}

QString JsonNode::toText() const
{
    QByteArray out;
    appendJson(out, *this, JsonEscapes::Utf8);
    return QString::fromUtf8(out);
}

tl::expected<JsonRow, JsonRowError> parseJsonRow(const QByteArray &row, int deepest, qint64 mostValues)
{
    if (const qsizetype bad = firstInvalidUtf8(row); bad >= 0)
        return tl::unexpected(invalidUtf8(row, bad));
    return Parser(row, deepest, mostValues).run();
}

void appendJsonText(QByteArray &out, const QString &text, JsonEscapes escapes)
{
    const auto unit = [&out](char16_t code) { out += "\\u" + QByteArray::number(code, 16).rightJustified(4, '0'); };
    out += '"';
    qsizetype plain = 0;
    const auto take = [&](qsizetype end) { appendUtf8(out, QStringView(text).sliced(plain, end - plain)); };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        const bool asIs = c >= 0x20 && c != '"' && c != '\\' && (escapes == JsonEscapes::Utf8 || c < 0x7f);
        if (asIs)
            continue;
        take(i);
        plain = i + 1;
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        default:
            unit(c);
        }
    }
    take(text.size());
    out += '"';
}

void appendJson(QByteArray &out, const JsonNode &value, JsonEscapes escapes)
{
    switch (value.kind) {
    case JsonNode::Kind::Null:
        out += "null";
        return;
    case JsonNode::Kind::False:
        out += "false";
        return;
    case JsonNode::Kind::True:
        out += "true";
        return;
    case JsonNode::Kind::Number:
        out += value.text.toLatin1();
        return;
    case JsonNode::Kind::Text:
        appendJsonText(out, value.text, escapes);
        return;
    case JsonNode::Kind::Array:
    case JsonNode::Kind::Object:
        break;
    }
    const bool object = value.kind == JsonNode::Kind::Object;
    out += object ? '{' : '[';
    for (size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0)
            out += ", ";
        if (object) {
            appendJsonText(out, value.keys[static_cast<qsizetype>(i)], escapes);
            out += ": ";
        }
        appendJson(out, value.items[i], escapes);
    }
    out += object ? '}' : ']';
}

QByteArray jsonFloat(double value)
{
    // The published files were written by Python: plain digits from 1e-4 up to 1e16, an exponent of two digits outside.
    const double size = std::abs(value);
    const bool exponent = size != 0 && (size < 1e-4 || size >= 1e16);
    QByteArray text = QByteArray::number(value, exponent ? 'e' : 'f', QLocale::FloatingPointShortest);
    if (!exponent && !text.contains('.'))
        text += ".0";
    return text;
}

qint64 columnOf(const QByteArray &row, qsizetype offset)
{
    qint64 column = 1;
    for (qsizetype i = 0; i < qMin(offset, row.size()); ++i)
        column += (static_cast<uchar>(row[i]) & 0xc0) != 0x80 ? 1 : 0;
    return column;
}

} // namespace evalwright
