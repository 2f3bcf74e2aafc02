// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/proportions.h"

#include <cstdint>
#include <optional>
#include <span>

/// A cluster is what was drawn together: the question behind many biographies, the occupation behind sentences.
/// Clusters are coded 0 … G-1 (codeClusters); without clusters each item is its own.
namespace evalwright::statistics {

struct ClusteredMean
{
    std::int64_t n = 0, clusters = 0;
    double mean = 0;
    std::optional<double> seNaive;
    double seCr0 = 0, seClustered = 0; ///< Without and with G/(G-1).
    double df = 0, low = 0, high = 0;  ///< t(G-1).
    std::optional<double> designEffect, nEffective, icc;
    double meanClusterSizeWeighted = 0; ///< sum m² / n.
    std::optional<double> designEffectKish, seMiller;
    bool fewClusters = false; ///< Below 20.
};
/// CR1 (Liang and Zeger 1986). LengthMismatch, EmptyInput, NotFinite, OutOfRange, TooFewClusters (G = 1).
Stat<ClusteredMean> clusteredMean(std::span<const double> values, std::span<const std::uint32_t> cluster,
                                  double confidence = 0.95);

struct PlannedError
{
    double seNaive = 0, designEffect = 1, se = 0;
};
Stat<PlannedError> plannedStandardError(double p, double n, double clusterSize, double icc);

struct ScoreInterval
{
    double score = 0, nEffective = 0, low = 0, high = 1;
};
/// The interval drawn on score plots: wilsonEffectiveInterval with n/max(design effect, 1) and G-1 degrees of freedom;
/// when all answers are equal n_eff = G.
Stat<ScoreInterval> clusteredScoreInterval(std::span<const double> matches, std::span<const std::uint32_t> cluster,
                                           double confidence = 0.95);

struct PairedDifference
{
    std::int64_t used = 0, dropped = 0, gained = 0, lost = 0, clusters = 0;
    double difference = 0, se = 0, df = 0, low = 0, high = 0;
    std::optional<double> seNaive, p;
};
/// Items lacking either answer are dropped and counted. NoPairableValues when none is left.
Stat<PairedDifference> pairedDifference(std::span<const std::optional<double>> first,
                                        std::span<const std::optional<double>> second,
                                        std::span<const std::uint32_t> cluster, double confidence = 0.95);

struct UnpairedDifference
{
    double difference = 0, se = 0, df = 0, low = 0, high = 0;
    std::optional<double> p; ///< Undefined when the error is 0.
};
/// first − second of two means over different items: se = sqrt(se1² + se2²), degrees of freedom by Welch 1947 and
/// Satterthwaite 1946 from those of the two. OutOfRange for an error below 0, degrees of freedom that are not positive
/// or a confidence outside 0..1; with both errors 0 the degrees of freedom are the sum.
Stat<UnpairedDifference> unpairedDifference(double meanFirst, double seFirst, double dfFirst, double meanSecond,
                                            double seSecond, double dfSecond, double confidence = 0.95);
/// The same from items, each side as clusteredMean. Clusters of the two sides have nothing to do with each other.
Stat<UnpairedDifference> unpairedDifference(std::span<const double> first, std::span<const std::uint32_t> clusterFirst,
                                            std::span<const double> second,
                                            std::span<const std::uint32_t> clusterSecond, double confidence = 0.95);

} // namespace evalwright::statistics
