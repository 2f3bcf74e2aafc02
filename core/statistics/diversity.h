// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>
#include <vector>

/// How varied a set of items is, by the vectors of its items or by the clusters they fall into (section 20). These are
/// the definitions, each with each; generators/similarity does the same for a million items.
namespace evalwright::statistics {

struct EmbeddingDiversity
{
    double meanPairwiseCosine = 0;
    double vendi = 1;               ///< Friedman and Dieng 2023: 1 … n.
    double meanNearestDistance = 0; ///< 1 - largest cosine to another item.
};
/// LengthMismatch (vectors of different length), EmptyInput, NotFinite, TooFewValues (n < 2), ZeroNorm; with the index.
Stat<EmbeddingDiversity> embeddingDiversity(std::span<const std::vector<double>> vectors);

/// Vendi score from the eigenvalues of the cosine matrix divided by n; those below 1e-15 are left out.
double vendiOfEigenvalues(std::span<const double> eigenvalues);

struct ClusterEntropy
{
    double entropyNats = 0;
    std::optional<double> normalised; ///< By the logarithm of the clusters asked for; undefined for 1.
    double effectiveClusters = 1;
};
/// EmptyInput, OutOfRange (an assignment that is no cluster).
Stat<ClusterEntropy> clusterEntropy(std::span<const std::uint32_t> assignment, std::size_t clusters);

struct Duplicates
{
    std::vector<std::size_t> items; ///< Those with an earlier one that is like them.
    double rate = 0;
};
/// Cosine >= threshold - 1e-12 with an earlier item. Errors as embeddingDiversity, but one item is enough; NotFinite for
/// the threshold too.
Stat<Duplicates> nearDuplicatesByEmbedding(std::span<const std::vector<double>> vectors, double threshold = 0.95);

} // namespace evalwright::statistics
