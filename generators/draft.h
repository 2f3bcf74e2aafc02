// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "generators/labelcheck.h"
#include "generators/lint.h"
#include "generators/prompting.h"
#include "lm/requestrunner.h"

#include <vector>

namespace evalwright {

/// One presentation of the label check.
struct DraftCheck
{
    WordOrder order = WordOrder::AgreeFirst;
    std::optional<double> pAgree, labelMass;
    bool censored = false;
    ResponseId responseId;
    QString error;
};

/// A candidate while the stages work on it. Everything here is computed from stored replies, so running the stages
/// again over the same replies gives the same drafts.
struct Draft
{
    Label label = Label::Yes;
    qint64 sample = 0;
    qint64 ordinal = 0; ///< Place in the data set, known before the reply is.
    int positionInReply = 0;
    ResponseId responseId;
    QString rawReply, statement, question;
    QString parseStatus; ///< ok | empty | truncated | refused | http-error
    bool prefillStripped = false;
    QList<LintFinding> lint;
    QList<DraftCheck> checks;
    std::optional<double> confidence; ///< Probability of the wanted label, pooled over the word orders.

    // The decision: which stage, why, and the rank among its label when it came to that.
    bool keep = false;
    QString stage, reason;
    std::optional<double> threshold;
    std::optional<qint64> rank, quota;
    bool isRejected() const { return !keep && !reason.isEmpty(); }
};

/// Ordinal of the first candidate of a sample; a reply with several statements takes the following ones.
qint64 draftOrdinal(const Recipe &recipe, qint64 sample, Label label);
/// Step ordinal of a sample's writing request.
qint64 writeStep(qint64 sample, Label label);
/// Step ordinal of a candidate's check request.
qint64 checkStep(qint64 ordinal, WordOrder order);

/// write → parse: one draft per statement found, also for failed, empty and refused replies.
Result<std::vector<Draft>> draftsFromAnswers(const Recipe &recipe, const Model &writer,
                                             const QList<StepAnswer> &answers);
/// unique: of equal statements the first by sample number stays (methods-mwe.md section 3).
void rejectDuplicates(std::vector<Draft> &drafts);
/// lint: a blocking rule rejects.
void rejectLint(const Recipe &recipe, std::vector<Draft> &drafts);
/// check-label: fills in confidences, rejects what the checker reads as the other label or cannot tell.
Status applyChecks(const Recipe &recipe, const QList<StepAnswer> &answers, std::vector<Draft> &drafts);
/// select: top k per label above the floor, then the larger label is cut to the smaller.
void selectDrafts(const SelectStage &select, std::vector<Draft> &drafts);

} // namespace evalwright
