// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/rules.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool fewerThanFourWords(QStringView text)
{
    int words = 0;
    bool inside = false;
    for (const QChar c : text) {
        const bool space = c.isSpace();
        words += !space && !inside ? 1 : 0;
        if (words == 4)
            return false;
        inside = !space;
    }
    return true;
}

bool startsLower(const QString &text)
{
    if (text.isEmpty())
        return false;
    if (text.size() > 1 && text[0].isHighSurrogate())
        return QChar::isLower(QChar::surrogateToUcs4(text[0], text[1]));
    return text[0].isLower();
}

/// Length of `^\s*(?:[-*•–]\s|\d+[.)]\s)` in the text, 0 without one.
qsizetype markerLength(QStringView text)
{
    qsizetype at = 0;
    while (at < text.size() && text[at].isSpace())
        ++at;
    if (at < text.size() && u"-*•–"_s.contains(text[at])) {
        ++at;
    } else {
        const qsizetype digits = at;
        while (at < text.size() && text[at].isDigit())
            ++at;
        if (at == digits || at >= text.size() || (text[at] != u'.' && text[at] != u')'))
            return 0;
        ++at;
    }
    return at < text.size() && text[at].isSpace() ? at + 1 : 0;
}

std::optional<LintHit> listMarker(const LintReading &r)
{
    const qsizetype length = markerLength(r.text);
    return length > 0 ? std::optional(LintHit{0, length}) : std::nullopt;
}

QString withoutMarker(const QString &text)
{
    QStringView rest(text);
    for (qsizetype length = markerLength(rest); length > 0; length = markerLength(rest))
        rest = rest.mid(length);
    // Blanks of the marker go with it, the writer's own stay.
    qsizetype blanks = 0;
    while (rest.size() < text.size() && blanks < rest.size() && rest[blanks].isSpace())
        ++blanks;
    return rest.mid(blanks).toString();
}

QString withoutPeriod(const QString &text)
{
    qsizetype size = text.size();
    while (size > 0 && text[size - 1] == u'.')
        --size;
    return text.first(size);
}

} // namespace

QList<LintRule> statementRules()
{
    return {
        {.name = u"statement-short"_s,
         .severity = Severity::Info,
         .families = PersonaItems,
         .title = u"Very short statement"_s,
         .explanation = u"Fewer than four words; such statements often name the behaviour and nothing else."_s,
         .fires = u"I am agreeable"_s,
         .doesNot = u"I am very agreeable"_s,
         .check = [](const LintReading &r) {
             return fewerThanFourWords(r.text) ? std::optional(LintHit{}) : std::nullopt;
         }},
        {.name = u"lowercase-start"_s,
         .severity = Severity::Info,
         .families = PersonaItems,
         .title = u"Starts with a lower-case letter"_s,
         .explanation = u"Often the rest of a longer text."_s,
         .fires = u"i like tea"_s,
         .doesNot = u"I like tea"_s,
         .check = [](const LintReading &r) {
             return startsLower(r.text) ? std::optional(LintHit{0, 1}) : std::nullopt;
         }},
        {.name = u"inner-quotes"_s,
         .severity = Severity::Warn,
         .families = PersonaItems,
         .title = u"Quotation marks inside"_s,
         .explanation = u"The frame puts the statement between quotation marks; further ones make it ambiguous."_s,
         .fires = u"I say \"please\" a lot"_s,
         .doesNot = u"I say 'please' a lot"_s,
         .check = [](const LintReading &r) -> std::optional<LintHit> {
             const qsizetype at = r.text.indexOf(u'"');
             return at < 0 ? std::nullopt : std::optional(LintHit{at, 1});
         }},
        {.name = u"final-period"_s,
         .severity = Severity::Info,
         .families = PersonaItems,
         .title = u"Ends with a full stop"_s,
         .explanation = u"No published statement does; a mixture is a cue between sources."_s,
         .fires = u"I like tea."_s,
         .doesNot = u"I like tea"_s,
         .check = [](const LintReading &r) -> std::optional<LintHit> {
             return r.text.endsWith(u'.') ? std::optional(LintHit{r.text.size() - 1, 1}) : std::nullopt;
         },
         .fix = withoutPeriod},
        {.name = u"list-marker"_s,
         .severity = Severity::Warn,
         .families = PersonaItems,
         .title = u"Starts like an entry of a list"_s,
         .explanation = u"A bullet or a number of the writer's list is still there."_s,
         .fires = u"- I help"_s,
         .doesNot = u"-5 is cold"_s,
         .check = listMarker,
         .fix = withoutMarker},
    };
}

} // namespace evalwright
