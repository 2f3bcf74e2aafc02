// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/options.h"

#include <QRegularExpression>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

using Letters = QString; ///< Option letters in the order of the text, as written.

/// Letters in parentheses, at line starts only or anywhere.
Letters lettersIn(const QString &question, bool anywhere)
{
    static const QRegularExpression atLineStart(u"^[ \\t]*\\(([A-Za-z])\\)"_s, QRegularExpression::MultilineOption);
    static const QRegularExpression inText(u"\\(([A-Za-z])\\)"_s);
    Letters letters;
    for (auto match = (anywhere ? inText : atLineStart).globalMatch(question); match.hasNext();)
        letters += match.next().capturedView(1);
    return letters;
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

bool holdsAll(const Letters &run, const QStringList &labels)
{
    return std::all_of(labels.cbegin(), labels.cend(),
                       [&](const QString &label) { return run.contains(label, Qt::CaseInsensitive); });
}

} // namespace

QString comparableLabel(const QString &label)
{
    QString text;
    for (const QChar c : label) {
        if (c.category() != QChar::Other_Format)
            text += c;
    }
    text = text.trimmed();
    if (text.endsWith(u'.'))
        text.chop(1);
    if (text.startsWith(u'(') && text.endsWith(u')'))
        text = text.mid(1, text.size() - 2);
    return text.trimmed().toLower();
}

OptionCheck checkOptions(const QString &question, const QStringList &labels)
{
    QStringList wanted;
    for (const QString &label : labels)
        wanted << comparableLabel(label);
    const bool lettered = std::all_of(wanted.cbegin(), wanted.cend(),
                                      [](const QString &l) { return l.size() == 1 && l[0] >= u'a' && l[0] <= u'z'; });
    if (!lettered)
        return {};
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

} // namespace evalwright
