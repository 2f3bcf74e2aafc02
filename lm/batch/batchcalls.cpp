// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchcalls.h"

#include "core/foreignjson.h"
#include "lm/batch/batchwriter.h"
#include "lm/batch/filedownload.h"
#include "lm/replymask.h"
#include "storage/exchange/fileerror.h"

#include <QCryptographicHash>
#include <QFile>
#include <QUrl>

#include <condition_variable>
#include <mutex>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype longestControlReply = 4 * 1024 * 1024;

/// Waits for the transport, which answers exactly once, also after a cancellation.
Result<HttpResponse> sendAndWait(HttpTransport &transport, HttpRequest request, const CancellationToken &token)
{
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<Result<HttpResponse>> result;
    transport.send(std::move(request), token, [&](Result<HttpResponse> response) {
        const std::lock_guard lock(mutex);
        result = std::move(response);
        arrived.notify_one(); // Under the lock: the waiting function's variables end with it.
    });
    std::unique_lock lock(mutex);
    arrived.wait(lock, [&] { return result.has_value(); });
    return std::move(*result);
}

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == "https"_L1 ? 443 : 80);
}

} // namespace

BatchCalls::BatchCalls(BatchEndpoint endpoint, HttpTransport &transport, const Clock &clock)
    : m_endpoint(std::move(endpoint)), m_transport(transport), m_clock(clock)
{
}

QString BatchCalls::urlOf(const QString &path) const
{
    return m_endpoint.baseUrl + (m_endpoint.baseUrl.endsWith("/v1"_L1) ? u"/"_s : u"/v1/"_s) + path;
}

bool BatchCalls::isOwnUrl(const QString &address) const
{
    const QUrl own(m_endpoint.baseUrl), url(address, QUrl::StrictMode);
    return url.isValid() && url.scheme() == own.scheme() && !url.host().isEmpty() &&
           url.host().compare(own.host(), Qt::CaseInsensitive) == 0 && portOf(url) == portOf(own) &&
           url.userInfo().isEmpty() && !address.contains(u'@') && !address.contains(u'\\');
}

double BatchCalls::settleWait(const BatchTicket &ticket) const
{
    if (!ticket.createSentAt.isValid())
        return BatchApi::settleSeconds;
    const double since = static_cast<double>(ticket.createSentAt.msecsTo(now())) / 1000.0;
    // A clock that was set back must not keep us waiting for long, nor let us go at once.
    return std::clamp(BatchApi::settleSeconds - since, 0.0, double{BatchApi::settleSeconds});
}

HttpRequest BatchCalls::request(const QString &url) const
{
    HttpRequest out;
    out.method = "GET";
    out.url = url;
    if (m_endpoint.service == BatchService::Anthropic) {
        out.headers << qMakePair(QByteArray("anthropic-version"), QByteArray("2023-06-01"));
        out.secretHeader = "x-api-key";
    }
    out.secret = m_endpoint.key;
    return out;
}

BatchCalls::Reply BatchCalls::get(const QString &path, const CancellationToken &token) const
{
    return exchange(request(urlOf(path)), token);
}

BatchCalls::Reply BatchCalls::post(const QString &path, QByteArray body, const QByteArray &contentType,
                                   const CancellationToken &token) const
{
    constexpr double slowest = 50'000; // Bytes in a second: 200 MB take about an hour.
    HttpRequest out = request(urlOf(path));
    out.method = "POST";
    out.headers << qMakePair(QByteArray("Content-Type"), contentType);
    out.totalSeconds += static_cast<double>(body.size()) / slowest;
    out.firstByteSeconds = out.totalSeconds; // Counts from the beginning of the sending.
    out.body = std::move(body);
    return exchange(std::move(out), token);
}

BatchCalls::Reply BatchCalls::exchange(HttpRequest out, const CancellationToken &token) const
{
    const QString url = out.url;
    auto response = sendAndWait(m_transport, std::move(out), token);
    if (!response)
        return tl::unexpected(Failure{classifyError(response.error()), 0});
    if (response->status < 200 || response->status > 299)
        return tl::unexpected(
            Failure{classifyResponse(*response, m_endpoint.baseUrl, m_endpoint.keyEnv), response->status});
    if (response->body.size() > longestControlReply)
        return tl::unexpected(Failure{badReply(url, u"it is larger than 4 MiB"_s), response->status});
    Answer answer{parseForeignJson(response->body)};
    if (!answer.document.is_object())
        return tl::unexpected(Failure{badReply(url, u"it is no JSON object"_s), response->status});
    return answer;
}

BatchReply<BatchDownload> BatchCalls::download(const QString &url, const QString &path,
                                               const CancellationToken &token) const
{
    if (!isOwnUrl(url)) {
        return tl::unexpected(invalidCall(
            u"The server at %1 says that the results are at another host: “%2”. Nothing was sent there."_s.arg(
                m_endpoint.baseUrl, url.left(300))));
    }
    return downloadFile(request(url), m_endpoint.key, m_endpoint.keyEnv, path, {}, token);
}

