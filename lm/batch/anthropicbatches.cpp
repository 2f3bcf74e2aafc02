// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchclients.h"

#include <QDir>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using Phase = BatchTicket::Phase;

namespace {

constexpr int mostPages = 200;
const QString root = QStringLiteral("messages/batches");

BatchReply<BatchStatus> statusOf(const json &batch, const QString &baseUrl)
{
    constexpr qsizetype longestUrl = 2000;
    BatchStatus out;
    out.id = batchId(batch, "id");
    if (out.id.isEmpty())
        return tl::unexpected(badReply(baseUrl, u"a batch has no id"_s));
    if (const json *counts = batchMember(batch, "request_counts")) {
        out.completed = batchCount(*counts, "succeeded");
        out.failed = batchCount(*counts, "errored");
        out.cancelled = batchCount(*counts, "canceled");
        out.expired = batchCount(*counts, "expired");
        out.total = batchCount(*counts, "processing") + out.completed + out.failed + out.cancelled + out.expired;
    }
    const QString word = batchText(batch, "processing_status", 100);
    if (word == "in_progress"_L1)
        out.state = BatchState::InProgress;
    else if (word == "canceling"_L1)
        out.state = BatchState::Cancelling;
    else if (word != "ended"_L1)
        return tl::unexpected(badReply(baseUrl, u"“%1” is no state of a batch"_s.arg(word)));
    else if (batchMember(batch, "cancel_initiated_at"))
        out.state = BatchState::Cancelled;
    else
        out.state = out.expired > 0 ? BatchState::Expired : BatchState::Completed;
    out.resultsUrl = batchText(batch, "results_url", longestUrl);
    out.createdAt = QDateTime::fromString(batchText(batch, "created_at", 100), Qt::ISODateWithMs).toUTC();
    return out;
}

} // namespace

BatchReply<BatchStatus> AnthropicBatches::read(const BatchCalls::Reply &reply) const
{
    if (!reply)
        return tl::unexpected<HttpFailure>(reply.error());
    return statusOf(reply->document, m_calls.baseUrl());
}

BatchReply<QList<BatchStatus>> AnthropicBatches::candidates(const BatchTicket &ticket,
                                                            const CancellationToken &token) const
{
    QList<BatchStatus> out;
    QString after;
    for (int page = 0; page < mostPages; ++page) {
        const auto reply =
            m_calls.get(after.isEmpty() ? root + u"?limit=100"_s : root + u"?limit=100&after_id="_s + after, token);
        if (!reply)
            return tl::unexpected<HttpFailure>(reply.error());
        const json *data = batchMember(reply->document, "data");
        if (!data || !data->is_array())
            return tl::unexpected(badReply(m_calls.baseUrl(), u"a list has no entries"_s));
        QString last;
        for (const json &batch : *data) {
            const auto status = statusOf(batch, m_calls.baseUrl());
            if (!status)
                return tl::unexpected(status.error()); // It could be ours.
            last = status->id;
            // The newest come first. Times decide nothing: the two clocks may differ.
            if (last == ticket.newestBefore)
                return out;
            if (status->total == ticket.lines && !ticket.notOurs.contains(last))
                out << *status;
        }
        const json *more = batchMember(reply->document, "has_more");
        if (!more || *more != true)
            return out;
        if (last.isEmpty() || last == after)
            break;
        after = last;
    }
    return tl::unexpected(badReply(m_calls.baseUrl(), u"a list does not end"_s));
}

