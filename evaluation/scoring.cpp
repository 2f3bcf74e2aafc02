// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/scoring.h"

#include "core/text.h"
#include "evaluation/firsttoken.h"
#include "evaluation/frames.h"
#include "evaluation/labeltokens.h"
#include "evaluation/sampled.h"
#include "lm/capabilities.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr ScoringMethod allMethods[] = {ScoringMethod::Exact, ScoringMethod::Forced, ScoringMethod::FirstToken,
                                        ScoringMethod::Sampled};

bool isLocal(const Model &model)
{
    return model.kind != ModelKind::Endpoint;
}

/// Proven, or our own engine that was not asked yet.
bool proven(const Model &model, const QString &name)
{
    return capability(model, name).value_or(isLocal(model));
}

bool isChat(LmRequest::Kind frame)
{
    return frame == LmRequest::Kind::Chat;
}

/// llama.cpp: the token ids of a reply come by its own path alone, and without them nothing can be checked.
bool llamaCan(const Model &model, const QString &what)
{
    return proven(model, what) && proven(model, u"tokenize"_s) && proven(model, u"token_logprobs"_s);
}

std::optional<TokenWay> exactWay(const Model &model, LmRequest::Kind frame)
{
    if (speaksLlamaCpp(model)) {
        if (llamaCan(model, u"grammar_tokens"_s))
            return TokenWay::TokenGrammar;
        if (llamaCan(model, u"biased_logprobs"_s) && capability(model, u"biased_logprobs"_s) == true)
            return TokenWay::Walk;
        return std::nullopt;
    }
    if (model.api != "openai"_L1 || capability(model, u"prompt_logprobs"_s) != true)
        return std::nullopt;
    if (capabilityText(model, u"prompt_logprobs_by"_s) == u"field"_s)
        return !isChat(frame) || capability(model, u"chat_token_ids"_s) == true
                   ? std::optional<TokenWay>(TokenWay::PromptIds)
                   : std::nullopt;
    // What is echoed is a text, and no text is known that a chat template makes.
    return isChat(frame) ? std::nullopt : std::optional<TokenWay>(TokenWay::PromptText);
}

std::optional<TokenWay> forcedWay(const Model &model, LmRequest::Kind frame)
{
    if (speaksLlamaCpp(model))
        return llamaCan(model, u"grammar"_s) ? std::optional<TokenWay>(TokenWay::TextGrammar) : std::nullopt;
    const bool proves = model.api == "openai"_L1 && capability(model, u"guided_choice"_s) == true &&
                        capability(model, u"prompt_token_ids"_s) == true &&
                        capability(model, u"choice_logprobs"_s) == true;
    if (!proves || (isChat(frame) && capability(model, u"chat_token_ids"_s) != true))
        return std::nullopt;
    return TokenWay::GuidedChoice;
}

QString inWords(const QList<ScoringMethod> &methods)
{
    QStringList names;
    for (const ScoringMethod method : methods)
        names << scoringName(method);
    return names.join(u", "_s);
}

QString reasonAgainstExact(const Model &model, LmRequest::Kind frame)
{
    if (speaksLlamaCpp(model)) {
        return u"The probe did not find what that needs at the endpoint of %1: tokens forced by a grammar or a bias, the tokenizer, and log-probabilities."_s
            .arg(model.name);
    }
    if (isChat(frame) && capability(model, u"prompt_logprobs"_s) == true) {
        return u"%1 gives the log-probabilities of a prompt, but nothing tells how its server turns a chat into one. The raw frames, ha and bare, can be scored so."_s
            .arg(model.name);
    }
    return u"The server of %1 gives no log-probabilities of a prompt, as its probe found."_s.arg(model.name);
}

QString reasonAgainstForced(const Model &model, LmRequest::Kind frame)
{
    if (speaksLlamaCpp(model)) {
        return u"The probe did not find what that needs at the endpoint of %1: answers forced by a grammar, the tokenizer, and log-probabilities."_s
            .arg(model.name);
    }
    if (capability(model, u"guided_choice"_s) != true)
        return u"Nothing proves that the server of %1 can be held to a choice."_s.arg(model.name);
    if (capability(model, u"prompt_token_ids"_s) != true)
        return u"The server of %1 does not tell which tokens it chose, so nothing could be checked."_s.arg(model.name);
    if (capability(model, u"choice_logprobs"_s) != true) {
        return u"The log-probabilities of %1 under a choice are not those that the model has without it."_s.arg(
            model.name);
    }
    Q_ASSERT(isChat(frame));
    return u"Nothing tells how the server of %1 turns a chat into tokens. The raw frames, ha and bare, can be scored so."_s
        .arg(model.name);
}

