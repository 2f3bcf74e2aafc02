// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/multiplicity.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright::statistics {

namespace {

std::optional<StatError> firstBad(std::span<const double> p)
{
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!std::isfinite(p[i]))
            return StatError{StatCode::NotFinite, i};
        if (p[i] < 0 || p[i] > 1)
            return StatError{StatCode::OutOfRange, i};
    }
    return std::nullopt;
}

std::vector<std::size_t> ascending(std::span<const double> p)
{
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    return order;
}

} // namespace

Stat<std::vector<double>> benjaminiHochberg(std::span<const double> p)
{
    if (const auto bad = firstBad(p))
        return tl::unexpected<StatError>(*bad);
    const auto order = ascending(p);
    std::vector<double> out(p.size());
    double smallest = 1;
    for (std::size_t r = order.size(); r-- > 0;) {
        smallest = std::min(smallest, p[order[r]] * static_cast<double>(p.size()) / static_cast<double>(r + 1));
        out[order[r]] = smallest;
    }
    return out;
}

Stat<std::vector<double>> holm(std::span<const double> p)
{
    if (const auto bad = firstBad(p))
        return tl::unexpected<StatError>(*bad);
    const auto order = ascending(p);
    std::vector<double> out(p.size());
    double largest = 0;
    for (std::size_t r = 0; r < order.size(); ++r) {
        largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - r) * p[order[r]]));
        out[order[r]] = largest;
    }
    return out;
}

} // namespace evalwright::statistics
