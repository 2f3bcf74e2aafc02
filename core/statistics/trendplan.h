// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/scaling.h"

#include <cstddef>

/// What the verdict rule of a ladder will find, before it is run. mdeTrend (power.h) is the textbook formula; these
/// promises count in what the rule does besides: t with G-1 degrees of freedom instead of the normal, Benjamini and
/// Hochberg over the two tests of every curve, Bonferroni over corners, the smallest effect, and the refusals. How
/// often they are kept is measured by bench_calibration.
namespace evalwright::statistics {

struct TrendDesign
{
    std::vector<double> x;   ///< Strictly increasing, as JointScores.
    double itemVariance = 0; ///< Of one model's answers; p(1-p) for matches.
    double correlation = 0;  ///< Between two models' answers to an item.
    double items = 0;
    double clusters = 0;    ///< G; the number of items when each is its own.
    double effectiveClusters = 0; ///< What they are worth (clusterworth.h); 0: equal.
    double clusterSize = 1; ///< Mean over items of their cluster's size, sum m²/n: items/G for equal ones.
    double icc = 0;         ///< Intracluster correlation of the *differences* between models' answers.
    Axis axis = Axis::Log10;
    std::size_t curves = 1; ///< Behaviours judged together: the more, the smaller a p must be.
};

/// A design whose promise may be undefined: the verdict would be "undetermined" whatever is true.
struct TrendPromise
{
    double designEffect = 1, df = 0;
    double se = 0;                ///< Of the change from the smallest to the largest size.
    std::optional<double> change; ///< The smallest true linear change that is called by its direction with `power`.
    /// The smallest true change of both arms, wherever the corner is, that is called U-shaped or inverted-U.
    std::optional<double> armChange;
    std::string reason; ///< Of both undefined: few_clusters | narrow_range.
};
/// EmptyInput, NotFinite, OutOfRange (as mdeTrend; clusters below 2 or above the items,
/// effective ones above the clusters, no curve), TooFewSizes.
Stat<TrendPromise> mdeTrendClustered(const TrendDesign &design, const VerdictSettings &settings = {},
                                     double power = 0.8);

} // namespace evalwright::statistics
