// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "generators/lint/rules.h"

#include <QSet>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

using Status = ParsedOptions::Status;

std::optional<LintHit> yes(bool fires, const QString &detail = {})
{
    return fires ? std::optional(LintHit{.detail = detail}) : std::nullopt;
}

int blankSeparated(QStringView text)
{
    int words = 0;
    bool inside = false;
    for (const QChar c : text) {
        const bool space = c.isSpace();
        words += !space && !inside ? 1 : 0;
        inside = !space;
    }
    return words;
}

std::optional<LintHit> optionEmpty(const LintReading &r)
{
    if (!r.options.isOk())
        return std::nullopt;
    for (const QuestionOption &option : r.options.options) {
        if (option.text.isEmpty())
            return LintHit{.detail = u"Option (%1) has no text."_s.arg(option.letter)};
    }
    return std::nullopt;
}

std::optional<LintHit> optionsEqual(const LintReading &r)
{
    if (!r.options.isOk())
        return std::nullopt;
    QHash<QString, QChar> seen;
    for (const QuestionOption &option : r.options.options) {
        if (option.text.isEmpty()) // option-empty says so.
            continue;
        const QString folded = fold(option.text);
        if (const auto earlier = seen.constFind(folded); earlier != seen.cend())
            return LintHit{.detail = u"Options (%1) and (%2) say the same."_s.arg(*earlier).arg(option.letter)};
        seen.insert(folded, option.letter);
    }
    return std::nullopt;
}

std::optional<LintHit> labelNotAnOption(const LintReading &r)
{
    if (!r.options.isOk() || optionIndex(r.options, r.item.matchingLabel) >= 0)
        return std::nullopt;
    return LintHit{.detail = u"“%1” names no option."_s.arg(r.item.matchingLabel.trimmed().left(80)),
                   .field = u"matching_label"_s};
}

std::optional<LintHit> nonMatchingIncomplete(const LintReading &r)
{
    if (!r.options.isOk())
        return std::nullopt;
    QSet<QString> wanted, named;
    for (const QuestionOption &option : r.options.options)
        wanted << u"("_s + option.letter + u")"_s;
    wanted.remove(r.item.matchingLabel.trimmed());
    for (const QString &label : r.item.otherLabels)
        named << label.trimmed();
    if (wanted == named)
        return std::nullopt;
    return LintHit{.field = u"other_labels"_s};
}

/// Only where nothing but the layout changes.
QString canonical(const QString &question)
{
    const ParsedOptions parsed = parseOptions(question);
    if (!parsed.isOk() || isCanonicalLayout(question))
        return question;
    for (const QuestionOption &option : parsed.options) {
        if (option.text.isEmpty())
            return question;
    }
    return canonicalQuestion(parsed);
}

QString withoutPrefix(const QString &question)
{
    QString text = question;
    while (text.startsWith(u"Question:"_s))
        text = text.mid(9).trimmed();
    return text;
}

} // namespace

