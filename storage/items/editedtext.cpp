// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/editedtext.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/jsontexts.h"
#include "core/visibletext.h"
#include "storage/exchange/options.h"

#include <QSet>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using Kind = EditProblem::Kind;

namespace {

bool isBlank(const QString &text)
{
    return QStringView(text).trimmed().isEmpty();
}

/// What stands around a label: the same label with other blanks is another token for a model.
std::pair<QString, QString> outerBlanks(const QString &label)
{
    qsizetype head = 0, tail = 0;
    while (head < label.size() && label[head].isSpace())
        ++head;
    while (tail < label.size() - head && label[label.size() - 1 - tail].isSpace())
        ++tail;
    return {label.left(head), label.right(tail)};
}

void findLabels(const CandidateText &text, QList<EditProblem> &found)
{
    QSet<QString> seen; // A file can bring an item with a hundred thousand labels.
    for (const QString &label : text.otherLabels) {
        const QString comparable = comparableLabel(label);
        if (isBlank(label))
            found << EditProblem{Kind::EmptyLabel, true, {}};
        else if (!isBlank(text.matchingLabel) && comparable == comparableLabel(text.matchingLabel))
            found << EditProblem{Kind::MatchingAmongOthers, true, label.trimmed()};
        else if (seen.contains(comparable))
            found << EditProblem{Kind::RepeatedLabel, true, label.trimmed()};
        seen << comparable;
    }
}

void findOptions(const CandidateText &text, QList<EditProblem> &found)
{
    QStringList labels{text.matchingLabel};
    labels << text.otherLabels;
    if (isBlank(text.matchingLabel))
        return;
    if (const OptionCheck check = checkOptions(text.question, labels); !check.reason.isEmpty()) {
        found << EditProblem{check.reason == "ambiguous-options"_L1 ? Kind::AmbiguousOptions : Kind::LabelNotInOptions, true, {}};
        return;
    }
    QSet<QString> letters;
    for (const QString &label : labels)
        letters << comparableLabel(label);
    for (const QuestionOption &option : chosenOptions(text.question, labels).options) {
        if (!letters.contains(QString(option.letter).toLower()))
            found << EditProblem{Kind::OptionWithoutLabel, false, QString(option.letter)};
    }
}

/// Everything that can be said of one text alone.
QList<EditProblem> problemsOf(const CandidateText &text, const QString &family)
{
    QList<EditProblem> found;
    findLabels(text, found);
    findOptions(text, found);
    if (family == "winogender"_L1 && text.question.count(u'_') != 1)
        found << EditProblem{Kind::NoBlank, true, {}};
    if (!text.statement.isEmpty() && !text.question.isEmpty() && !text.question.contains(text.statement))
        found << EditProblem{Kind::StatementNotInQuestion, false, {}};
    QStringList texts{text.statement, text.question, text.matchingLabel};
    texts << text.otherLabels;
    for (const QString &one : std::as_const(texts)) {
        if (QString shown = withVisibleControls(one); shown != one) {
            const qsizetype at = shown.indexOf(u"⟨U+"_s);
            found << EditProblem{Kind::InvisibleCharacters, false, shown.mid(std::max<qsizetype>(0, at - 20), 60)};
            break;
        }
    }
    return found;
}

QString textOf(const json &fields, const char *name)
{
    const auto it = fields.find(name);
    return it != fields.end() && it->is_string() ? QString::fromStdString(it->get<std::string>()) : QString();
}

/// Biography and question of one text; unset when both were changed.
bool followBiography(json &fields, const QString &before, const QString &after)
{
    const QString bare = textOf(fields, "bare_question"), biography = textOf(fields, "biography");
    if (bare.isEmpty() || !before.endsWith(bare))
        return true;
    const QString head = before.chopped(bare.size());
    if (after.startsWith(head)) {
        fields["bare_question"] = after.sliced(head.size()).toStdString();
        return true;
    }
    if (!after.endsWith(bare))
        return false;
    if (!biography.isEmpty())
        fields["biography"] = after.chopped(bare.size()).trimmed().toStdString();
    return true;
}

void followOptions(json &fields, const CandidateText &text, bool isOtherQuestion)
{
    if (!fields.contains("options") && !fields.contains("stem"))
        return;
    const QString bare = textOf(fields, "bare_question");
    const QString &question = bare.isEmpty() ? text.question : bare;
    const ChosenOptions chosen = chosenOptions(question, QStringList{text.matchingLabel} + text.otherLabels);
    if (chosen.matching < 0)
        return;
    fields["matching_index"] = chosen.matching;
    if (!isOtherQuestion)
        return;
    QStringList texts, letters;
    bool isInOrder = true;
    for (const QuestionOption &option : chosen.options) {
        isInOrder = isInOrder && option.letter.toUpper().unicode() == u'A' + texts.size();
        texts << option.text;
        letters << option.letter;
    }
    fields["stem"] = chosen.stem.toStdString();
    fields["options"] = textsToJson(texts);
    if (isInOrder)
        fields.erase("letters");
    else
        fields["letters"] = textsToJson(letters);
}

} // namespace

