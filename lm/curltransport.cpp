// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/curltransport.h"

#include "lm/replymask.h"

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace evalwright {

using namespace Qt::StringLiterals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr qsizetype largestReply = qsizetype{64} * 1024 * 1024;

struct Transfer
{
    HttpRequest request;
    CancellationToken token;
    std::function<void(Result<HttpResponse>)> done;
    HttpResponse response;
    curl_slist *headers = nullptr;
    CURL *easy = nullptr;
    Clock::time_point started, firstByteDeadline;
    bool gotFirstByte = false;
    bool tooLarge = false;
    char message[CURL_ERROR_SIZE] = {};
    std::shared_ptr<CancellationToken::Registration> registration;

    ~Transfer()
    {
        curl_slist_free_all(headers);
        if (easy)
            curl_easy_cleanup(easy);
    }
};

size_t onBody(char *data, size_t size, size_t count, void *user)
{
    auto *transfer = static_cast<Transfer *>(user);
    const auto bytes = static_cast<qsizetype>(size) * static_cast<qsizetype>(count);
    transfer->gotFirstByte = true;
    if (transfer->response.body.size() + bytes > largestReply) {
        transfer->tooLarge = true;
        return 0;
    }
    transfer->response.body.append(data, bytes);
    return size * count;
}

size_t onHeader(char *data, size_t size, size_t count, void *user)
{
    auto *transfer = static_cast<Transfer *>(user);
    transfer->gotFirstByte = true;
    const QByteArray line = QByteArray(data, static_cast<qsizetype>(size * count)).trimmed();
    if (line.startsWith("HTTP/")) {
        transfer->response.headers.clear(); // An interim answer (100, proxy) came before.
        return size * count;
    }
    if (const auto colon = line.indexOf(':'); colon > 0 && transfer->response.headers.size() < 200)
        transfer->response.headers << qMakePair(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    return size * count;
}

Error cancelled()
{
    return {ErrorCode::Cancelled, u"The request was cancelled."_s, QString()};
}

Error timedOut(const QString &url, const QString &phase)
{
    return Error(ErrorCode::Timeout, u"No answer from %1 in time (%2)."_s.arg(url, phase),
                 u"Check that the server is running and not overloaded, or allow more time."_s)
        .retry();
}

Error curlError(CURLcode code, const Transfer &transfer)
{
    const QString url = transfer.request.url;
    const QString raw = QString::fromUtf8(transfer.message[0] ? transfer.message : curl_easy_strerror(code));
    switch (code) {
    case CURLE_COULDNT_CONNECT:
        return Error(ErrorCode::Network, u"No server answers at %1."_s.arg(url),
                     u"Start the server, or check the address and port."_s, raw)
            .retry();
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return Error(ErrorCode::Network, u"The host name in %1 is unknown."_s.arg(url),
                     u"Check the address and the network."_s, raw)
            .retry();
    case CURLE_OPERATION_TIMEDOUT:
        return timedOut(url, u"whole request"_s);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return {ErrorCode::InvalidInput, u"“%1” is not an http or https address."_s.arg(url),
                u"Correct the base URL."_s, raw};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
        return {ErrorCode::Network, u"The secure connection to %1 could not be verified."_s.arg(url),
                u"Check the server's certificate. Verification is never switched off."_s, raw};
    default:
        return Error(ErrorCode::Network, u"The connection to %1 broke."_s.arg(url),
                     u"Check the server and the network."_s, raw)
            .retry();
    }
}

} // namespace

class CurlTransport::Loop
{
public:
    Loop() : m_multi(curl_multi_init())
    {
        curl_multi_setopt(m_multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
        curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, 256L);
        m_thread = std::thread([this] { run(); });
    }

    ~Loop()
    {
        m_closing = true;
        curl_multi_wakeup(m_multi);
        m_thread.join();
        curl_multi_cleanup(m_multi);
    }
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    void add(std::unique_ptr<Transfer> transfer)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_incoming.push_back(std::move(transfer));
        }
        curl_multi_wakeup(m_multi);
    }

    void wake()
    {
        m_cancelRequested = true;
        curl_multi_wakeup(m_multi);
    }

