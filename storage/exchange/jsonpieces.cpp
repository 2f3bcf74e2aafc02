// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/jsonpieces.h"

#include <QIODevice>

namespace evalwright {

int JsonPieces::peek()
{
    constexpr qint64 chunk = 1 << 18;
    if (m_at == m_buffer.size()) {
        m_buffer = m_device.read(chunk);
        m_at = 0;
        if (m_buffer.isEmpty())
            return -1;
    }
    return static_cast<unsigned char>(m_buffer.at(m_at));
}

int JsonPieces::take()
{
    const int c = peek();
    m_at += c >= 0 ? 1 : 0;
    return c;
}

int JsonPieces::skipBlanks()
{
    for (;;) {
        const int c = peek();
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return c;
        ++m_at;
    }
}

bool JsonPieces::value(QByteArray *keep, bool &tooLong)
{
    tooLong = false;
    const auto use = [&](int c) {
        if (!keep || tooLong)
            return;
        if (keep->size() >= m_longest) {
            tooLong = true;
            *keep = QByteArray();
            return;
        }
        keep->append(static_cast<char>(c));
    };
    qint64 depth = 0;
    const int first = skipBlanks();
    if (first < 0 || first == ',' || first == ':' || first == '}' || first == ']')
        return false;
    for (;;) {
        const int c = peek();
        if (c < 0)
            return false;
        const bool bare = depth == 0 && first != '"' && first != '{' && first != '[';
        if (bare && (c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t'))
            return true; // Of a number or a word; what ends it belongs to what is around.
        use(take());
        if (c == '"') {
            for (int inside = take();; inside = take()) {
                if (inside < 0)
                    return false;
                use(inside);
                if (inside == '"')
                    break;
                if (inside == '\\') {
                    const int escaped = take();
                    if (escaped < 0)
                        return false;
                    use(escaped);
                }
            }
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        }
        if (depth == 0 && !bare)
            return true;
    }
}

bool JsonPieces::elements(const QByteArray &name, const Use &use, bool &stopped)
{
    take(); // [
    if (skipBlanks() == ']') {
        take();
        return true;
    }
    for (;;) {
        QByteArray text;
        bool tooLong = false;
        if (!value(&text, tooLong))
            return false;
        if (!use(name, std::move(text), tooLong)) {
            stopped = true;
            return true;
        }
        const int end = skipBlanks();
        take();
        if (end == ']')
            return true;
        if (end != ',')
            return false;
    }
}

bool JsonPieces::read(const QByteArray &array, const std::function<bool(const QByteArray &)> &wanted, const Use &use)
{
    for (const int mark : {0xef, 0xbb, 0xbf}) { // The mark of UTF-8, where there is one.
        if (peek() != mark)
            break;
        take();
    }
    if (skipBlanks() != '{')
        return false;
    take();
    if (skipBlanks() == '}') {
        take();
        return skipBlanks() < 0;
    }
    for (;;) {
        QByteArray name, text;
        bool tooLong = false;
        if (skipBlanks() != '"' || !value(&name, tooLong))
            return false;
        name = name.mid(1).chopped(tooLong ? 0 : 1);
        if (skipBlanks() != ':')
            return false;
        take();
        const bool keep = wanted(name);
        if (keep && name == array && skipBlanks() == '[') {
            bool stopped = false;
            if (!elements(name, use, stopped))
                return false;
            if (stopped)
                return true;
        } else {
            if (!value(keep ? &text : nullptr, tooLong))
                return false;
            if (keep && !use(name, std::move(text), tooLong))
                return true;
        }
        const int end = skipBlanks();
        take();
        if (end == '}')
            return skipBlanks() < 0;
        if (end != ',')
            return false;
    }
}

} // namespace evalwright
