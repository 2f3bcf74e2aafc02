// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/spearman.h"

#include "core/statistics/moments.h"
#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace evalwright::statistics {

namespace {

constexpr std::size_t fewest = 3, mostExact = 9;

/// Twice the distance of the average ranks from their middle: whole numbers, whatever the ties.
std::vector<std::int64_t> centredRanks(std::span<const double> values)
{
    const std::vector<double> ranks = *averageRanks(values);
    std::vector<std::int64_t> out;
    for (const double rank : ranks)
        out.push_back(std::llround(2 * rank) - static_cast<std::int64_t>(values.size() + 1));
    return out;
}

std::int64_t product(const std::vector<std::int64_t> &a, const std::vector<std::int64_t> &b)
{
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

} // namespace

Stat<RankCorrelation> spearman(std::span<const double> x, std::span<const double> y, double confidence)
{
    if (const auto problem = pairProblem(x, y, confidence, fewest))
        return tl::unexpected<StatError>(*problem);
    const auto n = static_cast<double>(x.size());
    const PairMoments moments = pairMoments(*averageRanks(x), *averageRanks(y));
    if (moments.constantX || moments.constantY)
        return refuse(StatCode::ConstantInput);
    RankCorrelation out;
    out.rho = moments.correlation();
    if (std::abs(out.rho) == 1) {
        out.p = 0;
        return out;
    }
    out.p = *studentTTwoSidedP(out.rho * std::sqrt((n - 2) / ((1 - out.rho) * (1 + out.rho))), n - 2);
    if (x.size() > 3) {
        const double z = *normalQuantile(1 - (1 - confidence) / 2);
        const double half = z * std::sqrt((1 + out.rho * out.rho / 2) / (n - 3));
        out.low = std::tanh(std::atanh(out.rho) - half);
        out.high = std::tanh(std::atanh(out.rho) + half);
    }
    return out;
}

Stat<ExactRankCorrelation> spearmanExact(std::span<const double> x, std::span<const double> y)
{
    constexpr double anyConfidence = 0.95;
    if (const auto problem = pairProblem(x, y, anyConfidence, 0))
        return tl::unexpected<StatError>(*problem);
    if (x.size() > mostExact)
        return refuse(StatCode::OutOfRange);
    if (x.size() < fewest)
        return refuse(StatCode::TooFewValues);
    const std::vector<std::int64_t> first = centredRanks(x);
    std::vector<std::int64_t> second = centredRanks(y);
    const std::int64_t xx = product(first, first), yy = product(second, second), seen = product(first, second);
    if (xx == 0 || yy == 0)
        return refuse(StatCode::ConstantInput);
    ExactRankCorrelation out;
    out.rho = static_cast<double>(seen) / std::sqrt(static_cast<double>(xx) * static_cast<double>(yy));
    // Orders of tied ranks count as often as they occur, each arrangement alike: distinct ones suffice.
    std::ranges::sort(second);
    double orders = 0, atLeast = 0, atMost = 0;
    do {
        const std::int64_t value = product(first, second);
        orders += 1;
        atLeast += value >= seen;
        atMost += value <= seen;
    } while (std::ranges::next_permutation(second).found);
    out.p = std::min(1.0, 2 * std::min(atLeast, atMost) / orders);
    return out;
}

} // namespace evalwright::statistics
