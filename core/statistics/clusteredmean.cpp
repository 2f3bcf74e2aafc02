// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusteredmean.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evalwright::statistics {

namespace {

/// Clusters that occur, renumbered 0 … G-1.
Clusters compact(std::span<const std::uint32_t> cluster)
{
    Clusters out;
    std::vector<std::int64_t> known;
    for (const std::uint32_t id : cluster) {
        if (id >= known.size())
            known.resize(id + 1, -1);
        if (known[id] < 0)
            known[id] = out.count++;
        out.of.push_back(static_cast<std::uint32_t>(known[id]));
    }
    return out;
}

} // namespace

Stat<ClusteredMean> clusteredMean(std::span<const double> values, std::span<const std::uint32_t> cluster,
                                  double confidence)
{
    if (values.size() != cluster.size())
        return refuse(StatCode::LengthMismatch);
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(values, &bad))
        return refuse(StatCode::NotFinite, bad);
    if (!(confidence > 0 && confidence < 1))
        return refuse(StatCode::OutOfRange);
    const Clusters clusters = compact(cluster);
    if (clusters.count < 2)
        return refuse(StatCode::TooFewClusters);

    ClusteredMean out;
    const auto n = static_cast<double>(values.size());
    const auto g = static_cast<double>(clusters.count);
    const auto moments = meanVariance(values);
    if (!moments)
        return tl::unexpected<StatError>(moments.error());
    const MeanVariance simple = *moments;
    out.n = static_cast<std::int64_t>(values.size());
    out.clusters = clusters.count;
    out.mean = simple.mean;
    out.fewClusters = clusters.count < 20;
    out.seNaive = std::sqrt(*simple.variance / n);

    std::vector<double> sums(clusters.count, 0.0), sizes(clusters.count, 0.0), totals(clusters.count, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
        sums[clusters.of[i]] += values[i] - out.mean;
        totals[clusters.of[i]] += values[i];
        sizes[clusters.of[i]] += 1;
    }
    std::vector<double> squares, sizeSquares, between;
    for (std::size_t c = 0; c < sums.size(); ++c) {
        squares.push_back(sums[c] * sums[c]);
        sizeSquares.push_back(sizes[c] * sizes[c]);
        const double difference = totals[c] / sizes[c] - out.mean;
        between.push_back(sizes[c] * difference * difference);
    }
    const double meat = compensatedSum(squares);
    if (!std::isfinite(meat))
        return refuse(StatCode::NotFinite);
    out.seCr0 = std::sqrt(meat) / n;
    out.seClustered = std::sqrt(g / (g - 1) * meat) / n;
    out.df = g - 1;
    const auto t = studentTQuantile(1 - (1 - confidence) / 2, out.df);
    if (!t)
        return tl::unexpected<StatError>(t.error());
    out.low = out.mean - *t * out.seClustered;
    out.high = out.mean + *t * out.seClustered;
    if (!std::isfinite(out.low) || !std::isfinite(out.high))
        return refuse(StatCode::NotFinite);
    const double sumSizeSquares = compensatedSum(sizeSquares);
    out.meanClusterSizeWeighted = sumSizeSquares / n;
    if (*out.seNaive > 0) {
        const double ratio = out.seClustered / *out.seNaive;
        out.designEffect = ratio * ratio;
        if (*out.designEffect > 0 && std::isfinite(n / *out.designEffect))
            out.nEffective = n / *out.designEffect;
    }
    if (n > g) {
        // One-way analysis of variance.
        std::vector<double> within;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double difference = values[i] - totals[clusters.of[i]] / sizes[clusters.of[i]];
            within.push_back(difference * difference);
        }
        const double msb = compensatedSum(between) / (g - 1);
        const double msw = compensatedSum(within) / (n - g);
        const double n0 = (n - sumSizeSquares / n) / (g - 1);
        const double denominator = msb + (n0 - 1) * msw;
        if (denominator > 0 && std::isfinite(denominator) && std::isfinite(msb) && std::isfinite(msw)) {
            out.icc = (msb - msw) / denominator;
            out.designEffectKish = 1 + (out.meanClusterSizeWeighted - 1) * *out.icc;
        }
    }
    // Miller 2024: naive variance of the mean plus the cross products inside clusters.
    std::vector<double> own;
    for (const double value : values)
        own.push_back((value - out.mean) * (value - out.mean));
    const double miller = *simple.variance / n + (meat - compensatedSum(own)) / (n * n);
    if (miller >= 0 && std::isfinite(miller))
        out.seMiller = std::sqrt(miller);
    return out;
}

