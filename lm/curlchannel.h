// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/curltransport.h"

#include <curl/curl.h>

#include <chrono>

namespace evalwright {

/// An address as it may be shown: without user name and password, and without the values of query parameters that
/// carry keys.
QString shownUrl(const QString &url);

/// What curl cannot be given: an address with a password, a line break in a header. Unset when all is well.
std::optional<Error> refusalOf(const HttpRequest &request);

Error cancelledRequest();
Error timedOutRequest(const HttpRequest &request, const QString &phase);

/// One exchange on its way.
struct CurlTransfer
{
    using Clock = std::chrono::steady_clock;
    HttpRequest request;
    CancellationToken token;
    std::function<void(Result<HttpResponse>)> done;
    CancellationToken::Registration registration;
    HttpResponse response;
    Clock::time_point started, latestByte;
    bool gotFirstByte = false, tooLarge = false;
    int sent = 0; ///< How often the request went out.

    /// The moment at which it is too late if nothing more comes.
    Clock::time_point deadline() const;
};

/// A curl handle with all that never changes set, used for one transfer after the other.
class CurlChannel
{
public:
    /// `onFirstByte` is called when an answer begins: from then on another deadline counts.
    CurlChannel(const TransportSettings &settings, std::function<void(CurlChannel &)> onFirstByte);
    ~CurlChannel();
    CurlChannel(const CurlChannel &) = delete;
    CurlChannel &operator=(const CurlChannel &) = delete;

    CURL *easy() const { return m_easy; }
    static CurlChannel *of(CURL *easy);
    const CurlTransfer &transfer() const { return *m_transfer; }

    void begin(std::unique_ptr<CurlTransfer> transfer);
    /// What curl's result means. The response is complete, and the key hidden in it.
    Result<HttpResponse> outcome(CURLcode code);
    /// Leaves the handle free for another transfer.
    std::unique_ptr<CurlTransfer> end();

    CurlTransfer::Clock::time_point nextLook; ///< Kept by the loop: when to look at the deadline again.

private:
    static size_t onBody(char *data, size_t size, size_t count, void *user);
    static size_t onHeader(char *data, size_t size, size_t count, void *user);
    static int onRequest(void *user, char *, char *, int, int);
    void noteBytes();
    Error errorOf(CURLcode code) const;

    CURL *m_easy;
    curl_slist *m_headers = nullptr;
    std::unique_ptr<CurlTransfer> m_transfer;
    std::function<void(CurlChannel &)> m_onFirstByte;
    char m_message[CURL_ERROR_SIZE] = {};
};

} // namespace evalwright
