// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/products.h"
#include "generators/similarity/work.h"

#include <optional>

namespace evalwright {

/// The figures of core/statistics/diversity.h for many items, in single precision. Rows of zeros are left out.
struct DiversityFigures
{
    std::int64_t items = 0;
    std::optional<double> meanPairwiseCosine;  ///< Of all pairs. Undefined for fewer than two items, like the next.
    std::optional<double> meanNearestDistance; ///< 1 - largest cosine to any other item, over `nearestOf` drawn items.
    std::int64_t nearestOf = 0;                ///< All when there are 2,000 at most.
    std::optional<double> vendi;               ///< Of `vendiOf` drawn items: it grows with their number.
    std::int64_t vendiOf = 0;                  ///< All when there are 20,000 at most.
};
/// Errors: InvalidInput (a value that is no number), Cancelled.
Result<DiversityFigures> measureDiversity(const Rows &rows, std::uint64_t seed = 1, const SimilarityWork &work = {});

} // namespace evalwright
