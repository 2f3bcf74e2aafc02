// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/http.h"

#include <memory>

namespace evalwright {

struct TransportSettings
{
    QString proxy;   ///< "http://host:port"; empty: https_proxy, http_proxy and no_proxy of the environment.
    QString noProxy; ///< Hosts that are asked directly, with commas between; the loopback address always is.
    QString caFile;  ///< Certificates to trust, PEM; empty: those of the system.

    /// With EVALWRIGHT_PROXY, EVALWRIGHT_NO_PROXY and EVALWRIGHT_CA_FILE where a person set nothing.
    TransportSettings withEnvironment() const;
    /// InvalidInput, in words for people: no proxy's address, one with a password in it (it would be stored, or seen in
    /// the list of processes; http_proxy may hold one), or a file without certificates.
    Status check() const;
};

/// All transfers over one curl_multi handle on one thread: keep-alive, HTTP/2 where offered, compressed replies,
/// TLS verified, http and https only, no redirects. A reply above 64 MiB is refused, and so is an address with a user
/// name or password in it, which would be stored and shown. Addresses in error messages have no secrets.
class CurlTransport final : public HttpTransport
{
public:
    explicit CurlTransport(const TransportSettings &settings = {});
    /// Ends outstanding transfers with Cancelled.
    ~CurlTransport() override;
    void send(HttpRequest request, const CancellationToken &token,
              std::function<void(Result<HttpResponse>)> done) override;

private:
    class Loop;
    std::unique_ptr<Loop> m_loop;
};

} // namespace evalwright
