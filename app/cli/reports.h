// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

#include "evaluation/evaluate.h"
#include "evaluation/results.h"
#include "generators/checker/validation.h"
#include "generators/generate.h"

/// What a finished job prints; shared by the command that starts it and by `job resume`.
namespace evalwright::cli {

QString funnelText(const QList<FunnelStage> &stages);
QString generateText(const GenerateReport &report);
QString resultTable(const QList<ResultRow> &rows);
QString evaluateText(const EvaluateReport &report);
/// What a run would take, and under each number what it rests on.
QString estimateText(const Estimate &estimate);
/// "62.5 %" or "—".
QString percent(const std::optional<double> &share);

/// The same error, with the commands that go on.
Error withHowToGoOn(Error error);

/// Runs and prints. Exit status 3 when single requests failed; 0 when the job waits for batches. `wait`: stays until
/// they have ended.
Result<int> runGenerate(Context &context, const GenerateSpec &spec, bool wait);
/// Tries checkers and prints their figures. Exit status 3 when single requests failed.
Result<int> runCheckerTrial(Context &context, const CheckerTrialSpec &spec);
Result<int> runEvaluate(Context &context, const EvaluateSpec &spec, bool wait);

} // namespace evalwright::cli