QString reasonAgainst(ScoringMethod method, const Model &model, LmRequest::Kind frame)
{
    if (method == ScoringMethod::FirstToken)
        return u"The endpoint of %1 gives no log-probabilities."_s.arg(model.name);
    if (method == ScoringMethod::Sampled)
        return {};
    const bool possible = speaksLlamaCpp(model) || model.api == "openai"_L1;
    if (!possible) {
        return u"Servers that speak “%1”, as that of %2 does, neither force tokens nor give log-probabilities of a prompt."_s
            .arg(model.api, model.name);
    }
    if (!isProbed(model))
        return u"%1 was never probed, so nothing proves that its server can do that."_s.arg(model.name);
    return method == ScoringMethod::Exact ? reasonAgainstExact(model, frame) : reasonAgainstForced(model, frame);
}

} // namespace

QString scoringName(ScoringMethod method)
{
    switch (method) {
    case ScoringMethod::Exact:
        return u"exact"_s;
    case ScoringMethod::Forced:
        return u"forced"_s;
    case ScoringMethod::FirstToken:
        return firstTokenScoring;
    case ScoringMethod::Sampled:
        break;
    }
    return u"sampled"_s;
}

QStringList scoringNames()
{
    QStringList names{u"auto"_s};
    for (const ScoringMethod method : allMethods)
        names << scoringName(method);
    return names;
}

int scoringVersion(ScoringMethod method)
{
    switch (method) {
    case ScoringMethod::Exact:
    case ScoringMethod::Forced:
        return forcedTokensVersion;
    case ScoringMethod::FirstToken:
        return firstTokenVersion;
    case ScoringMethod::Sampled:
        break;
    }
    return sampledVersion;
}

bool isProbed(const Model &model)
{
    return capability(model, u"token_logprobs"_s).has_value();
}

QList<ScoringMethod> capableMethods(const Model &model, LmRequest::Kind frame)
{
    QList<ScoringMethod> methods;
    if (exactWay(model, frame))
        methods << ScoringMethod::Exact;
    if (forcedWay(model, frame))
        methods << ScoringMethod::Forced;
    const bool anthropic = !isLocal(model) && model.api == "anthropic"_L1;
    if (!anthropic && capability(model, u"token_logprobs"_s).value_or(true))
        methods << ScoringMethod::FirstToken;
    methods << ScoringMethod::Sampled;
    return methods;
}

ScoringMethod usualMethod(const Model &model)
{
    const auto frame = resolveFrame(u"auto"_s, model);
    return capableMethods(model, frame ? frame->kind : LmRequest::Kind::Chat).first();
}

Result<ChosenScoring> chooseScoring(const QString &wanted, const Model &model, LmRequest::Kind frame)
{
    if (!scoringNames().contains(wanted)) {
        return failure(Error(ErrorCode::InvalidInput, u"There is no scoring “%1”."_s.arg(wanted),
                             u"Use one of: %1."_s.arg(scoringNames().join(u", "_s)))
                           .withSuggestions(nearestNames(wanted, scoringNames())));
    }
    const QList<ScoringMethod> capable = capableMethods(model, frame);
    ChosenScoring chosen;
    if (wanted == "auto"_L1) {
        if (!isProbed(model)) {
            if (!capable.contains(ScoringMethod::FirstToken)) {
                return failure(ErrorCode::Unsupported,
                               u"The interface of %1 gives no log-probabilities to score by."_s.arg(model.name),
                               u"Use --scoring sampled, which asks every question several times."_s);
            }
            chosen.warning =
                u"%1 was never probed, so it is scored by its first token; a probe may find a better way."_s.arg(
                    model.name);
            return chosen;
        }
        chosen.method = capable.first();
        if (chosen.method == ScoringMethod::Sampled) {
            chosen.warning =
                u"The endpoint of %1 gives no log-probabilities, so every question is asked several times."_s.arg(
                    model.name);
        }
    } else {
        for (const ScoringMethod method : allMethods) {
            if (scoringName(method) == wanted)
                chosen.method = method;
        }
        if (!capable.contains(chosen.method)) {
            return failure(
                Error(ErrorCode::Unsupported,
                      u"“%1” cannot be used: %2"_s.arg(wanted, reasonAgainst(chosen.method, model, frame)),
                      u"It can be scored by: %1.%2"_s.arg(inWords(capable),
                                                          isProbed(model) ? QString() : u" A probe may find more."_s))
                    .withConsequence(u"Nothing was sent."_s));
        }
    }
    if (chosen.method == ScoringMethod::Exact)
        chosen.way = exactWay(model, frame).value_or(chosen.way);
    if (chosen.method == ScoringMethod::Forced)
        chosen.way = forcedWay(model, frame).value_or(chosen.way);
    return chosen;
}

} // namespace evalwright
