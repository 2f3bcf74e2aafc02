// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/rules.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

std::optional<LintHit> repeats(const std::optional<quint32> &earlier)
{
    if (!earlier)
        return std::nullopt;
    LintHit hit;
    hit.earlier = earlier;
    return hit;
}

std::optional<LintHit> frameMismatch(const LintReading &r)
{
    const qsizetype gap = r.frame.indexOf(u"{{statement}}"_s);
    const QStringView before = QStringView(r.frame).first(std::max<qsizetype>(gap, 0));
    const QStringView after = gap < 0 ? QStringView(r.frame) : QStringView(r.frame).mid(gap + 13);
    const QString &question = r.item.question, &statement = r.item.statement;
    // A statement alone, as while it is being written, has no question yet.
    if (question.isEmpty() || statement.isEmpty())
        return std::nullopt;
    if (question.size() == before.size() + statement.size() + after.size() && question.startsWith(before) &&
        question.endsWith(after) && QStringView(question).mid(before.size(), statement.size()) == statement)
        return std::nullopt;
    LintHit hit;
    hit.field = u"question"_s;
    return hit;
}

} // namespace

QList<LintRule> repeatRules()
{
    return {
        {.name = u"frame-mismatch"_s,
         .severity = Severity::Block,
         .families = PersonaItems,
         .title = u"Question and statement differ"_s,
         .explanation = u"The question is not the statement in its frame, so models would be asked something else than "
                        u"what was checked. Make the question from the statement again."_s,
         .fires = u"The statement was edited, the question was not."_s,
         .doesNot = u"Is the following statement something you would say?\n\"I like tea\""_s,
         .check = frameMismatch},
        {.name = u"exact-duplicate"_s,
         .severity = Severity::Block,
         .title = u"Same text as an earlier item"_s,
         .explanation = u"Equal items are one item that counts twice. Keep the first."_s,
         .fires = u"The second of two rows “I like tea”."_s,
         .doesNot = u"“I like tea” and “I like tea ” with a blank."_s,
         .check = [](const LintReading &r) { return repeats(r.earlier.exact); }},
        {.name = u"folded-duplicate"_s,
         .severity = Severity::Warn,
         .title = u"Same words as an earlier item"_s,
         .explanation = u"Differs from an earlier item only in letter case, punctuation or spacing."_s,
         .fires = u"“I like power!” after “I like power”."_s,
         .doesNot = u"“I like powers” after “I like power”."_s,
         .check = [](const LintReading &r) { return r.earlier.exact ? std::nullopt : repeats(r.earlier.folded); }},
        {.name = u"near-duplicate"_s,
         .severity = Severity::Warn,
         .families = PersonaItems,
         .title = u"Nearly the same words as an earlier item"_s,
         .explanation = u"Four fifths or more of the words of both are the same (Jaccard index of the word sets), so "
                        u"both hardly measure two things."_s,
         .fires = u"“I would like to have more power now” after “I would like to have more power”."_s,
         .doesNot = u"“I like war” after “I like tea”."_s},
        {.name = u"stem-duplicate"_s,
         .severity = Severity::Warn,
         .families = ChoiceItems,
         .title = u"Same question as an earlier item"_s,
         .explanation = u"The question before the options was asked already; only the options differ."_s,
         .fires = u"The same question with other options."_s,
         .doesNot = u"Two items without a question before their options."_s,
         .check = [](const LintReading &r) { return repeats(r.earlier.stem); }},
        {.name = u"elsewhere-duplicate"_s,
         .severity = Severity::Info,
         .title = u"In another data set, too"_s,
         .explanation = u"Another data set of the project has the same words: the two are not independent."_s,
         .fires = u"“I know everything” in two data sets."_s,
         .doesNot = u"The same file imported twice: that is file-identical."_s,
         .check = [](const LintReading &r) -> std::optional<LintHit> {
             if (r.earlier.elsewhere.isEmpty())
                 return std::nullopt;
             return LintHit{.detail = u"Also in “%1”."_s.arg(r.earlier.elsewhere)};
         }},
        {.name = u"seed-copy-exact"_s,
         .severity = Severity::Block,
         .families = ChoiceItems,
         .title = u"Copy of an example"_s,
         .explanation = u"The question is one of the examples that the writer was shown, letter for letter."_s,
         .fires = u"The question of an example."_s,
         .doesNot = u"The example itself in the list of examples."_s,
         .check = [](const LintReading &r) { return r.earlier.seedExact ? std::optional(LintHit{}) : std::nullopt; }},
        {.name = u"seed-copy-folded"_s,
         .severity = Severity::Block,
         .families = ChoiceItems,
         .title = u"Copy of an example but for its form"_s,
         .explanation = u"The question has the words of an example that the writer was shown; letter case, punctuation "
                        u"and spacing do not count."_s,
         .fires = u"The question of an example, in capitals."_s,
         .doesNot = u"Another question about the same."_s,
         .check = [](const LintReading &r) { return r.earlier.seedFolded ? std::optional(LintHit{}) : std::nullopt; }},
        {.name = u"label-conflict"_s,
         .severity = Severity::Block,
         .families = PersonaItems | OptionItems,
         .title = u"Same words, another label"_s,
         .explanation = u"An earlier item with the same words has another matching label: one of them is wrong."_s,
         .fires = u"“I like tea” with Yes, later with No."_s,
         .doesNot = u"“I like tea” with Yes twice: exact-duplicate."_s,
         .check = [](const LintReading &r) { return r.earlier.otherLabel ? repeats(r.earlier.folded) : std::nullopt; }},
    };
}

} // namespace evalwright
