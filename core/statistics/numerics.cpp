// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/numerics.h"

#include "core/statistics/distributionpolicy.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <exception>
#include <limits>
#include <map>
#include <numeric>

namespace evalwright::statistics {

namespace bm = boost::math;

namespace {

using Normal = bm::normal_distribution<double, QuietPolicy>;
using StudentT = bm::students_t_distribution<double, QuietPolicy>;
using ChiSquared = bm::chi_squared_distribution<double, QuietPolicy>;
using Beta = bm::beta_distribution<double, QuietPolicy>;

/// OutOfRange for a result that no double holds or that is not found: Boost's root finders throw whatever the policy
/// says.
template <class Work>
Stat<double> finite(Work work)
{
    try {
        if (const double value = work(); std::isfinite(value))
            return value;
    } catch (const std::exception &) {
    }
    return refuse(StatCode::OutOfRange);
}

} // namespace

Stat<double> logSumExp(std::span<const double> values)
{
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i]) || values[i] == std::numeric_limits<double>::infinity())
            return refuse(StatCode::NotFinite, i);
        largest = std::max(largest, values[i]);
    }
    if (std::isinf(largest))
        return largest;
    double sum = 0;
    for (const double value : values)
        sum += std::exp(value - largest);
    return largest + std::log(sum);
}

double compensatedSum(std::span<const double> values)
{
    double sum = 0, lost = 0;
    for (const double value : values) {
        const double next = sum + value;
        lost += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
        sum = next;
    }
    return sum + lost;
}

bool allFinite(std::span<const double> values, std::size_t *bad)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            if (bad)
                *bad = i;
            return false;
        }
    }
    return true;
}

Stat<MeanVariance> meanVariance(std::span<const double> values)
{
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(values, &bad))
        return refuse(StatCode::NotFinite, bad);
    MeanVariance out;
    const auto n = static_cast<double>(values.size());
    out.mean = compensatedSum(values) / n;
    if (values.size() > 1) {
        std::vector<double> squares;
        squares.reserve(values.size());
        for (const double value : values)
            squares.push_back((value - out.mean) * (value - out.mean));
        out.variance = compensatedSum(squares) / (n - 1);
    }
    if (!std::isfinite(out.mean) || !std::isfinite(out.variance.value_or(0)))
        return refuse(StatCode::NotFinite); // A sum or squares that no double holds.
    return out;
}

Stat<std::vector<double>> quantile(std::span<const double> values, std::span<const double> probabilities)
{
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(values, &bad) || !allFinite(probabilities, &bad))
        return refuse(StatCode::NotFinite, bad);
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    std::vector<double> out;
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        const double p = probabilities[i];
        if (p < 0 || p > 1)
            return refuse(StatCode::OutOfRange, i);
        const double h = static_cast<double>(sorted.size() - 1) * p;
        const auto lower = static_cast<std::size_t>(std::floor(h));
        const std::size_t upper = std::min(lower + 1, sorted.size() - 1);
        const double share = h - static_cast<double>(lower), step = sorted[upper] - sorted[lower];
        out.push_back(std::isfinite(step) ? sorted[lower] + share * step
                                          : (1 - share) * sorted[lower] + share * sorted[upper]);
    }
    return out;
}

Stat<std::vector<double>> averageRanks(std::span<const double> values)
{
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(values, &bad))
        return refuse(StatCode::NotFinite, bad);
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t from = 0; from < order.size();) {
        std::size_t to = from;
        while (to < order.size() && values[order[to]] == values[order[from]])
            ++to;
        const double rank = static_cast<double>(from + 1 + to) / 2.0;
        for (std::size_t i = from; i < to; ++i)
            ranks[order[i]] = rank;
        from = to;
    }
    return ranks;
}

Stat<double> normalQuantile(double p)
{
    if (!std::isfinite(p))
        return refuse(StatCode::NotFinite);
    if (p <= 0 || p >= 1)
        return refuse(StatCode::OutOfRange);
    return finite([&] { return bm::quantile(Normal(), p); });
}

double normalCdf(double x)
{
    return bm::cdf(Normal(), x);
}

Stat<double> studentTQuantile(double p, double df)
{
    if (!std::isfinite(p) || !std::isfinite(df))
        return refuse(StatCode::NotFinite);
    if (p <= 0 || p >= 1 || df <= 0)
        return refuse(StatCode::OutOfRange);
    return finite([&] { return bm::quantile(StudentT(df), p); });
}

double studentTUpper(double t, double df)
{
    return bm::cdf(bm::complement(StudentT(df), t));
}

Stat<double> studentTTwoSidedP(double t, double df)
{
    if (!std::isfinite(t) || !std::isfinite(df))
        return refuse(StatCode::NotFinite);
    if (df <= 0)
        return refuse(StatCode::OutOfRange);
    return finite([&] { return std::min(1.0, 2 * studentTUpper(std::abs(t), df)); });
}

std::optional<double> ratioTwoSidedP(double value, double se, double df)
{
    if (!(se > 0))
        return std::nullopt;
    const double t = std::abs(value / se);
    return std::isfinite(t) ? std::min(1.0, 2 * studentTUpper(t, df)) : 0.0;
}

Stat<double> chiSquaredUpper(double x, double df)
{
    if (!std::isfinite(x) || !std::isfinite(df))
        return refuse(StatCode::NotFinite);
    if (x < 0 || df <= 0)
        return refuse(StatCode::OutOfRange);
    return finite([&] { return bm::cdf(bm::complement(ChiSquared(df), x)); });
}

Stat<double> betaQuantile(double p, double a, double b)
{
    if (!std::isfinite(p) || !std::isfinite(a) || !std::isfinite(b))
        return refuse(StatCode::NotFinite);
    constexpr double largest = 1e16; // More than can be counted; far beyond, the search for a quantile does not end.
    if (p < 0 || p > 1 || a <= 0 || b <= 0 || a > largest || b > largest)
        return refuse(StatCode::OutOfRange);
    return finite([&] { return bm::quantile(Beta(a, b), p); });
}

Clusters codeClusters(std::span<const std::string> names)
{
    Clusters out;
    std::map<std::string, std::uint32_t> known;
    out.of.reserve(names.size());
    for (const std::string &name : names) {
        const auto [place, isNew] = known.try_emplace(name, out.count);
        out.count += isNew ? 1 : 0;
        out.of.push_back(place->second);
    }
    return out;
}

} // namespace evalwright::statistics
