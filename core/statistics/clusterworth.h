// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/scalingrows.h"

#include <cstddef>
#include <span>

/// How much clusters of unequal size tell about the error of a mean. CR1 with t(G-1) is right for equal clusters; where a
/// few hold most items its error is too small and swings more than G-1 degrees of freedom allow. Both follow from the
/// covariance of the residual sums D_g = S_g - (n_g/n) S of clusters with correlation icc inside:
/// C = diag(v) - w v' - v w' + V w w', v_g = n_g (1 + (n_g - 1) icc), w_g = n_g/n, V = sum v_g.
/// The degrees of freedom are those of Bell and McCaffrey (2002): Satterthwaite's (1946) tr(C)²/tr(C²) with items
/// working as independent. The error is multiplied by what makes it right on average under the estimated icc (the
/// working correlation of Imbens and Kolesár 2016). With the estimated icc in the degrees of freedom too the rule would
/// be wrong in well under 1 % and find much less (docs/statistics.md).
namespace evalwright::statistics {

struct ClusterWorth
{
    /// G*, degrees of freedom + 1: never above G, and G for equal clusters. An effective number of clusters as that of
    /// Carter, Schnepel and Steigerwald (2017), which counts with a correlation of 1 and is smaller.
    double clusters = 0;
    /// Times the CR1 variance; 1 for equal clusters.
    double correction = 1;
};
/// Clusters worth at least this share of their number are judged as equal ones, by CR1 with t(G-1) as it stands: there it
/// is wrong in no more than 5 % (docs/statistics.md), and what the verdict stands on is what the trend shows.
inline constexpr double nearlyEqual = 0.75;

/// `sizes`: items of each of at least two clusters, each at least 1; icc 0 … 1.
ClusterWorth clusterWorth(std::span<const double> sizes, double icc);

/// Intracluster correlation of what differs between the models, 0 … 1: the analysis of variance estimate (Donner 1986),
/// once for all differences together and once for the slope; the larger one. 0 when every item is its own cluster.
double differencesIcc(const ScalingRows &rows);

} // namespace evalwright::statistics
