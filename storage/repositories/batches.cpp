// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/batches.h"

#include "core/clock.h"
#include "core/hash.h"

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array stateNames{"writing"_L1, "written"_L1, "sending"_L1,  "sent"_L1,
                                "done"_L1,    "failed"_L1,  "withdrawn"_L1};

const QString columns =
    u"id, uuid, job_id, stage, part, model_id, delivery, service, state, file, url, sha256, bytes, requests, estimate, "
    u"price_factor, ticket, provider_id, provider_state, provider_total, provider_completed, provider_failed, answered, "
    u"failed, not_run, polls, next_poll_at, problem, created_at, sent_at, ended_at FROM batch"_s;

StoredBatch::State stateFrom(const QString &name)
{
    for (size_t i = 0; i < stateNames.size(); ++i) {
        if (stateNames[i] == name)
            return static_cast<StoredBatch::State>(i);
    }
    return StoredBatch::State::Failed;
}

StoredBatch batchFrom(const QSqlQuery &row)
{
    StoredBatch b;
    int at = 0;
    const auto next = [&] { return row.value(at++); };
    b.id.value = next().toLongLong();
    b.uuid = next().toString();
    b.jobId.value = next().toLongLong();
    b.stage = next().toString();
    b.part = next().toInt();
    b.modelId.value = next().toLongLong();
    b.delivery = next().toString();
    b.service = next().toString();
    b.state = stateFrom(next().toString());
    b.file = next().toString();
    b.url = next().toString();
    b.sha256 = next().toString();
    b.bytes = next().toLongLong();
    b.requests = next().toLongLong();
    b.estimate = optionalValue<double>(next());
    b.priceFactor = optionalValue<double>(next());
    b.ticket = next().toString();
    b.providerId = next().toString();
    b.providerState = next().toString();
    b.providerTotal = next().toLongLong();
    b.providerCompleted = next().toLongLong();
    b.providerFailed = next().toLongLong();
    b.answered = next().toLongLong();
    b.failed = next().toLongLong();
    b.notRun = next().toLongLong();
    b.polls = next().toInt();
    b.nextPollAt = next().toString();
    b.problem = next().toString();
    b.createdAt = next().toString();
    b.sentAt = next().toString();
    b.endedAt = next().toString();
    return b;
}

Result<QList<StoredBatch>> batchesWhere(Connection &connection, const QString &condition, const QVariantList &values)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT %1 %2"_s.arg(columns, condition), values));
    QList<StoredBatch> batches;
    while (rows.next())
        batches << batchFrom(rows);
    return batches;
}

} // namespace

bool StoredBatch::isOpen() const
{
    return state == State::Writing || state == State::Written || state == State::Sending || state == State::Sent;
}

bool StoredBatch::isForProvider() const
{
    return delivery == "batch"_L1 && isOpen() && state != State::Writing;
}

QString batchStateName(StoredBatch::State state)
{
    return stateNames[static_cast<size_t>(state)];
}

Result<StoredBatch> addBatch(Connection &connection, StoredBatch b)
{
    b.uuid = newUuid();
    b.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(b.id.value,
                      connection.insert(u"INSERT INTO batch (uuid, job_id, stage, part, model_id, delivery, service, "
                                        u"state, file, price_factor, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
                                        {b.uuid, b.jobId.value, b.stage, b.part, b.modelId.value, b.delivery, b.service,
                                         batchStateName(b.state), bound(b.file), bound(b.priceFactor), b.createdAt}));
    EVALWRIGHT_TRY(updateBatch(connection, b));
    return b;
}

Status updateBatch(Connection &connection, const StoredBatch &b)
{
    EVALWRIGHT_ASSIGN(
        const qint64 changed,
        connection.execute(
            u"UPDATE batch SET part = ?, state = ?, file = ?, url = ?, sha256 = ?, bytes = ?, requests = ?, "
            u"estimate = ?, ticket = ?, provider_id = ?, provider_state = ?, provider_total = ?, "
            u"provider_completed = ?, provider_failed = ?, answered = ?, failed = ?, not_run = ?, polls = ?, "
            u"next_poll_at = ?, problem = ?, sent_at = ?, ended_at = ? WHERE id = ?"_s,
            {b.part, batchStateName(b.state), bound(b.file), bound(b.url), bound(b.sha256), b.bytes, b.requests,
             bound(b.estimate), b.ticket, bound(b.providerId), bound(b.providerState), b.providerTotal,
             b.providerCompleted, b.providerFailed, b.answered, b.failed, b.notRun, b.polls, boundOrNull(b.nextPollAt),
             bound(b.problem), boundOrNull(b.sentAt), boundOrNull(b.endedAt), b.id.value}));
    if (changed == 0)
        return failure(ErrorCode::NotFound, u"Batch %1 is not in this project any more."_s.arg(b.id.value));
    return {};
}

Result<StoredBatch> batchById(Connection &connection, BatchRowId id)
{
    EVALWRIGHT_ASSIGN(const QList<StoredBatch> found, batchesWhere(connection, u"WHERE id = ?"_s, {id.value}));
    if (found.isEmpty()) {
        return failure(ErrorCode::NotFound, u"There is no batch %1 in this project."_s.arg(id.value),
                       u"Choose one of “job batches”."_s);
    }
    return found.first();
}

Result<QList<StoredBatch>> listBatches(Connection &connection, std::optional<JobId> job)
{
    if (job)
        return batchesWhere(connection, u"WHERE job_id = ? ORDER BY id DESC"_s, {job->value});
    return batchesWhere(connection, u"ORDER BY id DESC"_s, {});
}

Result<QList<StoredBatch>> openBatches(Connection &connection, JobId job, const QString &stage)
{
    return batchesWhere(connection,
                        u"WHERE job_id = ? AND stage = ? AND state IN ('writing', 'written', 'sending', 'sent') "
                        u"ORDER BY id"_s,
                        {job.value, stage});
}

Status removeBatch(Connection &connection, BatchRowId id)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM batch WHERE id = ?"_s, {id.value}));
    return {};
}

} // namespace evalwright
