// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Log-probabilities of generated tokens: do they come, how many, and are they the model's own?
#include "lm/probebase.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

namespace {

const QString yesOrNo = u"Is water wet? Answer yes or no."_s;
/// Nats; how equal the first token's list must be at different temperatures.
constexpr double sameTopLogprob = 1e-3;

} // namespace

Result<int> ProbeBase::alternatives(bool chat, std::initializer_list<int> counts, QString &evidence)
{
    int best = 0;
    for (const int wanted : counts) {
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
            positions.present ? QString() : u" (the field is missing or null: some drop it without a word)"_s);
        best = std::max(best, std::min(came, wanted));
        if (came < wanted)
            break;
    }
    return best;
}

Status ProbeBase::askTokenLogprobs(std::initializer_list<int> counts)
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
        EVALWRIGHT_ASSIGN(const int count, alternatives(chat, counts, evidence));
        add(name, count < 0 ? json() : json(count > 0), evidence.chopped(2));
        all += u"%1: %2"_s.arg(chat ? u"chat"_s : u"completions"_s, evidence);
        unknown = unknown || count < 0;
        if (count > 0)
            most = most == 0 ? count : std::min(most, count);
    }
    add("token_logprobs", most > 0 ? json(true) : unknown ? json() : json(false), all.chopped(2));
    add("top_logprobs_max", most > 0 ? json(most) : json(), u"the smaller of both paths, up to %1 tried"_s.arg(std::max(counts)));
    return {};
}

Status ProbeBase::askPresampling()
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
        // Read without the reader of jobs: it refuses what no log-probabilities can be, and that is the question here.
        if (!asked.answer.ok() || !positions.present) {
            add("logprobs_presampling", {}, asked.answer.ok() ? u"No log-probabilities came."_s : asked.why);
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

} // namespace evalwright
