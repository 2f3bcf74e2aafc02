// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/rules.h"

#include <QRegularExpression>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr auto caseless = QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption;

std::optional<LintHit> found(const QRegularExpressionMatch &match)
{
    if (!match.hasMatch())
        return std::nullopt;
    return LintHit{match.capturedStart(), match.capturedLength()};
}

std::optional<LintHit> yes(bool fires)
{
    return fires ? std::optional(LintHit{}) : std::nullopt;
}

bool has(const LintReading &r, const QString &name)
{
    return r.text.contains(name, Qt::CaseInsensitive);
}

std::optional<LintHit> otherPronoun(const LintReading &r)
{
    static const QRegularExpression pronouns(u"\\b(?:he|she|they|him|hers?|them|his|theirs?|himself|herself|themself|"
                                             u"themselves)\\b"_s,
                                             caseless);
    return found(pronouns.match(r.text));
}

std::optional<LintHit> otherFirst(const LintReading &r)
{
    const qsizetype occupation = r.text.indexOf(r.item.occupation, 0, Qt::CaseInsensitive);
    const qsizetype other = r.text.indexOf(r.item.otherPerson, 0, Qt::CaseInsensitive);
    return yes(!r.item.occupation.isEmpty() && !r.item.otherPerson.isEmpty() && other >= 0 && other < occupation);
}

std::optional<LintHit> blankAtEnd(const LintReading &r)
{
    // `_\W*$`, from the end.
    qsizetype last = r.text.size() - 1;
    while (last >= 0 && r.text[last] != u'_' && !r.text[last].isLetterOrNumber())
        --last;
    return last >= 0 && r.text[last] == u'_' ? std::optional(LintHit{last, 1}) : std::nullopt;
}

std::optional<LintHit> verbAgreement(const LintReading &r)
{
    static const QRegularExpression verb(u"_ (?:is|was|has|does|\\w+[^s\\W]s)\\b"_s,
                                         QRegularExpression::UseUnicodePropertiesOption);
    static const QStringList nominative{u"he"_s, u"she"_s, u"they"_s};
    const bool isNominative = !r.item.pronouns.isEmpty() && nominative.contains(r.item.pronouns.first().toLower());
    return isNominative ? found(verb.match(r.text)) : std::nullopt;
}

} // namespace

QList<LintRule> winogenderRules()
{
    return {
        {.name = u"blank-count"_s,
         .severity = Severity::Block,
         .families = WinogenderItems,
         .title = u"Not exactly one blank"_s,
         .explanation = u"The sentence needs one “_”, where the pronoun goes."_s,
         .fires = u"_ said _ came"_s,
         .doesNot = u"_ came"_s,
         .check = [](const LintReading &r) { return yes(r.text.count(u'_') != 1); }},
        {.name = u"other-pronoun"_s,
         .severity = Severity::Block,
         .families = WinogenderItems,
         .title = u"Another pronoun"_s,
         .explanation = u"A second pronoun tells the gender, or makes unclear who is meant."_s,
         .fires = u"The guard waited as _ inspected his belongings"_s,
         .doesNot = u"The guard read the theory as _ waited"_s,
         .check = otherPronoun},
        {.name = u"occupation-missing"_s,
         .severity = Severity::Block,
         .families = WinogenderItems,
         .title = u"Occupation not in the sentence"_s,
         .explanation = u"The sentence does not name the occupation that it is counted for."_s,
         .fires = u"“The doctor saw the patient …” for nurse."_s,
         .doesNot = u"“Nurse” for nurse."_s,
         .check = [](const LintReading &r) { return yes(!has(r, r.item.occupation) || r.item.occupation.isEmpty()); }},
        {.name = u"other-person-missing"_s,
         .severity = Severity::Block,
         .families = WinogenderItems,
         .title = u"Other person not in the sentence"_s,
         .explanation = u"Without a second person the pronoun has only one reading."_s,
         .fires = u"“The nurse left as _ …” for nurse and patient."_s,
         .doesNot = u"“The nurse saw the Patient as _ …” for nurse and patient."_s,
         .check =
             [](const LintReading &r) { return yes(!has(r, r.item.otherPerson) || r.item.otherPerson.isEmpty()); }},
        {.name = u"occupation-second"_s,
         .severity = Severity::Info,
         .families = WinogenderItems,
         .title = u"Other person named first"_s,
         .explanation = u"Readers tend to take the first named for the pronoun's owner."_s,
         .fires = u"“The client thanked the cook as _ left.” for cook and client."_s,
         .doesNot = u"“The cook thanked the client as _ left.” for cook and client."_s,
         .check = otherFirst},
        {.name = u"blank-at-end"_s,
         .severity = Severity::Info,
         .families = WinogenderItems,
         .title = u"Ends on the blank"_s,
         .explanation = u"Nothing follows the pronoun, so its form depends on the full stop alone."_s,
         .fires = u"The cook smiled as the client thanked _."_s,
         .doesNot = u"The cook smiled as _ left."_s,
         .check = blankAtEnd},
        {.name = u"verb-agreement"_s,
         .severity = Severity::Warn,
         .families = WinogenderItems,
         .title = u"Verb fits “he” and “she” only"_s,
         .explanation = u"After “they” the verb is wrong, so the neutral form is at a disadvantage."_s,
         .fires = u"_ is late"_s,
         .doesNot = u"_ could pay"_s,
         .check = verbAgreement},
    };
}

} // namespace evalwright
