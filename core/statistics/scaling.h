// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace evalwright::statistics {

/// Scores of k models on the same items, with their joint covariance: what every trend is a contrast of.
struct JointScores
{
    std::vector<double> x;          ///< Strictly increasing; log10 of parameters or FLOPs, or steps.
    std::vector<double> scores;     ///< One per model.
    std::vector<double> covariance; ///< k × k, row-major: G/(G-1) · sum D_g D_g' / n².
    std::int64_t clusters = 0;
    /// What unequal clusters are worth and the factor to the covariance (clusterworth.h); 0: (nearly) equal.
    double effectiveClusters = 0, correction = 1;
};

struct ScalingTrend
{
    std::int64_t itemsUsed = 0, itemsDropped = 0;
    JointScores joint;
    /// The numbers from here on are CR1 with t(G-1), whatever the sizes of the clusters; the verdict corrects them.
    double df = 0;
    double slope = 0, slopeSe = 0, slopeLow = 0, slopeHigh = 0, pSlope = 1; ///< Per unit of x.
    double change = 0, changeLow = 0, changeHigh = 0;                       ///< slope · (x_k - x_1).
    double curvature = 0, curvatureSe = 0, pCurvature = 1;
    std::optional<double> vertex;
    double slopeAtStart = 0, slopeAtEnd = 0, pSasabuchi = 1;
    double pU = 1, pInvertedU = 1;
    std::size_t breakU = 0, breakInvertedU = 0; ///< Index of the corner model.
    double leftChangeU = 0, rightChangeU = 0, leftChangeInvertedU = 0, rightChangeInvertedU = 0;
};

/// `matches`: items × models, row-major, in order of x; models of equal x are averaged first. Items lacking any model's
/// answer are dropped and counted. LengthMismatch, EmptyInput (also: no item is complete), NotFinite, OutOfRange,
/// TooFewClusters, TooFewSizes (below 3).
Stat<ScalingTrend> scalingTrend(std::span<const std::optional<double>> matches, std::span<const std::uint32_t> cluster,
                                std::span<const double> x, double confidence = 0.95);

enum class Polarity { HighIsGood, HighIsBad, Neutral };
enum class Axis { Log10, Linear };

struct VerdictCurve
{
    std::string name;
    std::vector<std::string> families; ///< One name, or one per model.
    JointScores joint;
    Polarity polarity = Polarity::Neutral;
    Axis axis = Axis::Log10;
};
struct VerdictSettings
{
    double alpha = 0.05, smallestEffect = 0.05;
    std::int64_t minimumClusters = 10;
    /// Of effectiveClusters, where clusters are unequal. Below 4 degrees of freedom Satterthwaite's approximation is
    /// not to be trusted (Tipton 2015).
    double minimumEffective = 5;
    double minimumRatio = 2;
};
struct CurveVerdict
{
    std::string name;
    double slope = 0, change = 0, pSlope = 1, pShape = 1, qSlope = 1, qShape = 1;
    double slopeLow = 0, slopeHigh = 0; ///< The interval that belongs to pSlope, at 1 - alpha.
    std::string shape;   ///< u | inverted_u
    std::string verdict; ///< positive | inverse | u_shaped | inverted_u | flat | undetermined
    std::string reason;  ///< few_clusters | narrow_range | two_lines | slope | equivalent | below_smallest_effect |
                         ///< not_significant
};
/// The verdict rule of statistics.md section 16 over all curves of one analysis. LengthMismatch, EmptyInput (a curve
/// without models), NotFinite, OutOfRange (x not increasing, alpha not in 0..0.5), MixedFamilies, TooFewClusters (below
/// 2: there is no covariance), TooFewSizes.
Stat<std::vector<CurveVerdict>> scalingVerdict(std::span<const VerdictCurve> curves,
                                               const VerdictSettings &settings = {});

} // namespace evalwright::statistics
