// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/moments.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evalwright::statistics {

namespace {

/// Distances from the mean, divided by the largest. Empty for a constant column.
std::vector<double> centred(std::span<const double> values, double &mean, double &scale)
{
    const auto [low, high] = std::ranges::minmax(values);
    const double half = high / 2 - low / 2;
    mean = low + half;
    if (!(half > 0)) // Equal, or a difference too small for a double to halve.
        return {};
    std::vector<double> out;
    out.reserve(values.size());
    for (const double value : values) // From the middle of the range, in halves: a sum of huge values may overflow.
        out.push_back((value / 2 - mean / 2) / half);
    const double shift = compensatedSum(out) / static_cast<double>(out.size());
    double largest = 0;
    for (double &value : out) {
        value -= shift;
        largest = std::max(largest, std::abs(value));
    }
    for (double &value : out)
        value /= largest;
    mean += 2 * shift * half;
    scale = 2 * largest * half;
    return out;
}

double products(const std::vector<double> &a, const std::vector<double> &b)
{
    std::vector<double> terms;
    terms.reserve(a.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        terms.push_back(a[i] * b[i]);
    return compensatedSum(terms);
}

} // namespace

std::optional<StatError> pairProblem(std::span<const double> x, std::span<const double> y, double confidence,
                                     std::size_t fewest)
{
    if (x.size() != y.size())
        return StatError{StatCode::LengthMismatch};
    if (x.empty())
        return StatError{StatCode::EmptyInput};
    std::size_t bad = 0;
    if (!allFinite(x, &bad) || !allFinite(y, &bad))
        return StatError{StatCode::NotFinite, bad};
    if (!std::isfinite(confidence))
        return StatError{StatCode::NotFinite};
    if (confidence <= 0 || confidence >= 1)
        return StatError{StatCode::OutOfRange};
    if (x.size() < fewest)
        return StatError{StatCode::TooFewValues};
    return std::nullopt;
}

double PairMoments::correlation() const
{
    const double r = std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
    return 1 - std::abs(r) <= 1e-15 ? std::copysign(1.0, r) : r;
}

PairMoments pairMoments(std::span<const double> x, std::span<const double> y)
{
    PairMoments out;
    const std::vector<double> u = centred(x, out.meanX, out.scaleX), v = centred(y, out.meanY, out.scaleY);
    out.constantX = u.empty();
    out.constantY = v.empty();
    out.xx = products(u, u);
    out.yy = products(v, v);
    if (!u.empty() && !v.empty())
        out.xy = products(u, v);
    return out;
}

} // namespace evalwright::statistics
