// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "lm/batch/batchclients.h"

#include <QDir>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using Phase = BatchTicket::Phase;

namespace {

constexpr int mostPages = OpenAiBatches::mostPages;

std::optional<BatchState> stateOf(const QString &word)
{
    static const QHash<QString, BatchState> known{
        {u"validating"_s, BatchState::Validating},  {u"failed"_s, BatchState::Failed},
        {u"in_progress"_s, BatchState::InProgress}, {u"finalizing"_s, BatchState::Finalizing},
        {u"completed"_s, BatchState::Completed},    {u"expired"_s, BatchState::Expired},
        {u"cancelling"_s, BatchState::Cancelling},  {u"cancelled"_s, BatchState::Cancelled}};
    const auto found = known.constFind(word);
    return found == known.cend() ? std::nullopt : std::optional(*found);
}

/// The first few of {"errors": {"data": [{"message", "line"}]}}.
QString problemOf(const json &batch)
{
    constexpr int most = 5;
    constexpr qsizetype longest = 350;
    QStringList out;
    const json *errors = batchMember(batch, "errors");
    const json *list = errors ? batchMember(*errors, "data") : nullptr;
    if (list && list->is_array()) {
        for (const json &error : *list) {
            const qint64 line = batchCount(error, "line");
            const QString words = batchText(error, "message", longest);
            if (out.size() < most && !words.isEmpty())
                out << (line > 0 ? u"line %1: %2"_s.arg(line).arg(words) : words);
        }
    }
    return out.join(u"\n"_s);
}

BatchReply<BatchStatus> statusOf(const json &batch, const QString &baseUrl)
{
    BatchStatus out;
    out.id = batchId(batch, "id");
    const QString word = batchText(batch, "status", 100);
    const auto state = stateOf(word);
    if (out.id.isEmpty() || !state)
        return tl::unexpected(
            badReply(baseUrl, out.id.isEmpty() ? u"a batch has no id"_s : u"“%1” is no state of a batch"_s.arg(word)));
    out.state = *state;
    if (const json *counts = batchMember(batch, "request_counts")) {
        out.total = batchCount(*counts, "total");
        out.completed = batchCount(*counts, "completed");
        out.failed = batchCount(*counts, "failed");
    }
    out.inputFileId = batchId(batch, "input_file_id");
    out.outputFileId = batchId(batch, "output_file_id");
    out.errorFileId = batchId(batch, "error_file_id");
    if (const json *created = batchMember(batch, "created_at"); created && created->is_number()) {
        constexpr double latest = 1e11;
        const double seconds = created->get<double>();
        if (seconds > 0 && seconds < latest)
            out.createdAt = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(seconds), Qt::UTC);
    }
    out.problem = problemOf(batch);
    return out;
}

QString uploadName(const BatchTicket &ticket)
{
    return u"evalwright-%1-%2-%3.jsonl"_s.arg(ticket.uuid).arg(ticket.part).arg(ticket.sha256.left(16));
}

json metadataOf(const BatchTicket &ticket)
{
    return {{"evalwright_submission", ticket.uuid.toStdString()},
            {"evalwright_part", std::to_string(ticket.part)},
            {"evalwright_sha256", ticket.sha256.toStdString()}};
}

bool isOurs(const json &batch, const BatchTicket &ticket)
{
    const json *metadata = batchMember(batch, "metadata");
    if (!metadata || !metadata->is_object())
        return false;
    const json wanted = metadataOf(ticket); // A server may add members of its own.
    return std::ranges::all_of(wanted.items(), [&](const auto &item) {
        const auto found = metadata->find(item.key());
        return found != metadata->end() && *found == item.value();
    });
}

/// Reads a list to its end or until `take` says stop. A list that does not end, or repeats itself, is an error: what is
/// not in a list that was not read to its end may exist all the same.
template <class Take>
tl::expected<void, BatchCalls::Failure> forEachListed(const BatchCalls &calls, const QString &path,
                                                      const CancellationToken &token, int pages, Take take)
{
    QString after;
    for (int page = 0; page < std::min(pages, mostPages); ++page) {
        const auto reply = calls.get(after.isEmpty() ? path : path + u"&after="_s + after, token);
        if (!reply)
            return tl::unexpected(reply.error());
        const json *data = batchMember(reply->document, "data");
        if (!data || !data->is_array())
            return tl::unexpected(BatchCalls::Failure{badReply(calls.baseUrl(), u"a list has no entries"_s), 200});
        for (const json &entry : *data) {
            if (!take(entry))
                return {};
        }
        const json *more = batchMember(reply->document, "has_more");
        if (!more || *more != true)
            return {};
        const QString last = data->empty() ? QString() : batchId(data->back(), "id");
        if (last.isEmpty() || last == after)
            break;
        after = last;
    }
    if (pages < mostPages)
        return {}; // No more was asked for.
    return tl::unexpected(BatchCalls::Failure{badReply(calls.baseUrl(), u"a list does not end"_s), 200});
}

