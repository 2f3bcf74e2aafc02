// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/options.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

using Letters = QString; ///< Option letters in the order of the text, as written.

enum class Where { CapitalsAtLineStart, AtLineStart, Anywhere };

/// A letter in parentheses.
struct Mark
{
    QChar letter;
    qsizetype begin = 0, textBegin = 0; ///< Of its line or parenthesis; after the parenthesis.
};

bool isLetter(QChar c, bool capitalsOnly)
{
    return (c >= u'A' && c <= u'Z') || (!capitalsOnly && c >= u'a' && c <= u'z');
}

QList<Mark> marksIn(const QString &question, Where where)
{
    QList<Mark> marks;
    const auto look = [&](qsizetype begin, qsizetype at) {
        if (at + 2 < question.size() && question[at] == u'(' && question[at + 2] == u')' &&
            isLetter(question[at + 1], where == Where::CapitalsAtLineStart))
            marks << Mark{question[at + 1], begin, at + 3};
    };
    if (where == Where::Anywhere) {
        for (qsizetype at = question.indexOf(u'('); at >= 0; at = question.indexOf(u'(', at + 1))
            look(at, at);
        return marks;
    }
    for (qsizetype line = 0; line < question.size();) {
        qsizetype at = line;
        while (at < question.size() && (question[at] == u' ' || question[at] == u'\t'))
            ++at;
        look(line, at);
        const qsizetype end = question.indexOf(u'\n', at);
        line = end < 0 ? question.size() : end + 1;
    }
    return marks;
}

Letters lettersOf(const QList<Mark> &marks)
{
    Letters letters;
    for (const Mark &mark : marks)
        letters += mark.letter;
    return letters;
}

/// Letters in parentheses, at line starts only or anywhere.
Letters lettersIn(const QString &question, bool anywhere)
{
    return lettersOf(marksIn(question, anywhere ? Where::Anywhere : Where::AtLineStart));
}

QList<QuestionOption> textsOf(const QString &question, const QList<Mark> &marks)
{
    QList<QuestionOption> options;
    for (qsizetype i = 0; i < marks.size(); ++i) {
        const qsizetype end = i + 1 < marks.size() ? marks[i + 1].begin : question.size();
        options << QuestionOption{marks[i].letter,
                                  question.mid(marks[i].textBegin, end - marks[i].textBegin).trimmed()};
    }
    return options;
}

/// Splits where a letter repeats: each part is the options of one question.
QList<Letters> runsOf(const Letters &letters)
{
    QList<Letters> runs;
    for (const QChar letter : letters) {
        if (runs.isEmpty() || runs.last().contains(letter, Qt::CaseInsensitive))
            runs << Letters();
        runs.last() += letter;
    }
    return runs;
}

bool isOptionLetter(const QString &comparable)
{
    return comparable.size() == 1 && comparable[0] >= u'a' && comparable[0] <= u'z';
}

bool holdsAll(const Letters &run, const QStringList &labels)
{
    return std::all_of(labels.cbegin(), labels.cend(),
                       [&](const QString &label) { return run.contains(label, Qt::CaseInsensitive); });
}

} // namespace

QString comparableLabel(const QString &label)
{
    const auto isFormat = [](QChar c) { return c.unicode() >= 0x80 && c.category() == QChar::Other_Format; };
    QString text;
    if (std::ranges::any_of(label, isFormat))
        std::ranges::remove_copy_if(label, std::back_inserter(text), isFormat);
    else
        text = label;
    QStringView bare = QStringView(text).trimmed();
    if (bare.endsWith(u'.'))
        bare.chop(1);
    if (bare.size() >= 2 && bare.startsWith(u'(') && bare.endsWith(u')'))
        bare = bare.sliced(1, bare.size() - 2);
    return bare.trimmed().toString().toLower();
}

