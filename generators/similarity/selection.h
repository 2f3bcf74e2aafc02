// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/products.h"
#include "generators/similarity/work.h"

#include <span>

namespace evalwright {

/// Which items to take so that they are good and unlike each other: maximal marginal relevance (Carbonell and Goldstein
/// 1998). Each step takes the item with the largest `weight * score - (1 - weight) * largest cosine to those taken`
/// (the first step: the largest score; a cosine below 0 counts as 0). Ties go to the smaller index. Returns k indices
/// in the order taken, all when there are fewer. The value of an item only falls, so it is brought up to date only when
/// it comes to the top: the result is that of the plain rule. Errors: InvalidInput (lengths differ; a score or value
/// that is no number; weight outside 0 … 1), Cancelled.
Result<std::vector<std::uint32_t>> selectDiverse(std::span<const double> scores, const Rows &rows, std::size_t k,
                                                 double weight, const SimilarityWork &work = {});

enum class Towards { These, Away };
struct Ranked
{
    std::uint32_t index = 0;
    double cosine = 0; ///< Mean over the examples.
};
/// The k items with the largest (Away: smallest) mean cosine to the chosen ones, which are left out themselves. Ties go
/// to the smaller index. Errors: InvalidInput (nothing chosen, no such item, a value that is no number), Cancelled.
Result<std::vector<Ranked>> likeExamples(const Rows &rows, std::span<const std::uint32_t> chosen, std::size_t k,
                                         Towards towards = Towards::These, const SimilarityWork &work = {});

} // namespace evalwright
