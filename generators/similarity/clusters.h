// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/products.h"
#include "generators/similarity/work.h"

#include <QList>
#include <QStringList>

namespace evalwright {

struct Clusters
{
    FloatMatrix centres;             ///< k × d, means of rows of length 1.
    std::vector<std::uint32_t> of;   ///< Per row, 0 … k-1.
    std::vector<std::int64_t> sizes; ///< Per cluster, falling: cluster 0 is the largest.
};

/// k-means of the rows' directions (Lloyd 1982, at most 25 steps), started by k-means++ (Arthur and Vassilvitskii 2007;
/// up to 100 clusters the best of 2 + ln k draws for each).
/// Of more than 20,000 rows (and 100 per cluster) a drawn sample finds the centres; then each row goes to its nearest
/// one. The same for any number of threads. With fewer different rows than k some clusters are empty.
/// Errors: InvalidInput (unless 1 <= k <= 1000 and k <= n; a value that is no number), Cancelled.
Result<Clusters> kMeans(const Rows &rows, std::size_t k, std::uint64_t seed = 1, const SimilarityWork &work = {});

/// A number of clusters to begin with, for people to change: sqrt(n/2) (Mardia et al. 1979), 2 … 40, so that a list of
/// clusters can still be read; 1 below 8 items. It says nothing about how many groups there "really" are.
std::size_t clusterCount(std::size_t items);

/// Words that set a cluster apart, most telling first, to name it by: the z value of the log-odds ratio of the share of
/// texts with the word, against all other texts, with a prior in proportion to the word's overall share (Monroe,
/// Colaresi and Quinn 2008). Only words with z >= 1.96 that are in two texts of the cluster at least, at most `most`
/// for each; words by WordRule::Tokens. `of` as in Clusters. Errors: InvalidInput (lengths differ; no such cluster),
/// Cancelled.
Result<QList<QStringList>> distinctiveWords(const QStringList &texts, const std::vector<std::uint32_t> &of,
                                            std::size_t clusters, int most = 5, const SimilarityWork &work = {});

} // namespace evalwright
