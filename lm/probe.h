// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/requestrunner.h"
#include "lm/serveridentity.h"

#include <QList>

#include <nlohmann/json.hpp>

namespace evalwright {

/// What a probe found out about one thing. A null value means that it could not be told; the evidence says why.
struct ProbedCapability
{
    QString name;
    nlohmann::json value;
    QString evidence; ///< What was asked and what came back, short.
};

/// What an endpoint can really do, by small requests (endpoints.md section 6). The names, what each means and how it
/// is decided are in docs/probe.md.
struct ProbeReport
{
    QString model;
    QList<ProbedCapability> capabilities; ///< In the order of asking.
    QString bestScoring; ///< exact | forced | first-token | sampled | empty; a hint, what a command uses is its own
                         ///< decision.
    ServerIdentity identity;  ///< What the server said about itself.
    QString identityEvidence; ///< By which pages, and which of them could not be read.
    QString fingerprint; ///< Of the identity; local models keep theirs, which covers file and engine, until it changes.
    std::optional<double> parameters; ///< Only when the server states it.
    QString at;                       ///< ISO 8601 UTC.
    int requests = 0;

    const ProbedCapability *find(const QString &name) const;
    /// {name: {value, evidence, at}}: the form stored with the model. "identity" is among the names, its value an
    /// object.
    nlohmann::json capabilitiesJson() const;
    /// {model, capabilities{}, identity{}, best_scoring, fingerprint, parameters, requests, at}
    nlohmann::json toJson() const;
    /// For people, one line per capability.
    QString text() const;
};

/// Asks the model's server, ten to fifty small requests one after the other, through the endpoint's gate. Stores
/// nothing.
/// Blocking; for worker threads. Errors: Authentication, Network, Timeout (server not reached), Unsupported (neither
/// chat nor completions answer), Cancelled, and those of ModelAccess::connect.
Result<ProbeReport> probeModel(const JobServices &services, const Model &model, const CancellationToken &token);

/// Keeps the result with the model, and forgets that its server had changed. Parameters that a person gave stay.
Status storeProbe(Project &project, const Model &model, const ProbeReport &report);

} // namespace evalwright