Stat<PlannedError> plannedStandardError(double p, double n, double clusterSize, double icc)
{
    for (const double value : {p, n, clusterSize, icc}) {
        if (!std::isfinite(value))
            return refuse(StatCode::NotFinite);
    }
    const double effect = 1 + (clusterSize - 1) * icc;
    if (p < 0 || p > 1 || n <= 0 || clusterSize < 1 || icc > 1 || effect < 0)
        return refuse(StatCode::OutOfRange);
    const double naive = std::sqrt(p * (1 - p) / n);
    return PlannedError{naive, effect, naive * std::sqrt(effect)};
}

Stat<ScoreInterval> clusteredScoreInterval(std::span<const double> matches, std::span<const std::uint32_t> cluster,
                                           double confidence)
{
    const auto mean = clusteredMean(matches, cluster, confidence);
    if (!mean)
        return tl::unexpected<StatError>(mean.error());
    ScoreInterval out;
    out.score = mean->mean;
    const bool allEqual = !mean->designEffect;
    out.nEffective = allEqual ? static_cast<double>(mean->clusters)
                              : static_cast<double>(mean->n) / std::max(*mean->designEffect, 1.0);
    const auto interval = wilsonEffectiveInterval(out.score, out.nEffective, mean->df, confidence);
    if (!interval)
        return tl::unexpected<StatError>(interval.error());
    out.low = interval->low;
    out.high = interval->high;
    return out;
}

Stat<PairedDifference> pairedDifference(std::span<const std::optional<double>> first,
                                        std::span<const std::optional<double>> second,
                                        std::span<const std::uint32_t> cluster, double confidence)
{
    if (first.size() != second.size() || first.size() != cluster.size())
        return refuse(StatCode::LengthMismatch);
    if (first.empty())
        return refuse(StatCode::EmptyInput);
    PairedDifference out;
    std::vector<double> differences;
    std::vector<std::uint32_t> used;
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (!first[i] || !second[i]) {
            ++out.dropped;
            continue;
        }
        const double d = *first[i] - *second[i];
        differences.push_back(d);
        used.push_back(cluster[i]);
        out.gained += d > 0 ? 1 : 0;
        out.lost += d < 0 ? 1 : 0;
    }
    if (differences.empty())
        return refuse(StatCode::NoPairableValues);
    const auto mean = clusteredMean(differences, used, confidence);
    if (!mean)
        return tl::unexpected<StatError>(mean.error());
    out.used = mean->n;
    out.clusters = mean->clusters;
    out.difference = mean->mean;
    out.se = mean->seClustered;
    out.seNaive = mean->seNaive;
    out.df = mean->df;
    out.low = mean->low;
    out.high = mean->high;
    out.p = ratioTwoSidedP(out.difference, out.se, out.df);
    return out;
}

Stat<UnpairedDifference> unpairedDifference(double meanFirst, double seFirst, double dfFirst, double meanSecond,
                                            double seSecond, double dfSecond, double confidence)
{
    for (const double value : {meanFirst, seFirst, dfFirst, meanSecond, seSecond, dfSecond, confidence}) {
        if (!std::isfinite(value))
            return refuse(StatCode::NotFinite);
    }
    if (seFirst < 0 || seSecond < 0 || dfFirst <= 0 || dfSecond <= 0 || confidence <= 0 || confidence >= 1)
        return refuse(StatCode::OutOfRange);
    UnpairedDifference out;
    out.difference = meanFirst - meanSecond;
    out.se = std::hypot(seFirst, seSecond);
    out.df = dfFirst + dfSecond;
    if (out.se > 0) { // Shares of the variance: their squares neither overflow nor vanish.
        const double first = std::pow(seFirst / out.se, 2), second = std::pow(seSecond / out.se, 2);
        out.df = (first + second) * (first + second) / (first * first / dfFirst + second * second / dfSecond);
    }
    const auto t = studentTQuantile(1 - (1 - confidence) / 2, out.df);
    if (!t)
        return tl::unexpected<StatError>(t.error());
    out.low = out.difference - *t * out.se;
    out.high = out.difference + *t * out.se;
    if (!std::isfinite(out.low) || !std::isfinite(out.high))
        return refuse(StatCode::NotFinite);
    out.p = ratioTwoSidedP(out.difference, out.se, out.df);
    return out;
}

Stat<UnpairedDifference> unpairedDifference(std::span<const double> first, std::span<const std::uint32_t> clusterFirst,
                                            std::span<const double> second,
                                            std::span<const std::uint32_t> clusterSecond, double confidence)
{
    const auto a = clusteredMean(first, clusterFirst, confidence);
    if (!a)
        return tl::unexpected<StatError>(a.error());
    const auto b = clusteredMean(second, clusterSecond, confidence);
    if (!b)
        return tl::unexpected<StatError>(b.error());
    return unpairedDifference(a->mean, a->seClustered, a->df, b->mean, b->seClustered, b->df, confidence);
}

} // namespace evalwright::statistics
