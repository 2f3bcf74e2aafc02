// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/labeltokens.h"

namespace evalwright {

/// How the log-probabilities of a label's tokens are had from a server (endpoints.md sections 5.1 and 5.3).
enum class TokenWay {
    TokenGrammar, ///< exact: one request a label, its token ids forced by a grammar (llama.cpp).
    PromptIds,    ///< exact: prompt + label as token ids, read back by `prompt_logprobs` (vLLM).
    PromptText,   ///< exact: prompt + label as text, read back by `echo`; raw frames only.
    Walk,         ///< exact: one request a token, forced by `logit_bias` (llama.cpp without token grammars).
    TextGrammar,  ///< forced: the label's text as a grammar (llama.cpp).
    GuidedChoice, ///< forced: the label as the only choice (vLLM).
};

/// token-grammar | prompt-logprobs | walk | text-grammar | guided-choice: in observations and results.
QString wayName(TokenWay way);
/// ids | text: by what the label's tokens were told from the prompt's.
QString borderBy(TokenWay way);
/// The server's tokenizer renders chats itself, so that no text of the prompt is ever seen (vLLM).
bool tokenizesChats(TokenWay way);
/// Whether texts are turned into tokens before anything is scored.
bool needsTokens(TokenWay way);

/// One request of an item: some tokens of one label after all that come before them.
struct TokenStep
{
    qsizetype label = 0;
    QList<qint64> before, asked;
};
/// The item's requests in order; at least one for each label that has tokens.
QList<TokenStep> tokenSteps(TokenWay way, const LabelTokens &tokens);
/// `text`: the label as scored.
LmRequest stepRequest(TokenWay way, const TokenStep &step, const QString &text);
/// Σ log-probabilities of the step's tokens, read from a stored answer; nothing when other tokens came.
std::optional<double> stepSum(TokenWay way, const TokenStep &step, const Reply &reply);

} // namespace evalwright
