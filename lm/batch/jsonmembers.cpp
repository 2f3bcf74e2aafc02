// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/jsonmembers.h"

#include <nlohmann/json.hpp>

namespace evalwright {

namespace {

/// For text that is known to be well formed; every step stays inside it all the same.
class Walker
{
public:
    explicit Walker(QByteArrayView text) : m_text(text) {}
    bool ended() const { return m_at >= m_text.size(); }
    char peek() const { return ended() ? '\0' : m_text[m_at]; }
    void skip() { m_at += ended() ? 0 : 1; }
    void blanks()
    {
        while (!ended() && (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n'))
            ++m_at;
    }
    /// From the quote to the quote.
    QByteArrayView string()
    {
        const qsizetype start = m_at++;
        while (!ended() && peek() != '"')
            m_at += peek() == '\\' ? 2 : 1;
        m_at = std::min(m_at + 1, m_text.size());
        return m_text.sliced(start, m_at - start);
    }
    QByteArrayView value()
    {
        const qsizetype start = m_at;
        qsizetype depth = 0;
        while (!ended()) {
            const char c = peek();
            if (c == '"') {
                string();
            } else if (depth == 0 &&
                       (c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
                break;
            } else {
                depth += c == '{' || c == '[' ? 1 : 0;
                depth -= c == '}' || c == ']' ? 1 : 0;
                ++m_at;
            }
        }
        return m_text.sliced(start, m_at - start);
    }

private:
    QByteArrayView m_text;
    qsizetype m_at = 0;
};

bool isNestedDeeper(QByteArrayView text, int deepest)
{
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else
                inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if ((c == '[' || c == '{') && ++depth > deepest) {
            return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

} // namespace

bool isJson(QByteArrayView text, int deepest)
{
    return !isNestedDeeper(text, deepest) && nlohmann::json::accept(text.begin(), text.end());
}

std::optional<QList<JsonMember>> jsonMembers(QByteArrayView object, int most)
{
    Walker at(object);
    at.blanks();
    if (at.peek() != '{')
        return std::nullopt;
    at.skip();
    QList<JsonMember> out;
    for (at.blanks(); !at.ended() && at.peek() == '"'; at.blanks()) {
        if (out.size() >= most)
            return std::nullopt;
        const QByteArrayView key = at.string();
        at.blanks();
        at.skip(); // :
        at.blanks();
        const QByteArrayView value = at.value();
        out << JsonMember{key.size() >= 2 ? key.sliced(1, key.size() - 2) : key, value};
        at.blanks();
        if (at.peek() == ',')
            at.skip();
    }
    return out;
}

QByteArrayView jsonMember(const QList<JsonMember> &members, QByteArrayView key)
{
    for (const JsonMember &member : members) {
        if (member.key == key)
            return member.value == QByteArrayView("null") ? QByteArrayView() : member.value;
    }
    return {};
}

bool contradicts(const QList<JsonMember> &members, QByteArrayView key)
{
    const JsonMember *first = nullptr;
    for (const JsonMember &member : members) {
        if (member.key != key)
            continue;
        if (first && first->value != member.value)
            return true;
        first = first ? first : &member;
    }
    return false;
}

std::optional<QString> jsonText(QByteArrayView value, qsizetype longest)
{
    if (!value.startsWith('"') || value.size() > longest + 2)
        return std::nullopt;
    const auto parsed = nlohmann::json::parse(value.begin(), value.end(), nullptr, false);
    return parsed.is_string() ? std::optional(QString::fromStdString(parsed.get_ref<const std::string &>()))
                              : std::nullopt;
}

} // namespace evalwright
