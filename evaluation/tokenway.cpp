// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/tokenway.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

LmRequest promptRequest(const TokenStep &step)
{
    LmRequest request;
    request.kind = LmRequest::Kind::Completion;
    request.promptTokens = step.before + step.asked;
    request.sampling.temperature = 0;
    request.sampling.maxTokens = 1; // The least that every server accepts.
    request.promptLogprobs = true;
    return request;
}

LmRequest choiceRequest(const TokenStep &step, const QString &text)
{
    LmRequest request;
    request.kind = LmRequest::Kind::Completion;
    request.promptTokens = step.before;
    request.sampling.temperature = 0;
    request.sampling.maxTokens = static_cast<int>(step.asked.size()); // So that no end token follows.
    request.topLogprobs = 1;
    request.returnTokenIds = true;
    request.choices << text;
    return request;
}

std::optional<double> promptSum(const TokenStep &step, const Reply &reply)
{
    const QList<PromptPosition> &positions = reply.promptPositions;
    if (step.asked.isEmpty() || positions.size() != step.before.size() + step.asked.size())
        return std::nullopt;
    double sum = 0;
    for (qsizetype i = 0; i < step.asked.size(); ++i) {
        const PromptPosition &position = positions.at(step.before.size() + i);
        if (!position.logprob || position.id != step.asked.at(i))
            return std::nullopt;
        sum += *position.logprob;
    }
    return sum;
}

} // namespace

QString wayName(TokenWay way)
{
    switch (way) {
    case TokenWay::TokenGrammar:
        return u"token-grammar"_s;
    case TokenWay::PromptIds:
    case TokenWay::PromptText:
        return u"prompt-logprobs"_s;
    case TokenWay::Walk:
        return u"walk"_s;
    case TokenWay::TextGrammar:
        return u"text-grammar"_s;
    case TokenWay::GuidedChoice:
        break;
    }
    return u"guided-choice"_s;
}

QString borderBy(TokenWay way)
{
    return way == TokenWay::PromptText ? u"text"_s : u"ids"_s;
}

bool tokenizesChats(TokenWay way)
{
    return way == TokenWay::PromptIds || way == TokenWay::GuidedChoice;
}

bool needsTokens(TokenWay way)
{
    return way != TokenWay::PromptText;
}

QList<TokenStep> tokenSteps(TokenWay way, const LabelTokens &tokens)
{
    QList<TokenStep> steps;
    for (qsizetype label = 0; label < tokens.labels.size(); ++label) {
        const QList<qint64> &ids = tokens.labels.at(label);
        if (way != TokenWay::Walk) {
            steps << TokenStep{label, tokens.prompt, ids};
            continue;
        }
        for (qsizetype i = 0; i < ids.size(); ++i)
            steps << TokenStep{label, tokens.prompt + ids.first(i), {ids.at(i)}};
    }
    return steps;
}

LmRequest stepRequest(TokenWay way, const TokenStep &step, const QString &text)
{
    switch (way) {
    case TokenWay::PromptIds:
    case TokenWay::PromptText:
        return promptRequest(step);
    case TokenWay::GuidedChoice:
        return choiceRequest(step, text);
    case TokenWay::TextGrammar:
        return forcedRequest(step.before, step.asked, text);
    case TokenWay::Walk: {
        LmRequest request = forcedRequest(step.before, step.asked);
        request.grammar.clear();
        request.biasedToken = step.asked.first();
        return request;
    }
    case TokenWay::TokenGrammar:
        break;
    }
    return forcedRequest(step.before, step.asked);
}

std::optional<double> stepSum(TokenWay way, const TokenStep &step, const Reply &reply)
{
    return way == TokenWay::PromptIds ? promptSum(step, reply) : forcedSum(reply, step.asked);
}

} // namespace evalwright
