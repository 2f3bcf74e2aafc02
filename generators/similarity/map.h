// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/products.h"
#include "generators/similarity/work.h"

#include <functional>

namespace evalwright {

/// Points of a map, n × 2.
using MapPoints = Eigen::Matrix<float, Eigen::Dynamic, 2, Eigen::RowMajor>;

/// The two directions in which the rows' directions differ most (principal components: eigenvectors of the d × d
/// covariance of rows scaled to length 1, from a drawn sample of 20,000 when there are more), and every row in that
/// plane. Centred; the sign is such that the largest entry of each component is positive. One item, or fewer than two
/// dimensions: the missing coordinates are 0. Errors: InvalidInput (a value that is no number), Cancelled.
Result<MapPoints> principalPlane(const Rows &rows, std::uint64_t seed = 1, const SimilarityWork &work = {});

struct LayoutOptions
{
    int neighbours = 15;
    int rounds = 0; ///< 0: 500 for up to 10,000 items, fewer for more, 200 at least.
    /// Called now and then with the positions so far, on the calling thread; the first time with the principal plane.
    std::function<void(const MapPoints &)> positions;
};

/// A map on which neighbours stay neighbours: a graph of the nearest neighbours by cosine, laid out by attraction along
/// its edges and repulsion from drawn others. Method and weights are those of UMAP (McInnes, Healy and Melville 2018,
/// sections 3.1 and 3.2, with a = 1.6 and b = 1 for the curve), starting from the principal plane; but all points of a
/// round move at once, by what the round before left, so that threads change nothing. The same rows and seed give the
/// same map. Distances between far groups and the size of groups mean little. For up to some 50,000 items (time grows
/// with n; beyond `comparedExactly` the graph is approximate): draw a sample of more.
/// Errors: InvalidInput (a value that is no number), Cancelled.
Result<MapPoints> neighbourLayout(const Rows &rows, std::uint64_t seed = 1, const SimilarityWork &work = {},
                                  const LayoutOptions &options = {});

/// How well a map keeps neighbourhoods: the mean share of each point's k nearest others by cosine that are among its k
/// nearest on the map, 0 … 1. Compares each with each: for some thousand items.
Result<double> neighboursKept(const Rows &rows, const MapPoints &points, std::size_t k,
                              const SimilarityWork &work = {});

} // namespace evalwright
