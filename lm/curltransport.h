// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/http.h"

#include <memory>

namespace evalwright {

/// All transfers over one curl_multi handle on one thread: keep-alive, HTTP/2 where offered, compressed replies,
/// TLS verified, http and https only, no redirects. A reply above 64 MiB is refused.
class CurlTransport final : public HttpTransport
{
public:
    CurlTransport();
    /// Ends outstanding transfers with Cancelled.
    ~CurlTransport() override;
    void send(HttpRequest request, const CancellationToken &token,
              std::function<void(Result<HttpResponse>)> done) override;

private:
    class Loop;
    std::unique_ptr<Loop> m_loop;
};

} // namespace evalwright
