// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/questiontails.h"

#include <QHash>
#include <QList>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostSentences = 6;
constexpr size_t lines = 4, width = size_t{1} << 18; // 4 MiB
constexpr std::uint32_t enough = 3;                  ///< Rows that a longer tail needs to be believed.

std::array<size_t, lines> placesOf(QStringView tail)
{
    const size_t first = qHash(tail, 0x51ed270b), second = qHash(tail, 0x9e3779b9) | 1;
    std::array<size_t, lines> places{};
    for (size_t i = 0; i < lines; ++i)
        places[i] = i * width + (first + i * second) % width;
    return places;
}

/// Starts of the last sentences before `end`, the last one first. A line break ends a sentence, too.
QList<qsizetype> sentenceBegins(const QString &text, qsizetype end)
{
    const auto closes = [](QChar c) {
        return c == u'"' || c == u'\'' || c == u')' || c == u']' || c == u'”' || c == u'’';
    };
    const auto ends = [](QChar c) { return c == u'.' || c == u'!' || c == u'?' || c == u'…'; };
    QList<qsizetype> begins;
    for (qsizetype i = end - 1; i > 0 && begins.size() < mostSentences; --i) {
        if (!text[i - 1].isSpace() || text[i].isSpace())
            continue;
        qsizetype before = i - 1;
        bool ended = false;
        for (; before >= 0 && text[before].isSpace(); --before)
            ended = ended || text[before] == u'\n';
        while (before >= 0 && closes(text[before]))
            --before;
        if (ended || (before >= 0 && ends(text[before])))
            begins << i;
    }
    return begins;
}

} // namespace

bool opensWithBiography(const QString &question)
{
    return question.startsWith("Hello, my name is"_L1, Qt::CaseInsensitive) ||
           question.startsWith("Hello! My name is"_L1, Qt::CaseInsensitive);
}

QuestionTails::QuestionTails() : m_counts(lines * width) {}

void QuestionTails::add(const QString &question, qsizetype stemEnd)
{
    for (const qsizetype begin : sentenceBegins(question, stemEnd)) {
        for (const size_t place : placesOf(QStringView(question).mid(begin)))
            ++m_counts[place];
    }
}

qsizetype QuestionTails::questionBegin(const QString &question, qsizetype stemEnd) const
{
    const QList<qsizetype> begins = sentenceBegins(question, stemEnd);
    if (begins.isEmpty())
        return 0;
    qsizetype chosen = begins.first();
    std::uint32_t shorter = count(QStringView(question).mid(chosen));
    for (const qsizetype begin : begins.mid(1)) {
        const std::uint32_t longer = count(QStringView(question).mid(begin));
        if (longer < enough || longer * 2 <= shorter)
            break;
        chosen = begin;
        shorter = longer;
    }
    return chosen;
}

std::uint32_t QuestionTails::count(QStringView tail) const
{
    std::uint32_t least = UINT32_MAX;
    for (const size_t place : placesOf(tail))
        least = std::min(least, m_counts[place]);
    return least;
}

} // namespace evalwright
