// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>
#include <vector>

/// The gap between two sets of items, as if both had the same shares of labels, and of clusters where they share them.
/// docs/gap.md derives the formulas.
namespace evalwright::statistics {

/// Items of one set. The codes of labels and clusters are those of both sets: an equal code is the same label, the same
/// cluster. An item without a cluster has a code of its own.
struct GapItems
{
    std::span<const double> values; ///< 0 and 1, or any finite number.
    std::span<const std::uint32_t> label, cluster;
};

enum class GapValues {
    Rates,       ///< 0 and 1: intervals stay inside −1..1 and are never of width 0.
    Differences, ///< −1, 0 and 1, answers less answers: likewise, by t.
    Numbers,     ///< Anything.
};

struct GapOptions
{
    GapValues values = GapValues::Rates;
    double confidence = 0.95, alpha = 0.05, power = 0.8;
};

struct GapSide
{
    std::int64_t used = 0, dropped = 0; ///< Items whose label (or cluster, where they are shared) only this set has.
    std::int64_t clusters = 0;
    double mean = 0; ///< Balanced.
    double se = 0;         ///< With shared clusters only that of the items inside them.
    double nEffective = 0; ///< Independent items that would tell as much: weights and clusters taken into account.
};

struct BalancedGap
{
    GapSide old, fresh;
    /// Both sets have most of their items in clusters that both have: weighed alike cluster by cluster, and the
    /// clusters are what is drawn. Else the two sets are independent of each other.
    bool sharedClusters = false;
    std::int64_t labels = 0; ///< That both have.
    double gap = 0;          ///< old.mean − fresh.mean
    double se = 0, df = 0, low = 0, high = 0;
    /// Two-sided. Where nothing varies: 1 for a gap of 0, else 2^(1 − the smaller number of clusters).
    double p = 1;
    /// What this size would have found with probability `power`, tested at `alpha`.
    double detectable = 0;
};

/// Errors: LengthMismatch, EmptyInput, NotFinite, OutOfRange (a value that is none of its kind), NoPairableValues (no
/// label in common), TooFewClusters (fewer than two more clusters than labels).
Stat<BalancedGap> balancedGap(const GapItems &old, const GapItems &fresh, const GapOptions &options = {});

enum class GapVerdict { Gap, NoneLargerThan, Undetermined };
enum class GapReason { Significant, InsideMargin, FewClusters, TooWide };

struct GapRule
{
    double alpha = 0.05;
    double margin = 0.10;             ///< A gap that would not matter; stated before looking.
    std::int64_t minimumClusters = 10; ///< In either set.
};

struct GapDecision
{
    GapVerdict verdict = GapVerdict::Undetermined;
    GapReason reason = GapReason::TooWide;
    double q = 1;     ///< Benjamini–Hochberg over the gaps given.
    double bound = 1; ///< The end of the interval that is farther from 0.
};
/// The rule, in this order: fewer than `minimumClusters` clusters in a set: undetermined. q <= alpha and an interval
/// without 0: gap. The whole interval strictly within ±margin: none larger than `bound`. Else undetermined.
Stat<std::vector<GapDecision>> decideGaps(std::span<const BalancedGap> gaps, const GapRule &rule = {});

/// The same codes with a cluster for each item: the interval that ignores clusters, to stand beside the other.
std::vector<std::uint32_t> ownClusters(std::size_t items, std::uint32_t first);

} // namespace evalwright::statistics
