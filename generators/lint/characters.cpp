// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/characters.h"

#include <algorithm>
#include <initializer_list>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

char32_t pointAt(QStringView text, qsizetype at)
{
    if (at < 0 || at >= text.size())
        return 0;
    if (text[at].isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate())
        return QChar::surrogateToUcs4(text[at], text[at + 1]);
    return text[at].unicode();
}

char32_t pointBefore(QStringView text, qsizetype at)
{
    if (at >= 2 && text[at - 1].isLowSurrogate() && text[at - 2].isHighSurrogate())
        return QChar::surrogateToUcs4(text[at - 2], text[at - 1]);
    return at >= 1 ? text[at - 1].unicode() : 0;
}

/// Pictures, their variation selector and their skin tones.
bool isEmoji(char32_t c)
{
    return (c >= 0x1F000 && c <= 0x1FAFF) || (c >= 0x2190 && c <= 0x2BFF) || c == 0xFE0F || c == 0x20E3 ||
           c == 0x3030 || c == 0x303D || c == 0xA9 || c == 0xAE || (c >= 0xE0020 && c <= 0xE007F);
}

/// Letters that join their neighbours, or the scripts of India and beyond where the joiners choose a form.
bool joins(char32_t c)
{
    if (c == 0)
        return false;
    if (QChar::joiningType(c) == QChar::Joining_Dual || QChar::joiningType(c) == QChar::Joining_Right ||
        QChar::joiningType(c) == QChar::Joining_Left)
        return true;
    switch (QChar::script(c)) {
    case QChar::Script_Arabic:
    case QChar::Script_Syriac:
    case QChar::Script_Mongolian:
    case QChar::Script_Devanagari:
    case QChar::Script_Bengali:
    case QChar::Script_Gurmukhi:
    case QChar::Script_Gujarati:
    case QChar::Script_Oriya:
    case QChar::Script_Tamil:
    case QChar::Script_Telugu:
    case QChar::Script_Kannada:
    case QChar::Script_Malayalam:
    case QChar::Script_Sinhala:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
    case QChar::Script_Tibetan:
        return true;
    default:
        return false;
    }
}

bool isNeededJoiner(QStringView text, qsizetype at)
{
    const char32_t before = pointBefore(text, at), after = pointAt(text, at + 1);
    if (joins(before) || joins(after))
        return true;
    return text[at].unicode() == 0x200D && isEmoji(before) && isEmoji(after);
}

template <class F>
qsizetype findUnit(QStringView text, qsizetype from, F matches)
{
    for (qsizetype i = from; i < text.size(); ++i) {
        if (matches(text[i].unicode(), i))
            return i;
    }
    return -1;
}

bool startsWithAny(QStringView text, std::initializer_list<QStringView> words, qsizetype *length = nullptr)
{
    for (const QStringView word : words) {
        if (text.startsWith(word, Qt::CaseInsensitive)) {
            if (length)
                *length = word.size();
            return true;
        }
    }
    return false;
}

qsizetype skipSpace(QStringView text, qsizetype at)
{
    while (at < text.size() && text[at].isSpace())
        ++at;
    return at;
}

/// `< answer …>` and `[ write …]`: an opening, one of the words, and the closing before the end of the line.
TextSpan findBracket(QStringView text, QChar open, QChar close, std::initializer_list<QStringView> words)
{
    qsizetype end = -1; // Of the bracket or the line; kept while it is still ahead, so that each unit is read once.
    for (qsizetype at = text.indexOf(open); at >= 0; at = text.indexOf(open, at + 1)) {
        const qsizetype word = skipSpace(text, at + 1);
        qsizetype length = 0;
        if (!startsWithAny(text.mid(word), words, &length))
            continue;
        if (end < word + length) {
            end = findUnit(text, word + length, [&](char16_t c, qsizetype) { return c == close || c == u'\n'; });
            if (end < 0)
                return {};
        }
        if (text[end] == close)
            return {at, end + 1 - at};
    }
    return {};
}

/// `Human:` and the like at the start of a line.
TextSpan findTurn(QStringView text)
{
    for (qsizetype line = 0; line >= 0 && line < text.size();) {
        const qsizetype word = skipSpace(text, line);
        qsizetype length = 0;
        if (startsWithAny(text.mid(word), {u"Human", u"Assistant", u"User", u"System"}, &length)) {
            const qsizetype colon = skipSpace(text, word + length);
            if (colon < text.size() && text[colon] == u':')
                return {line, colon + 1 - line};
        }
        const qsizetype next = text.indexOf(u'\n', word);
        line = next < 0 ? -1 : next + 1;
    }
    return {};
}

/// `<|name|>`
TextSpan findToken(QStringView text)
{
    for (qsizetype at = text.indexOf(u"<|"); at >= 0; at = text.indexOf(u"<|", at + 1)) {
        qsizetype end = at + 2;
        while (end < text.size() &&
               ((text[end].toLower() >= u'a' && text[end].toLower() <= u'z') || text[end] == u'_'))
            ++end;
        if (end > at + 2 && text.mid(end).startsWith(u"|>"))
            return {at, end + 2 - at};
    }
    return {};
}

} // namespace

qsizetype findBidiControl(QStringView text, qsizetype from)
{
    return findUnit(text, from, [](char16_t c, qsizetype) {
        return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
               (c >= 0x2066 && c <= 0x2069);
    });
}

qsizetype findInvisible(QStringView text, qsizetype from)
{
    return findUnit(text, from, [&](char16_t c, qsizetype at) {
        return c == 0x00AD || c == 0x200B || (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF ||
               ((c == 0x200C || c == 0x200D) && !isNeededJoiner(text, at));
    });
}

qsizetype findControl(QStringView text, qsizetype from)
{
    return findUnit(text, from, [](char16_t c, qsizetype) {
        return (c < 0x20 && c != u'\t' && c != u'\n' && c != u'\r') || (c >= 0x7F && c <= 0x9F);
    });
}

TextSpan findTemplateLeak(QStringView text)
{
    TextSpan found = findBracket(text, u'<', u'>', {u"answer", u"question", u"choice", u"insert", u"your"});
    if (found.start < 0)
        found = findBracket(text, u'[', u']', {u"write", u"insert", u"your", u"answer", u"question"});
    if (found.start < 0)
        found = findTurn(text);
    if (found.start < 0) {
        const qsizetype quotes = text.indexOf(u"```");
        if (quotes >= 0)
            found = {quotes, 3};
    }
    return found.start < 0 ? findToken(text) : found;
}

} // namespace evalwright