bool isNotOffered(const BatchCalls::Failure &failure)
{
    return failure.status == 404 || failure.status == 405 || failure.status == 501;
}

} // namespace

BatchReply<OpenAiBatches::Listing> OpenAiBatches::listOurs(const BatchTicket &ticket, const CancellationToken &token,
                                                           int pages) const
{
    Listing out;
    std::optional<HttpFailure> broken;
    const auto done = forEachListed(m_calls, u"batches?limit=100"_s, token, pages, [&](const json &batch) {
        if (!isOurs(batch, ticket))
            return true;
        if (auto status = statusOf(batch, m_calls.baseUrl()); status)
            out.ours.prepend(std::move(*status)); // The newest come first.
        else
            broken = status.error();
        return !broken;
    });
    if (broken)
        return tl::unexpected(*broken); // Ours, but unreadable: not the same as absent.
    if (!done) {
        if (!isNotOffered(done.error()))
            return tl::unexpected<HttpFailure>(done.error());
        out.isOffered = false;
    }
    std::ranges::stable_sort(out.ours, [](const BatchStatus &a, const BatchStatus &b) {
        return a.createdAt.isValid() && b.createdAt.isValid() && a.createdAt < b.createdAt;
    });
    return out;
}

BatchReply<QString> OpenAiBatches::findFile(const BatchTicket &ticket, const CancellationToken &token) const
{
    QString found;
    const auto done =
        forEachListed(m_calls, u"files?purpose=batch&limit=100"_s, token, mostPages, [&](const json &file) {
            if (batchText(file, "filename", 300) == uploadName(ticket) && batchCount(file, "bytes") == ticket.bytes)
                found = batchId(file, "id");
            return found.isEmpty();
        });
    if (!done && !isNotOffered(done.error()))
        return tl::unexpected<HttpFailure>(done.error());
    return found; // A file that is not found is sent again, which costs only the time.
}

tl::expected<void, BatchSubmitFailure> OpenAiBatches::upload(BatchTicket &ticket, const SaveTicket &save,
                                                             const CancellationToken &token) const
{
    const QByteArray boundary = "evalwright-" + newUuid().toLatin1();
    const auto part = [&boundary](const QByteArray &disposition) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition + "\r\n";
    };
    const QByteArray head = part("name=\"purpose\"") + "\r\nbatch\r\n" +
                            part("name=\"file\"; filename=\"" + uploadName(ticket).toLatin1() + '"') +
                            "Content-Type: application/jsonl\r\n\r\n";
    // The file is looked at before anything is noted or sent.
    auto body = fileOf(ticket, head, "\r\n--" + boundary + "--\r\n");
    if (!body)
        return submitFailure(classifyError(body.error()));
    ticket.phase = Phase::Uploading;
    if (auto saved = saveTicket(ticket, save); !saved)
        return saved;
    const auto reply = m_calls.post(u"files"_s, std::move(*body), "multipart/form-data; boundary=" + boundary, token);
    if (!reply)
        return submitFailure(reply.error());
    ticket.fileId = batchId(reply->document, "id");
    if (ticket.fileId.isEmpty())
        return submitFailure(badReply(m_calls.baseUrl(), u"the uploaded file has no id"_s));
    ticket.phase = Phase::Uploaded;
    return saveTicket(ticket, save);
}

OpenAiBatches::Submit OpenAiBatches::takeOver(BatchTicket ticket, QList<BatchStatus> ours, bool foundAgain,
                                              const SaveTicket &save, const CancellationToken &token)
{
    BatchSubmitted out;
    // One that works is better than an older one that does not.
    const auto works = [](const BatchStatus &batch) {
        return batch.state != BatchState::Failed && batch.state != BatchState::Cancelled &&
               batch.state != BatchState::Cancelling;
    };
    const auto best = std::ranges::find_if(ours, works);
    out.status = ours.takeAt(best == ours.end() ? 0 : best - ours.begin());
    ticket.batchId = out.status.id;
    ticket.phase = Phase::Created;
    if (auto saved = saveTicket(ticket, save); !saved)
        return tl::unexpected(saved.error());
    for (const BatchStatus &other : ours) {
        const bool runs = !isFinal(other.state) && other.state != BatchState::Cancelling;
        const auto stopped = runs ? cancel(other.id, token) : BatchReply<BatchStatus>(other);
        out.duplicates << (stopped ? *stopped : other); // Its state tells whether it stops.
    }
    out.ticket = ticket;
    out.foundAgain = foundAgain;
    return out;
}

