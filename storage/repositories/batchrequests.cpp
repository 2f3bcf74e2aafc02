// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The requests between their planning and their answer.
#include "storage/repositories/batches.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/responses.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype keySize = 32;

const QString columns = u"q.id, q.key, q.job_id, q.stage, q.ordinal, q.model_id, p.json, q.path, q.seed, q.sample, "
                        u"q.batch_id, q.tries FROM batch_request q JOIN prompt p ON p.id = q.prompt_id"_s;

BatchedRequest requestFrom(const QSqlQuery &row)
{
    BatchedRequest request;
    request.id = row.value(0).toLongLong();
    request.key = row.value(1).toByteArray();
    request.jobId.value = row.value(2).toLongLong();
    request.stage = row.value(3).toString();
    request.ordinal = row.value(4).toLongLong();
    request.modelId.value = row.value(5).toLongLong();
    request.promptJson = row.value(6).toString();
    request.path = row.value(7).toString();
    request.seed = optionalValue<qint64>(row.value(8));
    request.sample = row.value(9).toLongLong();
    request.batchId.value = row.value(10).toLongLong();
    request.tries = row.value(11).toInt();
    return request;
}

/// The first and the last key that begin so.
QVariantList keyRange(const QByteArray &keyStart)
{
    return {keyStart.leftJustified(keySize, '\0'), keyStart.leftJustified(keySize, '\xff')};
}

} // namespace

Status poolRequests(Connection &connection, const QList<BatchedRequest> &requests)
{
    for (const BatchedRequest &request : requests) {
        EVALWRIGHT_ASSIGN(const qint64 prompt, storePrompt(connection, request.promptJson));
        EVALWRIGHT_TRY(connection.execute(
            u"INSERT INTO batch_request (key, job_id, stage, ordinal, model_id, prompt_id, path, seed, sample) "
            u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET job_id = excluded.job_id, "
            u"stage = excluded.stage, ordinal = excluded.ordinal WHERE batch_request.batch_id IS NULL"_s,
            {request.key, request.jobId.value, request.stage, request.ordinal, request.modelId.value, prompt,
             request.path, bound(request.seed), request.sample}));
    }
    return {};
}

Result<QList<BatchedRequest>> pooledRequests(Connection &connection, JobId job, const QString &stage, qint64 after,
                                             int most)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT %1 WHERE q.job_id = ? AND q.stage = ? AND q.batch_id IS NULL "
                                       u"AND q.id > ? ORDER BY q.id LIMIT ?"_s.arg(columns),
                                       {job.value, stage, after, most}));
    QList<BatchedRequest> list;
    while (rows.next())
        list << requestFrom(rows);
    return list;
}

Result<qint64> pooledIdAt(Connection &connection, JobId job, const QString &stage, qint64 place)
{
    EVALWRIGHT_ASSIGN(const QVariant id,
                      connection.value(u"SELECT id FROM batch_request WHERE job_id = ? AND stage = ? AND "
                                       u"batch_id IS NULL ORDER BY id LIMIT 1 OFFSET ?"_s,
                                       {job.value, stage, place}));
    if (!id.isValid())
        return failure(ErrorCode::NotFound, u"“%1” has fewer requests than were written."_s.arg(stage));
    return id.toLongLong();
}

Status dropAnsweredRequests(Connection &connection, JobId job, const QString &stage)
{
    EVALWRIGHT_TRY(connection.execute(
        u"DELETE FROM batch_request WHERE job_id = ? AND stage = ? AND batch_id IS NULL AND EXISTS "
        u"(SELECT 1 FROM response r WHERE r.key = batch_request.key AND r.complete = 1)"_s,
        {job.value, stage}));
    return {};
}

Status putIntoBatch(Connection &connection, const StoredBatch &batch, qint64 firstId, qint64 lastId)
{
    EVALWRIGHT_TRY(connection.execute(u"UPDATE batch_request SET batch_id = ?, tries = tries + 1 WHERE job_id = ? AND "
                                      u"stage = ? AND batch_id IS NULL AND id BETWEEN ? AND ?"_s,
                                      {batch.id.value, batch.jobId.value, batch.stage, firstId, lastId}));
    return {};
}

