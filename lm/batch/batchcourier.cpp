// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchcourier.h"

#include "core/hash.h"
#include "lm/batch/batchdelivery.h"
#include "lm/batch/batchschedule.h"

#include <QDir>
#include <QFileInfo>

#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;
using State = StoredBatch::State;

namespace {

QString stateWord(BatchState state)
{
    switch (state) {
    case BatchState::Validating:
        return u"validating"_s;
    case BatchState::Failed:
        return u"failed"_s;
    case BatchState::InProgress:
        return u"in progress"_s;
    case BatchState::Finalizing:
        return u"finalizing"_s;
    case BatchState::Completed:
        return u"completed"_s;
    case BatchState::Expired:
        return u"expired"_s;
    case BatchState::Cancelling:
        return u"cancelling"_s;
    case BatchState::Cancelled:
        break;
    }
    return u"cancelled"_s;
}

QStringList idsOf(const QList<BatchStatus> &batches)
{
    QStringList ids;
    for (const BatchStatus &batch : batches)
        ids << batch.id;
    return ids;
}

void add(BatchCollected &sum, const BatchCollected &more)
{
    sum.lines += more.lines;
    sum.matched += more.matched;
    sum.failed += more.failed;
    sum.notRun += more.notRun;
    sum.duplicates += more.duplicates;
    sum.changed += more.changed;
    sum.unknown += more.unknown;
    sum.unreadable += more.unreadable;
    sum.cutShort = sum.cutShort || more.cutShort;
    sum.promptTokens += more.promptTokens;
    sum.completionTokens += more.completionTokens;
    const bool first = sum.lines == more.lines;
    const bool known = more.cost && (first || sum.cost);
    sum.cost = known ? std::optional(sum.cost.value_or(0) + *more.cost) : std::nullopt;
    sum.jobs.unite(more.jobs);
    if (!more.problemFile.isEmpty())
        sum.problemFile = more.problemFile;
}

} // namespace

const Clock &BatchCourier::clock() const
{
    return m_services.clock ? *m_services.clock : m_system;
}

bool BatchCourier::isDue(const StoredBatch &batch, const Clock &clock)
{
    const QDateTime next = QDateTime::fromString(batch.nextPollAt, Qt::ISODateWithMs);
    return !next.isValid() || next <= clock.nowUtc();
}

Result<BatchApi *> BatchCourier::api()
{
    if (!m_api) {
        EVALWRIGHT_ASSIGN(m_connection, m_services.models->connect(m_model, m_token));
        BatchEndpoint endpoint{batchServiceOf(m_model), m_connection.baseUrl, m_connection.bearer, m_model.keyEnv};
        while (endpoint.baseUrl.endsWith(u'/'))
            endpoint.baseUrl.chop(1);
        EVALWRIGHT_ASSIGN(m_api, makeBatchApi(endpoint, *m_services.transport, clock()));
    }
    return m_api.get();
}

Status BatchCourier::save(StoredBatch &batch)
{
    return m_services.project->writeNow([&](Connection &c) { return updateBatch(c, batch); }, {Topic::Jobs});
}

/// Not now: the time of the next try is kept, so that it is the same after a restart.
Status BatchCourier::postpone(StoredBatch &batch, const HttpFailure &failed)
{
    const double wait = nextPollSeconds(batch.polls, failed.retryAfterSeconds);
    ++batch.polls;
    batch.problem = failed.error.text();
    batch.nextPollAt = isoUtc(clock().nowUtc().addMSecs(static_cast<qint64>(wait * 1000)));
    return save(batch);
}

void BatchCourier::note(StoredBatch &batch, const BatchStatus &status)
{
    batch.providerId = status.id;
    batch.providerState = stateWord(status.state);
    batch.providerTotal = status.total;
    batch.providerCompleted = status.completed;
    batch.providerFailed = status.failed;
    batch.nextPollAt =
        isoUtc(clock().nowUtc().addMSecs(static_cast<qint64>(nextPollSeconds(batch.polls) * 1000)));
}