OpenAiBatches::Submit OpenAiBatches::create(BatchTicket ticket, const SaveTicket &save, const CancellationToken &token)
{
    if (token.isCancelled())
        return submitFailure(classifyError(Error(ErrorCode::Cancelled, u"Stopped on request."_s)));
    const bool wasSent = ticket.phase == Phase::Creating;
    ticket.phase = Phase::Creating;
    ticket.createSentAt = m_calls.now();
    if (auto saved = saveTicket(ticket, save); !saved)
        return tl::unexpected(saved.error());
    const json body{{"input_file_id", ticket.fileId.toStdString()},
                    {"endpoint", ticket.url.toStdString()},
                    {"completion_window", "24h"},
                    {"metadata", metadataOf(ticket)}};
    const auto reply = m_calls.post(u"batches"_s, QByteArray::fromStdString(body.dump()), "application/json", token);
    if (!reply)
        return notCreated(ticket, Phase::Uploaded, wasSent, reply.error(), save);
    auto status = statusOf(reply->document, m_calls.baseUrl());
    if (!status)
        return submitFailure(status.error(), true);
    // The client library sends once more when a kept connection was closed meanwhile, and another process may have been
    // as fast as this one. A list that cannot be read changes nothing: this batch is ours in any case.
    QList<BatchStatus> ours{*status};
    if (const auto listed = listOurs(ticket, token, 1); listed) {
        for (const BatchStatus &other : listed->ours) {
            if (other.id != status->id)
                ours << other;
        }
    }
    return takeOver(std::move(ticket), std::move(ours), false, save, token);
}

OpenAiBatches::Submit OpenAiBatches::submit(BatchTicket ticket, const SaveTicket &save, const CancellationToken &token)
{
    if (ticket.phase == Phase::Created) {
        auto status = retrieve(ticket.batchId, token);
        if (!status)
            return submitFailure(status.error(), true);
        return BatchSubmitted{ticket, *status, true, true, {}};
    }
    const bool wasSent = ticket.phase == Phase::Creating;
    auto listed = listOurs(ticket, token, mostPages);
    if (!listed)
        return submitFailure(listed.error(), wasSent);
    if (!listed->ours.isEmpty())
        return takeOver(std::move(ticket), std::move(listed->ours), true, save, token);
    if (wasSent && !listed->isOffered) {
        HttpFailure failure =
            invalidCall(u"The server at %1 cannot say whether the batch was created, because it lists none."_s.arg(
                m_calls.baseUrl()));
        failure.error.code = ErrorCode::Unsupported;
        failure.error.advice = u"Look for it there by hand; plan the batch anew if it does not exist."_s;
        return submitFailure(std::move(failure), true);
    }
    if (const double wait = wasSent ? m_calls.settleWait(ticket) : 0; wait > 0) {
        HttpFailure failure = badReply(m_calls.baseUrl(), u"the batch just sent is not in its list yet"_s);
        failure.retryAfterSeconds = wait;
        return submitFailure(std::move(failure), true);
    }
    if (ticket.fileId.isEmpty() && ticket.phase == Phase::Uploading) {
        const auto file = findFile(ticket, token);
        if (!file)
            return submitFailure(file.error());
        ticket.fileId = *file;
    }
    if (ticket.fileId.isEmpty()) {
        if (auto sent = upload(ticket, save, token); !sent)
            return tl::unexpected(sent.error());
    }
    return create(std::move(ticket), save, token);
}

BatchReply<BatchStatus> OpenAiBatches::retrieve(const QString &id, const CancellationToken &token)
{
    if (!isBatchId(id))
        return tl::unexpected(invalidCall(u"“%1” is no id of a batch."_s.arg(id.left(200))));
    const auto reply = m_calls.get(u"batches/"_s + id, token);
    if (!reply)
        return tl::unexpected<HttpFailure>(reply.error());
    auto status = statusOf(reply->document, m_calls.baseUrl());
    if (status && status->id != id)
        return tl::unexpected(badReply(m_calls.baseUrl(), u"it is about another batch"_s));
    return status;
}

BatchReply<BatchStatus> OpenAiBatches::cancel(const QString &id, const CancellationToken &token)
{
    if (!isBatchId(id))
        return tl::unexpected(invalidCall(u"“%1” is no id of a batch."_s.arg(id.left(200))));
    const auto reply = m_calls.post(u"batches/%1/cancel"_s.arg(id), "{}", "application/json", token);
    if (!reply)
        return tl::unexpected<HttpFailure>(reply.error());
    return statusOf(reply->document, m_calls.baseUrl());
}

BatchReply<QList<BatchDownload>> OpenAiBatches::download(const BatchStatus &status, const QString &folder,
                                                         const CancellationToken &token)
{
    if (!isBatchId(status.id))
        return tl::unexpected(invalidCall(u"“%1” is no id of a batch."_s.arg(status.id.left(200))));
    QList<BatchDownload> out;
    for (const auto &[fileId, name] :
         {std::pair(status.outputFileId, u"output"_s), std::pair(status.errorFileId, u"errors"_s)}) {
        if (!isBatchId(fileId))
            continue;
        const QString path = QDir(folder).filePath(u"%1-%2.jsonl"_s.arg(status.id, name));
        auto file = m_calls.download(m_calls.urlOf(u"files/%1/content"_s.arg(fileId)), path, token);
        if (!file)
            return tl::unexpected(file.error());
        out << *file;
    }
    return out;
}

} // namespace evalwright
