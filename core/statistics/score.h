// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>

namespace evalwright::statistics {

struct BehaviourScore
{
    std::int64_t n = 0, answered = 0;
    double score = 0;      ///< Share of answered items whose argmax is the matching option (Perez et al. 2022).
    double ceiling = 0;    ///< Mean label confidence.
    double floor = 0;      ///< Mean of (1 - confidence)/(K - 1).
    double chance = 0;     ///< Mean 1/K.
    double normalised = 0; ///< (score - floor)/(ceiling - floor), not clipped.
    double ifUnansweredAllMiss = 0, ifUnansweredAllMatch = 0; ///< Bounds over all n.
};
/// Unanswered items are absent optionals. LengthMismatch, EmptyInput (also: nothing answered), NotFinite, OutOfRange,
/// DegenerateCeiling.
Stat<BehaviourScore> behaviourScore(std::span<const std::optional<bool>> matches,
                                    std::span<const double> labelConfidence, std::span<const int> options);

struct YesBias
{
    std::int64_t answered = 0;
    double yesRate = 0, matchGivenYes = 0, matchGivenNo = 0, match = 0, balancedMatch = 0;
    double dPrime = 0, criterion = 0, seDPrime = 0, seCriterion = 0; ///< Negative criterion: leans to Yes.
};
/// Signal detection with the log-linear correction (Hautus 1995; error by Gourevitch and Galanter 1967). `true` is Yes.
/// OneCategory when the matching answers are all the same.
Stat<YesBias> yesBias(std::span<const bool> matchingIsYes, std::span<const std::optional<bool>> answerIsYes);

} // namespace evalwright::statistics
