// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/scoring.h"

#include "core/text.h"
#include "evaluation/firsttoken.h"
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

bool canForce(const Model &model, const QString &grammar)
{
    // The token ids of the reply come by llama.cpp's own path alone, and without them nothing can be checked.
    return speaksLlamaCpp(model) && proven(model, grammar) && proven(model, u"tokenize"_s) &&
           proven(model, u"token_logprobs"_s);
}

QString inWords(const QList<ScoringMethod> &methods)
{
    QStringList names;
    for (const ScoringMethod method : methods)
        names << scoringName(method);
    return names.join(u", "_s);
}

QString reasonAgainst(ScoringMethod method, const Model &model)
{
    switch (method) {
    case ScoringMethod::Exact:
    case ScoringMethod::Forced:
        if (capability(model, u"prompt_logprobs"_s) == true && !speaksLlamaCpp(model)) {
            return u"%1 could give the log-probabilities of a prompt, but this version only forces tokens on llama.cpp servers."_s
                .arg(model.name);
        }
        if (!speaksLlamaCpp(model))
            return u"%1 is not on a llama.cpp server, where tokens can be forced."_s.arg(model.name);
        if (!isProbed(model))
            return u"%1 was never probed, so nothing proves that its server can do that."_s.arg(model.name);
        return u"The probe did not find what that needs at the endpoint of %1: tokens forced by a grammar, the tokenizer, and log-probabilities."_s
            .arg(model.name);
    case ScoringMethod::FirstToken:
        return u"The endpoint of %1 gives no log-probabilities."_s.arg(model.name);
    case ScoringMethod::Sampled:
        break;
    }
    return {};
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

QList<ScoringMethod> capableMethods(const Model &model)
{
    QList<ScoringMethod> methods;
    if (canForce(model, u"grammar_tokens"_s))
        methods << ScoringMethod::Exact;
    if (canForce(model, u"grammar"_s))
        methods << ScoringMethod::Forced;
    const bool anthropic = !isLocal(model) && model.api == "anthropic"_L1;
    if (!anthropic && capability(model, u"token_logprobs"_s).value_or(true))
        methods << ScoringMethod::FirstToken;
    methods << ScoringMethod::Sampled;
    return methods;
}

Result<ChosenScoring> chooseScoring(const QString &wanted, const Model &model, bool hasBudget)
{
    if (!scoringNames().contains(wanted)) {
        return failure(Error(ErrorCode::InvalidInput, u"There is no scoring “%1”."_s.arg(wanted),
                             u"Use one of: %1."_s.arg(scoringNames().join(u", "_s)))
                           .withSuggestions(nearestNames(wanted, scoringNames())));
    }
    QList<ScoringMethod> capable = capableMethods(model);
    const bool unpriced = hasBudget && !isLocal(model);
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
        if (unpriced)
            capable.removeIf([](ScoringMethod m) { return m == ScoringMethod::Exact || m == ScoringMethod::Forced; });
        chosen.method = capable.first();
        if (chosen.method == ScoringMethod::Sampled) {
            chosen.warning =
                u"The endpoint of %1 gives no log-probabilities, so every question is asked several times."_s.arg(
                    model.name);
        }
        return chosen;
    }
    for (const ScoringMethod method : allMethods) {
        if (scoringName(method) == wanted)
            chosen.method = method;
    }
    if (!capable.contains(chosen.method)) {
        return failure(ErrorCode::Unsupported,
                       u"“%1” cannot be used: %2"_s.arg(wanted, reasonAgainst(chosen.method, model)),
                       u"It can be scored by: %1.%2"_s.arg(inWords(capable),
                                                           isProbed(model) ? QString() : u" A probe may find more."_s));
    }
    if (unpriced && (chosen.method == ScoringMethod::Exact || chosen.method == ScoringMethod::Forced)) {
        return failure(
            ErrorCode::Unsupported,
            u"“%1” cannot be kept within a budget at an endpoint: what its tokenizer costs is not told."_s.arg(wanted),
            u"Leave the budget out, or use --scoring first-token."_s);
    }
    return chosen;
}

} // namespace evalwright
