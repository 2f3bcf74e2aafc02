// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/products.h"
#include "generators/similarity/work.h"

namespace evalwright {

/// For each row the earliest earlier row with a cosine of at least `threshold` (`cosine >= threshold - 1e-12`, computed
/// in double precision) among those found. Rows of zeros repeat nothing. The matrix is not copied.
///
/// - Up to 20,000 rows each row is compared with each: exact.
/// - Beyond that, rows are put into cells (k-means) and looked for in the nearest few cells, as many as needed to find
///   about 98 of 100 pairs just at the threshold even when directions are spread evenly (32 cells at most: below a
///   threshold of about 0.87 fewer are found there). Everything reported is true; a repeat may be missed, or a later
///   one than the earliest be named. In a cell of more than 8,000 rows only its first 8,000 serve as earlier rows: this
///   bounds the time whatever the data.
///
/// What is found depends on the rows, the threshold and the seed, and neither on the number of threads nor on the
/// processor's instruction set: products are summed in the same order everywhere, and those near the threshold are
/// decided by the exact one.
///
/// Why cells and not a graph index (hnswlib 0.6.2, M = 16, ef = 100, AVX2): it keeps a copy of the matrix, which at
/// 1,000,000 × 384 makes 3 GB with the matrix itself; building it took 7.6 s of CPU at 20,000 rows spread evenly and 28
/// s at 50,000 (recall 0.997), thus more than 15 minutes at a million, where this whole search takes about one; and
/// what it finds depends on the order in which threads insert. Recall here, at a million and 0.95: 0.985 spread evenly,
/// 0.9998 in clusters (tests/bench/bench_similarity.cpp).
///
/// Errors: InvalidInput (threshold outside 0 < t <= 1; a value that is no number), Cancelled.
Result<Repeats> meaningDuplicates(const Rows &rows, double threshold = 0.95, std::uint64_t seed = 1,
                                  const SimilarityWork &work = {});
inline constexpr std::size_t comparedExactly = 20'000;

/// k nearest other rows of each row by cosine, best first, ties by index; n × k. Exact up to `comparedExactly` rows,
/// beyond that within the 8 nearest cells (a row with fewer than k neighbours there is filled up with itself at cosine
/// 0, which callers skip). Errors as above; InvalidInput unless 1 <= k < n.
struct Neighbours
{
    std::size_t k = 0;
    std::vector<std::uint32_t> index;
    std::vector<float> cosine;
};
Result<Neighbours> nearestNeighbours(const Rows &rows, std::size_t k, std::uint64_t seed, SimilarityRun &run,
                                     double share);

} // namespace evalwright
