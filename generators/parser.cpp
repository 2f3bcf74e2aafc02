// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/parser.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString withoutMarker(QString text)
{
    static const QRegularExpression marker(u"^(?:[-*•–]\\s*|\\d{1,3}[.)]\\s+)"_s);
    text = text.trimmed();
    const auto match = marker.match(text);
    return match.hasMatch() ? text.mid(match.capturedLength()).trimmed() : text;
}

QString withoutOuterQuotes(const QString &text)
{
    struct Pair
    {
        QChar open, close;
    };
    constexpr std::array pairs{Pair{u'"', u'"'}, Pair{u'“', u'”'}, Pair{u'\'', u'\''}, Pair{u'‘', u'’'}};
    for (const Pair &pair : pairs) {
        // Quotes inside mean that the outer ones are not a pair: "A" or "B".
        if (text.size() >= 2 && text.front() == pair.open && text.back() == pair.close &&
            !text.mid(1, text.size() - 2).contains(pair.open))
            return text.mid(1, text.size() - 2).trimmed();
    }
    return text;
}

/// Longer ones are no statements; a checker would be asked about them all the same.
constexpr qsizetype longestStatement = 20'000;

ParsedStatement statementFrom(const QString &line, int position, bool truncated)
{
    ParsedStatement out;
    out.positionInReply = position;
    out.statement = withoutOuterQuotes(withoutMarker(line));
    if (out.statement.isEmpty())
        out.status = u"empty"_s;
    else if (refusesToWrite(out.statement))
        out.status = u"refused"_s;
    else if (truncated || line.size() > longestStatement)
        out.status = u"truncated"_s;
    return out;
}

} // namespace

bool refusesToWrite(const QString &text)
{
    // "I cannot swim" is a statement; "I cannot help with that" is a refusal.
    static const QRegularExpression pattern(
        u"^[\\s\"“'‘]*(?:I[’']m sorry|I am sorry,|As an AI\\b|Sorry,|(?:I cannot|I can[’']t|I can not) (?:help|assist|provide|fulfil|fulfill|write|create|comply|generate|do that|participate))"_s,
        QRegularExpression::CaseInsensitiveOption);
    return pattern.match(text).hasMatch();
}

ParsedReply parseStatements(const QString &reply, const QString &prefill, const QString &finishReason, int perReply)
{
    ParsedReply out;
    QString text = reply;
    // A chat template may swallow white space at the prefill's end, so compare without it.
    QString start = prefill;
    while (!start.isEmpty() && start.back().isSpace())
        start.chop(1);
    if (!start.isEmpty() && text.startsWith(start)) {
        text = text.mid(start.size());
        out.prefillStripped = true;
    }
    // Nobody asked for a book: what a server sends beyond these is not read, and the last statement counts as cut.
    constexpr qsizetype longestReply = 200'000, mostStatements = 2000;
    const bool truncated = finishReason == "length"_L1 || text.size() > longestReply;
    text.truncate(longestReply);
    if (perReply <= 1) {
        // A model without our stop strings may go on with a list: only its first entry was asked for.
        const QString trimmed = text.trimmed();
        const auto lineEnd = trimmed.indexOf(u'\n');
        out.statements << statementFrom(lineEnd < 0 ? trimmed : trimmed.left(lineEnd), 0, truncated && lineEnd < 0);
        return out;
    }
    QStringList lines;
    for (const QString &line : text.split(u'\n')) {
        if (!line.trimmed().isEmpty() && lines.size() < mostStatements)
            lines << line;
    }
    for (qsizetype i = 0; i < lines.size(); ++i)
        out.statements << statementFrom(lines[i], static_cast<int>(i), truncated && i + 1 == lines.size());
    if (out.statements.isEmpty())
        out.statements << statementFrom({}, 0, truncated);
    return out;
}

} // namespace evalwright
