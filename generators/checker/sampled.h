// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/recipe.h"
#include "lm/request.h"

#include <optional>

namespace evalwright {

/// How a checker's answer becomes a probability: from the alternatives of its first token, or from the share of several
/// answers, for models that give no log-probabilities.
struct CheckMethod
{
    bool sampled = false;
    int samples = 1; ///< Requests per presentation; 1 unless sampled.

    QString name() const { return sampled ? QStringLiteral("sampled") : QStringLiteral("first-token"); }
};

/// False only when the probe found none, or the dialect has none: what was never tried is tried.
bool mayGiveLogprobs(const Model &model);
/// The method for a model: `wanted` (first-token | sampled; empty: first-token), and sampled where first-token cannot
/// be asked. A departure from what was wanted is told by deviations() or by who calls.
CheckMethod checkMethodFor(const QString &wanted, int samples, const Model &model);

/// Turns the request of a first-token check into sample number `sample` of a sampled one: temperature 1, a few tokens,
/// no log-probabilities, a seed derived from `seed` and the request.
Status makeSampled(LmRequest &request, const Model &model, qint64 sample, qint64 seed);
constexpr int sampledTokens = 8; ///< Enough for an answer word, and for a tokenizer that cuts it small.

/// What a whole answer says: true for a word of the first list, false for one of the second, unset for anything else.
/// Read is its first word, without blanks, quotes, brackets and marks around it, in any case; a letter (one character)
/// in upper case only, and only when nothing but marks stands behind it on its line: "A" is an answer, "A nice one" none.
std::optional<bool> answerWord(const QString &text, const QStringList &first, const QStringList &second);

/// Samples of one presentation, counted.
struct SampledVerdict
{
    int samples = 0; ///< Answers that came.
    int parsed = 0;  ///< Of them with an answer word.
    int first = 0;   ///< Of those with a word of the first list.

    void add(std::optional<bool> word);
    /// (first + 0.5) / (parsed + 1); unset when no answer had an answer word.
    std::optional<double> p() const;
    /// parsed / samples, 0 without samples.
    double mass() const;
};

} // namespace evalwright
