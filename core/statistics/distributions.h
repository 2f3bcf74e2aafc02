// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// Distributions over the same options, and Pearson's chi-square (section 21). Not for clustered items: there compare
/// shares by clusteredmean.h.
namespace evalwright::statistics {

struct DistributionComparison
{
    /// Jensen-Shannon: the distance is the square root of the divergence (Endres and Schindelin 2003); base 2 is 0..1.
    double jsDivergenceBase2 = 0, jsDistanceBase2 = 0, jsDivergenceNats = 0, jsDistanceNats = 0;
    double similarity = 1; ///< 1 - jsDistanceBase2.
    double klNats = 0;     ///< Of p from q; infinite where q is 0 and p is not.
    double entropyPBits = 0, entropyQBits = 0, entropyPNats = 0, entropyQNats = 0;
    double totalVariation = 0;
    double wasserstein = 0; ///< Options in order, one unit apart.
    double ordinalSimilarity = 1;
};
/// Shares or counts; both are divided by their sum. LengthMismatch, EmptyInput, NotFinite, OutOfRange (negative),
/// TooFewValues (one option), ZeroMass.
Stat<DistributionComparison> compareDistributions(std::span<const double> p, std::span<const double> q);

struct ChiSquare
{
    double statistic = 0, df = 0, p = 1;
    double smallestExpected = 0;
    bool smallExpected = false;      ///< Below 5: the p-value is an approximation that may be off.
    std::optional<double> cramersV; ///< Of a table.
};
/// Observed counts against shares, divided by their sum; equal ones without a list. No continuity correction.
/// LengthMismatch, EmptyInput, NotFinite, OutOfRange (negative), TooFewValues (one class), ZeroMass (an expected 0).
Stat<ChiSquare> chiSquareFit(std::span<const double> observed,
                             std::optional<std::span<const double>> shares = std::nullopt);
/// Independence of rows and columns; `table` is row-major. LengthMismatch, EmptyInput, NotFinite, OutOfRange
/// (negative), TooFewValues (one row or column), ZeroMass (an empty row or column).
Stat<ChiSquare> chiSquareIndependence(std::span<const double> table, std::size_t columns);

} // namespace evalwright::statistics
