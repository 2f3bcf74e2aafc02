// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/records.h"
#include "lm/http.h"
#include "lm/modelaccess.h"
#include "lm/request.h"
#include "lm/scheduler/scheduler.h"
#include "lm/scheduler/streamwatch.h"
#include "storage/project.h"

#include <QMap>
#include <QSet>

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
    std::optional<double> cost;           ///< Spent so far in this call; unset while any price is unknown.
    /// Spent by the job so far, earlier calls and stages included; unset while any price is unknown. And what it may.
    std::optional<double> spent, budget;
    QString message;                      ///< What is going on outside of requests, e.g. "starting the local model".
    int limit = 0, inFlight = 0;          ///< Requests at once: allowed at the endpoint now, and ours.
    std::optional<double> limitPerSecond; ///< Requests a second that the endpoint lets pass; unset: no limit seen.
    double heldSeconds = 0;               ///< The endpoint asked for nothing to be sent for so long.
    QMap<QString, qint64> failuresByKind; ///< Failed attempts: rate, overload, transient, quota, auth, request.
    qint64 resent = 0;                    ///< Requests that the HTTP library sent again by itself.
};
using ProgressFunction = std::function<void(const JobProgress &)>;

class ServerChecks;
std::shared_ptr<ServerChecks> newServerChecks();

/// Everything a job needs from its surroundings; all must outlive the call.
struct JobServices
{
    std::shared_ptr<Project> project;
    HttpTransport *transport = nullptr;
    ModelAccess *models = nullptr;
    /// Shared by all jobs of a program that should share endpoints fairly.
    std::shared_ptr<Scheduler> scheduler = std::make_shared<Scheduler>();
    /// Which servers were compared with what their probe saw. Null: none is.
    std::shared_ptr<ServerChecks> serverChecks = newServerChecks();
    const Clock *clock = nullptr; ///< For what takes days: polling of batches. Null: the system's.
};

struct PlannedRequest
{
    qint64 ordinal = 0; ///< Unique inside the stage.
    LmRequest request;  ///< With its seed already set.
};

/// A stage's requests, made when they are needed: memory does not grow with the job.
class StageSource
{
public:
    virtual ~StageSource() = default;
    virtual qint64 size() const = 0;
    /// The ordinal of the request at `index`, 0 ≤ index < size(); unique, always the same, and quick to tell.
    virtual qint64 ordinal(qint64 index) const = 0;
    /// The requests at these positions, in the same order. Called on a thread of the stage's own.
    virtual Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) = 0;
};

/// Requests that are all there already.
class ListSource final : public StageSource
{
public:
    explicit ListSource(const QList<PlannedRequest> &requests) : m_requests(requests) {}
    qint64 size() const override { return m_requests.size(); }
    qint64 ordinal(qint64 index) const override { return m_requests.at(index).ordinal; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override;

private:
    const QList<PlannedRequest> &m_requests;
};

/// A step's stored answer; `responseId` is invalid for failed or unanswered steps.
struct StepAnswer
{
    qint64 ordinal = 0;
    ResponseId responseId;
    QString path;
    QByteArray body;
    QString error;
};

/// Reads a stage's answers as they come, each once, after it is stored.
class AnswerReader
{
public:
    virtual ~AnswerReader() = default;
    /// Which of these steps, answered in an earlier call, it has not read yet. On a thread of the stage's own.
    virtual Result<QSet<qint64>> unread(const QList<qint64> &ordinals) = 0;
    /// On the thread that called runStage. `reply` is an error when a stored answer cannot be read (any more).
    virtual Status read(const StepAnswer &answer, const Result<Reply> &reply) = 0;
};

struct StageReport
{
    qint64 asked = 0;     ///< Requests sent and answered in this call.
    qint64 fromCache = 0; ///< Answers that were already stored, for whatever reason.
    qint64 failed = 0;
    qint64 promptTokens = 0, completionTokens = 0; ///< Of the requests asked in this call.
    std::optional<double> cost;                    ///< Unknown price: unset.
    double seconds = 0;
    qint64 resent = 0;  ///< Requests that the HTTP library sent again by itself; a server may have charged them twice.
    QString firstError; ///< Text of the first failure, for the summary.
    StageReport &operator+=(const StageReport &other);
};

struct RunnerOptions
{
    int maxAttempts = 8;
    double diskFullPatience = 10; ///< Seconds that answers wait in memory for room on the disk before the stage fails.
    EndpointGate::Priority priority = EndpointGate::Priority::Job;
    /// Set: answers are asked for as streams, and told while they come; what is stored is the same. Steps whose request
    /// waits for that of another are not told.
    StreamTextFunction onText;
    bool leaveFailed = false; ///< Steps that have failed stay so; else they are asked again.
    std::optional<double> budget; ///< Money; BudgetReached when spent, or when an answer has no price.
    ModelUse use = ModelUse::Text; ///< What all requests of the stage are.
};

/// Asks one model a stage's requests: plans the steps in the journal, takes stored answers, sends the rest as the
/// endpoint lets pass, retries where it can help, and stores every raw response before anyone reads it. What `source`
/// makes for an ordinal must be the same in every call of a job: a step that is done stays done.
///
/// Blocking; for worker threads. After a crash the same call goes on where it was. Errors that concern everything
/// (wrong key, server unreachable, quota, disk full) stop the stage and are returned; an error of a single request
/// marks its step failed and the stage goes on.
Result<StageReport> runStage(const JobServices &services, JobId job, const QString &stage, const Model &model,
                             StageSource &source, AnswerReader *reader, const RunnerOptions &options,
                             const CancellationToken &token, const ProgressFunction &progress);
/// The same for requests that are all there, without a reader.
Result<StageReport> runStage(const JobServices &services, JobId job, const QString &stage, const Model &model,
                             const QList<PlannedRequest> &requests, const RunnerOptions &options,
                             const CancellationToken &token, const ProgressFunction &progress);

/// The stored answer of one step that is done; NotFound otherwise.
Result<StepAnswer> stepAnswer(Connection &connection, JobId job, const QString &stage, qint64 ordinal);
/// Reads back a stage from the project.
Result<QList<StepAnswer>> stageAnswers(Project &project, JobId job, const QString &stage);

} // namespace evalwright
