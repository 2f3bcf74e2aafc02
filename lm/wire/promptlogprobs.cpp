// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/jsonread.h"
#include "lm/wire/logprobs.h"

#include <cmath>

namespace evalwright::wire {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr double tolerance = 1e-6; ///< Rounding in single precision.

/// Why the entry is no distribution over tokens; empty when it can be one.
QString problemOf(const json &entry)
{
    if (!entry.is_object())
        return u"a token has no entry"_s;
    double mass = 0;
    for (const auto &[id, token] : entry.items()) {
        const auto logprob = number(member(token, "logprob"));
        if (!logprob)
            return u"an entry has no log-probability"_s;
        if (!std::isfinite(*logprob) || *logprob > tolerance)
            return u"a log-probability is %1"_s.arg(*logprob);
        mass += std::exp(*logprob);
    }
    return mass > 1 + tolerance ? u"the probabilities of one token add up to more than 1"_s : QString();
}

} // namespace

Result<QList<PromptPosition>> readPromptLogprobs(const json &choice, const QList<qint64> &ids)
{
    const auto bad = [&](const QString &what, const QString &advice) {
        return failure(ErrorCode::BadResponse, what, advice, excerptOf(choice));
    };
    const json *list = arrayIn(choice, "prompt_logprobs");
    if (!list) {
        return bad(u"The server ignored “prompt_logprobs”: no log-probabilities of the prompt came."_s,
                   u"Score with another method or another server."_s);
    }
    if (static_cast<qsizetype>(list->size()) != ids.size()) {
        return bad(u"%1 log-probabilities came for a prompt of %2 tokens."_s.arg(list->size()).arg(ids.size()),
                   u"Nothing can be scored with them; probe the model again."_s);
    }
    const json *read = member(choice, "prompt_token_ids");
    const bool otherPrompt = read && tokenIdList(read) != ids;
    QList<PromptPosition> positions;
    for (qsizetype i = 0; i < ids.size(); ++i) {
        PromptPosition position{{}, std::nullopt, ids.at(i)};
        const json &entry = (*list)[static_cast<size_t>(i)];
        if (i > 0 || !entry.is_null()) {
            if (const QString problem = problemOf(entry); !problem.isEmpty()) {
                return bad(u"The server's probabilities are impossible: %1."_s.arg(problem),
                           u"Nothing can be scored with them; report it to whoever runs the server."_s);
            }
            const json *own = objectIn(entry, std::to_string(ids.at(i)).c_str());
            if (own && !otherPrompt) {
                position.bytes = textIn(*own, "decoded_token").toUtf8();
                position.logprob = number(member(*own, "logprob"));
            }
        }
        positions << position;
    }
    return positions;
}

} // namespace evalwright::wire
