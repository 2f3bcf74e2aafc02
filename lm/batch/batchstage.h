// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchdelivery.h"
#include "lm/requestrunner.h"

namespace evalwright {

/// runStageWithin in the way that the delivery says; `live` holds the options of a live one.
///
/// By batches, one call looks at the batches that are under way, stores what has come, plans, writes what is in no file
/// yet, sends the files, and returns: the report when every step is answered or has failed, else ErrorCode::Waiting,
/// which is no failure. The same call later goes on, also in another process. What was not run or may succeed the next
/// time goes into another file, three times at most.
///
/// Errors besides those of runStageWithin: Unsupported (model or requests that cannot be batched), BudgetReached before
/// a file is sent that may cost more than is left, InvalidInput (live, while requests are in batches; a budget for
/// files). Files and rows of an error stay as they are; nothing is sent twice.
Result<StageReport> runStageDelivered(const Delivery &delivery, const std::optional<double> &budget,
                                      const JobServices &services, JobId job, const QString &stage, const Model &model,
                                      StageSource &source, AnswerReader *reader, const CancellationToken &token,
                                      const ProgressFunction &progress, const RunnerOptions &live = {});

} // namespace evalwright
