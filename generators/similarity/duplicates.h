// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/wordsets.h"

namespace evalwright {

/// For each text the first earlier text that equals it, code unit by code unit.
Result<Repeats> exactDuplicates(const QStringList &texts, const SimilarityWork &work = {});

/// For each text the first earlier text whose set of words has a Jaccard likeness of at least `threshold`
/// (statistics section 20: `common >= threshold * union - 1e-12`). Texts without words repeat nothing. Exact: what
/// comes out is what comparing each with each gives, for any number of threads. Errors: InvalidInput unless 0.5 <=
/// threshold <= 1; Cancelled.
Result<Repeats> nearDuplicates(const QStringList &texts, double threshold = 0.8, const SimilarityWork &work = {},
                               WordRule rule = WordRule::Lint);

/// The share of the texts that repeat an earlier one, of those that can be compared.
struct RepeatShare
{
    std::int64_t repeated = 0, compared = 0;
    double rate = 0; ///< 0 when nothing can be compared.
};
RepeatShare repeatShare(const Repeats &repeats, std::int64_t notCompared = 0);

} // namespace evalwright
