// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/statistics/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// The cluster bootstrap (statistics 9): whole clusters are drawn with replacement, once for all models, so that
/// differences and slopes stay paired. One draw serves any number of questions: bootstrapReplicates, then an interval
/// per mean or contrast.
namespace evalwright::statistics {

/// What a resample needs of G clusters of items answered by k models.
struct ClusterTotals
{
    std::size_t models = 1;
    std::vector<double> sums;         ///< G × k, row-major: sum over the cluster's items, per model.
    std::vector<std::int64_t> counts; ///< G: items of the cluster.
    double unit = 1; ///< What a score of 1 adds per item: scores are sums over unit · counts, rounded once.
};
/// `values`: items × models, row-major. Clusters in order of first appearance. LengthMismatch, EmptyInput, NotFinite.
Stat<ClusterTotals> clusterTotals(std::span<const double> values, std::size_t models,
                                  std::span<const std::uint32_t> cluster);

struct BootstrapOptions
{
    std::uint32_t replicates = 10'000;
    std::uint64_t seed = 1;
    std::string stream = "bootstrap/score"; ///< Two uses never share one.
    unsigned threads = 0;                   ///< 0: one per core. The result has the same bits for any number.
    CancellationToken cancel;
    /// Share done, rising, after every 256 replicates; on any of the threads, one at a time.
    std::function<void(double share)> progress;
};

/// Replicates × k, row-major: per resample and model the sum of sums over the sum of counts. Rows are added in the
/// order in which they are drawn. Cost: replicates × G × k. LengthMismatch, EmptyInput, NotFinite, OutOfRange (a count
/// or unit not above 0, no replicate, more than 2^20 clusters), TooFewClusters, Cancelled.
Stat<std::vector<double>> bootstrapReplicates(const ClusterTotals &totals, const BootstrapOptions &options = {});

struct BootstrapSummary
{
    std::size_t replicates = 0, undefined = 0; ///< Undefined ones are left out of everything below.
    double replicateMean = 0;
    std::optional<double> se;        ///< Divisor n - 1; undefined for a single replicate.
    std::optional<double> low, high; ///< Type-7 quantiles; undefined when over 5% of the replicates are.
};
/// Percentile interval of any statistic; an absent replicate is one where it does not exist. EmptyInput (also: all
/// undefined), NotFinite, OutOfRange.
Stat<BootstrapSummary> percentileInterval(std::span<const std::optional<double>> replicates, double confidence = 0.95);

enum class BootstrapMethod {
    Percentile,
    Bca, ///< Efron 1987.
};
struct BootstrapInterval : BootstrapSummary
{
    double estimate = 0;
    std::optional<double> biasCorrection, acceleration; ///< Bca only; low and high are undefined with the former.
};
/// The interval of the contrast `weights`' scores from replicates of the same totals; one model alone is the contrast
/// with a single 1. Beside bootstrapReplicates' errors: LengthMismatch (weights or replicates of another shape),
/// OutOfRange (confidence), ConstantInput (Bca where leaving out a cluster never changes the value).
Stat<BootstrapInterval> bootstrapContrast(const ClusterTotals &totals, std::span<const double> replicates,
                                          std::span<const double> weights,
                                          BootstrapMethod method = BootstrapMethod::Percentile,
                                          double confidence = 0.95);
/// Draws and asks in one: the mean of a single model's clusters.
Stat<BootstrapInterval> clusterBootstrap(const ClusterTotals &totals,
                                         BootstrapMethod method = BootstrapMethod::Percentile, double confidence = 0.95,
                                         const BootstrapOptions &options = {});

struct WildTest
{
    double t = 0, p = 1;
    std::int64_t draws = 0; ///< 2^G for up to 12 clusters, otherwise 9,999.
    std::int64_t clusters = 0;
};
/// Is the mean `nullMean`? Residuals under the null times one random sign per cluster (Cameron, Gelbach and Miller
/// 2008), CR1 t for each draw; the data as seen counts, so p is never 0. Stream "wild/" + `name`.
/// LengthMismatch, EmptyInput, NotFinite, TooFewClusters, ConstantInput (no error to divide by).
Stat<WildTest> wildClusterTest(std::span<const double> values, std::span<const std::uint32_t> cluster, double nullMean,
                               std::uint64_t seed = 1, const std::string &name = "score");

} // namespace evalwright::statistics
