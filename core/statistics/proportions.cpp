// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/proportions.h"

#include "core/statistics/distributionpolicy.h"
#include "core/statistics/numerics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>

namespace evalwright::statistics {

namespace {

Proportion wilson(double p, double n, double z)
{
    const double z2 = z * z;
    const double scale = 1 + z2 / n;
    const double centre = (p + z2 / (2 * n)) / scale;
    const double half = z / scale * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    Proportion out{p, std::max(0.0, centre - half), std::min(1.0, centre + half)};
    // At the ends the limit is exact; rounding must not leave 1e-17 there.
    if (p == 0)
        out.low = 0;
    if (p == 1)
        out.high = 1;
    return out;
}

std::optional<StatCode> checkCount(std::int64_t x, std::int64_t n, double confidence)
{
    if (n == 0)
        return StatCode::EmptyInput;
    if (!std::isfinite(confidence))
        return StatCode::NotFinite;
    if (n < 0 || x < 0 || x > n || confidence <= 0 || confidence >= 1)
        return StatCode::OutOfRange;
    return std::nullopt;
}

std::optional<StatCode> checkTable(const PairedTable &t, double confidence)
{
    if (t.both == 0 && t.onlyFirst == 0 && t.onlySecond == 0 && t.neither == 0)
        return StatCode::EmptyInput;
    if (!std::isfinite(confidence))
        return StatCode::NotFinite;
    if (t.both < 0 || t.onlyFirst < 0 || t.onlySecond < 0 || t.neither < 0 || confidence <= 0 || confidence >= 1)
        return StatCode::OutOfRange;
    return std::nullopt;
}

/// The cells as doubles: sums and products of counts would not fit an integer.
struct Cells
{
    double a, b, c, d, n;
    explicit Cells(const PairedTable &t)
        : a(static_cast<double>(t.both)), b(static_cast<double>(t.onlyFirst)), c(static_cast<double>(t.onlySecond)),
          d(static_cast<double>(t.neither)), n(a + b + c + d)
    {
    }
};

/// Tango's score of a supposed difference; it falls as the difference rises.
double tangoScore(const Cells &t, double difference)
{
    const double qa = 2 * t.n, qb = -t.b - t.c + (2 * t.n - t.b + t.c) * difference,
                 qc = -t.c * difference * (1 - difference);
    const double q = (std::sqrt(std::max(0.0, qb * qb - 4 * qa * qc)) - qb) / (2 * qa);
    const double variance = t.n * (2 * q + difference * (1 - difference));
    const double above = t.b - t.c - t.n * difference;
    if (variance > 0)
        return above / std::sqrt(variance);
    return above == 0 ? 0.0 : std::copysign(std::numeric_limits<double>::infinity(), above);
}

double tangoLimit(const Cells &t, double from, double to, double wanted)
{
    constexpr double precision = 1e-12;
    while (to - from > precision) {
        const double middle = (from + to) / 2;
        (tangoScore(t, middle) > wanted ? from : to) = middle;
    }
    return (from + to) / 2;
}

} // namespace

Stat<Proportion> wilsonInterval(std::int64_t x, std::int64_t n, double confidence)
{
    if (const auto code = checkCount(x, n, confidence))
        return refuse(*code);
    const double z = *normalQuantile(1 - (1 - confidence) / 2);
    return wilson(static_cast<double>(x) / static_cast<double>(n), static_cast<double>(n), z);
}

Stat<Proportion> clopperPearsonInterval(std::int64_t x, std::int64_t n, double confidence)
{
    if (const auto code = checkCount(x, n, confidence))
        return refuse(*code);
    const double a = 1 - confidence;
    const auto successes = static_cast<double>(x), total = static_cast<double>(n);
    return Proportion{successes / total, x == 0 ? 0.0 : *betaQuantile(a / 2, successes, total - successes + 1),
                      x == n ? 1.0 : *betaQuantile(1 - a / 2, successes + 1, total - successes)};
}

Stat<Proportion> wilsonEffectiveInterval(double estimate, double nEffective, double df, double confidence)
{
    for (const double value : {estimate, nEffective, df, confidence}) {
        if (!std::isfinite(value))
            return refuse(StatCode::NotFinite);
    }
    if (estimate < 0 || estimate > 1 || nEffective <= 0 || df <= 0 || confidence <= 0 || confidence >= 1)
        return refuse(StatCode::OutOfRange);
    const auto t = studentTQuantile(1 - (1 - confidence) / 2, df);
    if (!t)
        return tl::unexpected<StatError>(t.error());
    const Proportion out = wilson(estimate, nEffective, *t);
    if (!std::isfinite(out.low) || !std::isfinite(out.high)) // A size or a quantile whose square no double holds.
        return refuse(StatCode::OutOfRange);
    return out;
}

Stat<Difference> newcombeIndependent(std::int64_t xa, std::int64_t na, std::int64_t xb, std::int64_t nb,
                                     double confidence)
{
    const auto a = wilsonInterval(xa, na, confidence);
    if (!a)
        return tl::unexpected<StatError>(a.error());
    const auto b = wilsonInterval(xb, nb, confidence);
    if (!b)
        return tl::unexpected<StatError>(b.error());
    const double d = a->estimate - b->estimate;
    return Difference{d, d - std::hypot(a->estimate - a->low, b->high - b->estimate),
                      d + std::hypot(a->high - a->estimate, b->estimate - b->low)};
}

Stat<McNemar> mcnemarExact(const PairedTable &t)
{
    constexpr double anyConfidence = 0.95;
    if (const auto code = checkTable(t, anyConfidence))
        return refuse(*code);
    McNemar out;
    out.discordant = t.onlyFirst + t.onlySecond;
    if (out.discordant == 0)
        return out;
    const boost::math::binomial_distribution<double, QuietPolicy> coin(static_cast<double>(out.discordant), 0.5);
    const auto fewer = static_cast<double>(std::min(t.onlyFirst, t.onlySecond));
    out.p = std::min(1.0, 2 * boost::math::cdf(coin, fewer));
    out.pMid = t.onlyFirst == t.onlySecond ? 1.0 : 2 * boost::math::cdf(coin, fewer) - boost::math::pdf(coin, fewer);
    return out;
}

Stat<Difference> newcombePaired(const PairedTable &table, double confidence)
{
    if (const auto code = checkTable(table, confidence))
        return refuse(*code);
    const Cells t(table);
    const double z = *normalQuantile(1 - (1 - confidence) / 2);
    const Proportion first = wilson((t.a + t.b) / t.n, t.n, z), second = wilson((t.a + t.c) / t.n, t.n, z);
    double phi = 0;
    const double margins = std::sqrt(t.a + t.b) * std::sqrt(t.c + t.d) * std::sqrt(t.a + t.c) * std::sqrt(t.b + t.d);
    if (margins > 0) {
        const double association = t.a * t.d - t.b * t.c;
        phi = (association > 0 ? std::max(0.0, association - t.n / 2) : association) / margins;
    }
    const auto reach = [phi](double u, double v) { return std::sqrt(std::max(0.0, u * u - 2 * phi * u * v + v * v)); };
    const double difference = (t.b - t.c) / t.n;
    return Difference{difference, difference - reach(first.estimate - first.low, second.high - second.estimate),
                      difference + reach(second.estimate - second.low, first.high - first.estimate)};
}

Stat<Difference> tangoInterval(const PairedTable &table, double confidence)
{
    if (const auto code = checkTable(table, confidence))
        return refuse(*code);
    const Cells t(table);
    const double z = *normalQuantile(1 - (1 - confidence) / 2), observed = (t.b - t.c) / t.n;
    return Difference{observed, t.c == t.n ? -1.0 : tangoLimit(t, -1, observed, z),
                      t.b == t.n ? 1.0 : tangoLimit(t, observed, 1, -z)};
}

} // namespace evalwright::statistics
