// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probeanthropic.h"

namespace evalwright {

using namespace Qt::StringLiterals;

Status AnthropicProbe::run()
{
    EVALWRIGHT_TRY(readIdentity());
    const auto &context = m_seen.identity.context;
    add("context_length", context ? nlohmann::json(*context) : nlohmann::json(),
        context ? u"models: the model's entry"_s : u"The server does not tell."_s);
    addParameters(std::nullopt, {});
    EVALWRIGHT_TRY(askPaths());
    if (!m_chat)
        return nothingAnswers();
    EVALWRIGHT_TRY(askSystemRole());
    EVALWRIGHT_TRY(askPrefill());
    addAll({"token_logprobs", "chat_logprobs", "completions_logprobs", "prompt_logprobs"}, false,
           u"The interface has no log-probabilities."_s);
    addAll({"top_logprobs_max", "logprobs_presampling"}, {}, u"There are no log-probabilities."_s);
    addAll({"grammar", "grammar_tokens", "guided_choice", "logit_bias", "tokenize", "apply_template", "sampler_order"},
           false, u"Nothing of that kind is part of the interface as it is spoken here."_s);
    add("seed", false, u"The interface has no seed."_s);
    return askDeterminism();
}

} // namespace evalwright
