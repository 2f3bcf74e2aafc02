// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"

#include <QByteArray>
#include <QList>

#include <nlohmann/json.hpp>

namespace evalwright {

struct Turn
{
    QString role; ///< system | user | assistant
    QString text;
};

/// Only what is set is sent. For llama.cpp servers temperature comes first, then top-p, with top-k and min-p off,
/// as the published recipes mean it (endpoints.md section 4).
struct Sampling
{
    std::optional<double> temperature, topP;
    int maxTokens = 16;
    QStringList stop;
};

struct LmRequest
{
    enum class Kind { Chat, Completion };
    Kind kind = Kind::Chat;
    QList<Turn> turns; ///< Chat; a last assistant turn is a prefill that the model continues.
    QString prompt;    ///< Completion.
    Sampling sampling;
    int topLogprobs = 0; ///< How many alternatives of each generated token to ask for; 0: no log-probabilities.
    std::optional<qint64> seed;
    qint64 sample = 0; ///< Index of the repetition; makes equal prompts different requests.
};

struct TokenAlternative
{
    QByteArray bytes; ///< UTF-8 fragment; may be half a character.
    double logprob = 0;
};

struct TokenPosition
{
    QByteArray bytes;
    double logprob = 0;
    QList<TokenAlternative> top; ///< Most likely first as sent; end tokens (empty text) are left out.
};

struct Reply
{
    QString text;
    bool textWasNull = false;
    QString refusal;                                      ///< Set when the server marks a refusal.
    QString finishReason;                                 ///< stop | length | content_filter | …
    QList<TokenPosition> tokens;                          ///< Generated tokens; empty when no log-probabilities came.
    std::optional<qint64> promptTokens, completionTokens; ///< Only whole numbers from 0 to 1e9.
    QString modelName;                                    ///< As the server says, without a directory.
};

// NOLINTNEXTLINE(bugprone-exception-escape): nlohmann::json moves without exceptions, the check cannot see it.
struct WireRequest
{
    QString path; ///< "chat/completions" or "completions", below …/v1/
    nlohmann::json body;
};

/// Forms the request of the OpenAI shape, with llama.cpp's extra fields for `api == "llama.cpp"` and local models.
WireRequest toWire(const Model &model, const LmRequest &request);

/// SHA-256 over canonical JSON of {v, api, model, fingerprint, path, body without
/// stream/user/metadata/id_slot/cache_prompt, sample} (endpoints.md section 10). Never contains host names or secrets.
QString requestKey(const Model &model, const WireRequest &wire, qint64 sample);

/// First 31 bits of SHA-256(recipe seed ‖ request key without seed).
qint64 deriveSeed(qint64 recipeSeed, const QString &keyWithoutSeed);

/// Reads a stored response body (chat or completions, both log-probability shapes). BadResponse when it is not one,
/// and when its log-probabilities are none: above 0 or not finite, missing, an alternative sent twice, or more than 1
/// in sum (rounding of 1e-6 allowed). A 200 with an `error` object is an error too.
Result<Reply> readReply(const QString &path, const QByteArray &body);

} // namespace evalwright
