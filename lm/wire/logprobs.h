// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/request.h"

namespace evalwright::wire {

/// [{token, bytes, logprob, top_logprobs: []}]: chat at OpenAI, both paths at llama.cpp, Ollama, llama.cpp's
/// /completion. BadResponse when the numbers are no log-probabilities (see readReply).
Result<QList<TokenPosition>> readContentShape(const nlohmann::json &content);

/// {tokens: [], token_logprobs: [], top_logprobs: [{token: lp}]}: the older completions shape.
Result<QList<TokenPosition>> readLegacyShape(const nlohmann::json &logprobs);

struct EchoedTokens
{
    QList<PromptPosition> prompt;
    QList<TokenPosition> generated;
};
/// The older shape with the prompt's tokens before the generated ones. They count as the prompt's only if their text is
/// `prompt` (a start token before it may be left over) and there are as many as the server counted; else BadResponse,
/// because a server that ignores `echo` sends the generated tokens alone. Either count may be unknown.
Result<EchoedTokens> readEchoed(const nlohmann::json *logprobs, const QString &prompt,
                                std::optional<qint64> promptTokens, std::optional<qint64> completionTokens);

/// vLLM's `prompt_logprobs` of a choice: a list, first null, then {id: {logprob, rank, decoded_token}}. The entry of
/// each token is found by the id that was sent, never by rank or place. A position whose entry is of other tokens only
/// has no log-probability; so has every one when `prompt_token_ids` says that the server read another prompt.
/// BadResponse when the field is missing (a server that ignores it), when there are more or fewer entries than tokens,
/// and when the numbers are no log-probabilities.
Result<QList<PromptPosition>> readPromptLogprobs(const nlohmann::json &choice, const QList<qint64> &ids);

} // namespace evalwright::wire
