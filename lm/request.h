// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <optional>

namespace evalwright {

struct Turn
{
    QString role; ///< system | user | assistant
    QString text;
};

/// Only what is set is sent. For llama.cpp servers and Ollama temperature comes first, then top-p, with top-k and min-p
/// off, as the published recipes mean it (endpoints.md section 4).
struct Sampling
{
    std::optional<double> temperature, topP;
    int maxTokens = 16;
    QStringList stop;
};

struct LmRequest
{
    enum class Kind {
        Chat,
        Completion,
        NativeCompletion, ///< llama.cpp's /completion: token ids as prompt, the ids of what was generated in the reply.
        Tokenize,         ///< `prompt`, or at vLLM `turns` by the chat template, to token ids.
        RenderTemplate,   ///< `turns` to the text that the model would read.
        Embedding,        ///< `prompt` to a vector.
    };
    Kind kind = Kind::Chat;
    QList<Turn> turns;          ///< Chat, RenderTemplate, Tokenize; a last assistant turn is a prefill that the model continues.
    QString prompt;             ///< All others.
    QList<qint64> promptTokens; ///< Completion, NativeCompletion: sent instead of `prompt` when not empty.
    Sampling sampling;
    int topLogprobs = 0; ///< How many alternatives of each generated token to ask for; 0: no log-probabilities.
    QString grammar;     ///< GBNF text that the answer must follow; empty: free.
    QStringList choices; ///< The answer must be one of these texts; not together with `grammar`. See chosenText().
    bool echo = false;   ///< Completion: log-probabilities of the prompt's tokens, too. maxTokens may then be 0.
    bool promptLogprobs = false; ///< Completion at vLLM: log-probabilities of `promptTokens` by `prompt_logprobs`.
    bool returnTokenIds = false; ///< Completion at vLLM: the ids of the prompt's and the generated tokens, too.
    std::optional<qint64> biasedToken; ///< NativeCompletion: the token that must come, by `logit_bias`.
    bool addSpecial = false, parseSpecial = true; ///< Tokenize: the start token; special tokens by their names.
    std::optional<int> slot;                      ///< llama.cpp: the server's slot; no part of the request key.
    bool cachePrompt = true;    ///< llama.cpp: whether the server may reuse what it computed; no part of the key.
    int contextTokens = 4096;   ///< Ollama: `num_ctx`. Longer prompts are cut by the server without a word.
    std::optional<qint64> seed; ///< Sent where the server takes one; Anthropic does not.
    qint64 sample = 0;          ///< Index of the repetition; makes equal prompts different requests.
};

struct TokenAlternative
{
    QByteArray bytes; ///< UTF-8 fragment; may be half a character.
    double logprob = 0;
    std::optional<qint64> id = std::nullopt; ///< Where the server gives one.
};

struct TokenPosition
{
    QByteArray bytes;
    double logprob = 0;
    QList<TokenAlternative> top; ///< Most likely first as sent; end tokens (empty text) are left out.
    std::optional<qint64> id = std::nullopt;
};

/// A token of the prompt, from a server that really gives them.
struct PromptPosition
{
    QByteArray bytes;
    /// None for the first token (nothing comes before it), and where the server's entry is of other tokens.
    std::optional<double> logprob;
    std::optional<qint64> id = std::nullopt;
};

struct Reply
{
    QString text;
    bool textWasNull = false;
    QString refusal;      ///< Set when the server marks a refusal.
    QString reasoning;    ///< What a reasoning model thought first, where the server sends it apart.
    QString finishReason; ///< stop | length | content_filter | refusal | … ; the dialects' words are translated.
    QList<TokenPosition> tokens;           ///< Generated tokens; empty when no log-probabilities came.
    /// Tokenize: the ids; NativeCompletion, and Completion with returnTokenIds: ids of the generated tokens.
    QList<qint64> tokenIds;
    QList<PromptPosition> promptPositions; ///< With LmRequest::echo or promptLogprobs only.
    QString rendered;                      ///< RenderTemplate.
    QList<double> embedding;               ///< Embedding.
    std::optional<qint64> promptTokens, completionTokens; ///< Only whole numbers from 0 to 1e9. Cached ones included.
    std::optional<qint64> cachedPromptTokens;             ///< Of promptTokens, those that the server did not read anew.
    bool truncated = false;                               ///< The server cut the prompt or ran into its context.
    QString modelName;                                    ///< As the server says, without a directory.
};

// NOLINTNEXTLINE(bugprone-exception-escape): nlohmann::json moves without exceptions, the check cannot see it.
struct WireRequest
{
    QString path; ///< Below …/v1/ ("chat/completions", "messages"), or below the server's root ("/api/chat").
    nlohmann::json body;
};

/// Forms the request in the words of the model's endpoint: OpenAI (with vLLM's fields where the probe found vLLM),
/// llama.cpp for `api == "llama.cpp"` and local models, Anthropic, Ollama. Unsupported, with what the endpoint can do
/// instead, when it cannot be asked that; InvalidInput when the request itself makes no sense. For one model and one
/// kind of request the outcome does not depend on the texts, so what could be formed once can be formed again.
Result<WireRequest> toWire(const Model &model, const LmRequest &request);

/// SHA-256 over canonical JSON of {v, api, model, fingerprint, path, body without
/// stream/user/metadata/id_slot/cache_prompt, sample} (endpoints.md section 10). Never contains host names or secrets.
/// A job that asks again what is stored has a `salt` of its own: SHA-256 over that key and the salt (docs/cache.md).
QString requestKey(const Model &model, const WireRequest &wire, qint64 sample, const QString &salt = {});

/// First 31 bits of SHA-256(recipe seed ‖ request key without seed).
qint64 deriveSeed(qint64 recipeSeed, const QString &keyWithoutSeed);

/// Reads a stored response body by the path it came from, every dialect and both log-probability shapes. `asked` is
/// needed for what only the request can tell: whether prompt tokens were asked for (`echo`), and how long the context
/// is. BadResponse when the body is no such reply; when its log-probabilities are none: above 0 or not finite, missing,
/// an alternative sent twice, or more than 1 in sum (rounding of 1e-6 allowed); and when an echo was asked for but the
/// count and the text of the tokens do not prove that the prompt is among them, or prompt_logprobs and the list is not
/// one entry for each token of the prompt. A 200 with an `error` object is an
/// error too. Unsupported for a path that no dialect has.
Result<Reply> readReply(const QString &path, const QByteArray &body, const LmRequest &asked = {});

/// Which of `choices` the answer is: the text itself, or the "choice" of the JSON object that servers with JSON schemas
/// write. Nothing when it is none of them.
std::optional<QString> chosenText(const QString &text, const QStringList &choices);

} // namespace evalwright