Result<StageTally> stageTally(Connection &connection, JobId job, const QString &stage)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT total(state = 'planned'), total(state = 'failed') FROM "
                                                      u"job_step WHERE job_id = ? AND stage = ?"_s,
                                                      {job.value, stage}));
    StageTally tally;
    if (row.next()) {
        tally.open = static_cast<qint64>(row.value(0).toDouble());
        tally.failed = static_cast<qint64>(row.value(1).toDouble());
    }
    if (tally.failed > 0) {
        EVALWRIGHT_ASSIGN(const QVariant error,
                          connection.value(u"SELECT error FROM job_step WHERE job_id = ? AND stage = ? AND "
                                           u"state = 'failed' ORDER BY ordinal LIMIT 1"_s,
                                           {job.value, stage}));
        tally.firstError = error.toString();
    }
    return tally;
}

Result<qint64> requestsUnderWay(Connection &connection, JobId job, const QString &stage)
{
    QVariantList values{job.value};
    QString sql = u"SELECT count(*) FROM batch_request WHERE job_id = ? AND batch_id IS NOT NULL"_s;
    if (!stage.isEmpty()) {
        sql += u" AND stage = ?"_s;
        values << stage;
    }
    EVALWRIGHT_ASSIGN(const QVariant count, connection.value(sql, values));
    return count.toLongLong();
}

Result<qint64> requestsLeft(Connection &connection, BatchRowId batch)
{
    EVALWRIGHT_ASSIGN(const QVariant count,
                      connection.value(u"SELECT count(*) FROM batch_request WHERE batch_id = ?"_s, {batch.value}));
    return count.toLongLong();
}

Result<std::optional<BatchedRequest>> batchedRequestLike(Connection &connection, const QByteArray &keyStart)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT %1 WHERE q.key BETWEEN ? AND ? LIMIT 1"_s.arg(columns),
                                                      keyRange(keyStart)));
    if (!row.next())
        return std::optional<BatchedRequest>();
    return std::optional<BatchedRequest>(requestFrom(row));
}

Result<std::optional<QByteArray>> answeredLike(Connection &connection, const QByteArray &keyStart)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row,
                      connection.query(u"SELECT body FROM response WHERE complete = 1 AND key BETWEEN ? AND ? LIMIT 1"_s,
                                       keyRange(keyStart)));
    if (!row.next())
        return std::optional<QByteArray>();
    return std::optional<QByteArray>(row.value(0).toByteArray());
}

Status finishBatchedRequest(Connection &connection, const BatchedRequest &request, ResponseId response)
{
    EVALWRIGHT_TRY(finishStep(connection, request.jobId, request.stage, request.ordinal, response, false));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM batch_request WHERE id = ?"_s, {request.id}));
    return {};
}

Status failBatchedRequests(Connection &connection, const QList<BatchedRequest> &requests, const QString &error)
{
    if (requests.isEmpty())
        return {};
    // Steps are found by their key, so that equal ones do not come back as new requests.
    QVariantList values{bound(error), requests.first().jobId.value, requests.first().stage};
    for (const BatchedRequest &request : requests)
        values << request.key;
    EVALWRIGHT_TRY(connection.query(u"UPDATE job_step SET state = 'failed', error = ? WHERE job_id = ? AND stage = ? AND "
                                    u"state = 'planned' AND key IN (%1)"_s.arg(
                                        u"?, "_s.repeated(requests.size() - 1) + u"?"_s),
                                    values));
    for (const BatchedRequest &request : requests)
        EVALWRIGHT_TRY(connection.execute(u"DELETE FROM batch_request WHERE id = ?"_s, {request.id}));
    return {};
}

Result<qint64> releaseRequests(Connection &connection, const StoredBatch &batch, int mostTries, const QString &error)
{
    EVALWRIGHT_ASSIGN(const qint64 left, requestsLeft(connection, batch.id));
    if (left == 0)
        return left;
    EVALWRIGHT_TRY(connection.execute(u"UPDATE job_step SET state = 'failed', error = ? WHERE job_id = ? AND stage = ? "
                                      u"AND state = 'planned' AND key IN (SELECT key FROM batch_request WHERE "
                                      u"batch_id = ? AND tries >= ?)"_s,
                                      {bound(error), batch.jobId.value, batch.stage, batch.id.value, mostTries}));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM batch_request WHERE batch_id = ? AND tries >= ?"_s,
                                      {batch.id.value, mostTries}));
    EVALWRIGHT_TRY(
        connection.execute(u"UPDATE batch_request SET batch_id = NULL WHERE batch_id = ?"_s, {batch.id.value}));
    return left;
}

Status releaseRequest(Connection &connection, qint64 id)
{
    EVALWRIGHT_TRY(connection.execute(u"UPDATE batch_request SET batch_id = NULL WHERE id = ?"_s, {id}));
    return {};
}

} // namespace evalwright
