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

/// Log pool over presentations (statistics.md section 4): p proportional to exp(mean ln p). Unset when any is unset
/// or exactly 0 or 1 cannot be pooled.
std::optional<double> pooledProbability(const QList<std::optional<double>> &presentations);

} // namespace evalwright
