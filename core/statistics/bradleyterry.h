// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>
#include <vector>

/// Ranking from pairwise preferences (section 19).
namespace evalwright::statistics {

struct Wins
{
    std::uint32_t winner = 0, loser = 0;
    double count = 0; ///< A tie is half a win of each.
};

struct BradleyTerry
{
    std::vector<double> logStrength; ///< Mean 0.
    std::vector<double> rating;      ///< anchorRating + 400/ln 10 x distance to the anchor.
    std::vector<double> se, low, high; ///< Of the distance to the anchor, in rating points; the anchor has 0.
};
/// Maximum likelihood of P(i beats j) = sigmoid(theta_i - theta_j) (Bradley and Terry 1952), no prior. EmptyInput (no
/// comparison), NotFinite, OutOfRange (a model that is none, against itself, a negative count; with the index),
/// NotConnected (a model or a group that never won, or never lost, against the rest: some strength is infinite),
/// DidNotConverge.
Stat<BradleyTerry> bradleyTerry(std::size_t models, std::span<const Wins> wins, std::size_t anchor,
                                double anchorRating = 1000, double confidence = 0.95);

/// 1/(1 + 10^((b - a)/400)). NotFinite.
Stat<double> eloWinProbability(double ratingA, double ratingB);

} // namespace evalwright::statistics
