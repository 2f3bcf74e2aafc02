// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "lm/http.h"
#include "lm/modelaccess.h"
#include "lm/request.h"
#include "storage/project.h"

#include <functional>

namespace evalwright {

/// What a running job tells the outside. Called on a worker thread, at most about ten times a second.
struct JobProgress
{
    JobId job;
    QString stage; ///< write, check-label, evaluate, …
    qint64 done = 0, total = 0, failed = 0, fromCache = 0;
    double perSecond = 0;
    std::optional<double> secondsLeft;
    std::optional<double> cost; ///< Spent so far in this call; unset while any price is unknown.
    QString message;            ///< What is going on outside of requests, e.g. "starting the local model".
};
using ProgressFunction = std::function<void(const JobProgress &)>;

/// Everything a job needs from its surroundings; all must outlive the call.
struct JobServices
{
    std::shared_ptr<Project> project;
    HttpTransport *transport = nullptr;
    ModelAccess *models = nullptr;
};

struct PlannedRequest
{
    qint64 ordinal = 0; ///< Unique inside the stage.
    LmRequest request;  ///< With its seed already set.
};

struct StageReport
{
    qint64 asked = 0;     ///< Requests sent and answered in this call.
    qint64 fromCache = 0; ///< Answers that were already stored, for whatever reason.
    qint64 failed = 0;
    qint64 promptTokens = 0, completionTokens = 0; ///< Of the requests asked in this call.
    std::optional<double> cost;                    ///< Unknown price: unset.
    double seconds = 0;
    QString firstError; ///< Text of the first failure, for the summary.
    StageReport &operator+=(const StageReport &other);
};

struct RunnerOptions
{
    int maxAttempts = 8;
    std::optional<double> budget; ///< Money; BudgetReached when spent, or when an answer has no price.
};

/// Asks one model a stage's requests: plans the steps in the journal, takes stored answers, sends the rest with a
/// bounded number in flight, retries where it can help, and stores every raw response before anyone reads it.
///
/// Blocking; for worker threads. After a crash the same call goes on where it was. Errors that concern everything
/// (wrong key, server unreachable, quota, disk full) stop the stage and are returned; an error of a single request
/// marks its step failed and the stage goes on.
Result<StageReport> runStage(const JobServices &services, JobId job, const QString &stage, const Model &model,
                             const QList<PlannedRequest> &requests, const RunnerOptions &options,
                             const CancellationToken &token, const ProgressFunction &progress);

/// A step's stored answer, in order of ordinal; `responseId` is invalid for failed or unanswered steps.
struct StepAnswer
{
    qint64 ordinal = 0;
    ResponseId responseId;
    QString path;
    QByteArray body;
    QString error;
};
/// Reads back a stage from the project.
Result<QList<StepAnswer>> stageAnswers(Project &project, JobId job, const QString &stage);

} // namespace evalwright
