// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/requestrunner.h"

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

/// What an endpoint can really do, by small requests (endpoints.md section 6). Names:
/// server (text), chat, completions, system_role, prefill, token_logprobs, chat_logprobs, completions_logprobs,
/// top_logprobs_max (number), logprobs_presampling, prompt_token_ids, chat_token_ids, prompt_logprobs,
/// prompt_logprobs_by (text: field | echo), choice_logprobs, grammar, grammar_tokens, biased_logprobs, tokenize, seed,
/// context_length (tokens), parameters (number of weights), end_of_text (text).
struct ProbeReport
{
    QString model;
    QList<ProbedCapability> capabilities; ///< In the order of asking.
    QString bestScoring; ///< exact | forced | first-token | sampled | empty; a hint, what a command uses is its own
                         ///< decision.
    QString fingerprint; ///< Of the server and its model; local models keep theirs, which covers file and engine.
    std::optional<double> parameters; ///< Only when the server states it.
    QString at;                       ///< ISO 8601 UTC.
    int requests = 0;

    const ProbedCapability *find(const QString &name) const;
    /// {name: {value, evidence, at}}: the form stored with the model.
    nlohmann::json capabilitiesJson() const;
    /// {model, capabilities{}, best_scoring, fingerprint, parameters, requests}
    nlohmann::json toJson() const;
    /// For people, one line per capability.
    QString text() const;
};

/// Asks the model's server, about twenty small requests one after the other. Stores nothing.
/// Blocking; for worker threads. Errors: Authentication, Network, Timeout (server not reached), Unsupported (neither
/// chat nor completions answer), Cancelled, and those of ModelAccess::connect.
Result<ProbeReport> probeModel(const JobServices &services, const Model &model, const CancellationToken &token);

/// Keeps the result with the model. Parameters that a person gave stay.
Status storeProbe(Project &project, const Model &model, const ProbeReport &report);

} // namespace evalwright