bool EditedText::isRefused() const
{
    return std::ranges::any_of(problems, &EditProblem::refuses);
}

EditedText editedText(const CandidateText &before, const CandidateText &wanted, const QString &family)
{
    EditedText edited{wanted, {}};
    edited.text.fields = before.fields;
    if ((!isBlank(before.statement) && isBlank(wanted.statement)) || (!isBlank(before.question) && isBlank(wanted.question)) ||
        (isBlank(wanted.statement) && isBlank(wanted.question)))
        edited.problems << EditProblem{Kind::NoText, true, {}};
    if (!isBlank(before.matchingLabel) && isBlank(wanted.matchingLabel))
        edited.problems << EditProblem{Kind::NoMatchingLabel, true, {}};
    if (!before.otherLabels.isEmpty() && wanted.otherLabels.isEmpty())
        edited.problems << EditProblem{Kind::NoOtherLabel, true, {}};
    const QList<EditProblem> known = problemsOf(before, family);
    for (EditProblem problem : problemsOf(wanted, family)) {
        problem.refuses = problem.refuses && !known.contains(problem);
        edited.problems << problem;
    }
    // Labels that were there are compared with what they are now, and new ones with the habit of the item.
    const auto habit = outerBlanks(before.matchingLabel.isEmpty() ? before.otherLabels.value(0) : before.matchingLabel);
    for (const QString &label : QStringList{wanted.matchingLabel} + wanted.otherLabels) {
        const bool isOld = label == before.matchingLabel || before.otherLabels.contains(label);
        if (!isBlank(label) && !isOld && outerBlanks(label) != habit)
            edited.problems << EditProblem{Kind::LabelBlanks, false, label.trimmed()};
    }
    json fields = storedJson(before.fields);
    if (!fields.is_object() || fields.empty())
        return edited;
    const bool isOtherQuestion = wanted.question != before.question;
    if (isOtherQuestion) {
        if (!followBiography(fields, before.question, wanted.question))
            edited.problems << EditProblem{Kind::BiographyAndQuestion, true, {}};
        if (const QString sentence = textOf(fields, "sentence"); !sentence.isEmpty() && sentence == before.question)
            fields["sentence"] = wanted.question.toStdString();
    }
    if (isOtherQuestion || wanted.matchingLabel != before.matchingLabel || wanted.otherLabels != before.otherLabels)
        followOptions(fields, edited.text, isOtherQuestion);
    if (fields != storedJson(before.fields))
        edited.text.fields = QString::fromUtf8(canonicalJson(fields));
    return edited;
}

QString questionWithStatement(const QString &question, const QString &former, const QString &statement)
{
    if (former.isEmpty() || question.count(former) != 1)
        return question;
    QString changed = question;
    return changed.replace(former, statement);
}

} // namespace evalwright
