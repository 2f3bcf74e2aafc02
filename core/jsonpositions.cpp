// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsonpositions.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <vector>

namespace evalwright {

namespace {

/// Walks a document that is known to be well formed; nlohmann's parser tells no positions of values.
class Scanner
{
public:
    Scanner(const QByteArray &text, QHash<QString, TextPosition> &out) : m_text(text), m_out(out)
    {
        m_lines.push_back(0);
        for (qsizetype at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
            m_lines.push_back(at + 1);
    }

    void value(const QString &pointer)
    {
        if (++m_depth > deepest) {
            m_at = m_text.size(); // Hostile nesting: no position is better than no stack.
            return;
        }
        blanks();
        m_out.insert(pointer, here());
        if (peek() == '{')
            object(pointer);
        else if (peek() == '[')
            array(pointer);
        else if (peek() == '"')
            string();
        else
            while (m_at < m_text.size() && !QByteArray(",]} \t\r\n").contains(peek()))
                ++m_at;
        blanks();
        --m_depth;
    }

private:
    static constexpr int deepest = 64;
    /// positionOf() the current place, without going through the text again.
    TextPosition here() const
    {
        const auto next = std::upper_bound(m_lines.begin(), m_lines.end(), m_at);
        const auto line = next - m_lines.begin();
        return {static_cast<int>(line), static_cast<int>(m_at - *std::prev(next)) + 1};
    }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void blanks()
    {
        while (m_at < m_text.size() && QByteArray(" \t\r\n").contains(m_text[m_at]))
            ++m_at;
    }
    QByteArray string()
    {
        const auto start = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        ++m_at;
        return m_text.mid(start, m_at - start);
    }
    void object(const QString &pointer)
    {
        ++m_at;
        blanks();
        while (m_at < m_text.size() && peek() != '}') {
            const auto parsed = nlohmann::json::parse(string().toStdString(), nullptr, false);
            QString key = parsed.is_string() ? QString::fromStdString(parsed.get<std::string>()) : QString();
            key.replace(u'~', QLatin1String("~0")).replace(u'/', QLatin1String("~1"));
            blanks();
            ++m_at; // :
            value(pointer + u'/' + key);
            if (peek() == ',')
                ++m_at;
            blanks();
        }
        ++m_at;
    }
    void array(const QString &pointer)
    {
        ++m_at;
        blanks();
        for (int i = 0; m_at < m_text.size() && peek() != ']'; ++i) {
            value(pointer + u'/' + QString::number(i));
            if (peek() == ',')
                ++m_at;
            blanks();
        }
        ++m_at;
    }

    const QByteArray &m_text;
    QHash<QString, TextPosition> &m_out;
    std::vector<qsizetype> m_lines; ///< Where each line begins.
    qsizetype m_at = 0;
    int m_depth = 0;
};

} // namespace

TextPosition positionOf(const QByteArray &document, qsizetype offset)
{
    const QByteArrayView before = QByteArrayView(document).first(std::clamp<qsizetype>(offset, 0, document.size()));
    return {static_cast<int>(before.count('\n')) + 1, static_cast<int>(offset - (before.lastIndexOf('\n') + 1)) + 1};
}

QHash<QString, TextPosition> jsonPositions(const QByteArray &document)
{
    QHash<QString, TextPosition> positions;
    if (nlohmann::json::accept(document.begin(), document.end()))
        Scanner(document, positions).value({});
    return positions;
}

} // namespace evalwright
