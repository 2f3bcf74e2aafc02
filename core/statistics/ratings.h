// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// Answers of several raters to the same items, and what follows from counting them (section 14). Nothing here loops
/// over pairs of raters.
namespace evalwright::statistics {

/// A code 0 … categories-1; missing where a rater did not see the item.
using Rating = std::optional<std::uint32_t>;

struct RatingTable
{
    std::span<const Rating> codes; ///< items x raters, row-major by item.
    std::size_t raters = 0;
    std::size_t categories = 0; ///< Those on offer, used or not.

    std::size_t items() const { return raters == 0 ? 0 : codes.size() / raters; }
    std::span<const Rating> item(std::size_t i) const { return codes.subspan(i * raters, raters); }
};
/// LengthMismatch (not a whole number of rows), EmptyInput, NotFinite (confidence), OutOfRange (a code that is not on
/// offer, with its index; confidence).
Stat<void> checkRatings(const RatingTable &ratings, double confidence = 0.95);
/// True when no rater rated any item.
bool nothingRated(const RatingTable &ratings);

struct Majority
{
    std::vector<Rating> label;     ///< Per item; undefined for a tie for first place and for an item nobody rated.
    std::int64_t tiesOrEmpty = 0;
};
/// Strict plurality.
Stat<Majority> majorityLabel(const RatingTable &ratings);

struct LabelPrecision
{
    struct PerLabel
    {
        std::int64_t right = 0, items = 0;
    };
    std::int64_t items = 0; ///< With a majority.
    std::int64_t withoutMajority = 0;
    double precision = 0, low = 0, high = 1; ///< Wilson.
    std::vector<PerLabel> perLabel;          ///< By the data set's label, in the order of the categories.
};
/// The share of the items with a majority whose majority equals the data set's label. Errors of checkRatings,
/// LengthMismatch, EmptyInput (nobody rated anything), OutOfRange (label), NoPairableValues (no majority).
Stat<LabelPrecision> labelPrecision(const RatingTable &ratings, std::span<const std::uint32_t> label,
                                    double confidence = 0.95);

struct RaterRow
{
    std::int64_t n = 0;
    std::vector<std::int64_t> confusion;       ///< categories x categories; rows = reference, columns = given.
    std::optional<double> accuracy, low, high; ///< Wilson; undefined for n = 0.
};
/// One row per rater. The reference is `gold` where that list has a value; without a list it is the majority of the
/// other raters of the item. An item without a reference is not counted. Errors of checkRatings, LengthMismatch,
/// OutOfRange (gold).
Stat<std::vector<RaterRow>> raterTable(const RatingTable &ratings,
                                       std::optional<std::span<const Rating>> gold = std::nullopt,
                                       double confidence = 0.95);

} // namespace evalwright::statistics