Status BatchCourier::send(StoredBatch &batch)
{
    EVALWRIGHT_ASSIGN(BatchApi * provider, api());
    BatchTicket ticket;
    if (batch.ticket == "{}"_L1) {
        ticket.uuid = newUuid();
        ticket.part = batch.part;
        ticket.sha256 = batch.sha256;
        ticket.bytes = batch.bytes;
        ticket.lines = batch.requests;
        ticket.url = batch.url;
    } else {
        EVALWRIGHT_ASSIGN(ticket, ticketFromJson(batch.ticket.toUtf8()));
    }
    ticket.filePath = fullPath(batch.file, path()); // The project may have moved.
    const auto saveTicket = [&](const BatchTicket &now) -> Status {
        batch.ticket = QString::fromUtf8(ticketToJson(now));
        batch.state = now.phase == BatchTicket::Phase::Created ? State::Sent : State::Sending;
        batch.providerId = now.batchId;
        if (batch.state == State::Sent && batch.sentAt.isEmpty())
            batch.sentAt = isoUtc(clock().nowUtc());
        return save(batch);
    };
    const auto submitted = provider->submit(ticket, saveTicket, m_token);
    if (!submitted) {
        const BatchSubmitFailure &failed = submitted.error();
        Error error = failed.failure.error;
        if (!failed.candidates.isEmpty()) {
            const QString ids = idsOf(failed.candidates).join(u' ');
            error.advice = u"Look at them at the provider, then say which it is: job batch %1 --is ID; or that none of "
                           u"them is: job batch %1 --is-not %2."_s.arg(batch.id.value)
                               .arg(ids);
        } else if (failed.failure.isRetryable() && error.code != ErrorCode::Cancelled) {
            return postpone(batch, failed.failure);
        }
        batch.problem = error.text();
        const Status noted = save(batch);
        if (!noted)
            error.detail += u'\n' + noted.error().text();
        return failure(error);
    }
    batch.polls = 0;
    batch.problem.clear();
    if (!submitted->duplicates.isEmpty()) {
        batch.problem = u"The provider may have this batch more than once: %1. Look at them there; what runs twice is "
                        u"paid twice."_s.arg(idsOf(submitted->duplicates).join(u", "_s));
    }
    note(batch, submitted->status);
    return save(batch);
}

Status BatchCourier::check(StoredBatch &batch)
{
    EVALWRIGHT_ASSIGN(BatchApi * provider, api());
    const auto status = provider->retrieve(batch.providerId, m_token);
    if (!status) {
        if (status.error().isRetryable() && status.error().error.code != ErrorCode::Cancelled)
            return postpone(batch, status.error());
        return failure(status.error().error);
    }
    ++batch.polls;
    note(batch, *status);
    if (status->state == BatchState::Failed)
        return refuse(batch, *status);
    EVALWRIGHT_TRY(save(batch));
    return isFinal(status->state) ? collect(batch, *status) : Status();
}

Status BatchCourier::refuse(StoredBatch &batch, const BatchStatus &status)
{
    batch.state = State::Failed;
    batch.problem = status.problem;
    batch.endedAt = isoUtc(clock().nowUtc());
    EVALWRIGHT_TRY(m_services.project->writeNow(
        [&](Connection &c) -> Status {
            // Nothing was run: this was no try.
            EVALWRIGHT_TRY(releaseRequests(c, batch, std::numeric_limits<int>::max(), {}));
            return updateBatch(c, batch);
        },
        {Topic::Jobs}));
    return failure(Error(ErrorCode::BadRequest,
                         u"The provider refused batch %1: %2"_s.arg(batch.providerId, status.problem),
                         u"Remove the cause, then run the same again: the requests are written anew."_s)
                       .withConsequence(u"None of its %1 requests was run or paid."_s.arg(batch.requests)));
}

