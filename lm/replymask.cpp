// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/replymask.h"

#include <algorithm>

namespace evalwright {

namespace {

constexpr qsizetype shortestKey = 8;
constexpr qsizetype mostBackslashes = 8; ///< JSON inside JSON inside JSON; and no endless look back and forth.
const QByteArray mask = "[key]";

/// The value of `count` hexadecimal digits at `at`, -1 when they are none.
int hexAt(const QByteArray &text, qsizetype at, qsizetype count)
{
    if (at + count > text.size())
        return -1;
    bool ok = false;
    const QByteArray digits = text.mid(at, count);
    const int value = digits.toInt(&ok, 16);
    // toInt() also takes signs, blanks and prefixes.
    return ok && std::ranges::all_of(digits, [](char c) { return isxdigit(static_cast<unsigned char>(c)) != 0; })
               ? value
               : -1;
}

/// "%2525" is a per cent sign escaped twice, or one escaped once before "25": `twice` says how to read it.
qsizetype percentLength(const QByteArray &text, qsizetype at, int wanted, bool twice)
{
    if (twice)
        return hexAt(text, at + 1, 2) == '%' && hexAt(text, at + 3, 2) == wanted ? 5 : 0;
    return hexAt(text, at + 1, 2) == wanted ? 3 : 0;
}

qsizetype entityLength(const QByteArray &text, qsizetype at, int wanted)
{
    constexpr qsizetype longest = 10;
    const qsizetype end = text.mid(at, longest).indexOf(';');
    if (end < 3 || text.at(at + 1) != '#')
        return 0;
    QByteArray digits = text.mid(at + 2, end - 2).toLower();
    const bool isHex = digits.startsWith('x');
    bool ok = false;
    const int value = isHex ? digits.mid(1).toInt(&ok, 16) : digits.toInt(&ok, 10);
    return ok && value == wanted ? end + 1 : 0;
}

/// How many bytes at `at` stand for the character `wanted`; 0 when they stand for another.
qsizetype lengthOf(char wanted, const QByteArray &text, qsizetype at, bool twice)
{
    const int code = static_cast<unsigned char>(wanted);
    qsizetype backslashes = 0;
    while (backslashes < mostBackslashes && at + backslashes < text.size() && text.at(at + backslashes) == '\\')
        ++backslashes;
    const qsizetype next = at + backslashes;
    if (backslashes > 0 && next < text.size() && text.at(next) == 'u' && hexAt(text, next + 1, 4) == code)
        return backslashes + 5;
    if (wanted == '\\' && backslashes > 0)
        return backslashes;
    if (next >= text.size())
        return 0;
    // Escapes first: the character that begins one may be part of the key, too.
    if (const qsizetype length = text.at(at) == '%' ? percentLength(text, at, code, twice) : 0; length > 0)
        return length;
    if (const qsizetype length = text.at(at) == '&' ? entityLength(text, at, code) : 0; length > 0)
        return length;
    return text.at(next) == wanted ? backslashes + 1 : 0;
}

qsizetype matchAt(const QByteArray &key, const QByteArray &text, qsizetype at, bool twice)
{
    qsizetype end = at;
    for (const char wanted : key) {
        const qsizetype length = lengthOf(wanted, text, end, twice);
        if (length == 0)
            return 0;
        end += length;
    }
    return end - at;
}

} // namespace

QByteArray withoutKey(QByteArray text, const QByteArray &key)
{
    if (key.size() < shortestKey)
        return text;
    text.replace(key, mask);
    // Escaping changes how many backslashes there are, so a run of them in the key counts as one.
    QByteArray pattern;
    for (const char c : key) {
        if (c != '\\' || !pattern.endsWith('\\'))
            pattern += c;
    }
    QByteArray out;
    qsizetype copied = 0;
    for (qsizetype at = 0; at < text.size();) {
        const char c = text.at(at);
        const bool mayBegin = c == pattern.front() || c == '\\' || c == '%' || c == '&';
        qsizetype length = mayBegin ? matchAt(pattern, text, at, false) : 0;
        if (mayBegin && length == 0)
            length = matchAt(pattern, text, at, true);
        if (length == 0) {
            ++at;
            continue;
        }
        out += text.mid(copied, at - copied) + mask;
        at += length;
        copied = at;
    }
    return copied == 0 ? text : out + text.mid(copied);
}

} // namespace evalwright
