// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probesession.h"
#include "lm/promptfollower.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

namespace {

constexpr double sameLogprob = 0.05;

} // namespace

Result<std::optional<double>> ProbeSession::echoed(const QString &ending, Proof &proof)
{
    const QByteArray prompt = (QString(context) + ending).toUtf8();
    json request = question(false, QString::fromUtf8(prompt), 1);
    request["echo"] = true;
    request["logprobs"] = 1;
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(false), request));
    if (!answer.ok()) {
        proof = {noOrUnknown(answer), answer.said};
        return std::optional<double>();
    }
    // Read by the same rules as when items are scored: the count of the positions and their text decide.
    LmRequest asked;
    asked.prompt = QString::fromUtf8(prompt);
    asked.echo = true;
    asked.sampling.maxTokens = 1;
    const auto reply = readReply(pathOf(false), answer.raw, asked);
    if (!reply) {
        proof = {false, reply.error().message};
        return std::optional<double>();
    }
    const QList<PromptPosition> &positions = reply->promptPositions;
    const TokensInside inside = tokensInside(positions, QByteArray(context.data(), context.size()));
    std::optional<double> sum = 0;
    for (qsizetype i = inside.whole; i < positions.size(); ++i) {
        const auto &logprob = positions.at(i).logprob;
        sum = sum && logprob ? std::optional<double>(*sum + *logprob) : std::nullopt;
    }
    if (inside.straddles || inside.whole == positions.size() || !sum) {
        proof = {json(), u"The prompt comes back, but the tokens of %1 cannot be told apart."_s.arg(quoted(ending))};
        return std::optional<double>();
    }
    return sum;
}

Result<std::optional<TokenAlternative>> ProbeSession::mostLikely()
{
    json request = question(false, context, 1);
    request["logprobs"] = 5;
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(false), request));
    const ProbePositions positions = positionsOf(answer.body);
    if (!answer.ok() || !positions.present || !positions.list.first().logprob ||
        positions.list.first().token.trimmed().isEmpty())
        return std::optional<TokenAlternative>();
    return std::optional<TokenAlternative>(
        TokenAlternative{positions.list.first().token, *positions.list.first().logprob});
}

/// The numbers must be those of the model: a likely ending above an unlikely one, and a token that the model generates
/// by itself with the same log-probability in the prompt. A server that misplaces its values by one position is caught
/// by the second.
Result<ProbeSession::Proof> ProbeSession::prove(EndingReader reader)
{
    Proof proof;
    EVALWRIGHT_ASSIGN(const auto likely, (this->*reader)(u" Paris"_s, proof));
    if (!likely)
        return proof;
    EVALWRIGHT_ASSIGN(const auto unlikely, (this->*reader)(u" pencil"_s, proof));
    if (!unlikely)
        return proof;
    QString evidence = u"after “%1”: ll(“ Paris”) %2, ll(“ pencil”) %3"_s.arg(context)
                           .arg(*likely, 0, 'f', 3)
                           .arg(*unlikely, 0, 'f', 3);
    if (!std::isfinite(*likely) || !std::isfinite(*unlikely) || *likely > 0 || *unlikely > 0)
        return Proof{false, evidence + u"; these are no log-probabilities"_s};
    if (*likely <= *unlikely)
        return Proof{false, evidence};
    EVALWRIGHT_ASSIGN(const auto generated, mostLikely());
    if (!generated) {
        return Proof{json(), evidence + u"; no token that the model generates has a log-probability to compare with"_s};
    }
    const QString token = QString::fromUtf8(generated->bytes);
    std::optional<double> inPrompt = likely;
    if (token != " Paris"_L1) {
        EVALWRIGHT_ASSIGN(inPrompt, (this->*reader)(token, proof));
        if (!inPrompt)
            return proof;
    }
    evidence += u"; %1 generated %2, in the prompt %3"_s.arg(quoted(token))
                    .arg(generated->logprob, 0, 'f', 3)
                    .arg(*inPrompt, 0, 'f', 3);
    return Proof{std::abs(generated->logprob - *inPrompt) <= sameLogprob, evidence};
}

Status ProbeSession::askPromptLogprobs()
{
    if (!m_completions) {
        add("prompt_logprobs", false, u"There are no completions."_s);
        add("prompt_logprobs_by", {}, u"There are no completions."_s);
        return {};
    }
    Proof field{false, u"prompt_logprobs: there are no token ids to ask with"_s};
    if (!m_contextIds.isEmpty()) {
        EVALWRIGHT_ASSIGN(field, prove(&ProbeSession::listed));
        field.evidence.prepend(u"prompt_logprobs: "_s);
    }
    if (field.verdict == true) {
        add("prompt_logprobs", true, field.evidence);
        add("prompt_logprobs_by", "field", field.evidence);
        return {};
    }
    EVALWRIGHT_ASSIGN(const Proof echo, prove(&ProbeSession::echoed));
    const bool proven = echo.verdict == true;
    const QString evidence = m_contextIds.isEmpty() ? echo.evidence : field.evidence + u"; "_s + echo.evidence;
    add("prompt_logprobs", proven || !field.verdict.is_null() ? echo.verdict : json(), evidence);
    add("prompt_logprobs_by", proven ? json("echo") : json(), evidence);
    return {};
}

} // namespace evalwright
