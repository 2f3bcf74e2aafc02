// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/characters.h"
#include "generators/lint/rules.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int longestQuestion = 2000; // Code points.

std::optional<LintHit> at(qsizetype start, qsizetype length = 1)
{
    return start < 0 ? std::nullopt : std::optional(LintHit{start, length});
}

std::optional<LintHit> tooLong(const LintReading &r)
{
    const QString &text = r.item.question.isEmpty() ? r.text : r.item.question;
    if (text.size() <= longestQuestion)
        return std::nullopt;
    qsizetype points = 0;
    for (const QChar c : text)
        points += c.isLowSurrogate() ? 0 : 1;
    if (points <= longestQuestion)
        return std::nullopt;
    return LintHit{.detail = u"%1 characters; 2,000 at most."_s.arg(points),
                   .field = r.item.question.isEmpty() ? r.field : u"question"_s};
}

std::optional<LintHit> edgeWhitespace(const LintReading &r)
{
    if (r.text.isEmpty() || (!r.text.front().isSpace() && !r.text.back().isSpace()))
        return std::nullopt;
    return LintHit{};
}

std::optional<LintHit> nonAscii(const LintReading &r)
{
    if (r.isAscii)
        return std::nullopt;
    for (qsizetype i = 0; i < r.text.size(); ++i) {
        if (r.text[i].unicode() > 127)
            return at(i);
    }
    return std::nullopt;
}

/// Without what `find` finds. Each is judged in the whole text, and a joiner that stays keeps its neighbours.
template <qsizetype (*find)(QStringView, qsizetype)>
QString without(const QString &text)
{
    QString out;
    qsizetype from = 0;
    for (qsizetype next = find(text, 0); next >= 0; next = find(text, from)) {
        out += QStringView(text).mid(from, next - from);
        from = next + 1;
    }
    out += QStringView(text).mid(from);
    return out;
}

QString singlePeriods(const QString &text)
{
    QString out;
    for (const QChar c : text) {
        if (c != u'.' || !out.endsWith(u'.'))
            out += c;
    }
    return out;
}

} // namespace

QList<LintRule> textRules()
{
    return {
        {.name = u"template-leak"_s,
         .severity = Severity::Block,
         .families = PersonaItems | OptionItems,
         .title = u"Piece of a prompt or template"_s,
         .explanation = u"The writer left a place to fill in, a turn of a conversation or a special token in the "
                        u"text."_s,
         .fires = u"[Write your question here!]"_s,
         .doesNot = u"an [open] question"_s,
         .check = [](const LintReading &r) {
             const TextSpan found = findTemplateLeak(r.text);
             return at(found.start, found.length);
         }},
        {.name = u"blank-run"_s,
         .severity = Severity::Warn,
         .families = PersonaItems | OptionItems,
         .title = u"Blank to be filled in"_s,
         .explanation = u"Three or more underscores stand together: the text is not complete."_s,
         .fires = u"___ is best"_s,
         .doesNot = u"snake_case"_s,
         .check = [](const LintReading &r) { return at(r.text.indexOf(u"___"_s), 3); }},
        {.name = u"too-long"_s,
         .severity = Severity::Warn,
         .title = u"Very long"_s,
         .explanation = u"More than 2,000 characters: small models may not read it to the end."_s,
         .fires = QString(2001, u'a'),
         .doesNot = QString(2000, u'a'),
         .check = tooLong},
        {.name = u"edge-whitespace"_s,
         .severity = Severity::Info,
         .title = u"Blanks at the edge"_s,
         .explanation = u"The text starts or ends with white space, which changes the tokens a model sees. The blank "
                        u"before a label is meant."_s,
         .fires = u"I like tea "_s,
         .doesNot = u"I like tea"_s,
         .check = edgeWhitespace,
         .fix = [](const QString &text) { return text.trimmed(); }},
        {.name = u"invisible-character"_s,
         .severity = Severity::Warn,
         .title = u"Invisible character"_s,
         .explanation = u"Nobody sees it, but models do, and searches miss the text."_s,
         .fires = u"I like\u200b tea"_s,
         .doesNot = u"\U0001F468\u200D\U0001F469 and \u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"_s,
         .check = [](const LintReading &r) { return r.isAscii ? std::nullopt : at(findInvisible(r.text)); },
         .fix = without<findInvisible>},
        {.name = u"bidi-control"_s,
         .severity = Severity::Warn,
         .title = u"Changes the reading direction"_s,
         .explanation = u"A control character turns the direction of the text, so people read something else than "
                        u"models."_s,
         .fires = u"a\u202Eb"_s,
         .doesNot = u"\u0645\u0631\u062D\u0628\u0627"_s,
         .check = [](const LintReading &r) { return r.isAscii ? std::nullopt : at(findBidiControl(r.text)); }},
        {.name = u"control-character"_s,
         .severity = Severity::Warn,
         .title = u"Control character"_s,
         .explanation = u"A character without a meaning in text, left by a broken conversion."_s,
         .fires = u"a\u0007b"_s,
         .doesNot = u"a\nb"_s,
         .check = [](const LintReading &r) { return r.isPlain ? std::nullopt : at(findControl(r.text)); },
         .fix = without<findControl>},
        {.name = u"replacement-character"_s,
         .severity = Severity::Warn,
         .title = u"Lost character"_s,
         .explanation = u"U+FFFD stands where a character could not be read; the text is damaged."_s,
         .fires = u"na\uFFFDve"_s,
         .doesNot = u"na\u00EFve"_s,
         .check = [](const LintReading &r) { return r.isAscii ? std::nullopt : at(r.text.indexOf(QChar(0xFFFD))); }},
        {.name = u"double-period"_s,
         .severity = Severity::Info,
         .families = WinogenderItems,
         .title = u"Two full stops"_s,
         .explanation = u"Two full stops follow one another."_s,
         .fires = u"The client thanked the cook as _ left.."_s,
         .doesNot = u"The client thanked the cook as _ left."_s,
         .check = [](const LintReading &r) { return at(r.text.indexOf(u".."_s), 2); },
         .fix = singlePeriods},
        {.name = u"non-ascii"_s,
         .severity = Severity::Info,
         .families = PersonaItems,
         .title = u"Characters outside ASCII"_s,
         .explanation = u"Nothing is wrong with them; some tools and models treat them differently."_s,
         .fires = u"na\u00EFve"_s,
         .doesNot = u"naive"_s,
         .check = nonAscii},
    };
}

} // namespace evalwright
