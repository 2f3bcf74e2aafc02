// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "evaluation/tokenway.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace evalwright {

/// From an item's labels to probabilities (endpoints.md section 5), the best first. A cell holds one of them only.
enum class ScoringMethod {
    Exact,      ///< log p of every token of every label.
    Forced,     ///< The same by forcing the label's text; counts only where the tokens are the tokenizer's own.
    FirstToken, ///< Mass of the label's tokens among the most likely first tokens.
    Sampled,    ///< Shares among several answers at temperature 1.
};

/// exact | forced | first-token | sampled: in specifications, observations and results.
QString scoringName(ScoringMethod method);
/// `auto` and the names of the methods: what `--scoring` accepts.
QStringList scoringNames();
/// Rises when the numbers of a method would come out differently.
int scoringVersion(ScoringMethod method);

/// What this version can do with the model under a frame of this kind, best first. Only what the probe proved counts; a
/// model that was never probed counts as able to give first tokens (the evaluation finds out), a local model to do
/// everything, since the engine is this program's own. Answers can be sampled from every model.
QList<ScoringMethod> capableMethods(const Model &model, LmRequest::Kind frame);
/// The best of them under the frame that `auto` picks.
ScoringMethod usualMethod(const Model &model);
/// Whether the model's probe said anything at all about log-probabilities.
bool isProbed(const Model &model);

struct ChosenScoring
{
    ScoringMethod method = ScoringMethod::FirstToken;
    TokenWay way = TokenWay::TokenGrammar; ///< Of exact and forced.
    QString warning;                       ///< Why it is not the best that there is; mostly empty.
};

/// `wanted`: one of scoringNames(). `auto` is the best of capableMethods() for a probed model, else first-token.
/// A method by name is that method, or Unsupported with the reason and the list of what the model can do; never another
/// one. InvalidInput with the nearest names for an unknown name.
Result<ChosenScoring> chooseScoring(const QString &wanted, const Model &model, LmRequest::Kind frame);

} // namespace evalwright
