// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/statistics/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

/// Percentile intervals of a statistic that depends only on how often each pattern of answers occurs (agreement by
/// ratingpatterns.h). One replicate draws as many units as there are, with replacement, from a counter-based stream:
/// the same bits for any number of threads.
namespace evalwright::statistics {

struct ResamplingSettings
{
    std::int64_t replicates = 10'000;
    std::uint64_t seed = 1;
    double confidence = 0.95;
    int threads = 0; ///< 0: one per core.
    CancellationToken token{};
    std::function<void(std::int64_t done)> progress{}; ///< On the calling thread, about every 256 replicates.
};
/// What is wrong with the question, if anything: LengthMismatch (a cluster per item), EmptyInput, NotFinite, OutOfRange
/// (settings, a cluster without items, more than 2^20 units), TooFewClusters (under 2 units).
Stat<void> checkResampling(std::size_t items, std::span<const std::uint32_t> cluster,
                           const ResamplingSettings &settings);
/// Of two failed checks the one that comes first in the order of the codes.
template <class A, class B>
std::optional<StatError> firstError(const Stat<A> &a, const Stat<B> &b)
{
    if (!a && (b || a.error().code <= b.error().code))
        return a.error();
    return b ? std::nullopt : std::optional<StatError>(b.error());
}

struct ResampledInterval
{
    double value = 0;
    std::optional<double> se;        ///< Standard deviation of the replicates, divisor n - 1.
    std::optional<double> low, high; ///< Type-7 quantiles; undefined when over 5% of the replicates are undefined.
    double undefinedShare = 0;       ///< Replicates without a value; they are left out.
    std::int64_t units = 0;          ///< Items, or clusters.
};

/// The statistic for the number of items per pattern. Called for one replicate after another on one thread, so it may
/// keep buffers; `makeStatistic` makes one per thread.
using PatternStatistic = std::function<std::optional<double>(std::span<const std::uint64_t> itemsPerPattern)>;

/// Items are drawn, or whole clusters when `cluster` has one code 0 … G-1 per item. Errors of checkResampling; Cancelled.
/// `value` is left for the caller to fill.
Stat<ResampledInterval> resamplePatterns(std::span<const std::uint32_t> patternOfItem, std::size_t patterns,
                                         std::span<const std::uint32_t> cluster, std::string_view stream,
                                         const ResamplingSettings &settings,
                                         const std::function<PatternStatistic()> &makeStatistic);

} // namespace evalwright::statistics
