// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/distributions.h"

#include "core/statistics/accumulator.h"
#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace evalwright::statistics {

namespace {

constexpr double leastExpected = 5;

std::optional<StatError> badAmounts(std::span<const double> values)
{
    std::size_t bad = 0;
    if (!allFinite(values, &bad))
        return StatError{StatCode::NotFinite, bad};
    const auto negative = std::ranges::find_if(values, [](double v) { return v < 0; });
    if (negative != values.end())
        return StatError{StatCode::OutOfRange, static_cast<std::size_t>(negative - values.begin())};
    return std::nullopt;
}

/// Of the two lists the error that comes first in the order of the codes.
std::optional<StatError> badAmounts(std::span<const double> a, std::span<const double> b)
{
    const auto first = badAmounts(a), second = badAmounts(b);
    return first && (!second || first->code <= second->code) ? first : second;
}

/// Divided by the sum; nothing when that is 0. The sum of large values may not be finite: then they are made smaller first.
std::optional<std::vector<double>> normalised(std::span<const double> values)
{
    std::vector<double> out(values.begin(), values.end());
    if (!std::isfinite(compensatedSum(out))) {
        for (double &value : out)
            value /= static_cast<double>(out.size());
    }
    const double sum = compensatedSum(out);
    if (!(sum > 0))
        return std::nullopt;
    for (double &value : out)
        value /= sum;
    return out;
}

double entropyNats(std::span<const double> shares)
{
    Accumulator sum;
    for (const double share : shares) {
        if (share > 0)
            sum.add(-share * std::log(share));
    }
    return std::max(0.0, sum.value());
}

/// The part of one option in twice the divergence. From the relative difference, so that equal shares give exactly 0:
/// the square root of a rounding error would look like a distance.
double jensenShannonPart(double p, double q)
{
    const double sum = p + q;
    if (sum == 0)
        return 0;
    const auto half = [](double d) { return d <= -1 ? 0 : (1 + d) * std::log1p(d); };
    const double d = (p - q) / sum;
    return sum / 2 * (half(d) + half(-d));
}

/// A statistic from observed and expected counts.
struct Fit
{
    Accumulator statistic;
    double smallest = std::numeric_limits<double>::infinity();
    void add(double observed, double expected)
    {
        statistic.add((observed - expected) * (observed - expected) / expected);
        smallest = std::min(smallest, expected);
    }
    Stat<ChiSquare> result(double df) const
    {
        const auto p = chiSquaredUpper(statistic.value(), df);
        if (!p)
            return tl::unexpected(p.error());
        return ChiSquare{statistic.value(), df, *p, smallest, smallest < leastExpected, std::nullopt};
    }
};

} // namespace

Stat<DistributionComparison> compareDistributions(std::span<const double> p, std::span<const double> q)
{
    if (p.size() != q.size())
        return refuse(StatCode::LengthMismatch);
    if (p.empty())
        return refuse(StatCode::EmptyInput);
    if (const auto bad = badAmounts(p, q))
        return tl::unexpected(*bad);
    if (p.size() < 2)
        return refuse(StatCode::TooFewValues);
    const auto first = normalised(p), second = normalised(q);
    if (!first || !second)
        return refuse(StatCode::ZeroMass);

    Accumulator twiceDivergence, kl, apart, moved, difference;
    bool infinite = false;
    for (std::size_t i = 0; i < first->size(); ++i) {
        const double a = (*first)[i], b = (*second)[i];
        twiceDivergence.add(jensenShannonPart(a, b));
        if (a > 0 && b > 0)
            kl.add(a * (std::log(a) - std::log(b)));
        infinite = infinite || (a > 0 && b == 0);
        apart.add(std::abs(a - b));
        difference.add(a - b);
        if (i + 1 < first->size())
            moved.add(std::abs(difference.value()));
    }
    DistributionComparison out;
    out.jsDivergenceNats = std::clamp(twiceDivergence.value() / 2, 0.0, std::numbers::ln2);
    out.jsDistanceNats = std::sqrt(out.jsDivergenceNats);
    out.jsDivergenceBase2 = std::min(1.0, out.jsDivergenceNats / std::numbers::ln2);
    out.jsDistanceBase2 = std::sqrt(out.jsDivergenceBase2);
    out.similarity = 1 - out.jsDistanceBase2;
    out.klNats = infinite ? std::numeric_limits<double>::infinity() : std::max(0.0, kl.value());
    out.entropyPNats = entropyNats(*first);
    out.entropyQNats = entropyNats(*second);
    out.entropyPBits = out.entropyPNats / std::numbers::ln2;
    out.entropyQBits = out.entropyQNats / std::numbers::ln2;
    out.totalVariation = std::min(1.0, apart.value() / 2);
    out.wasserstein = moved.value();
    out.ordinalSimilarity = 1 - out.wasserstein / static_cast<double>(first->size() - 1);
    return out;
}

Stat<ChiSquare> chiSquareFit(std::span<const double> observed, std::optional<std::span<const double>> shares)
{
    if (shares && shares->size() != observed.size())
        return refuse(StatCode::LengthMismatch);
    if (observed.empty())
        return refuse(StatCode::EmptyInput);
    const std::vector<double> equal(observed.size(), 1);
    const std::span<const double> wanted = shares ? *shares : std::span<const double>(equal);
    if (const auto bad = badAmounts(observed, wanted))
        return tl::unexpected(*bad);
    const double total = compensatedSum(observed);
    if (!std::isfinite(total))
        return refuse(StatCode::NotFinite);
    if (observed.size() < 2)
        return refuse(StatCode::TooFewValues);
    const auto share = normalised(wanted);
    if (!share)
        return refuse(StatCode::ZeroMass);
    Fit fit;
    for (std::size_t i = 0; i < observed.size(); ++i) {
        const double expected = total * (*share)[i];
        if (!(expected > 0))
            return refuse(StatCode::ZeroMass, i);
        fit.add(observed[i], expected);
    }
    return fit.result(static_cast<double>(observed.size() - 1));
}

Stat<ChiSquare> chiSquareIndependence(std::span<const double> table, std::size_t columns)
{
    if (columns == 0 ? !table.empty() : table.size() % columns != 0)
        return refuse(StatCode::LengthMismatch);
    if (table.empty())
        return refuse(StatCode::EmptyInput);
    if (const auto bad = badAmounts(table))
        return tl::unexpected(*bad);
    const std::size_t rows = table.size() / columns;
    std::vector<Accumulator> ofRow(rows), ofColumn(columns);
    Accumulator all;
    for (std::size_t i = 0; i < table.size(); ++i) {
        ofRow[i / columns].add(table[i]);
        ofColumn[i % columns].add(table[i]);
        all.add(table[i]);
    }
    if (!std::isfinite(all.value()))
        return refuse(StatCode::NotFinite);
    if (rows < 2 || columns < 2)
        return refuse(StatCode::TooFewValues);
    Fit fit;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double expected = ofRow[i / columns].value() / all.value() * ofColumn[i % columns].value();
        if (!(expected > 0))
            return refuse(StatCode::ZeroMass, ofRow[i / columns].value() > 0 ? i % columns : i / columns);
        fit.add(table[i], expected);
    }
    auto out = fit.result(static_cast<double>((rows - 1) * (columns - 1)));
    if (out)
        out->cramersV = std::sqrt(out->statistic / (all.value() * static_cast<double>(std::min(rows, columns) - 1)));
    return out;
}

} // namespace evalwright::statistics
