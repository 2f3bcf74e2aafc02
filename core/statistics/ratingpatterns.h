// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/ratings.h"

/// Items that got the same answers, whoever gave them, count alike in every chance-corrected agreement. A few raters
/// with a few categories make a few dozen such patterns out of any number of items, so a resample costs one addition
/// per item drawn and the coefficient one pass over the patterns.
namespace evalwright::statistics {

struct RatingPatterns
{
    struct Count
    {
        std::uint32_t code = 0, times = 0;
    };
    std::vector<Count> counts;       ///< Of all patterns, one after another, by code.
    std::vector<std::size_t> first;  ///< Of each pattern in `counts`, and the end.
    std::vector<std::uint32_t> size; ///< Ratings of an item of the pattern.
    std::vector<std::uint64_t> items;
    std::vector<std::uint32_t> ofItem;

    std::size_t count() const { return size.size(); }
    std::span<const Count> of(std::size_t pattern) const
    {
        return std::span(counts).subspan(first[pattern], first[pattern + 1] - first[pattern]);
    }
};
RatingPatterns ratingPatterns(std::span<const Rating> codes, std::size_t raters);

} // namespace evalwright::statistics
