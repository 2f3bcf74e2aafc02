// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/ratings.h"

#include "core/statistics/proportions.h"

#include <algorithm>
#include <cmath>

namespace evalwright::statistics {

namespace {

/// The one category with the largest count, if it is one and was used.
Rating plurality(std::span<const std::uint32_t> counts)
{
    const auto largest = std::ranges::max_element(counts);
    if (largest == counts.end() || *largest == 0 || std::ranges::count(counts, *largest) > 1)
        return std::nullopt;
    return static_cast<std::uint32_t>(largest - counts.begin());
}

} // namespace

Stat<void> checkRatings(const RatingTable &ratings, double confidence)
{
    if (ratings.raters == 0 ? !ratings.codes.empty() : ratings.codes.size() % ratings.raters != 0)
        return refuse(StatCode::LengthMismatch);
    if (ratings.codes.empty())
        return refuse(StatCode::EmptyInput);
    if (!std::isfinite(confidence))
        return refuse(StatCode::NotFinite);
    for (std::size_t i = 0; i < ratings.codes.size(); ++i) {
        if (ratings.codes[i] && *ratings.codes[i] >= ratings.categories)
            return refuse(StatCode::OutOfRange, i);
    }
    if (!(confidence > 0 && confidence < 1))
        return refuse(StatCode::OutOfRange);
    return {};
}

bool nothingRated(const RatingTable &ratings)
{
    return std::ranges::none_of(ratings.codes, [](const Rating &given) { return given.has_value(); });
}

Stat<Majority> majorityLabel(const RatingTable &ratings)
{
    if (const auto checked = checkRatings(ratings); !checked)
        return tl::unexpected(checked.error());
    Majority out;
    out.label.reserve(ratings.items());
    std::vector<std::uint32_t> counts(ratings.categories);
    for (std::size_t i = 0; i < ratings.items(); ++i) {
        std::ranges::fill(counts, 0U);
        for (const Rating &given : ratings.item(i)) {
            if (given)
                ++counts[*given];
        }
        out.label.push_back(plurality(counts));
        out.tiesOrEmpty += out.label.back() ? 0 : 1;
    }
    return out;
}

Stat<LabelPrecision> labelPrecision(const RatingTable &ratings, std::span<const std::uint32_t> label,
                                    double confidence)
{
    if (label.size() != ratings.items())
        return refuse(StatCode::LengthMismatch);
    if (ratings.items() > 0 && nothingRated(ratings))
        return refuse(StatCode::EmptyInput);
    if (const auto checked = checkRatings(ratings, confidence); !checked)
        return tl::unexpected(checked.error());
    const auto majority = majorityLabel(ratings);
    if (!majority)
        return tl::unexpected(majority.error());
    LabelPrecision out;
    out.perLabel.resize(ratings.categories);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (label[i] >= ratings.categories)
            return refuse(StatCode::OutOfRange, i);
        const Rating &chosen = majority->label[i];
        if (!chosen) {
            ++out.withoutMajority;
            continue;
        }
        const bool agrees = *chosen == label[i];
        ++out.items;
        right += agrees;
        ++out.perLabel[label[i]].items;
        out.perLabel[label[i]].right += agrees;
    }
    if (out.items == 0)
        return refuse(StatCode::NoPairableValues);
    const auto interval = wilsonInterval(right, out.items, confidence);
    if (!interval)
        return tl::unexpected(interval.error());
    out.precision = interval->estimate;
    out.low = interval->low;
    out.high = interval->high;
    return out;
}

Stat<std::vector<RaterRow>> raterTable(const RatingTable &ratings, std::optional<std::span<const Rating>> gold,
                                       double confidence)
{
    if (gold && gold->size() != ratings.items())
        return refuse(StatCode::LengthMismatch);
    if (const auto checked = checkRatings(ratings, confidence); !checked)
        return tl::unexpected(checked.error());
    for (std::size_t i = 0; gold && i < gold->size(); ++i) {
        if ((*gold)[i] && *(*gold)[i] >= ratings.categories)
            return refuse(StatCode::OutOfRange, i);
    }
    const std::size_t q = ratings.categories;
    std::vector<RaterRow> out(ratings.raters);
    for (RaterRow &row : out)
        row.confusion.resize(q * q);
    std::vector<std::uint32_t> counts(q);
    for (std::size_t i = 0; i < ratings.items(); ++i) {
        const auto given = ratings.item(i);
        if (!gold) {
            std::ranges::fill(counts, 0U);
            for (const Rating &code : given) {
                if (code)
                    ++counts[*code];
            }
        }
        for (std::size_t r = 0; r < given.size(); ++r) {
            if (!given[r])
                continue;
            Rating reference;
            if (!gold) {
                --counts[*given[r]]; // The others only.
                reference = plurality(counts);
                ++counts[*given[r]];
            } else {
                reference = (*gold)[i];
            }
            if (!reference)
                continue;
            ++out[r].n;
            ++out[r].confusion[*reference * q + *given[r]];
        }
    }
    for (RaterRow &row : out) {
        if (row.n == 0)
            continue;
        std::int64_t right = 0;
        for (std::size_t c = 0; c < q; ++c)
            right += row.confusion[c * q + c];
        const auto interval = wilsonInterval(right, row.n, confidence);
        if (!interval)
            return tl::unexpected(interval.error());
        row.accuracy = interval->estimate;
        row.low = interval->low;
        row.high = interval->high;
    }
    return out;
}

} // namespace evalwright::statistics
