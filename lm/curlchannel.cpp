// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/curlchannel.h"

#include "lm/replymask.h"

#include <QRegularExpression>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using Clock = CurlTransfer::Clock;

namespace {

constexpr qsizetype largestReply = qsizetype{64} * 1024 * 1024;
constexpr qsizetype mostHeaders = 200;

Clock::duration seconds(double value)
{
    return std::chrono::milliseconds(static_cast<qint64>(value * 1000));
}

long milliseconds(double value)
{
    return static_cast<long>(value * 1000);
}

/// The part of an address between "//" and the path.
QStringView authorityOf(const QString &url)
{
    const qsizetype scheme = url.indexOf(u"//"_s);
    const qsizetype from = scheme < 0 ? 0 : scheme + 2;
    const auto ends = [](QChar c) { return c == u'/' || c == u'?' || c == u'#' || c == u'\\'; };
    const auto end = std::find_if(url.begin() + from, url.end(), ends);
    return QStringView(url).mid(from, end - url.begin() - from);
}

/// Hosts that are never asked through a proxy.
QByteArray directHosts(const TransportSettings &settings)
{
    const QByteArray loopback = "127.0.0.1,localhost,::1";
    QByteArray others = settings.noProxy.toUtf8();
    // What we set here takes the place of the environment's list, so that goes in, too.
    for (const char *name : {"no_proxy", "NO_PROXY"}) {
        if (others.isEmpty() && settings.proxy.isEmpty())
            others = qgetenv(name).trimmed();
    }
    if (others == "*") // Means every host only when it stands alone.
        return others;
    return others.isEmpty() ? loopback : loopback + ',' + others;
}

bool hasLineBreak(const QByteArray &text)
{
    return text.contains('\r') || text.contains('\n') || text.contains('\0');
}

} // namespace

