// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/request.h"

#include <optional>

namespace evalwright {

/// What one presentation said: probability mass on "agree" and "disagree" as the first word.
struct WordMass
{
    double agree = 0, disagree = 0;
    bool agreeCensored = false, disagreeCensored = false; ///< Not among the alternatives: the mass is an upper bound.
    double labelMass() const { return agree + disagree; }
    /// Probability of "agree" among the two; unset when both are censored.
    std::optional<double> pAgree() const;
};

/// Reads the first generated token's alternatives. Unsupported when the reply has none: the server gave no
/// log-probabilities. A word counts through any token that is its beginning and not the other's ("dis", " agree").
Result<WordMass> readWordMass(const Reply &reply);

/// The same for any two answers, each with its words ("Yes" and "No", "A" and "B", " agree" and " disagree").
struct AnswerMass
{
    double first = 0, second = 0;
    double undecided = 0; ///< On tokens that begin words of both.
    bool firstCensored = false, secondCensored = false; ///< Not among the alternatives: the mass is an upper bound.
    double labelMass() const { return (firstCensored ? 0 : first) + (secondCensored ? 0 : second) + undecided; }
    /// ln(first/second); unset when both are censored. Of a censored one it is a bound, which cannot turn the sign: a
    /// listed word has at least the mass of the least likely token.
    std::optional<double> logOdds() const;
};
/// Reads the first generated token's alternatives. A letter (one character, "A") counts in upper case only, with or
/// without a blank, a bracket, quotes or asterisks before it and a bracket, a full stop or a colon behind it. A longer
/// word counts in any case through any token that is it or begins it and has at least two characters, or is the whole
/// word. Unsupported without alternatives; InvalidInput without words.
Result<AnswerMass> readWordMass(const Reply &reply, const QStringList &firstWords, const QStringList &secondWords);

/// Log pool over presentations (statistics.md section 4): p proportional to exp(mean ln p). Unset when any is unset
/// or exactly 0 or 1 cannot be pooled.
std::optional<double> pooledProbability(const QList<std::optional<double>> &presentations);

} // namespace evalwright
