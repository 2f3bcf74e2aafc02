// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>

/// What a size can show, before it is paid for or beside what was found (statistics 18).
namespace evalwright::statistics {

struct DetectableDifference
{
    double designEffect = 1;
    double se = 0;  ///< Of the difference, at the rate given.
    double mde = 0; ///< Found with probability `power` by a two-sided test at `alpha`.
};
/// Two rates near `p` on different items, nA and nB of them: (z(1−alpha/2) + z(power)) · se with
/// se = sqrt(p(1−p)(1/nA + 1/nB) D), D = 1 + (clusterSize − 1) icc. EmptyInput (a size of 0), NotFinite, OutOfRange.
Stat<DetectableDifference> mdeUnpaired(double nA, double nB, double p, double clusterSize = 1, double icc = 0,
                                       double alpha = 0.05, double power = 0.8);

struct PairedDetectable
{
    double designEffect = 1;
    std::optional<double> se, mde; ///< Undefined when no difference up to the discordant share would be found.
};
/// Two models on the same n items, `discordant` the share on which they differ: the variance of a difference delta is
/// discordant - delta². EmptyInput (n = 0), NotFinite, OutOfRange.
Stat<PairedDetectable> mdePaired(double n, double discordant, double clusterSize = 1, double icc = 0,
                                 double alpha = 0.05, double power = 0.8);
/// The smallest n that finds `difference`. OutOfRange also when it is not positive or above `discordant`.
Stat<std::int64_t> itemsNeededPaired(double difference, double discordant, double clusterSize = 1, double icc = 0,
                                     double alpha = 0.05, double power = 0.8);
/// Several answers per item (Miller 2024): `itemVariance` is that of the expected difference over items,
/// `withinVariance` the mean within-item variance of an answer. NotFinite, OutOfRange.
Stat<std::int64_t> itemsNeededResampled(double difference, double itemVariance, double withinVariance, double answersA,
                                        double answersB, double alpha = 0.05, double power = 0.8);

/// Standard error of the change from the smallest to the largest size, (x_k - x_1) sqrt(v (1-rho) D/(n sum(x -
/// xbar)²)). EmptyInput (no x, n = 0), NotFinite, OutOfRange (x not increasing; a correlation that k models cannot
/// have), TooFewSizes (below 3).
Stat<double> trendError(std::span<const double> x, double itemVariance, double correlation, double n,
                        double clusterSize = 1, double icc = 0);

struct TrendDetectable
{
    double se = 0, mde = 0; ///< Of the change from the smallest to the largest size.
};
/// k models on the same n items: `itemVariance` of one model's answers, `correlation` between models' answers to an
/// item, `icc` of the differences between models. Normal quantiles: right for many clusters, too hopeful for few
/// (trendplan.h). Errors as trendError.
Stat<TrendDetectable> mdeTrend(std::span<const double> x, double itemVariance, double correlation, double n,
                               double clusterSize = 1, double icc = 0, double alpha = 0.05, double power = 0.8);

/// The chance that a two-sided test finds `difference`, both tails. NotFinite, OutOfRange (se not above 0).
Stat<double> powerTwoSided(double difference, double se, double alpha = 0.05);

} // namespace evalwright::statistics
