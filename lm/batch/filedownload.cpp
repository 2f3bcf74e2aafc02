// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/filedownload.h"

#include "lm/replymask.h"
#include "storage/exchange/fileerror.h"

#include <QCryptographicHash>
#include <QSaveFile>

#include <curl/curl.h>

#include <mutex>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestComplaint = 64 * 1024;
/// A key is looked for within one line, so a whole line is held.
constexpr qsizetype longestLine = 64 * 1024 * 1024;

struct Download
{
    QSaveFile *file = nullptr;
    const QByteArray *key = nullptr;
    CURL *easy = nullptr;
    QCryptographicHash hash{QCryptographicHash::Sha256};
    qint64 arrived = 0, written = 0, largest = 0;
    QByteArray pending; ///< The line that has not ended.
    HttpResponse response;
    bool tooLarge = false, notWritten = false;

    bool store(qsizetype size)
    {
        const QByteArray piece = withoutKey(pending.left(size), *key);
        pending.remove(0, size);
        hash.addData(piece);
        written += piece.size();
        notWritten = file->write(piece) != piece.size();
        return !notWritten;
    }
    bool take(const QByteArray &bytes)
    {
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (status != 200) {
            response.body += bytes.left(longestComplaint - response.body.size());
            return true;
        }
        arrived += bytes.size();
        tooLarge = arrived > largest;
        if (tooLarge)
            return false;
        const qsizetype end = bytes.lastIndexOf('\n');
        const qsizetype before = pending.size();
        pending += bytes;
        if (end >= 0 && !store(before + end + 1))
            return false;
        tooLarge = pending.size() > longestLine;
        return !tooLarge;
    }
};

size_t onBody(char *data, size_t size, size_t count, void *user)
{
    const size_t bytes = size * count;
    return static_cast<Download *>(user)->take(QByteArray(data, static_cast<qsizetype>(bytes))) ? bytes : 0;
}

size_t onHeader(char *data, size_t size, size_t count, void *user)
{
    constexpr qsizetype most = 200;
    auto &headers = static_cast<Download *>(user)->response.headers;
    const QByteArray line = QByteArray(data, static_cast<qsizetype>(size * count)).trimmed();
    if (line.startsWith("HTTP/"))
        headers.clear();
    else if (const auto colon = line.indexOf(':'); colon > 0 && headers.size() < most)
        headers << qMakePair(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    return size * count;
}

/// Runs the transfer until it ends or is cancelled; nullopt when cancelled.
std::optional<CURLcode> perform(CURL *easy, const CancellationToken &token)
{
    const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(), curl_multi_cleanup);
    const auto wake = token.onCancel([handle = multi.get()] { curl_multi_wakeup(handle); });
    curl_multi_add_handle(multi.get(), easy);
    std::optional<CURLcode> result;
    while (!result && !token.isCancelled()) {
        int running = 0, left = 0;
        curl_multi_perform(multi.get(), &running);
        if (const CURLMsg *message = curl_multi_info_read(multi.get(), &left); message)
            result = message->data.result;
        else
            curl_multi_poll(multi.get(), nullptr, 0, 1000, nullptr);
    }
    curl_multi_remove_handle(multi.get(), easy);
    return result;
}

tl::unexpected<HttpFailure> failed(const Error &error)
{
    return tl::unexpected(classifyError(error));
}

} // namespace

BatchReply<BatchDownload> downloadFile(const HttpRequest &request, const QByteArray &key, const QString &keyEnv,
                                       const QString &path, const DownloadLimits &limits,
                                       const CancellationToken &token)
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(fileError(file, u"Could not write"_s, path));
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
    CURL *easy = handle.get();
    Download state;
    state.file = &file;
    state.key = &key;
    state.easy = easy;
    state.largest = limits.bytes;
    char message[CURL_ERROR_SIZE] = {};
    const QByteArray url = request.url.toUtf8();
    curl_slist *list = nullptr;
    for (const auto &[name, value] : request.headers)
        list = curl_slist_append(list, (name + ": " + value).constData());
    if (!request.secret.isEmpty())
        list = curl_slist_append(list, request.secretLine().constData());
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(list, curl_slist_free_all);
    curl_easy_setopt(easy, CURLOPT_URL, url.constData());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "127.0.0.1,localhost,::1");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connectSeconds * 1000));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(limits.stallSeconds)));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &state);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &state);
    const auto code = perform(easy, token);
    if (!code)
        return failed(stoppedOnRequest());
    if (state.tooLarge)
        return failed(
            Error(ErrorCode::BadResponse,
                  u"The result file at %1 is larger than %2 bytes, or has a line above 64 MiB."_s.arg(request.url)
                      .arg(limits.bytes)));
    if (state.notWritten)
        return failed(fileError(file, u"Could not write"_s, path));
    if (*code != CURLE_OK) {
        const bool late = *code == CURLE_OPERATION_TIMEDOUT;
        const QString raw = QString::fromUtf8(message[0] ? message : curl_easy_strerror(*code));
        return failed(Error(late ? ErrorCode::Timeout : ErrorCode::Network,
                            u"The file at %1 did not arrive whole."_s.arg(request.url),
                            u"Check the network; it can be fetched again."_s, raw)
                          .retry());
    }
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        state.response.status = static_cast<int>(status);
        state.response.body = withoutKey(state.response.body, key);
        return tl::unexpected(classifyResponse(state.response, request.url, keyEnv));
    }
    if (!state.store(state.pending.size()) || !file.commit())
        return failed(fileError(file, u"Could not write"_s, path));
    return BatchDownload{path, state.written, QString::fromLatin1(state.hash.result().toHex())};
}

} // namespace evalwright
