// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/optionparser.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace evalwright {

/// A label as it is compared: without invisible characters, outer blanks, parentheses and a final full stop, in lower
/// case.
QString comparableLabel(const QString &label);

/// What the lettered options inside a question say about its labels.
struct OptionCheck
{
    QString reason; ///< Empty: fine. Else ambiguous-options | label-not-in-options.
    QString message;
    QStringList flags; ///< option-order, option-gap, option-layout, several-questions, multi-option, label-form
};

/// Whether the line starts have the letters (A), (B) … in order, so many and no more. Then checkOptions() finds nothing to
/// say about labels that are all of these.
bool hasOptionsInOrder(const QString &question, qsizetype count);

/// `labels`: the matching label first, then the others. Questions whose labels are no letters are fine as they are.
OptionCheck checkOptions(const QString &question, const QStringList &labels);

/// The options that the labels are about, in the order of the text: of a question that holds two, those of the first
/// that has all labels; read as leniently as checkOptions() reads. A closing line "Answer:" is no part of the last one.
/// `matching` is the place of the first label; -1, and no options, when there are none or a label is not among them.
struct ChosenOptions
{
    QString stem;
    qsizetype stemEnd = 0;
    QList<QuestionOption> options;
    qsizetype matching = -1;
};
ChosenOptions chosenOptions(const QString &question, const QStringList &labels);

} // namespace evalwright
