// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/accumulator.h"
#include "core/statistics/kappa.h"
#include "core/statistics/numerics.h"
#include "core/statistics/ratingpatterns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace evalwright::statistics {

namespace {

enum class Chance { Fleiss, Ac1 };

/// Fleiss' kappa and Gwet's AC1 from the number of items per pattern of ratings.
class Agreement
{
public:
    Agreement(const RatingPatterns &patterns, std::size_t categories, Chance chance)
        : m_patterns(patterns), m_categories(categories), m_chance(chance)
    {
    }

    double items = 0, itemsWithTwo = 0, percent = 0, expected = 0;

    /// Undefined when no item has two ratings and, for kappa, when one category is used.
    std::optional<double> value(std::span<const std::uint64_t> weight)
    {
        std::vector<Accumulator> shares(m_categories);
        Accumulator agreeing;
        std::uint64_t rated = 0, withTwo = 0;
        for (std::size_t p = 0; p < m_patterns.count(); ++p) {
            if (weight[p] == 0 || m_patterns.size[p] == 0)
                continue;
            rated += weight[p];
            const auto w = static_cast<double>(weight[p]);
            for (const auto &[code, times] : m_patterns.of(p))
                shares[code].add(w * times / m_patterns.size[p]);
            if (m_patterns.size[p] >= 2) {
                withTwo += weight[p];
                agreeing.add(w * agreement(p));
            }
        }
        items = static_cast<double>(rated);
        itemsWithTwo = static_cast<double>(withTwo);
        if (withTwo == 0)
            return std::nullopt;
        m_share.clear();
        std::size_t used = 0;
        for (const Accumulator &share : shares) {
            m_share.push_back(share.value() / items);
            used += share.value() > 0;
        }
        if (m_chance == Chance::Fleiss ? used < 2 : m_categories < 2)
            return std::nullopt;
        percent = agreeing.value() / itemsWithTwo;
        Accumulator sum;
        for (const double share : m_share)
            sum.add(m_chance == Chance::Fleiss ? share * share : share * (1 - share));
        // One category used: a share of 1 up to rounding, which must not read as a chance of agreeing.
        expected = m_chance == Chance::Fleiss ? sum.value()
                   : used < 2                 ? 0
                                              : sum.value() / static_cast<double>(m_categories - 1);
        return (percent - expected) / (1 - expected);
    }

    /// After value(): Gwet's linearisation over the items; undefined for one item.
    std::optional<double> standardError(std::span<const std::uint64_t> weight, double value) const
    {
        if (items < 2)
            return std::nullopt;
        Accumulator squares;
        for (std::size_t p = 0; p < m_patterns.count(); ++p) {
            if (weight[p] == 0 || m_patterns.size[p] == 0)
                continue;
            Accumulator chance;
            for (const auto &[code, times] : m_patterns.of(p)) {
                const double share = static_cast<double>(times) / m_patterns.size[p];
                chance.add(m_chance == Chance::Fleiss
                               ? m_share[code] * share
                               : (1 - m_share[code]) * share / static_cast<double>(m_categories - 1));
            }
            const double agreeing = m_patterns.size[p] >= 2 ? agreement(p) - expected : 0;
            const double u = items / itemsWithTwo * agreeing / (1 - expected) -
                             2 * (1 - value) * (chance.value() - expected) / (1 - expected);
            squares.add(static_cast<double>(weight[p]) * (u - value) * (u - value));
        }
        return std::sqrt(squares.value() / (items * (items - 1)));
    }

private:
    /// The share of agreeing pairs of ratings of an item, from counts alone.
    double agreement(std::size_t p) const
    {
        double same = 0;
        for (const auto &[code, times] : m_patterns.of(p))
            same += static_cast<double>(times) * (times - 1.0);
        const double size = m_patterns.size[p];
        return same / (size * (size - 1));
    }

    const RatingPatterns &m_patterns;
    std::size_t m_categories;
    Chance m_chance;
    std::vector<double> m_share;
};

Stat<ManyRaters> manyRaters(const RatingTable &ratings, Chance chance, double confidence)
{
    if (ratings.items() > 0 && ratings.codes.size() % ratings.raters == 0 && nothingRated(ratings))
        return refuse(StatCode::EmptyInput);
    if (const auto checked = checkRatings(ratings, confidence); !checked)
        return tl::unexpected(checked.error());
    const RatingPatterns patterns = ratingPatterns(ratings.codes, ratings.raters);
    Agreement agreement(patterns, ratings.categories, chance);
    const auto value = agreement.value(patterns.items);
    if (!value)
        return refuse(agreement.itemsWithTwo == 0 ? StatCode::NoPairableValues : StatCode::OneCategory);
    ManyRaters out;
    out.items = static_cast<std::int64_t>(agreement.items);
    out.itemsWithTwo = static_cast<std::int64_t>(agreement.itemsWithTwo);
    out.percent = agreement.percent;
    out.expectedAgreement = agreement.expected;
    out.value = *value;
    out.se = agreement.standardError(patterns.items, out.value);
    if (!out.se)
        return out;
    const auto t = studentTQuantile((1 + confidence) / 2, agreement.items - 1);
    if (!t)
        return tl::unexpected(t.error());
    out.low = out.value - *t * *out.se;
    out.high = std::min(1.0, out.value + *t * *out.se);
    return out;
}

Stat<ResampledInterval> resampled(const RatingTable &ratings, Chance chance, std::span<const std::uint32_t> cluster,
                                  const char *stream, const ResamplingSettings &settings)
{
    const auto whole = manyRaters(ratings, chance, settings.confidence);
    if (const auto error = firstError(whole, checkResampling(ratings.items(), cluster, settings)))
        return tl::unexpected(*error);
    const RatingPatterns patterns = ratingPatterns(ratings.codes, ratings.raters);
    auto out = resamplePatterns(patterns.ofItem, patterns.count(), cluster, stream, settings, [&] {
        return [agreement = Agreement(patterns, ratings.categories, chance)](
                   std::span<const std::uint64_t> weight) mutable { return agreement.value(weight); };
    });
    if (out)
        out->value = whole->value;
    return out;
}

} // namespace

Stat<ManyRaters> fleissKappa(const RatingTable &ratings, double confidence)
{
    return manyRaters(ratings, Chance::Fleiss, confidence);
}

Stat<ManyRaters> gwetAc1(const RatingTable &ratings, double confidence)
{
    return manyRaters(ratings, Chance::Ac1, confidence);
}

Stat<ResampledInterval> fleissKappaBootstrap(const RatingTable &ratings, std::span<const std::uint32_t> cluster,
                                             const ResamplingSettings &settings)
{
    return resampled(ratings, Chance::Fleiss, cluster, "bootstrap/fleiss", settings);
}

Stat<ResampledInterval> gwetAc1Bootstrap(const RatingTable &ratings, std::span<const std::uint32_t> cluster,
                                         const ResamplingSettings &settings)
{
    return resampled(ratings, Chance::Ac1, cluster, "bootstrap/ac1", settings);
}

} // namespace evalwright::statistics
