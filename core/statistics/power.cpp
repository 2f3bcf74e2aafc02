// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/power.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evalwright::statistics {

namespace {

bool isShare(double value)
{
    return value > 0 && value < 1;
}

/// 1 + (m-1) icc, above 0 and of clusters that exist.
std::optional<double> designEffectOf(double clusterSize, double icc)
{
    const double effect = 1 + (clusterSize - 1) * icc;
    if (clusterSize < 1 || icc > 1 || !(effect > 0))
        return std::nullopt;
    return effect;
}

/// z(1 - alpha/2) + z(power).
double quantiles(double alpha, double power)
{
    return *normalQuantile(1 - alpha / 2) + *normalQuantile(power);
}

/// Whole items, at least one; OutOfRange for more than can be counted.
Stat<std::int64_t> wholeItems(double needed)
{
    if (!(needed < 9e15))
        return refuse(StatCode::OutOfRange);
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(needed)));
}

} // namespace

Stat<DetectableDifference> mdeUnpaired(double nA, double nB, double p, double clusterSize, double icc, double alpha,
                                       double power)
{
    if (nA == 0 || nB == 0)
        return refuse(StatCode::EmptyInput);
    for (const double value : {nA, nB, p, clusterSize, icc, alpha, power}) {
        if (!std::isfinite(value))
            return refuse(StatCode::NotFinite);
    }
    const auto effect = designEffectOf(clusterSize, icc);
    if (!effect || nA < 0 || nB < 0 || p < 0 || p > 1 || !isShare(alpha) || !isShare(power))
        return refuse(StatCode::OutOfRange);
    DetectableDifference out;
    out.designEffect = *effect;
    out.se = std::sqrt(p * (1 - p) * (1 / nA + 1 / nB) * out.designEffect);
    out.mde = quantiles(alpha, power) * out.se;
    return out;
}

Stat<PairedDetectable> mdePaired(double n, double discordant, double clusterSize, double icc, double alpha,
                                 double power)
{
    if (n == 0)
        return refuse(StatCode::EmptyInput);
    if (!allFinite(std::vector{n, discordant, clusterSize, icc, alpha, power}))
        return refuse(StatCode::NotFinite);
    const auto effect = designEffectOf(clusterSize, icc);
    if (!effect || n < 0 || discordant < 0 || discordant > 1 || !isShare(alpha) || !isShare(power))
        return refuse(StatCode::OutOfRange);
    PairedDetectable out;
    out.designEffect = *effect;
    const double z = quantiles(alpha, power), c = z * z * *effect / n;
    const double delta = std::sqrt(c * discordant / (1 + c));
    if (delta > 0 && delta <= discordant) {
        out.mde = delta;
        out.se = std::sqrt((discordant - delta * delta) * *effect / n);
    }
    return out;
}

Stat<std::int64_t> itemsNeededPaired(double difference, double discordant, double clusterSize, double icc, double alpha,
                                     double power)
{
    if (!allFinite(std::vector{difference, discordant, clusterSize, icc, alpha, power}))
        return refuse(StatCode::NotFinite);
    const auto effect = designEffectOf(clusterSize, icc);
    if (!effect || difference <= 0 || discordant > 1 || difference > discordant || !isShare(alpha) || !isShare(power))
        return refuse(StatCode::OutOfRange);
    const double z = quantiles(alpha, power);
    return wholeItems(z * z * (discordant - difference * difference) * *effect / (difference * difference));
}

Stat<std::int64_t> itemsNeededResampled(double difference, double itemVariance, double withinVariance, double answersA,
                                        double answersB, double alpha, double power)
{
    if (!allFinite(std::vector{difference, itemVariance, withinVariance, answersA, answersB, alpha, power}))
        return refuse(StatCode::NotFinite);
    if (difference <= 0 || itemVariance < 0 || withinVariance < 0 || answersA < 1 || answersB < 1 || !isShare(alpha) ||
        !isShare(power))
        return refuse(StatCode::OutOfRange);
    const double z = quantiles(alpha, power);
    return wholeItems(z * z * (itemVariance + withinVariance / answersA + withinVariance / answersB) /
                      (difference * difference));
}

Stat<TrendDetectable> mdeTrend(std::span<const double> x, double itemVariance, double correlation, double n,
                               double clusterSize, double icc, double alpha, double power)
{
    const auto se = trendError(x, itemVariance, correlation, n, clusterSize, icc);
    if (!se && (se.error().code == StatCode::EmptyInput || se.error().code == StatCode::NotFinite))
        return tl::unexpected<StatError>(se.error());
    if (!std::isfinite(alpha) || !std::isfinite(power))
        return refuse(StatCode::NotFinite);
    if ((!se && se.error().code == StatCode::OutOfRange) || !isShare(alpha) || !isShare(power))
        return refuse(StatCode::OutOfRange);
    if (!se)
        return tl::unexpected<StatError>(se.error());
    const double mde = quantiles(alpha, power) * *se;
    if (!std::isfinite(mde))
        return refuse(StatCode::NotFinite);
    return TrendDetectable{*se, mde};
}

Stat<double> trendError(std::span<const double> x, double itemVariance, double correlation, double n,
                        double clusterSize, double icc)
{
    if (x.empty() || n == 0)
        return refuse(StatCode::EmptyInput);
    if (!allFinite(x) || !allFinite(std::vector{itemVariance, correlation, n, clusterSize, icc}))
        return refuse(StatCode::NotFinite);
    const auto effect = designEffectOf(clusterSize, icc);
    const auto k = static_cast<double>(x.size());
    const bool rising = std::ranges::adjacent_find(x, [](double a, double b) { return !(a < b); }) == x.end();
    if (!effect || !rising || n < 0 || itemVariance < 0 || correlation > 1 || correlation * (k - 1) < -1)
        return refuse(StatCode::OutOfRange);
    if (x.size() < 3)
        return refuse(StatCode::TooFewSizes);
    const double mean = compensatedSum(x) / k;
    double sum = 0;
    for (const double value : x)
        sum += (value - mean) * (value - mean);
    const double error = (x.back() - x.front()) * std::sqrt(itemVariance * (1 - correlation) * *effect / (n * sum));
    if (!std::isfinite(error)) // Sizes so far apart, or so close, that no double holds their squares.
        return refuse(StatCode::NotFinite);
    return error;
}

Stat<double> powerTwoSided(double difference, double se, double alpha)
{
    if (!allFinite(std::vector{difference, se, alpha}))
        return refuse(StatCode::NotFinite);
    if (!(se > 0) || !isShare(alpha))
        return refuse(StatCode::OutOfRange);
    const double z = *normalQuantile(1 - alpha / 2), shift = std::abs(difference) / se;
    return normalCdf(shift - z) + normalCdf(-shift - z);
}

} // namespace evalwright::statistics
