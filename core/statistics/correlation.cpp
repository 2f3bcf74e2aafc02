// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/correlation.h"

#include "core/statistics/moments.h"
#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evalwright::statistics {

namespace {

constexpr std::size_t mostExact = 10;

std::optional<StatCode> problemOf(std::span<const double> correlations)
{
    if (!allFinite(correlations))
        return StatCode::NotFinite;
    if (std::ranges::any_of(correlations, [](double r) { return std::abs(r) >= 1; }))
        return StatCode::OutOfRange;
    return std::nullopt;
}

/// Two-sided p of S over all orders of n different values: the numbers of orders by inversions.
double exactP(std::size_t n, std::int64_t s)
{
    std::vector<double> orders{1};
    for (std::size_t size = 2; size <= n; ++size) {
        std::vector<double> next(orders.size() + size - 1, 0.0);
        for (std::size_t inversions = 0; inversions < orders.size(); ++inversions) {
            for (std::size_t more = 0; more < size; ++more)
                next[inversions + more] += orders[inversions];
        }
        orders = next;
    }
    double extreme = 0, all = 0;
    const auto pairs = static_cast<std::int64_t>(orders.size()) - 1;
    for (std::size_t inversions = 0; inversions < orders.size(); ++inversions) {
        all += orders[inversions];
        if (std::abs(pairs - 2 * static_cast<std::int64_t>(inversions)) >= std::abs(s))
            extreme += orders[inversions];
    }
    return extreme / all;
}

} // namespace

Stat<Limits> fisherInterval(double r, std::int64_t n, double confidence)
{
    if (!std::isfinite(r) || !std::isfinite(confidence))
        return refuse(StatCode::NotFinite);
    if (std::abs(r) >= 1 || confidence <= 0 || confidence >= 1)
        return refuse(StatCode::OutOfRange);
    if (n < 4)
        return refuse(StatCode::TooFewValues);
    const double half = *normalQuantile(1 - (1 - confidence) / 2) / std::sqrt(static_cast<double>(n - 3));
    return Limits{std::tanh(std::atanh(r) - half), std::tanh(std::atanh(r) + half)};
}

Stat<Correlation> pearson(std::span<const double> x, std::span<const double> y, double confidence)
{
    if (const auto problem = pairProblem(x, y, confidence, 3))
        return tl::unexpected<StatError>(*problem);
    const auto moments = pairMoments(x, y);
    if (moments.constantX || moments.constantY)
        return refuse(StatCode::ConstantInput);
    Correlation out;
    out.n = static_cast<std::int64_t>(x.size());
    out.r = moments.correlation();
    if (std::abs(out.r) == 1) {
        out.p = 0;
        return out;
    }
    const auto df = static_cast<double>(out.n - 2);
    out.p = *studentTTwoSidedP(out.r * std::sqrt(df / ((1 - out.r) * (1 + out.r))), df);
    if (const auto limits = fisherInterval(out.r, out.n, confidence)) {
        out.low = limits->low;
        out.high = limits->high;
    }
    return out;
}

Stat<MannKendall> mannKendall(std::span<const double> values)
{
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(values, &bad))
        return refuse(StatCode::NotFinite, bad);
    if (values.size() < 3)
        return refuse(StatCode::TooFewValues);
    MannKendall out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = i + 1; j < values.size(); ++j)
            out.s += (values[j] > values[i]) - (values[j] < values[i]);
    }
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    const auto spread = [](double n) { return n * (n - 1) * (2 * n + 5); };
    const auto n = static_cast<double>(values.size());
    double variance = spread(n), tied = 0;
    for (auto from = sorted.begin(); from != sorted.end();) {
        const auto to = std::upper_bound(from, sorted.end(), *from);
        const auto t = static_cast<double>(to - from);
        variance -= spread(t);
        tied += t * (t - 1) / 2;
        from = to;
    }
    out.variance = variance / 18;
    const auto s = static_cast<double>(out.s);
    if (out.s != 0) {
        out.z = (s - std::copysign(1.0, s)) / std::sqrt(out.variance);
        out.pNormal = std::min(1.0, 2 * normalCdf(-std::abs(out.z)));
    }
    const double pairs = n * (n - 1) / 2;
    if (tied < pairs)
        out.tauB = s / std::sqrt(pairs * (pairs - tied));
    if (tied == 0 && values.size() <= mostExact)
        out.pExact = exactP(values.size(), out.s);
    return out;
}

Stat<DependentCorrelations> dependentCorrelations(std::int64_t n, double xy, double xz, double yz, double confidence)
{
    if (const auto code = problemOf(std::vector{xy, xz, yz}); code == StatCode::NotFinite || !std::isfinite(confidence))
        return refuse(StatCode::NotFinite);
    else if (code || confidence <= 0 || confidence >= 1)
        return refuse(StatCode::OutOfRange);
    const double determinant = 1 - xy * xy - xz * xz - yz * yz + 2 * xy * xz * yz;
    if (determinant < -1e-12)
        return refuse(StatCode::OutOfRange);
    if (n < 4)
        return refuse(StatCode::TooFewValues);
    DependentCorrelations out;
    out.difference = xy - xz;
    const auto size = static_cast<double>(n);
    out.df = size - 3;
    const double mean = (xy + xz) / 2;
    const double denominator =
        2 * (size - 1) / (size - 3) * std::max(0.0, determinant) + mean * mean * (1 - yz) * (1 - yz) * (1 - yz);
    if (denominator > 0) {
        out.t = out.difference * std::sqrt((size - 1) * (1 + yz) / denominator);
        out.p = *studentTTwoSidedP(*out.t, out.df);
    }
    // Zou 2007: the limits of each, with the correlation of the two estimates.
    const Limits first = *fisherInterval(xy, n, confidence), second = *fisherInterval(xz, n, confidence);
    const double both =
        ((yz - xy * xz / 2) * (1 - xy * xy - xz * xz - yz * yz) + yz * yz * yz) / ((1 - xy * xy) * (1 - xz * xz));
    const auto reach = [both](double a, double b) {
        return std::sqrt(std::max(0.0, a * a + b * b - 2 * both * a * b));
    };
    out.low = out.difference - reach(xy - first.low, second.high - xz);
    out.high = out.difference + reach(first.high - xy, xz - second.low);
    return out;
}

Stat<ZTest> independentCorrelations(std::int64_t nA, double rA, std::int64_t nB, double rB)
{
    if (const auto code = problemOf(std::vector{rA, rB}))
        return refuse(*code);
    if (nA < 4 || nB < 4)
        return refuse(StatCode::TooFewValues);
    ZTest out;
    out.z = (std::atanh(rA) - std::atanh(rB)) /
            std::sqrt(1 / static_cast<double>(nA - 3) + 1 / static_cast<double>(nB - 3));
    out.p = std::min(1.0, 2 * normalCdf(-std::abs(out.z)));
    return out;
}

} // namespace evalwright::statistics
