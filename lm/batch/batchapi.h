// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "lm/batch/batchline.h"
#include "lm/http.h"
#include "lm/httperror.h"

#include <QDateTime>
#include <QList>

#include <functional>
#include <memory>

namespace evalwright {

/// A value, or what the failed exchange means for the job: class, words, stated wait.
template <class T>
using BatchReply = tl::expected<T, HttpFailure>;

struct BatchEndpoint
{
    BatchService service = BatchService::OpenAi;
    QString baseUrl; ///< Without trailing slash; "/v1/…" is appended unless it already ends in /v1.
    QByteArray key;  ///< Secret, memory only; sent to the host of `baseUrl` and to no other.
    QString keyEnv;  ///< Name of the variable that holds the key, for messages.
};

enum class BatchState { Validating, Failed, InProgress, Finalizing, Completed, Expired, Cancelling, Cancelled };
/// Nothing changes any more. Results may exist in every one of these states except Failed.
bool isFinal(BatchState state);

struct BatchStatus
{
    QString id;
    BatchState state = BatchState::Validating;
    qint64 total = 0; ///< Requests; 0 while OpenAI still validates.
    qint64 completed = 0, failed = 0;
    qint64 expired = 0, cancelled = 0;              ///< Anthropic only; OpenAI counts them nowhere.
    QString inputFileId, outputFileId, errorFileId; ///< OpenAI; empty when there is none.
    QString resultsUrl;                             ///< Anthropic; on the endpoint's own host.
    QDateTime createdAt;                            ///< By the server's clock; invalid when it does not say.
    QString problem; ///< Why a batch failed, in the server's words; at most 2,000 characters.
};

/// One submission of one batch file, and how far it came. It is saved before every step that the server could have done
/// without our hearing of it, so that the next submit() knows what to look for. `uuid` is new for every deliberate
/// submission, also when the same file is sent again because the first batch failed.
struct BatchTicket
{
    enum class Phase { Planned, Uploading, Uploaded, Creating, Created };
    QString uuid; ///< newUuid()
    int part = 1; ///< Number of the file within the job.
    QString filePath;
    QString sha256; ///< Lower-case hexadecimal, as BatchFile has it.
    qint64 bytes = 0, lines = 0;
    QString url; ///< Path of the requests, e.g. "/v1/chat/completions".

    Phase phase = Phase::Planned;
    QString fileId;       ///< OpenAI: the uploaded file.
    QString batchId;      ///< From phase Created on.
    QString newestBefore; ///< Anthropic: the newest batch of the account before ours was sent.
    QDateTime createSentAt;
    QStringList notOurs; ///< Anthropic: batches that are known to be of others, or of other tickets.
};

/// JSON text for the project, without any secret.
QByteArray ticketToJson(const BatchTicket &ticket);
/// Parse: not what ticketToJson() writes.
Result<BatchTicket> ticketFromJson(const QByteArray &json);

struct BatchSubmitted
{
    BatchTicket ticket; ///< Phase Created; already saved.
    BatchStatus status;
    bool foundAgain = false; ///< The batch of an earlier attempt was taken over; nothing was created.
    bool certain = true; ///< False: recognised by time and size only (see BatchApi); its custom ids must be checked.
    /// Further batches with the same requests: the client library repeated the sending on a broken connection, or two
    /// processes sent at once. OpenAI: surely ours, and asked to stop. Anthropic: perhaps ours (equally many requests),
    /// and left alone.
    QList<BatchStatus> duplicates;
};

struct BatchSubmitFailure
{
    HttpFailure failure;
    bool mayExist = false;         ///< A batch may have been created; only submit() with the saved ticket may go on.
    QList<BatchStatus> candidates; ///< Anthropic: batches of which one may be ours; a person must choose.
};

struct BatchDownload
{
    QString path;
    qint64 bytes = 0;
    QString sha256; ///< Of the file as stored (the key replaced, should a server repeat it).
};

/// A vendor's batch interface. All calls block: for worker threads, never for the thread of the transport. Nothing in
/// here sleeps or repeats; a caller asks again after nextPollSeconds() or `retryAfterSeconds`. Every call ends soon
/// after the token is cancelled, with ErrorCode::Cancelled.
///
/// **The promise about paying twice.** submit() saves the ticket before each step that costs or leaves something at the
/// server, and gives a batch id back only after `save` has stored it. When a process dies, a reply is cut or a
/// connection breaks, call submit() again with the saved ticket:
///  - OpenAI: the batch carries the ticket's uuid, part and file digest as metadata. Before anything is created, the
///    batches of the account are listed and one with that metadata is taken over. A batch is created a second time only
///    when the list was read to its end and ours is not in it, and not sooner than settleSeconds after the first
///    attempt, since a list may lag behind. Uploaded files are found again by their name and size.
///  - Anthropic: batches have no field of ours. The ticket keeps the newest batch of the account before the sending; of
///    the newer ones those with our number of requests are candidates. None (after settleSeconds): it is created again.
///    One: it is taken over with `certain = false`; should its custom ids turn out to be foreign, put its id into
///    `notOurs`, set the phase back to Creating and call again: no money was lost. Several: nothing is created, the
///    failure lists them.
///  - When the list cannot be read, nothing is created a second time.
/// What is not promised: a server whose list omits a batch for longer than settleSeconds, or whose list ends early,
/// makes us pay twice. A person sees that in `duplicates` at best.
class BatchApi
{
public:
    static constexpr int settleSeconds = 60;
    using SaveTicket = std::function<Status(const BatchTicket &)>;

    virtual ~BatchApi() = default;
    /// Uploads where needed and creates the batch, or finds the one of an earlier attempt. The file must still be what
    /// the ticket says (HashMismatch). An error of `save` before the creation stops it; after the creation it comes
    /// back with `mayExist`.
    virtual tl::expected<BatchSubmitted, BatchSubmitFailure> submit(BatchTicket ticket, const SaveTicket &save,
                                                                    const CancellationToken &token) = 0;
    virtual BatchReply<BatchStatus> retrieve(const QString &batchId, const CancellationToken &token) = 0;
    /// Requests that are already answered stay answered and are paid.
    virtual BatchReply<BatchStatus> cancel(const QString &batchId, const CancellationToken &token) = 0;
    /// Stores the result files of a batch in `folder` (which exists), output before errors, as <batch id>-output.jsonl,
    /// -errors.jsonl or -results.jsonl; files of an earlier download are replaced once the new one is whole. None when
    /// the batch has no results (yet).
    virtual BatchReply<QList<BatchDownload>> download(const BatchStatus &status, const QString &folder,
                                                      const CancellationToken &token) = 0;
};

/// `transport` and `clock` must outlive the client. InvalidInput: the base URL is no http or https address.
Result<std::unique_ptr<BatchApi>> makeBatchApi(const BatchEndpoint &endpoint, HttpTransport &transport,
                                               const Clock &clock);

} // namespace evalwright
