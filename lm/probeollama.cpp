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

namespace {

const QString yesOrNo = u"Is water wet? Answer yes or no."_s;
constexpr double sameTopLogprob = 1e-3; ///< Nats.

} // namespace

Status OllamaProbe::run()
{
    EVALWRIGHT_TRY(readIdentity());
    EVALWRIGHT_TRY(askModelPage());
    EVALWRIGHT_TRY(askPaths());
    if (!m_chat && !m_completions)
        return nothingAnswers();
    EVALWRIGHT_TRY(askSystemRole());
    EVALWRIGHT_TRY(askPrefill());
    EVALWRIGHT_TRY(askTokenLogprobs());
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

Result<int> OllamaProbe::alternatives(bool chat, QString &evidence)
{
    int best = 0;
    for (const int wanted : {5, 20}) { // The interface ends at 20.
        LmRequest request = plain(chat, yesOrNo, 1);
        request.topLogprobs = wanted;
        EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
        if (!asked.reply) {
            evidence += u"%1 asked: %2; "_s.arg(wanted).arg(asked.why);
            if (best == 0)
                return asked.noOrUnknown() == json(false) ? 0 : -1;
            break;
        }
        const ProbePositions positions = positionsOf(asked.answer.body);
        const int came = positions.present ? static_cast<int>(positions.list.first().top.size()) : 0;
        evidence += u"%1 asked: %2 came%3; "_s.arg(wanted).arg(came).arg(
            positions.present ? QString() : u" (the field is missing: an old version drops it without a word)"_s);
        best = std::max(best, std::min(came, wanted));
        if (came < wanted)
            break;
    }
    return best;
}

Status OllamaProbe::askTokenLogprobs()
{
    int most = 0;
    bool unknown = false;
    QString all;
    for (const bool chat : {true, false}) {
        const char *name = chat ? "chat_logprobs" : "completions_logprobs";
        if (!(chat ? m_chat : m_completions)) {
            add(name, false, u"The path does not answer."_s);
            continue;
        }
        QString evidence;
        EVALWRIGHT_ASSIGN(const int count, alternatives(chat, evidence));
        add(name, count < 0 ? json() : json(count > 0), evidence.chopped(2));
        all += u"%1: %2"_s.arg(chat ? u"chat"_s : u"generate"_s, evidence);
        unknown = unknown || count < 0;
        if (count > 0)
            most = most == 0 ? count : std::min(most, count);
    }
    add("token_logprobs", most > 0 ? json(true) : unknown ? json() : json(false), all.chopped(2));
    add("top_logprobs_max", most > 0 ? json(most) : json(), u"the smaller of both paths, up to 20 tried"_s);
    return {};
}

Status OllamaProbe::askPresampling()
{
    if (!has("token_logprobs")) {
        add("logprobs_presampling", {}, u"There are no log-probabilities."_s);
        return {};
    }
    QList<TokenAlternative> tops[2];
    for (const bool hot : {false, true}) {
        LmRequest request = plain(has("chat_logprobs"), yesOrNo, 1, hot ? 2 : 0);
        request.seed = 7;
        request.topLogprobs = 5;
        EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
        const ProbePositions positions = positionsOf(asked.answer.body);
        if (!asked.reply || !positions.present) {
            add("logprobs_presampling", {}, asked.reply ? u"No log-probabilities came."_s : asked.why);
            return {};
        }
        tops[hot ? 1 : 0] = positions.list.first().top;
    }
    double largest = 0;
    int shared = 0;
    for (const TokenAlternative &cold : tops[0]) {
        for (const TokenAlternative &hot : tops[1]) {
            if (cold.bytes == hot.bytes) {
                largest = std::max(largest, std::abs(cold.logprob - hot.logprob));
                ++shared;
            }
        }
    }
    add("logprobs_presampling", shared == 0 ? json() : json(largest <= sameTopLogprob),
        u"temperature 0 and 2: %1 shared tokens, largest difference %2"_s.arg(shared).arg(largest));
    return {};
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
    const auto read = asked.reply ? asked.reply->promptTokens : std::nullopt;
    add("cuts_prompts",
        read                            ? json(*read < words)
        : asked.noOrUnknown().is_null() ? json()
                                        : json(false),
        !asked.reply ? u"%1 words at num_ctx %2: %3"_s.arg(words).arg(contextTokens).arg(asked.why)
        : !read
            ? u"The server does not say how much it read."_s
            : u"%1 words at num_ctx %2: %3 tokens read, no complaint"_s.arg(words).arg(contextTokens).arg(*read));
    return {};
}

} // namespace evalwright
