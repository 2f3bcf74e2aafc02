// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/krippendorff.h"

#include "core/statistics/accumulator.h"
#include "core/statistics/ratingpatterns.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evalwright::statistics {

namespace {

/// The ratings as codes by size, with the numbers they stand for.
struct Scale
{
    std::vector<double> values; ///< By size, scaled below 1 by a power of two, which alpha does not feel.
    RatingPatterns patterns;
};

Stat<Scale> scaleOf(std::span<const std::optional<double>> ratings, std::size_t raters)
{
    if (raters == 0 ? !ratings.empty() : ratings.size() % raters != 0)
        return refuse(StatCode::LengthMismatch);
    Scale out;
    for (std::size_t i = 0; i < ratings.size(); ++i) {
        if (!ratings[i])
            continue;
        if (!std::isfinite(*ratings[i]))
            return refuse(StatCode::NotFinite, i);
        out.values.push_back(*ratings[i]);
    }
    if (out.values.empty())
        return refuse(StatCode::EmptyInput);
    std::ranges::sort(out.values);
    const auto repeats = std::ranges::unique(out.values);
    out.values.erase(repeats.begin(), repeats.end());
    std::vector<Rating> codes;
    codes.reserve(ratings.size());
    for (const auto &rating : ratings)
        codes.push_back(rating ? Rating(static_cast<std::uint32_t>(std::ranges::lower_bound(out.values, *rating) -
                                                                   out.values.begin()))
                               : std::nullopt);
    out.patterns = ratingPatterns(codes, raters);
    // Squares of large numbers must stay finite.
    int exponent = 0;
    std::frexp(std::max(std::abs(out.values.front()), std::abs(out.values.back())), &exponent);
    for (double &value : out.values)
        value = std::ldexp(value, -exponent);
    return out;
}

/// Alpha from the number of items per pattern. The ordinal distance of two categories is the distance of their mean
/// ranks, so ordinal is the interval formula on ranks, and the sum of squared distances over the ordered pairs of m
/// numbers is `2 (m sum x² - (sum x)²)`: no loop over pairs of raters, nor over pairs of categories.
class Alpha
{
public:
    Alpha(const Scale &scale, AlphaLevel level) : m_scale(scale), m_level(level), m_place(scale.values) {}

    std::uint64_t pairable = 0, items = 0;

    /// Undefined when no item has two ratings (`pairable` is 0) and when one value is used.
    std::optional<double> value(std::span<const std::uint64_t> weight)
    {
        const RatingPatterns &patterns = m_scale.patterns;
        m_used.assign(m_scale.values.size(), 0);
        items = pairable = 0;
        for (std::size_t p = 0; p < patterns.count(); ++p) {
            if (weight[p] == 0 || patterns.size[p] < 2)
                continue;
            items += weight[p];
            pairable += weight[p] * patterns.size[p];
            for (const auto &[code, times] : patterns.of(p))
                m_used[code] += weight[p] * times;
        }
        if (std::ranges::count_if(m_used, [](std::uint64_t n) { return n > 0; }) < 2)
            return std::nullopt;
        if (m_level == AlphaLevel::Ordinal)
            rank();
        Accumulator observed;
        for (std::size_t p = 0; p < patterns.count(); ++p) {
            if (weight[p] > 0 && patterns.size[p] >= 2)
                observed.add(static_cast<double>(weight[p]) * disagreement(p) / (patterns.size[p] - 1.0));
        }
        const double expected = expectedDisagreement();
        if (!(expected > 0)) // Values that differ by less than a double can square.
            return std::nullopt;
        return 1 - (static_cast<double>(pairable) - 1) * observed.value() / expected;
    }

private:
    /// Mean ranks among the pairable ratings.
    void rank()
    {
        double below = 0;
        for (std::size_t c = 0; c < m_used.size(); ++c) {
            const auto used = static_cast<double>(m_used[c]);
            m_place[c] = below + used / 2;
            below += used;
        }
    }
    /// Over the ordered pairs of ratings of one item. From the first place, so that equal ratings give exactly 0.
    double disagreement(std::size_t p) const
    {
        const auto counts = m_scale.patterns.of(p);
        const double size = m_scale.patterns.size[p];
        double sum = 0, squares = 0;
        if (m_level == AlphaLevel::Nominal) {
            for (const auto &[code, times] : counts)
                squares += static_cast<double>(times) * times;
            return size * size - squares;
        }
        for (const auto &[code, times] : counts) {
            const double off = m_place[code] - m_place[counts.front().code];
            sum += times * off;
            squares += times * off * off;
        }
        return 2 * (size * squares - sum * sum);
    }
    /// Over the ordered pairs of all pairable ratings.
    double expectedDisagreement() const
    {
        const auto total = static_cast<double>(pairable);
        Accumulator squares, sum;
        if (m_level == AlphaLevel::Nominal) {
            for (const std::uint64_t used : m_used)
                squares.add(static_cast<double>(used) * (total - static_cast<double>(used)));
            return squares.value();
        }
        for (std::size_t c = 0; c < m_used.size(); ++c)
            sum.add(static_cast<double>(m_used[c]) * m_place[c]);
        const double mean = sum.value() / total;
        Accumulator off;
        for (std::size_t c = 0; c < m_used.size(); ++c) {
            const auto used = static_cast<double>(m_used[c]);
            const double distance = m_place[c] - mean;
            off.add(used * distance);
            squares.add(used * distance * distance);
        }
        return 2 * (total * squares.value() - off.value() * off.value());
    }

    const Scale &m_scale;
    AlphaLevel m_level;
    std::vector<double> m_place; ///< Of each value: the value itself, or its mean rank.
    std::vector<std::uint64_t> m_used;
};

Stat<KrippendorffAlpha> alphaOf(const Scale &scale, AlphaLevel level)
{
    Alpha alpha(scale, level);
    const auto value = alpha.value(scale.patterns.items);
    if (!value)
        return refuse(alpha.pairable == 0 ? StatCode::NoPairableValues : StatCode::OneCategory);
    return KrippendorffAlpha{*value, static_cast<std::int64_t>(alpha.pairable),
                             static_cast<std::int64_t>(alpha.items)};
}

} // namespace

Stat<KrippendorffAlpha> krippendorffAlpha(std::span<const std::optional<double>> ratings, std::size_t raters,
                                          AlphaLevel level)
{
    const auto scale = scaleOf(ratings, raters);
    return scale ? alphaOf(*scale, level) : tl::unexpected(scale.error());
}

Stat<ResampledInterval> krippendorffAlphaBootstrap(std::span<const std::optional<double>> ratings, std::size_t raters,
                                                   AlphaLevel level, std::span<const std::uint32_t> cluster,
                                                   const ResamplingSettings &settings)
{
    const auto scale = scaleOf(ratings, raters);
    const std::size_t items = raters == 0 ? 0 : ratings.size() / raters;
    const auto whole = scale ? alphaOf(*scale, level) : Stat<KrippendorffAlpha>(tl::unexpected(scale.error()));
    if (const auto error = firstError(whole, checkResampling(items, cluster, settings)))
        return tl::unexpected(*error);
    auto out = resamplePatterns(scale->patterns.ofItem, scale->patterns.count(), cluster, "bootstrap/alpha", settings,
                                [&] {
                                    return [alpha = Alpha(*scale, level)](
                                               std::span<const std::uint64_t> weight) mutable {
                                        return alpha.value(weight);
                                    };
                                });
    if (out)
        out->value = whole->value;
    return out;
}

} // namespace evalwright::statistics
