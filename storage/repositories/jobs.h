// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QHash>
#include <QList>

namespace evalwright {

QString jobStateName(JobState state); ///< queued | running | paused | waiting | done | …
JobState jobStateFromName(const QString &name);

/// Stores a queued job. `parametersHash` is what makes "run again" find it.
Result<Job> createJob(Connection &connection, Job job);
/// The newest job with these parameters, whatever its state.
Result<std::optional<Job>> jobByParameters(Connection &connection, const QString &parametersHash);
Result<Job> jobById(Connection &connection, JobId id);
/// All jobs, newest first, with step counts.
Result<QList<Job>> listJobs(Connection &connection);
/// Sets the state; `startedAt` is set on the first Running, `finishedAt` on any final state.
Status setJobState(Connection &connection, JobId id, JobState state, const QString &error = {});
Status setJobResult(Connection &connection, JobId id, const QString &resultJson);
/// Replaces what `job resume` reads; what identifies the job (`parametersHash`) stays.
Status setJobParameters(Connection &connection, JobId id, const QString &parameters);
/// What sets a job's request keys apart from all others, so that it asks what others have asked; empty for most jobs.
/// It stands in the parameters as `fresh`.
Result<QString> keySaltOf(Connection &connection, JobId id);
/// The newest job of this kind whose parameters hold this text under `name`, whatever its state.
Result<std::optional<Job>> jobByParameter(Connection &connection, const QString &kind, const QString &name,
                                          const QString &text);
/// Jobs that were running when the process ended become Paused. Call when a project is opened for writing.
Result<qint64> pauseInterruptedJobs(Connection &connection);

/// Adds steps, planned or already answered from the store; what is done and has its answer stays as it is.
Status planSteps(Connection &connection, JobId job, const QList<JobStep> &steps);
Result<QList<JobStep>> stepsOf(Connection &connection, JobId job, const QString &stage);
struct StepState
{
    bool done = false;   ///< Not when its answer was removed from the store since: it is asked again.
    bool failed = false;
    ResponseId response; ///< Of a done step.
};
/// The steps of a stage with these ordinals, both ends included, by ordinal.
Result<QHash<qint64, StepState>> stepStates(Connection &connection, JobId job, const QString &stage, qint64 first,
                                            qint64 last);
/// Ordinals of the steps that were planned and not answered: what an interrupted call left.
Result<QList<qint64>> openSteps(Connection &connection, JobId job, const QString &stage);
/// Marks a step as answered by a response, or as failed with a message.
Status finishStep(Connection &connection, JobId job, const QString &stage, qint64 ordinal, ResponseId response,
                  bool fromCache, const QString &error = {});
/// Failed steps become planned again ("retry failed"); returns how many.
Result<qint64> replanFailedSteps(Connection &connection, JobId job);

/// A count of tokens above this, of one answer, is not believed: the answer has no price.
inline constexpr qint64 mostTokensOfAnswer = 10'000'000;

/// What a job has paid for: the answers that its own requests brought, each once. Local models cost nothing.
struct JobSpending
{
    double spent = 0;    ///< Money, of the answers whose price is known.
    qint64 unpriced = 0; ///< Answers of endpoints without a believable count of tokens, or without a price.
};
Result<JobSpending> spendingOf(Connection &connection, JobId job);
/// InvalidInput when one of the models has no price: its spending could not be counted. Local models need none.
Status budgetCanBeKept(const std::optional<double> &budget, const QList<Model> &models);
/// The budget that a job was started with last; unset when it has none.
std::optional<double> budgetOf(const Job &job);
/// The error of a job that has nothing left, or whose spending is not known; `detail` is the JSON object
/// {limit, spent, unpriced_answers}.
Error budgetReached(double limit, const JobSpending &spending);

/// Appends to the event log; `detailJson` must hold no secret.
Status logEvent(Connection &connection, const QString &kind, JobId job, const QString &detailJson);

} // namespace evalwright
