// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

/// `labels`: the matching label first, then the others. Questions whose labels are no letters are fine as they are.
OptionCheck checkOptions(const QString &question, const QStringList &labels);

} // namespace evalwright
