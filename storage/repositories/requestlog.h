// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"
#include "storage/repositories/answerorigin.h"

#include <QList>

/// Read-only questions about what a job asked, for people who look: in pages, so that a job of a million requests is
/// as quick to open as a small one.
namespace evalwright {

enum class RequestFilter {
    All,
    Waiting,   ///< Planned, not answered yet.
    Answered,  ///< By a request of this job.
    FromStore, ///< By an answer that was there already, or that another request brought.
    Failed,
};

/// Where a request stands in its job; pages go on after it.
struct RequestPlace
{
    QString stage;
    qint64 ordinal = 0;
};

/// A request of a job with what its answer took, without prompt and body.
struct RequestRow
{
    StepId step;
    RequestPlace place;
    QString state; ///< planned | done | failed
    bool fromStore = false;
    QString error;       ///< Of a failed one; the first 600 characters.
    QString model;       ///< Name; empty when the step names none.
    bool local = false;  ///< A model on this computer: costs nothing.
    ResponseId response; ///< Invalid without an answer. The rest is of the answer.
    QString receivedAt;  ///< ISO 8601 UTC
    int status = 0;      ///< HTTP; 0 without an answer.
    int attempts = 0;    ///< Tries until it was answered; 0 without an answer.
    int resent = 0;      ///< How often the HTTP library sent it again by itself.
    double seconds = 0;  ///< Of the try that was answered.
    std::optional<qint64> promptTokens, completionTokens;
    std::optional<double> cost; ///< Money; unset for a local model, without prices or without a believable count.
};

/// Up to `limit` requests after `after`, by stage and ordinal.
Result<QList<RequestRow>> requestPage(Connection &connection, JobId job, RequestFilter filter,
                                      const std::optional<RequestPlace> &after, int limit = 200);

struct RequestCounts
{
    qint64 all = 0, waiting = 0, answered = 0, fromStore = 0, failed = 0;
    qint64 resent = 0; ///< Of the answers that this job asked for.
    qint64 of(RequestFilter filter) const;
};
Result<RequestCounts> requestCounts(Connection &connection, JobId job);

/// One request with its texts.
struct RequestDetail
{
    RequestRow row;
    QByteArray key;                 ///< 32 bytes.
    std::optional<QString> request; ///< The JSON body as it was sent, seed included; unset when nothing ever came back.
    QString path;                   ///< Below the server's base address; empty when nothing ever came back.
    qint64 sample = 0;
    QByteArray body; ///< Exactly as it arrived.
    JobId job;
    std::optional<AnswerOrigin> origin; ///< Of its answer.
};
/// NotFound when the step is not there.
Result<RequestDetail> requestDetail(Connection &connection, StepId step);

/// What a try brought that was no answer: kept as evidence. Tries that brought nothing leave none.
struct FailedTry
{
    int attempt = 1; ///< Which try of its request it was.
    int status = 0;
    double seconds = 0;
    QString receivedAt; ///< ISO 8601 UTC
    QByteArray start;   ///< The first bytes, 4096 at most.
};
struct FailedTries
{
    QList<FailedTry> tries; ///< Oldest first.
    /// The request as requestDetail() tells it, from the evidence, for a step without an answer.
    std::optional<QString> request;
    QString path;
};
/// At most `limit` of the request with this key, in whatever job. Goes through all answers: seconds in a large project.
Result<FailedTries> failedTries(Connection &connection, const QByteArray &key, int limit = 50);

/// The step that brought this answer, else the newest that used it, and its job; NotFound when there is none.
struct RequestOfResponse
{
    JobId job;
    StepId step;
};
Result<RequestOfResponse> requestOfResponse(Connection &connection, ResponseId response);

/// An entry of the event log.
struct LoggedEvent
{
    qint64 id = 0;
    QString at;     ///< ISO 8601 UTC, when it was stored.
    QString detail; ///< JSON
};
/// Up to `limit` events of a job and a kind, newest first, older than event `before` when that is not 0.
Result<QList<LoggedEvent>> jobEvents(Connection &connection, JobId job, const QString &kind, qint64 before = 0,
                                     int limit = 200);

} // namespace evalwright
