// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/elsewhere/toolanswers.h"
#include "review/merge.h"

namespace evalwright {
class Project;
}

namespace evalwright::review {

struct ToolMergeOptions
{
    bool skipBad = false;       ///< Merge the good rows of a file that has bad ones.
    bool acceptChanged = false; ///< As MergeOptions has it.
};

struct ToolMergeReport
{
    QString path, form;
    Tool tool = Tool::LabelStudio;
    QStringList reviews, raters; ///< Names and codes, sorted.
    qint64 rows = 0, unanswered = 0, drafts = 0, skipped = 0;
    qint64 judgementsNew = 0, judgementsKnown = 0, accepted = 0;
    qint64 sawPrediction = 0; ///< Judgements given with the label in sight.
    qint64 changed = 0;       ///< Of a wording that the item does not have any more.
    QList<MergeConflict> conflicts;
    qint64 bad = 0;             ///< All rows that cannot be used; `problems` lists at most mostListed of them.
    QList<ToolProblem> problems;
    QStringList ignored; ///< Controls that the questionnaire does not have, sorted.
    /// Answers marked as right: {"item_id", "answers"}, as gold items of a later review are given.
    QList<nlohmann::json> golds;
    bool refused = false; ///< Nothing was merged because of bad rows.
    static constexpr qint64 mostListed = 10'000;

    /// {path, format, form, reviews[], raters[], rows, unanswered, drafts, skipped, judgements_new, judgements_known,
    /// accepted, saw_prediction, content_changed, conflicts[], bad_rows, rejected[{row, reason, field, message, item}],
    /// ignored[], golds[], merged}
    nlohmann::json toJson() const;
};

/// Answers of Label Studio or Argilla into the project, in one transaction. The same answers again, from whichever of
/// the tool's forms and in any order, give the same state. A file with bad rows is a report, not an Error. HashMismatch
/// (reason `signature`): no row is of an export of this project. Errors of readToolAnswers.
Result<ToolMergeReport> mergeToolAnswers(const std::shared_ptr<Project> &project, const QString &path,
                                         const ToolMergeOptions &options = {}, const CancellationToken &token = {});

} // namespace evalwright::review