bool hasOptionsInOrder(const QString &question, qsizetype count)
{
    const QList<Mark> marks = marksIn(question, Where::AtLineStart);
    for (qsizetype i = 0; i < marks.size(); ++i) {
        if (marks[i].letter.unicode() != u'A' + i)
            return false;
    }
    return marks.size() == count;
}

OptionCheck checkOptions(const QString &question, const QStringList &labels)
{
    QStringList wanted;
    for (const QString &label : labels)
        wanted << comparableLabel(label);
    if (!std::ranges::all_of(wanted, isOptionLetter))
        return {};
    wanted.removeDuplicates(); // Each is looked for in each list of options, and a row can have a million of both.
    OptionCheck check;
    QList<Letters> runs = runsOf(lettersIn(question, false));
    auto fitting = std::find_if(runs.cbegin(), runs.cend(), [&](const Letters &run) { return holdsAll(run, wanted); });
    if (fitting == runs.cend() && runs.size() <= 1) {
        // Options that all stand on one line are read leniently.
        const QList<Letters> loose = runsOf(lettersIn(question, true));
        if (std::any_of(loose.cbegin(), loose.cend(), [&](const Letters &run) { return holdsAll(run, wanted); })) {
            runs = loose;
            fitting =
                std::find_if(runs.cbegin(), runs.cend(), [&](const Letters &run) { return holdsAll(run, wanted); });
            check.flags << u"option-layout"_s;
        }
    }
    if (fitting == runs.cend()) {
        const bool repeated = runs.size() > 1;
        check.reason = repeated ? u"ambiguous-options"_s : u"label-not-in-options"_s;
        check.message = repeated ? u"The same letter names two options, so the labels cannot be told apart."_s
                                 : u"A label is not among the options of the question."_s;
        return check;
    }
    if (runs.size() > 1 && !check.flags.contains(u"option-layout"_s))
        check.flags << u"several-questions"_s;
    Letters sorted = fitting->toLower();
    const Letters written = sorted;
    std::sort(sorted.begin(), sorted.end());
    if (sorted != written)
        check.flags << u"option-order"_s;
    if (sorted.back().unicode() - sorted.front().unicode() + 1 != sorted.size() || sorted.front() != u'a')
        check.flags << u"option-gap"_s;
    if (fitting->size() > labels.size())
        check.flags << u"multi-option"_s;
    for (const QString &label : labels) {
        const QString bare = label.trimmed();
        const QString letter = bare.size() == 3 ? bare.mid(1, 1) : bare;
        if (!fitting->contains(letter, Qt::CaseSensitive) && !check.flags.contains(u"label-form"_s))
            check.flags << u"label-form"_s;
    }
    return check;
}

ChosenOptions chosenOptions(const QString &question, const QStringList &labels)
{
    QStringList wanted;
    for (const QString &label : labels)
        wanted << comparableLabel(label);
    if (wanted.isEmpty() || !std::ranges::all_of(wanted, isOptionLetter))
        return {};
    wanted.removeDuplicates();
    for (const Where where : {Where::CapitalsAtLineStart, Where::AtLineStart, Where::Anywhere}) {
        const QList<Mark> marks = marksIn(question, where);
        qsizetype first = 0;
        for (const Letters &run : runsOf(lettersOf(marks))) {
            if (!holdsAll(run, wanted)) {
                first += run.size();
                continue;
            }
            ChosenOptions chosen;
            chosen.options = textsOf(question, marks).mid(first, run.size());
            chosen.stemEnd = stemEndBefore(question, marks[first].begin);
            chosen.stem = question.left(chosen.stemEnd).trimmed();
            chosen.matching = run.indexOf(wanted.first(), 0, Qt::CaseInsensitive);
            QString &last = chosen.options.last().text;
            const qsizetype line = last.lastIndexOf(u'\n');
            const QString closing = last.mid(line + 1).trimmed();
            if (line >= 0 && (closing == "Answer:"_L1 || closing == "Answers:"_L1))
                last = last.left(line).trimmed();
            return chosen;
        }
    }
    return {};
}

} // namespace evalwright
