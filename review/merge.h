// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "review/answersfile.h"
#include "storage/connection.h"

#include <optional>

namespace evalwright::review {

struct MergeOptions
{
    /// Take answers to a bundle that this project did not write, if all their items are in a review with the same
    /// texts.
    bool foreign = false;
    std::optional<ReviewId> review; ///< Of foreign answers; unset: the one with the same uuid.
    /// Let judgements of items that were edited since count for the new wording, where their answers fit it.
    bool acceptChanged = false;
};

struct MergeConflict
{
    QString judgement;               ///< uuid
    nlohmann::json stored, incoming; ///< As lines of answers.jsonl, with rater and slot.
};
struct MergeRow
{
    qint64 line = 0;         ///< In answers.jsonl, from 1.
    QString reason;          ///< id-unknown | content-changed; of other tools also wrong-type
    QString judgement, item; ///< uuid, and the name in the bundle
    QString message;         ///< Of wrong-type: what is wrong.
};

struct MergeReport
{
    QString path, bundle, rater;
    ReviewId review;
    QString reviewName;
    int slot = 0;
    qint64 judgementsNew = 0, judgementsKnown = 0;
    qint64 accepted = 0;            ///< Now count for the new wording.
    QList<MergeConflict> conflicts; ///< The stored version stays.
    QList<MergeRow> rows;
    /// {path, bundle_id, review, rater, list, judgements_new, judgements_known, accepted, conflicts[], rows[]}
    nlohmann::json toJson() const;
};

/// Answers back into the project; run by Project::write, so that a file comes in whole or not at all. The same answers
/// again, in any order and in any parts, give the same state. HashMismatch (reason `signature`): not this project's
/// bundle, or foreign answers that do not fit. Corrupt: answers that the questionnaire does not allow, with the line.
Result<MergeReport> mergeAnswers(Connection &connection, const AnswersFile &file, const MergeOptions &options = {});
/// The same from the file; also the errors of readAnswers.
Result<MergeReport> mergeAnswers(Connection &connection, const QString &path, const MergeOptions &options = {});

/// All judgements of a data set as JSON lines, from reviews here and elsewhere: the same judgements give the same
/// bytes, in whichever order and from whichever files they came. Row numbers, file names and times of merging are left
/// out.
Result<QByteArray> exportJudgements(Connection &connection, DatasetId dataset, std::optional<ReviewId> review = {});

} // namespace evalwright::review
