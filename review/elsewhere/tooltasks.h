// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "review/giveaway.h"
#include "review/shownitem.h"

/// What annotation tools of others are given: the items of lists of a review, each place a task of its own
/// (docs/review-elsewhere.md).
namespace evalwright::review {

struct ToolTask
{
    ShownItem item;          ///< Its id is its name in this export, which nobody without the key can look up.
    int slot = 0;            ///< The first of the lists that the place is on,
    qint64 position = 0;     ///< and where on it, from 0.
    QStringList optionOrder; ///< Keys as they are to be shown.
    QString label;           ///< Key of the item's own label. For exports that are not blind.
    std::optional<double> confidence; ///< Of the label.
};

/// What all tasks of an export share.
struct ToolJob
{
    QString exportId;  ///< Of the review_bundle whose key makes the names.
    QString behaviour; ///< What raters are told the items are about.
    QString canary;
    Questionnaire questionnaire;
    QString guideline;
    int ratersPerItem = 1;     ///< So many of the lists of the export have an item, at most.
    QString language;             ///< Empty: English.
    bool showsPredictions = false; ///< Not blind: the data set's labels go along as predictions.
    bool isPronounTask = false;   ///< Items have an occupation and another person in place of options.
};

Result<ToolJob> toolJob(Connection &connection, const Review &review, const QList<int> &slots,
                        const BundleIdentity &identity);

/// Each item once, and once more where a list repeats it: in the order of the lists, so that a repeat comes as late as
/// there. Memory does not grow with the texts. The first failure of `use` ends it.
Status forEachToolTask(Connection &connection, const Review &review, const QList<int> &slots,
                       const BundleIdentity &identity, const std::function<Status(const ToolTask &task)> &use);

/// What a question is called in the tools. Their configurations have names of their own, read some words as values, and
/// keep answers beside the data; such ids get a "_" before them, which no id begins with.
QString toolName(const QString &questionId);
/// The control by which raters say that an item is broken; its values.
inline const QString brokenControl = QStringLiteral("_broken"), brokenValue = QStringLiteral("broken"),
                     fineValue = QStringLiteral("fine");
/// Values of a flag.
inline const QString flagOn = QStringLiteral("yes"), flagOff = QStringLiteral("no");

/// Whether the tools are given the scale as choices, named by its numbers.
bool isScaleOfChoices(const Questionnaire &questionnaire, const ReviewQuestion &question);

} // namespace evalwright::review