AnthropicBatches::Submit AnthropicBatches::create(BatchTicket ticket, const SaveTicket &save,
                                                  const CancellationToken &token)
{
    auto body = fileOf(ticket);
    if (!body)
        return submitFailure(classifyError(body.error()));
    if (ticket.phase == Phase::Planned) {
        const auto newest = m_calls.get(root + u"?limit=1"_s, token);
        if (!newest)
            return submitFailure(newest.error());
        const json *data = batchMember(newest->document, "data");
        if (!data || !data->is_array())
            return submitFailure(badReply(m_calls.baseUrl(), u"a list has no entries"_s));
        ticket.newestBefore = data->empty() ? QString() : batchId(data->front(), "id");
    }
    if (token.isCancelled())
        return submitFailure(classifyError(Error(ErrorCode::Cancelled, u"Stopped on request."_s)));
    const bool wasSent = ticket.phase == Phase::Creating;
    ticket.phase = Phase::Creating;
    ticket.createSentAt = m_calls.now();
    if (auto saved = saveTicket(ticket, save); !saved)
        return tl::unexpected(saved.error());
    const auto reply = m_calls.post(root, std::move(*body), "application/json", token);
    auto status = read(reply);
    if (!status)
        return notCreated(ticket, Phase::Planned, wasSent, status.error(), save);
    ticket.phase = Phase::Created;
    ticket.batchId = status->id;
    if (auto saved = saveTicket(ticket, save); !saved)
        return tl::unexpected(saved.error());
    BatchSubmitted out{ticket, *status, false, true, {}};
    // The client library sends once more when a kept connection was closed meanwhile. A list that cannot be read
    // changes nothing: this batch is ours in any case.
    if (const auto listed = candidates(ticket, token); listed) {
        for (const BatchStatus &other : *listed) {
            if (other.id != status->id)
                out.duplicates << other;
        }
    }
    return out;
}

AnthropicBatches::Submit AnthropicBatches::submit(BatchTicket ticket, const SaveTicket &save,
                                                  const CancellationToken &token)
{
    if (ticket.phase == Phase::Created) {
        auto status = retrieve(ticket.batchId, token);
        if (!status)
            return submitFailure(status.error(), true);
        return BatchSubmitted{ticket, *status, true, true, {}};
    }
    if (ticket.phase != Phase::Creating)
        return create(std::move(ticket), save, token);
    auto found = candidates(ticket, token);
    if (!found)
        return submitFailure(found.error(), true);
    if (found->size() > 1) {
        HttpFailure failure = invalidCall(
            u"%1 batches at %2 could be the one that was sent."_s.arg(found->size()).arg(m_calls.baseUrl()));
        failure.error.consequence = u"Nothing was sent again."_s;
        failure.error.advice = u"Choose which one it is, or say that none of them is."_s;
        return tl::unexpected(BatchSubmitFailure{std::move(failure), true, *found});
    }
    if (found->isEmpty()) {
        const double wait = m_calls.settleWait(ticket);
        if (wait <= 0)
            return create(std::move(ticket), save, token);
        HttpFailure failure = badReply(m_calls.baseUrl(), u"the batch just sent is not in its list yet"_s);
        failure.retryAfterSeconds = wait;
        return submitFailure(std::move(failure), true);
    }
    ticket.phase = Phase::Created;
    ticket.batchId = found->front().id;
    if (auto saved = saveTicket(ticket, save); !saved)
        return tl::unexpected(saved.error());
    return BatchSubmitted{ticket, found->front(), true, false, {}};
}

BatchReply<BatchStatus> AnthropicBatches::retrieve(const QString &id, const CancellationToken &token)
{
    if (!isBatchId(id))
        return tl::unexpected(invalidCall(u"“%1” is no id of a batch."_s.arg(id.left(200))));
    auto status = read(m_calls.get(root + u"/"_s + id, token));
    if (status && status->id != id)
        return tl::unexpected(badReply(m_calls.baseUrl(), u"it is about another batch"_s));
    return status;
}

BatchReply<BatchStatus> AnthropicBatches::cancel(const QString &id, const CancellationToken &token)
{
    if (!isBatchId(id))
        return tl::unexpected(invalidCall(u"“%1” is no id of a batch."_s.arg(id.left(200))));
    return read(m_calls.post(u"%1/%2/cancel"_s.arg(root, id), {}, "application/json", token));
}

BatchReply<QList<BatchDownload>> AnthropicBatches::download(const BatchStatus &status, const QString &folder,
                                                            const CancellationToken &token)
{
    if (!isBatchId(status.id))
        return tl::unexpected(invalidCall(u"“%1” is no id of a batch."_s.arg(status.id.left(200))));
    if (status.resultsUrl.isEmpty())
        return QList<BatchDownload>();
    const QString path = QDir(folder).filePath(u"%1-results.jsonl"_s.arg(status.id));
    auto file = m_calls.download(status.resultsUrl, path, token);
    if (!file)
        return tl::unexpected(file.error());
    return QList<BatchDownload>{*file};
}

} // namespace evalwright
