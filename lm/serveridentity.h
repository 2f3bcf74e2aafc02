// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QStringList>

#include <nlohmann/json.hpp>

#include <optional>

namespace evalwright {

/// What a server says about itself and the model without being asked a question. Scores of two identities are not
/// comparable: another build of the same server on the same file moved label log-likelihoods by up to a quarter nat.
struct ServerIdentity
{
    QString server;       ///< llama.cpp | vllm | ollama | anthropic | … ; empty, like all texts, when not told.
    QString build;        ///< Version of the program that serves.
    QString model;        ///< Id as the server has it, without a directory: an alias may point elsewhere tomorrow.
    QString file;         ///< Name of the model's file, or the digest of its content.
    QString quantisation; ///< Q4_1, …
    QString templateHash; ///< SHA-256 of the chat template's text.
    std::optional<double> parameters; ///< Number of weights.
    std::optional<qint64> context;    ///< Tokens of one request.
    std::optional<bool> listed;       ///< The model is in the server's list; unset when that cannot be read.

    nlohmann::json toJson() const;
    /// Nothing when it is no such object; members of another type are not there.
    static std::optional<ServerIdentity> fromJson(const nlohmann::json &json);
    /// SHA-256 over canonical JSON, 64 hex digits (endpoints.md section 6).
    QString fingerprint() const;
    /// "build b1, file x.gguf, Q4_1": for people; empty when nothing is known.
    QString text() const;
};

/// What is different, in words: "build: b1 → b2". Only what both sides know counts. `ofOwnEngine`: the context is one
/// that this program chose and may choose anew.
QStringList differences(const ServerIdentity &before, const ServerIdentity &now, bool ofOwnEngine = false);

/// What the model's probe saw; nothing for a model that was never probed, or only by a version that did not keep it.
std::optional<ServerIdentity> storedIdentity(const Model &model);
/// When that was (ISO 8601 UTC); empty as above.
QString probedAt(const Model &model);
/// What a job found changed since the probe, in words; empty when no job found anything. A new probe clears it.
QString serverChange(const Model &model);

} // namespace evalwright