private:
    void run()
    {
        while (!m_closing) {
            takeIncoming();
            int running = 0;
            curl_multi_perform(m_multi, &running);
            finishDone();
            if (m_cancelRequested.exchange(false))
                dropCancelled();
            dropLate();
            curl_multi_poll(m_multi, nullptr, 0, waitMilliseconds(), nullptr);
        }
        takeIncoming();
        while (!m_active.empty())
            finish(m_active.begin()->first, tl::unexpected(cancelled()));
    }

    void takeIncoming()
    {
        std::deque<std::unique_ptr<Transfer>> incoming;
        {
            const std::lock_guard lock(m_mutex);
            incoming.swap(m_incoming);
        }
        for (auto &transfer : incoming) {
            if (transfer->token.isCancelled()) {
                transfer->done(tl::unexpected(cancelled()));
                continue;
            }
            start(std::move(transfer));
        }
    }

    void start(std::unique_ptr<Transfer> owned)
    {
        Transfer *t = owned.get();
        CURL *easy = t->easy = curl_easy_init();
        const HttpRequest &request = t->request;
        const QByteArray url = request.url.toUtf8();
        curl_easy_setopt(easy, CURLOPT_URL, url.constData());
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); // A redirect could carry the key to another host.
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
        curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "127.0.0.1,localhost,::1");
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->message);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connectSeconds * 1000));
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.totalSeconds * 1000));
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onBody);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, onHeader);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
        for (const auto &[name, value] : request.headers)
            t->headers = curl_slist_append(t->headers, (name + ": " + value).constData());
        t->headers = curl_slist_append(t->headers, "Expect:");
        if (!request.secret.isEmpty()) {
            const QByteArray scheme = request.secretHeader == "Authorization" ? "Bearer " : "";
            const QByteArray line = request.secretHeader + ": " + scheme + request.secret;
            t->headers = curl_slist_append(t->headers, line.constData());
        }
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, t->headers);
        if (request.method == "POST") {
            curl_easy_setopt(easy, CURLOPT_POST, 1L);
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.constData());
        }
        t->started = Clock::now();
        t->firstByteDeadline =
            t->started +
            std::chrono::milliseconds(static_cast<qint64>(1000 * (request.connectSeconds + request.firstByteSeconds)));
        curl_multi_add_handle(m_multi, easy);
        m_active.emplace(easy, std::move(owned));
    }

    void finishDone()
    {
        int left = 0;
        while (const CURLMsg *message = curl_multi_info_read(m_multi, &left)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            CURL *easy = message->easy_handle;
            const CURLcode code = message->data.result;
            Transfer &t = *m_active.at(easy);
            if (t.tooLarge) {
                finish(easy, failure(ErrorCode::BadResponse,
                                     u"The reply of %1 is larger than 64 MiB."_s.arg(t.request.url), QString()));
            } else if (code != CURLE_OK) {
                finish(easy, tl::unexpected(curlError(code, t)));
            } else {
                long status = 0, connections = 0;
                curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
                curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
                t.response.status = static_cast<int>(status);
                t.response.seconds = std::chrono::duration<double>(Clock::now() - t.started).count();
                t.response.resentByClient = connections > 1;
                hideKey(t.response, t.request.secret);
                finish(easy, std::move(t.response));
            }
        }
    }

    /// Some servers repeat the key in what they say; what arrives here is stored and shown.
    static void hideKey(HttpResponse &response, const QByteArray &key)
    {
        response.body = withoutKey(std::move(response.body), key);
        for (auto &[name, value] : response.headers) {
            name = withoutKey(std::move(name), key.toLower()); // Names are kept in lower case.
            value = withoutKey(std::move(value), key);
        }
    }

    void dropCancelled()
    {
        std::deque<CURL *> ended;
        for (const auto &[easy, transfer] : m_active) {
            if (transfer->token.isCancelled())
                ended.push_back(easy);
        }
        for (CURL *easy : ended)
            finish(easy, tl::unexpected(cancelled()));
    }

    void dropLate()
    {
        const auto now = Clock::now();
        std::deque<CURL *> late;
        for (const auto &[easy, transfer] : m_active) {
            if (!transfer->gotFirstByte && now > transfer->firstByteDeadline)
                late.push_back(easy);
        }
        for (CURL *easy : late)
            finish(easy, tl::unexpected(timedOut(m_active.at(easy)->request.url, u"first byte"_s)));
    }

    int waitMilliseconds() const
    {
        auto next = Clock::now() + std::chrono::seconds(60);
        for (const auto &[easy, transfer] : m_active) {
            if (!transfer->gotFirstByte)
                next = std::min(next, transfer->firstByteDeadline);
        }
        const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(next - Clock::now()).count() + 1;
        return static_cast<int>(std::clamp<qint64>(wait, 0, 60000));
    }

    void finish(CURL *easy, Result<HttpResponse> result)
    {
        curl_multi_remove_handle(m_multi, easy);
        const auto owned = std::move(m_active.extract(easy).mapped());
        owned->done(std::move(result));
    }

    CURLM *m_multi;
    std::thread m_thread;
    std::mutex m_mutex;
    std::deque<std::unique_ptr<Transfer>> m_incoming;
    std::map<CURL *, std::unique_ptr<Transfer>> m_active; ///< Network thread only.
    std::atomic<bool> m_closing = false;
    std::atomic<bool> m_cancelRequested = false;
};

CurlTransport::CurlTransport()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    m_loop = std::make_unique<Loop>();
}

CurlTransport::~CurlTransport() = default;

void CurlTransport::send(HttpRequest request, const CancellationToken &token,
                         std::function<void(Result<HttpResponse>)> done)
{
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->token = token;
    transfer->done = std::move(done);
    // The listener only wakes the loop, which then looks for cancelled transfers; it dies with the transfer.
    transfer->registration =
        std::make_shared<CancellationToken::Registration>(token.onCancel([loop = m_loop.get()] { loop->wake(); }));
    m_loop->add(std::move(transfer));
}

} // namespace evalwright
