// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/requestrunner.h"

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

/// Log-probabilities of a raw body, in every shape, with the end tokens that readReply() leaves out.
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

/// How long an exchange may take.
struct ProbePatience
{
    int attempts = 4;
    double firstByteSeconds = 60, totalSeconds = 180;
};

/// Sends one request after the other and waits. Goes through the endpoint's gate, before the jobs that wait there, and
/// keeps its limits. Tries again where that can help.
class ProbeWire
{
public:
    static constexpr qsizetype largestBody = qsizetype{8} * 1024 * 1024; ///< More is no answer to what we ask.

    ProbeWire(const JobServices &services, const ModelConnection &connection, const Model &model,
              const CancellationToken &token, const ProbePatience &patience = {});

    /// Paths as in WireRequest: below /v1/, or below the server's root when they begin with "/". Errors only when going
    /// on makes no sense: wrong key, server not reached, cancelled.
    Result<ProbeAnswer> get(const QString &path) { return exchange("GET", path, {}); }
    Result<ProbeAnswer> post(const QString &path, const nlohmann::json &body) { return exchange("POST", path, body); }
    int requests() const { return m_requests; }

private:
    struct Signal;
    Result<ProbeAnswer> exchange(const QByteArray &method, const QString &path, const nlohmann::json &body);
    Result<HttpResponse> sendOnce(const QByteArray &method, const QString &path, const QByteArray &body);
    Status takeTurn();
    Status pause(double seconds);

    HttpTransport &m_transport;
    const ModelConnection &m_connection;
    const Model &m_model;
    const CancellationToken &m_token;
    ProbePatience m_patience;
    std::shared_ptr<Signal> m_signal; ///< Of the gate and of cancellation; may be told after we are gone.
    std::unique_ptr<EndpointGate::Client> m_client;
    int m_requests = 0;
};

} // namespace evalwright