const json *batchMember(const json &object, const char *name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

QString batchText(const json &object, const char *name, qsizetype longest)
{
    const json *value = batchMember(object, name);
    return value && value->is_string() ? QString::fromStdString(value->get_ref<const std::string &>()).left(longest)
                                       : QString();
}

qint64 batchCount(const json &object, const char *name)
{
    constexpr double most = 1e9;
    const json *value = batchMember(object, name);
    const double count = value && value->is_number() ? value->get<double>() : 0;
    return count >= 0 && count <= most ? static_cast<qint64>(count) : 0;
}

bool isBatchId(const QString &id)
{
    constexpr qsizetype longest = 200;
    return !id.isEmpty() && id.size() <= longest && std::ranges::all_of(id, [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' ||
               c == u'-';
    });
}

QString batchId(const json &object, const char *name)
{
    constexpr qsizetype longest = 201; // One more than an id may have, so that a cut one is none.
    QString id = batchText(object, name, longest);
    return isBatchId(id) ? id : QString();
}

HttpFailure badReply(const QString &baseUrl, const QString &why)
{
    HttpFailure out;
    // Asked again later: a reply can be broken once, and a batch that is paid for is not given up.
    out.kind = HttpFailure::Class::Transient;
    out.error = Error(ErrorCode::BadResponse, u"The reply of %1 cannot be used: %2."_s.arg(baseUrl, why),
                      u"Check that the base URL points at a server with a batch interface."_s)
                    .retry();
    return out;
}

HttpFailure invalidCall(const QString &why)
{
    HttpFailure out;
    out.kind = HttpFailure::Class::Request;
    out.error = Error(ErrorCode::InvalidInput, why);
    return out;
}

Result<QByteArray> fileOf(const BatchTicket &ticket, const QByteArray &head, const QByteArray &tail)
{
    QFile file(ticket.filePath);
    if (!file.open(QIODevice::ReadOnly))
        return failure(fileError(file, u"Could not read"_s, ticket.filePath));
    const auto changed = [&] {
        return failure(Error(ErrorCode::HashMismatch,
                             u"The batch file “%1” is not the one that was written."_s.arg(ticket.filePath),
                             u"Write the batch files again."_s)
                           .withConsequence(u"Nothing was sent."_s));
    };
    if (file.size() != ticket.bytes || ticket.bytes > BatchLimits::of(BatchService::Anthropic).bytes)
        return changed();
    QByteArray out(head.size() + ticket.bytes + tail.size(), Qt::Uninitialized);
    std::copy(head.cbegin(), head.cend(), out.begin());
    if (file.read(out.data() + head.size(), ticket.bytes) != ticket.bytes)
        return failure(fileError(file, u"Could not read"_s, ticket.filePath));
    std::copy(tail.cbegin(), tail.cend(), out.begin() + head.size() + ticket.bytes);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(out).sliced(head.size(), ticket.bytes));
    if (QString::fromLatin1(hash.result().toHex()) != ticket.sha256)
        return changed();
    return out;
}

bool mayHaveCreated(const HttpFailure &failure)
{
    switch (failure.error.code) {
    case ErrorCode::BadRequest: // A refusal is a whole reply that says no.
    case ErrorCode::Authentication:
    case ErrorCode::Quota:
    case ErrorCode::RateLimited:
    case ErrorCode::Unsupported:
        return false;
    default:
        return true;
    }
}

tl::unexpected<BatchSubmitFailure> submitFailure(HttpFailure failure, bool mayExist)
{
    return tl::unexpected(BatchSubmitFailure{std::move(failure), mayExist, {}});
}

tl::expected<void, BatchSubmitFailure> saveTicket(const BatchTicket &ticket, const BatchApi::SaveTicket &save)
{
    const Status saved = save(ticket);
    if (saved)
        return {};
    HttpFailure failure = classifyError(saved.error());
    const bool exists = ticket.phase == BatchTicket::Phase::Created;
    if (exists)
        failure.error.consequence =
            u"The batch %1 exists at the server; it is looked for when the same is run again."_s.arg(ticket.batchId);
    return submitFailure(std::move(failure), exists);
}

tl::unexpected<BatchSubmitFailure> notCreated(BatchTicket ticket, BatchTicket::Phase before, bool wasSent,
                                              const HttpFailure &failure, const BatchApi::SaveTicket &save)
{
    const bool mayExist = wasSent || mayHaveCreated(failure);
    if (!mayExist) {
        ticket.phase = before;
        if (auto saved = saveTicket(ticket, save); !saved)
            return tl::unexpected(saved.error());
    }
    return submitFailure(failure, mayExist);
}

} // namespace evalwright