QString shownUrl(const QString &url)
{
    QString shown = url;
    const QStringView authority = authorityOf(url);
    if (const qsizetype at = authority.lastIndexOf(u'@'); at >= 0)
        shown.remove(authority.data() - url.constData(), at + 1);
    static const QRegularExpression keys(u"([?&](?:key|api_key|token)=)[^&#]*"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    return shown.replace(keys, u"\\1[key]"_s);
}

std::optional<Error> refusalOf(const HttpRequest &request)
{
    if (authorityOf(request.url).contains(u'@')) {
        return Error(ErrorCode::InvalidInput,
                     u"The address of %1 holds a user name or password, which would be stored and shown."_s.arg(
                         shownUrl(request.url)),
                     u"Leave it out of the base URL; put a key into an environment variable and name that."_s);
    }
    if (hasLineBreak(request.secret)) {
        return Error(ErrorCode::InvalidInput, u"The key for %1 has a line break in it."_s.arg(shownUrl(request.url)),
                     u"Set the environment variable again, without the line break."_s);
    }
    for (const auto &[name, value] : request.headers) {
        if (hasLineBreak(name) || hasLineBreak(value)) {
            return Error(ErrorCode::InvalidInput,
                         u"A header for %1 has a line break in it."_s.arg(shownUrl(request.url)),
                         u"Correct the header."_s);
        }
    }
    return std::nullopt;
}

Error cancelledRequest()
{
    return {ErrorCode::Cancelled, u"The request was cancelled."_s, QString()};
}

Error timedOutRequest(const HttpRequest &request, const QString &phase)
{
    return Error(ErrorCode::Timeout, u"No answer from %1 in time (%2)."_s.arg(shownUrl(request.url), phase),
                 u"Check that the server is running and not overloaded, or allow more time."_s)
        .retry();
}

Clock::time_point CurlTransfer::deadline() const
{
    return gotFirstByte ? latestByte + seconds(request.stallSeconds)
                        : started + seconds(request.connectSeconds + request.firstByteSeconds);
}

CurlChannel::CurlChannel(const TransportSettings &settings, std::function<void(CurlChannel &)> onFirstByte)
    : m_easy(curl_easy_init()), m_onFirstByte(std::move(onFirstByte))
{
    curl_easy_setopt(m_easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(m_easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(m_easy, CURLOPT_FOLLOWLOCATION, 0L); // A redirect could carry the key to another host.
    curl_easy_setopt(m_easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(m_easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(m_easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(m_easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(m_easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(m_easy, CURLOPT_NOPROXY, directHosts(settings).constData());
    if (!settings.proxy.isEmpty())
        curl_easy_setopt(m_easy, CURLOPT_PROXY, settings.proxy.toUtf8().constData());
    if (!settings.caFile.isEmpty())
        curl_easy_setopt(m_easy, CURLOPT_CAINFO, settings.caFile.toUtf8().constData());
    curl_easy_setopt(m_easy, CURLOPT_ERRORBUFFER, m_message);
    curl_easy_setopt(m_easy, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(m_easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(m_easy, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(m_easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(m_easy, CURLOPT_PREREQFUNCTION, onRequest);
    curl_easy_setopt(m_easy, CURLOPT_PREREQDATA, this);
}

CurlChannel::~CurlChannel()
{
    curl_easy_cleanup(m_easy);
    curl_slist_free_all(m_headers);
}

CurlChannel *CurlChannel::of(CURL *easy)
{
    char *channel = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &channel);
    return reinterpret_cast<CurlChannel *>(channel);
}

void CurlChannel::begin(std::unique_ptr<CurlTransfer> transfer)
{
    m_transfer = std::move(transfer);
    m_message[0] = '\0';
    const HttpRequest &request = m_transfer->request;
    curl_easy_setopt(m_easy, CURLOPT_URL, request.url.toUtf8().constData());
    curl_easy_setopt(m_easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectSeconds));
    curl_easy_setopt(m_easy, CURLOPT_TIMEOUT_MS, milliseconds(request.totalSeconds));
    curl_slist_free_all(m_headers);
    m_headers = curl_slist_append(nullptr, "Expect:"); // No waiting for a server's leave to send the body.
    for (const auto &[name, value] : request.headers)
        m_headers = curl_slist_append(m_headers, (name + ": " + value).constData());
    if (!request.secret.isEmpty())
        m_headers = curl_slist_append(m_headers, request.secretLine().constData());
    curl_easy_setopt(m_easy, CURLOPT_HTTPHEADER, m_headers);
    if (request.method == "POST") {
        curl_easy_setopt(m_easy, CURLOPT_POST, 1L);
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDS, request.body.constData());
    } else {
        curl_easy_setopt(m_easy, CURLOPT_HTTPGET, 1L);
    }
    m_transfer->started = m_transfer->latestByte = Clock::now();
}

std::unique_ptr<CurlTransfer> CurlChannel::end()
{
    return std::move(m_transfer);
}

void CurlChannel::noteBytes()
{
    m_transfer->latestByte = Clock::now();
    if (!std::exchange(m_transfer->gotFirstByte, true))
        m_onFirstByte(*this);
}

size_t CurlChannel::onBody(char *data, size_t size, size_t count, void *user)
{
    auto *channel = static_cast<CurlChannel *>(user);
    CurlTransfer &transfer = *channel->m_transfer;
    const auto bytes = static_cast<qsizetype>(size) * static_cast<qsizetype>(count);
    channel->noteBytes();
    if (transfer.response.body.size() + bytes > largestReply) {
        transfer.tooLarge = true;
        return 0;
    }
    transfer.response.body.append(data, bytes);
    if (transfer.request.onBody) {
        long status = 0;
        curl_easy_getinfo(channel->m_easy, CURLINFO_RESPONSE_CODE, &status);
        if (status >= 200 && status < 300 && !transfer.request.onBody(QByteArray(data, bytes))) {
            transfer.response.stoppedEarly = true;
            return 0;
        }
    }
    return size * count;
}

size_t CurlChannel::onHeader(char *data, size_t size, size_t count, void *user)
{
    auto *channel = static_cast<CurlChannel *>(user);
    CurlTransfer &transfer = *channel->m_transfer;
    channel->noteBytes();
    const QByteArray line = QByteArray(data, static_cast<qsizetype>(size * count)).trimmed();
    if (line.startsWith("HTTP/")) {
        transfer.response.headers.clear(); // An interim answer (100) came before.
        return size * count;
    }
    if (const auto colon = line.indexOf(':'); colon > 0 && transfer.response.headers.size() < mostHeaders)
        transfer.response.headers << qMakePair(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    return size * count;
}

/// Before the request goes out, each time. That it goes out again is seen nowhere else: the number of connections that
/// libcurl reports is 1 for a request on a new connection and for one that it repeated on a new connection.
int CurlChannel::onRequest(void *user, char *, char *, int, int)
{
    ++static_cast<CurlChannel *>(user)->m_transfer->sent;
    return CURL_PREREQFUNC_OK;
}

Result<HttpResponse> CurlChannel::outcome(CURLcode code)
{
    CurlTransfer &transfer = *m_transfer;
    HttpResponse &response = transfer.response;
    if (transfer.tooLarge) {
        return failure(ErrorCode::BadResponse,
                       u"The reply of %1 is larger than 64 MiB."_s.arg(shownUrl(transfer.request.url)), QString());
    }
    if (code != CURLE_OK && !response.stoppedEarly)
        return failure(errorOf(code));
    long status = 0;
    curl_easy_getinfo(m_easy, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    long version = 0;
    curl_easy_getinfo(m_easy, CURLINFO_HTTP_VERSION, &version);
    response.httpVersion = version == CURL_HTTP_VERSION_2_0 ? 20 : version == CURL_HTTP_VERSION_1_1 ? 11 : 0;
    response.seconds = std::chrono::duration<double>(Clock::now() - transfer.started).count();
    response.resends = std::max(0, transfer.sent - 1);
    // Some servers repeat the key in what they say; what arrives here is stored and shown.
    const QByteArray &key = transfer.request.secret;
    response.body = withoutKey(std::move(response.body), key);
    for (auto &[name, value] : response.headers) {
        name = withoutKey(std::move(name), key.toLower()); // Names are kept in lower case.
        value = withoutKey(std::move(value), key);
    }
    return std::move(response);
}

Error CurlChannel::errorOf(CURLcode code) const
{
    const HttpRequest &request = m_transfer->request;
    const QString url = shownUrl(request.url);
    const QString raw = QString::fromUtf8(
        withoutKey(m_message[0] ? QByteArray(m_message) : QByteArray(curl_easy_strerror(code)), request.secret));
    switch (code) {
    case CURLE_COULDNT_CONNECT:
        return Error(ErrorCode::Network, u"No server answers at %1."_s.arg(url),
                     u"Start the server, or check the address and port."_s, raw)
            .retry();
    case CURLE_COULDNT_RESOLVE_HOST:
        return Error(ErrorCode::Network, u"The host name in %1 is unknown."_s.arg(url),
                     u"Check the address and the network."_s, raw)
            .retry();
    case CURLE_COULDNT_RESOLVE_PROXY:
        return Error(ErrorCode::Network, u"The host name of the proxy to %1 is unknown."_s.arg(url),
                     u"Check the proxy settings (https_proxy, http_proxy) and the network."_s, raw)
            .retry();
    case CURLE_OPERATION_TIMEDOUT: {
        double connected = 0;
        curl_easy_getinfo(m_easy, CURLINFO_PRETRANSFER_TIME, &connected);
        return timedOutRequest(request, connected > 0 ? u"whole request"_s : u"connection"_s);
    }
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return {ErrorCode::InvalidInput, u"“%1” is not an http or https address."_s.arg(url),
                u"Correct the base URL."_s, raw};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
        return {ErrorCode::Network, u"The secure connection to %1 could not be verified."_s.arg(url),
                u"Check the server's certificate. An authority of your own is named with --ca-file, or under “Network …” in the "
                u"window; verification is never switched off."_s, raw};
    default:
        return Error(ErrorCode::Network, u"The connection to %1 broke."_s.arg(url),
                     u"Check the server and the network."_s, raw)
            .retry();
    }
}

} // namespace evalwright
