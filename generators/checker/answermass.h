// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/request.h"

#include <optional>

namespace evalwright {

/// What one presentation said about two answers, each with its words ("Yes" and "No", "A" and "B", " agree" and
/// " disagree"): probability mass as the first token.
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
/// word counts in any case through any token that is it, or begins it and has at least two characters. Unsupported
/// without alternatives; InvalidInput without words.
Result<AnswerMass> readWordMass(const Reply &reply, const QStringList &firstWords, const QStringList &secondWords);

} // namespace evalwright
