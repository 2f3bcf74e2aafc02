// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probeollama.h"

#include "lm/wire/jsonread.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

Status OllamaProbe::run()
{
    EVALWRIGHT_TRY(readIdentity());
    EVALWRIGHT_TRY(askModelPage());
    EVALWRIGHT_TRY(askPaths());
    if (!m_chat && !m_completions)
        return nothingAnswers();
    EVALWRIGHT_TRY(askSystemRole());
    EVALWRIGHT_TRY(askPrefill());
    EVALWRIGHT_TRY(askTokenLogprobs({5, 20})); // The interface ends at 20.
    EVALWRIGHT_TRY(askPresampling());
    addAll(
        {"prompt_logprobs", "grammar", "grammar_tokens", "logit_bias", "tokenize", "apply_template", "sampler_order"},
        false, u"Ollama's interface has nothing of that kind."_s);
    EVALWRIGHT_TRY(askGuidedChoice());
    EVALWRIGHT_TRY(askSeed());
    EVALWRIGHT_TRY(askDeterminism());
    return askCutting();
}

Status OllamaProbe::askModelPage()
{
    EVALWRIGHT_ASSIGN(const ProbeAnswer show,
                      m_wire.post(u"/api/show"_s, {{"model", m_model.modelId.toStdString()}}));
    const json *info = wire::objectIn(show.body, "model_info");
    std::optional<qint64> context;
    std::optional<double> parameters;
    if (show.ok() && info) {
        parameters = believableParameters(find(*info, "general.parameter_count"));
        const QString family = textAt(*info, "general.architecture");
        context = wire::tokenCount(find(*info, (family + u".context_length"_s).toUtf8().constData()));
    }
    m_template = show.ok() ? textAt(show.body, "template") : QString();
    // Not the context of a request: that is `num_ctx`, which every request of ours states.
    add("context_length", context ? json(*context) : json(),
        context     ? u"show: the longest that the model was made for; requests set num_ctx themselves"_s
        : show.ok() ? u"The server does not tell."_s
                    : u"show: %1"_s.arg(show.said));
    const bool byShow = parameters.has_value();
    addParameters(byShow ? parameters : m_seen.identity.parameters,
                  byShow ? u"show: general.parameter_count"_s : u"tags: parameter_size, rounded"_s);
    return {};
}

Status OllamaProbe::askSystemRole()
{
    // The template decides, and a system text that it has no place for is left out without a word.
    const bool hasPlace = m_template.contains(".System"_L1) || m_template.contains(".Messages"_L1);
    if (m_chat && !m_template.isEmpty() && !hasPlace) {
        add("system_role", false, u"show: the template has no place for a system text"_s);
        return {};
    }
    return ProbeBase::askSystemRole();
}

Status OllamaProbe::askCutting()
{
    if (!m_completions) {
        add("cuts_prompts", {}, u"There are no raw completions to try it with."_s);
        return {};
    }
    constexpr int contextTokens = 256, words = 600; // A word is at least one token.
    LmRequest request = plain(false, QStringList(words, u"word"_s).join(u' '), 1);
    request.contextTokens = contextTokens;
    EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
    const bool isTold = asked.reply && asked.reply->promptTokens.has_value();
    const qint64 read = isTold ? asked.reply->promptTokens.value_or(0) : 0;
    add("cuts_prompts",
        isTold                          ? json(read < words)
        : asked.noOrUnknown().is_null() ? json()
                                        : json(false),
        !asked.reply ? u"%1 words at num_ctx %2: %3"_s.arg(words).arg(contextTokens).arg(asked.why)
        : !isTold
            ? u"The server does not say how much it read."_s
            : u"%1 words at num_ctx %2: %3 tokens read, no complaint"_s.arg(words).arg(contextTokens).arg(read));
    return {};
}

} // namespace evalwright