Status BatchCourier::collect(StoredBatch &batch, const BatchStatus &status)
{
    const QString folder = QFileInfo(fullPath(batch.file, path())).absoluteDir().filePath(u"results"_s);
    if (!QDir().mkpath(folder)) {
        return failure(ErrorCode::ReadOnly, u"The folder “%1” for the results cannot be made."_s.arg(folder),
                       u"Check its permissions, then run the same again; nothing is lost at the provider."_s);
    }
    const auto files = m_api->download(status, folder, m_token);
    if (!files) {
        if (files.error().isRetryable() && files.error().error.code != ErrorCode::Cancelled)
            return postpone(batch, files.error());
        return failure(files.error().error);
    }
    QStringList paths;
    for (const BatchDownload &file : *files)
        paths << file.path;
    EVALWRIGHT_ASSIGN(const BatchCollected collected,
                      collectBatchResults(*m_services.project, paths, {batchServiceOf(m_model), folder}, m_token));
    add(m_collected, collected);
    EVALWRIGHT_ASSIGN(batch, m_services.project->readNow([&](Connection &c) { return batchById(c, batch.id); }));
    const qint64 ours = collected.matched + collected.failed + collected.notRun + collected.duplicates;
    if (ours == 0 && collected.unknown > 0 && batch.service == "anthropic"_L1) {
        // It was recognised by time and size only, and is somebody else's.
        EVALWRIGHT_ASSIGN(BatchTicket ticket, ticketFromJson(batch.ticket.toUtf8()));
        ticket.notOurs << ticket.batchId;
        ticket.batchId.clear();
        ticket.phase = BatchTicket::Phase::Creating;
        batch.ticket = QString::fromUtf8(ticketToJson(ticket));
        batch.state = State::Sending;
        batch.providerId.clear();
        batch.sentAt.clear();
        EVALWRIGHT_TRY(save(batch));
        return send(batch);
    }
    return settle(batch);
}

Status BatchCourier::settle(StoredBatch &batch)
{
    batch.state = State::Done;
    batch.endedAt = isoUtc(clock().nowUtc());
    batch.nextPollAt.clear();
    return m_services.project->writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(
                const qint64 left,
                releaseRequests(c, batch, mostBatchTries,
                                u"%1 batches ended without an answer to this request."_s.arg(mostBatchTries)));
            batch.notRun = left;
            return updateBatch(c, batch);
        },
        {Topic::Jobs});
}

Status BatchCourier::cancel(StoredBatch &batch)
{
    EVALWRIGHT_ASSIGN(BatchApi * provider, api());
    const auto status = provider->cancel(batch.providerId, m_token);
    if (!status)
        return failure(status.error().error);
    note(batch, *status);
    return save(batch);
}

Status chooseBatch(Project &project, BatchRowId id, const QString &providerId, const QStringList &notOurs)
{
    return project.writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(StoredBatch batch, batchById(c, id));
            if (batch.state != State::Sending) {
                return failure(ErrorCode::InvalidInput,
                               u"Batch %1 is %2: there is nothing to choose."_s.arg(id.value).arg(
                                   batchStateName(batch.state)),
                               u"See “job batches”."_s);
            }
            EVALWRIGHT_ASSIGN(BatchTicket ticket, ticketFromJson(batch.ticket.toUtf8()));
            ticket.notOurs << notOurs;
            if (!providerId.isEmpty()) {
                ticket.batchId = providerId;
                ticket.phase = BatchTicket::Phase::Created;
                batch.providerId = providerId;
                batch.state = State::Sent;
                batch.sentAt = isoUtc(ticket.createSentAt);
            }
            batch.problem.clear();
            batch.nextPollAt.clear();
            batch.ticket = QString::fromUtf8(ticketToJson(ticket));
            return updateBatch(c, batch);
        },
        {Topic::Jobs});
}

} // namespace evalwright
