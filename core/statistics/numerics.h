// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace evalwright::statistics {

/// m + ln(sum exp(v - m)) with m = max; all minus infinity gives minus infinity. EmptyInput, NotFinite (NaN, +inf).
Stat<double> logSumExp(std::span<const double> values);
/// Neumaier 1974; the sum of nothing is 0.
double compensatedSum(std::span<const double> values);
struct MeanVariance
{
    double mean = 0;
    std::optional<double> variance; ///< Divisor n - 1; undefined for one value.
};
Stat<MeanVariance> meanVariance(std::span<const double> values);
/// Type 7 of Hyndman and Fan 1996. Probabilities in 0..1.
Stat<std::vector<double>> quantile(std::span<const double> values, std::span<const double> probabilities);
/// Ranks from 1, ties share the mean rank.
Stat<std::vector<double>> averageRanks(std::span<const double> values);

Stat<double> normalQuantile(double p); ///< p strictly between 0 and 1.
double normalCdf(double x);
Stat<double> studentTQuantile(double p, double df);
Stat<double> studentTTwoSidedP(double t, double df);
/// Two-sided p of value/se with t(df); undefined when the error is 0, and 0 where the ratio is more than a double
/// holds. Both finite, df positive.
std::optional<double> ratioTwoSidedP(double value, double se, double df);
/// P(T > t): the upper tail.
double studentTUpper(double t, double df);
Stat<double> chiSquaredUpper(double x, double df);
Stat<double> betaQuantile(double p, double a, double b);

/// True when every value is a finite number; `bad` gets the index of the first that is not.
bool allFinite(std::span<const double> values, std::size_t *bad = nullptr);

/// Cluster names coded 0 … G-1 in order of first appearance.
struct Clusters
{
    std::vector<std::uint32_t> of; ///< One per item.
    std::uint32_t count = 0;
};
Clusters codeClusters(std::span<const std::string> names);

} // namespace evalwright::statistics
