// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/requestrunner.h"

namespace evalwright {

/// runStage under the job's budget: what earlier calls of the job spent counts, nothing is sent when nothing is left,
/// and the first reply whose price cannot be told ends the stage. Without a budget, and for local models, runStage.
/// The progress of endpoints says what the whole job has spent. The budget in `options` is not looked at.
/// BudgetReached as made by budgetReached().
Result<StageReport> runStageWithin(const std::optional<double> &budget, const JobServices &services, JobId job,
                                   const QString &stage, const Model &model, StageSource &source, AnswerReader *reader,
                                   const CancellationToken &token, const ProgressFunction &progress,
                                   const RunnerOptions &options = {});
/// The same for requests that are all there, without a reader.
Result<StageReport> runStageWithin(const std::optional<double> &budget, const JobServices &services, JobId job,
                                   const QString &stage, const Model &model, const QList<PlannedRequest> &requests,
                                   const CancellationToken &token, const ProgressFunction &progress,
                                   const RunnerOptions &options = {});

} // namespace evalwright
