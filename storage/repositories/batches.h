// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>

namespace evalwright {

/// A file of requests, and how far it came. Times are ISO 8601 UTC.
struct StoredBatch
{
    enum class State {
        Writing,   ///< The name is reserved; the file may lie there half, whole or not at all.
        Written,   ///< The file is whole. Delivery "files": it may be run anywhere.
        Sending,   ///< The ticket says which step; the provider may know the batch already.
        Sent,      ///< The provider has it.
        Done,      ///< All that will ever come of it has been read.
        Failed,    ///< The provider refused the whole of it.
        Withdrawn, ///< A person gave it up.
    };
    BatchRowId id;
    QString uuid;
    JobId jobId;
    QString stage;
    int part = 1; ///< Number of the file within its writing.
    ModelId modelId;
    QString delivery = QStringLiteral("batch");  ///< batch | files
    QString service = QStringLiteral("openai");  ///< openai | anthropic
    State state = State::Writing;
    QString file; ///< Absolute, or relative to the folder of the project.
    QString url, sha256;
    qint64 bytes = 0, requests = 0;
    std::optional<double> estimate;    ///< Money, before it was sent; unset: a price is unknown.
    std::optional<double> priceFactor; ///< Of the live price; unset: unknown.
    QString ticket = QStringLiteral("{}");
    QString providerId, providerState;
    qint64 providerTotal = 0, providerCompleted = 0, providerFailed = 0;
    qint64 answered = 0, failed = 0, notRun = 0; ///< Results that were read and stored.
    int polls = 0;
    QString nextPollAt, problem, createdAt, sentAt, endedAt;

    /// Requests may still be answered through it.
    bool isOpen() const;
    /// The provider is to be asked about it, or to get it.
    bool isForProvider() const;
};
QString batchStateName(StoredBatch::State state); ///< writing | written | sending | sent | done | failed | withdrawn

/// Stores a batch under a new uuid; returns it with its id.
Result<StoredBatch> addBatch(Connection &connection, StoredBatch batch);
/// Writes everything that changes; NotFound when the row is gone.
Status updateBatch(Connection &connection, const StoredBatch &batch);
Result<StoredBatch> batchById(Connection &connection, BatchRowId id);
/// Newest first; of one job, or of all.
Result<QList<StoredBatch>> listBatches(Connection &connection, std::optional<JobId> job = std::nullopt);
/// The open ones of a stage, oldest first.
Result<QList<StoredBatch>> openBatches(Connection &connection, JobId job, const QString &stage);
Status removeBatch(Connection &connection, BatchRowId id);

/// A request that waits for a batch to bring its answer.
struct BatchedRequest
{
    qint64 id = 0;
    QByteArray key; ///< 32 bytes.
    JobId jobId;
    QString stage;
    qint64 ordinal = 0;
    ModelId modelId;
    QString promptJson, path;
    std::optional<qint64> seed;
    qint64 sample = 0;
    BatchRowId batchId; ///< Invalid: in no file.
    int tries = 0;      ///< Files that it was in.
};

/// Adds requests that are in no file yet. One that is in somebody's file stays there; one that is in nobody's becomes
/// this job's.
Status poolRequests(Connection &connection, const QList<BatchedRequest> &requests);
/// The next `most` of a stage's requests that are in no file, with ids above `after`.
Result<QList<BatchedRequest>> pooledRequests(Connection &connection, JobId job, const QString &stage, qint64 after,
                                             int most);
/// The id of the stage's pooled request at this place, from 0; NotFound when there are fewer.
Result<qint64> pooledIdAt(Connection &connection, JobId job, const QString &stage, qint64 place);
/// Forgets those of the stage's pool whose answer is stored by now.
Status dropAnsweredRequests(Connection &connection, JobId job, const QString &stage);
/// Puts the stage's pooled requests with these ids (both ends included) into a file.
Status putIntoBatch(Connection &connection, const StoredBatch &batch, qint64 firstId, qint64 lastId);
/// Steps of a stage by what became of them.
struct StageTally
{
    qint64 open = 0, failed = 0;
    QString firstError;
};
Result<StageTally> stageTally(Connection &connection, JobId job, const QString &stage);
/// Requests of a job that are in a file now; of one stage unless it is empty.
Result<qint64> requestsUnderWay(Connection &connection, JobId job, const QString &stage = {});
Result<qint64> requestsLeft(Connection &connection, BatchRowId batch);

/// The request whose key begins with these bytes (12 or more).
Result<std::optional<BatchedRequest>> batchedRequestLike(Connection &connection, const QByteArray &keyStart);
/// The stored body of a complete answer whose key begins so.
Result<std::optional<QByteArray>> answeredLike(Connection &connection, const QByteArray &keyStart);
/// The answer is stored: the step is done and the request waits no more.
Status finishBatchedRequest(Connection &connection, const BatchedRequest &request, ResponseId response);
/// They will not be asked again by themselves: their steps, also equal ones of the same stage, have failed.
Status failBatchedRequests(Connection &connection, const QList<BatchedRequest> &requests, const QString &error);
/// Nothing more comes of the batch: what it left is in no file again; after `mostTries` files the steps have failed
/// with `error`. Returns how many requests were left.
Result<qint64> releaseRequests(Connection &connection, const StoredBatch &batch, int mostTries, const QString &error);
/// One request of a batch that goes on is in no file again.
Status releaseRequest(Connection &connection, qint64 id);

} // namespace evalwright
