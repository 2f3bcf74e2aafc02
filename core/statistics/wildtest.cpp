// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusterbootstrap.h"
#include "core/statistics/numerics.h"
#include "core/statistics/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright::statistics {

namespace {

constexpr std::size_t mostEnumerated = 12;
constexpr std::uint32_t drawsOtherwise = 9'999;

/// The residuals under the null, added up per cluster: all that a sign vector changes.
struct Residuals
{
    std::vector<double> sums, sizes;
    double items = 0;

    /// CR1 t of the mean when cluster g's residuals are multiplied by signs[g].
    double t(std::span<const double> signs) const
    {
        double mean = 0;
        for (std::size_t g = 0; g < sums.size(); ++g)
            mean += signs[g] * sums[g];
        mean /= items;
        double meat = 0;
        for (std::size_t g = 0; g < sums.size(); ++g) {
            const double rest = signs[g] * sums[g] - sizes[g] * mean;
            meat += rest * rest;
        }
        const auto g = static_cast<double>(sums.size());
        return mean * items / std::sqrt(g / (g - 1) * meat);
    }
};

} // namespace

Stat<WildTest> wildClusterTest(std::span<const double> values, std::span<const std::uint32_t> cluster, double nullMean,
                               std::uint64_t seed, const std::string &name)
{
    if (values.size() != cluster.size())
        return refuse(StatCode::LengthMismatch);
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(values, &bad) || !std::isfinite(nullMean))
        return refuse(StatCode::NotFinite, bad);
    std::vector<double> under(values.begin(), values.end());
    for (double &value : under)
        value -= nullMean;
    const auto totals = clusterTotals(under, 1, cluster);
    if (!totals)
        return tl::unexpected<StatError>(totals.error());
    const std::size_t clusters = totals->counts.size();
    if (clusters < 2)
        return refuse(StatCode::TooFewClusters);
    Residuals residuals{
        totals->sums, {totals->counts.begin(), totals->counts.end()}, static_cast<double>(values.size())};
    // Without a difference between clusters beyond rounding there is no error.
    const double mean = compensatedSum(residuals.sums) / residuals.items;
    double largest = 0, spread = 0;
    for (std::size_t g = 0; g < clusters; ++g) {
        largest = std::max(largest, std::abs(residuals.sums[g]));
        spread = std::max(spread, std::abs(residuals.sums[g] - residuals.sizes[g] * mean));
    }
    if (spread <= 1e-13 * largest)
        return refuse(StatCode::ConstantInput);

    WildTest out;
    out.clusters = static_cast<std::int64_t>(clusters);
    std::vector<double> signs(clusters, 1.0);
    out.t = residuals.t(signs);
    if (!std::isfinite(out.t)) // Values so large that their squares are not finite.
        return refuse(StatCode::NotFinite);
    const double reached = std::abs(out.t) * (1 - 1e-10);
    std::int64_t asLarge = 0, counted = 0;
    const auto count = [&] {
        const double t = std::abs(residuals.t(signs));
        asLarge += !(t < reached) ? 1 : 0; // No error at all in a draw: as large as can be.
        ++counted;
    };
    if (clusters <= mostEnumerated) {
        for (std::uint32_t bits = 0; bits < (1U << clusters); ++bits) {
            for (std::size_t g = 0; g < clusters; ++g)
                signs[g] = (bits >> g & 1U) != 0 ? -1 : 1;
            count();
        }
        out.draws = counted;
    } else {
        count(); // The identity.
        const std::string stream = "wild/" + name;
        for (std::uint32_t draw = 0; draw < drawsOtherwise; ++draw) {
            RandomStream random(seed, stream, draw);
            for (std::size_t g = 0; g < clusters; ++g)
                signs[g] = (random.word(static_cast<std::uint32_t>(g / 32)) >> (g % 32) & 1U) != 0 ? -1 : 1;
            count();
        }
        out.draws = drawsOtherwise;
    }
    out.p = static_cast<double>(asLarge) / static_cast<double>(counted);
    return out;
}

} // namespace evalwright::statistics
