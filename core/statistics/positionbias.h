// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>
#include <vector>

/// Does the place of an option decide the answer? (statistics.md section 12)
namespace evalwright::statistics {

struct MeanInterval
{
    double value = 0, se = 0, low = 0, high = 0; ///< CR1 with t(G-1).
};
struct PositionBias
{
    double flipRate = 0, flipLow = 0, flipHigh = 1; ///< Items whose chosen content is not the same in all rotations.
    double score = 0;                               ///< Mean over all rotations.
    double scoreFirstOrder = 0;                     ///< What a run in one order would have said.
    std::vector<MeanInterval> positions;            ///< Share of choices at each place, to be read against 1/K.
    struct Rotation
    {
        double score = 0;
        MeanInterval shift; ///< From the item's mean over rotations.
    };
    std::vector<Rotation> rotations;
};
/// order[item][rotation][position] = option; chosen[item][rotation] = position. LengthMismatch, EmptyInput, OutOfRange
/// (no permutation, or an option or place that is not there), TooFewValues (fewer than two rotations), TooFewClusters.
Stat<PositionBias> positionBias(std::span<const std::vector<std::vector<std::size_t>>> order,
                                std::span<const std::vector<std::size_t>> chosen,
                                std::span<const std::size_t> matchingOption, std::span<const std::uint32_t> cluster,
                                double confidence = 0.95);

/// Two options in both orders: log-odds (nats) of the option shown first, mean over items of the half sum. A preference
/// for content cancels. LengthMismatch, EmptyInput, NotFinite, TooFewClusters.
Stat<MeanInterval> firstPositionBias(std::span<const double> firstMinusSecondOrder1,
                                     std::span<const double> firstMinusSecondOrder2,
                                     std::span<const std::uint32_t> cluster, double confidence = 0.95);

} // namespace evalwright::statistics
