// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/http.h"
#include "lm/modelaccess.h"
#include "lm/request.h"

#include <nlohmann/json.hpp>

namespace evalwright {

/// One answered exchange of a probe. `status` 0: no whole answer came, `said` has the reason.
// NOLINTNEXTLINE(bugprone-exception-escape): the move constructor of nlohmann::json checks, and does not throw.
struct ProbeAnswer
{
    int status = 0;
    nlohmann::json body; ///< Discarded when it is not JSON.
    QByteArray raw;
    QString server; ///< The Server header.
    QString said;   ///< For evidence: status and message or an excerpt.
    bool ok() const { return status == 200 && body.is_object(); }
    /// The server says no for good; anything else that is not ok() leaves the question open.
    bool refused() const { return status == 400 || status == 404 || status == 405 || status == 422 || status == 501; }
};

/// Log-probabilities of a raw body, in either shape, with the end tokens that readReply() leaves out.
struct ProbePositions
{
    struct Position
    {
        QByteArray token;
        std::optional<double> logprob; ///< Servers with echo give none for the first token.
        QList<TokenAlternative> top;
    };
    bool present = false; ///< The field was there and not null.
    QList<Position> list;
};
ProbePositions positionsOf(const nlohmann::json &body);

/// Sends one request after the other and waits. Tries again where that can help.
class ProbeWire
{
public:
    ProbeWire(HttpTransport &transport, const ModelConnection &connection, const Model &model,
              const CancellationToken &token);

    /// Below /v1/. Errors only when going on makes no sense: wrong key, server not reached, cancelled.
    Result<ProbeAnswer> get(const QString &path) { return exchange("GET", m_v1 + path, {}); }
    Result<ProbeAnswer> post(const QString &path, const nlohmann::json &body)
    {
        return exchange("POST", m_v1 + path, body);
    }
    /// Below the server's root, for paths of llama.cpp.
    Result<ProbeAnswer> getNative(const QString &path) { return exchange("GET", m_root + path, {}); }
    Result<ProbeAnswer> postNative(const QString &path, const nlohmann::json &body)
    {
        return exchange("POST", m_root + path, body);
    }
    int requests() const { return m_requests; }

private:
    Result<ProbeAnswer> exchange(const QByteArray &method, const QString &url, const nlohmann::json &body);
    Result<HttpResponse> sendOnce(const QByteArray &method, const QString &url, const QByteArray &body);
    Status pause(double seconds);

    HttpTransport &m_transport;
    const ModelConnection &m_connection;
    const Model &m_model;
    const CancellationToken &m_token;
    QString m_v1, m_root;
    int m_requests = 0;
};

} // namespace evalwright