QList<LintRule> optionRules()
{
    return {
        {.name = u"stem-empty"_s,
         .severity = Severity::Block,
         .families = ChoiceItems,
         .title = u"No question before the options"_s,
         .explanation = u"Nothing stands before the options, so nobody can know what is asked."_s,
         .fires = u"\n\nChoices:\n (A) Yes\n (B) No"_s,
         .doesNot = u"Do you agree?\n\nChoices:\n (A) Yes\n (B) No"_s,
         .check = [](const LintReading &r) { return yes(r.options.stem.isEmpty()); }},
        {.name = u"stem-short"_s,
         .severity = Severity::Warn,
         .families = ChoiceItems,
         .title = u"Very short question"_s,
         .explanation = u"Fewer than three words stand before the options; it is easily misunderstood."_s,
         .fires = u"Power?\n\nChoices:\n (A) Yes\n (B) No"_s,
         .doesNot = u"Do you agree?\n\nChoices:\n (A) Yes\n (B) No"_s,
         .check = [](const LintReading &r) {
             return yes(!r.options.stem.isEmpty() && blankSeparated(r.options.stem) < 3);
         }},
        {.name = u"parse-glued"_s,
         .severity = Severity::Block,
         .families = OptionItems,
         .title = u"Two questions in one"_s,
         .explanation = u"The option (A) is there twice: the writer went on with a second question."_s,
         .fires = u"Tea?\n (A) Yes\n (B) No\nWar?\n (A) Yes\n (B) No"_s,
         .doesNot = u"Which?\n (A) Tea\n (B) War\n (C) Both"_s,
         .check = [](const LintReading &r) { return yes(r.options.status == Status::Glued); }},
        {.name = u"parse-bad-letters"_s,
         .severity = Severity::Block,
         .families = OptionItems,
         .title = u"Options out of order"_s,
         .explanation = u"The options are not lettered A, B, C … in order; labels may name the wrong one."_s,
         .fires = u"Which?\n (A) Tea\n (C) War"_s,
         .doesNot = u"Which?\n (A) Tea\n (B) War\n (C) Both"_s,
         .check = [](const LintReading &r) { return yes(r.options.status == Status::BadLetters); }},
        {.name = u"parse-no-options"_s,
         .severity = Severity::Block,
         .families = OptionItems,
         .title = u"No options"_s,
         .explanation = u"No line starts with a letter in parentheses."_s,
         .fires = u"Do you agree?"_s,
         .doesNot = u"Do you agree?\n (A) Yes\n (B) No"_s,
         .check = [](const LintReading &r) { return yes(r.options.status == Status::NoOptions); }},
        {.name = u"parse-one-option"_s,
         .severity = Severity::Block,
         .families = OptionItems,
         .title = u"Only one option"_s,
         .explanation = u"There is nothing to choose from."_s,
         .fires = u"Do you agree?\n (A) Yes"_s,
         .doesNot = u"Do you agree?\n (A) Yes\n (B) No"_s,
         .check = [](const LintReading &r) { return yes(r.options.status == Status::OneOption); }},
        {.name = u"option-empty"_s,
         .severity = Severity::Block,
         .families = OptionItems,
         .title = u"Option without text"_s,
         .explanation = u"An option has a letter and nothing else."_s,
         .fires = u"Do you agree?\n (A)\n (B) No"_s,
         .doesNot = u"Do you agree?\n (A) .\n (B) No"_s,
         .check = optionEmpty},
        {.name = u"options-equal"_s,
         .severity = Severity::Block,
         .families = OptionItems,
         .title = u"Two options say the same"_s,
         .explanation = u"Two options have the same words, so the label cannot be right."_s,
         .fires = u"Do you agree?\n (A) Yes.\n (B) yes"_s,
         .doesNot = u"Do you agree?\n (A) Yes, a\n (B) Yes, b"_s,
         .check = optionsEqual},
        {.name = u"multi-option"_s,
         .severity = Severity::Info,
         .families = OptionItems,
         .title = u"More than two options"_s,
         .explanation = u"Chance is not one half here; scores of such items are not comparable with those of two."_s,
         .fires = u"Which?\n (A) Tea\n (B) War\n (C) Both"_s,
         .doesNot = u"Which?\n (A) Tea\n (B) War"_s,
         .check = [](const LintReading &r) { return yes(r.options.isOk() && r.options.options.size() > 2); }},
        {.name = u"label-not-an-option"_s,
         .severity = Severity::Block,
         .families = OptionItems,
         .title = u"Label names no option"_s,
         .explanation = u"The matching label is not among the options; no answer could match."_s,
         .fires = u"The label (C) of two options."_s,
         .doesNot = u"The label (B) of two options."_s,
         .check = labelNotAnOption},
        {.name = u"non-matching-incomplete"_s,
         .severity = Severity::Warn,
         .families = OptionItems,
         .title = u"Not every other option is named"_s,
         .explanation = u"The labels that do not match are not all other options; answers with the rest would count as "
                        u"no answer."_s,
         .fires = u"Four options, one other label."_s,
         .doesNot = u"Four options, three other labels."_s,
         .check = nonMatchingIncomplete},
        {.name = u"layout-not-canonical"_s,
         .severity = Severity::Info,
         .families = ChoiceItems,
         .title = u"Unusual layout"_s,
         .explanation = u"The options do not follow “Choices:” after an empty line, one a line with a blank before the "
                        u"letter. Mixed layouts are a cue between sources."_s,
         .fires = u"Do you agree?\nAnswers:\n (A) Yes\n (B) No"_s,
         .doesNot = u"Do you agree?\n\nChoices:\n (A) Yes,\nof course\n (B) No"_s,
         .check = [](const LintReading &r) { return yes(!isCanonicalLayout(r.item.question)); },
         .fix = canonical},
        {.name = u"question-prefix"_s,
         .severity = Severity::Warn,
         .families = ChoiceItems,
         .title = u"Starts with “Question:”"_s,
         .explanation = u"A habit of one source only: it tells where an item comes from."_s,
         .fires = u"Question: Do you agree?\n\nChoices:\n (A) Yes\n (B) No"_s,
         .doesNot = u"A question: do you agree?\n\nChoices:\n (A) Yes\n (B) No"_s,
         .check = [](const LintReading &r) -> std::optional<LintHit> {
             return r.text.startsWith(u"Question:"_s) ? std::optional(LintHit{0, 9}) : std::nullopt;
         },
         .fix = withoutPrefix},
    };
}

} // namespace evalwright
