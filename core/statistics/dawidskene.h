// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/statistics/ratings.h"

/// The most likely label of each item when raters differ in how, and how often, they err (Dawid and Skene 1979).
namespace evalwright::statistics {

struct DawidSkene
{
    std::vector<double> posterior; ///< items x categories.
    std::vector<double> prior;     ///< Mean posterior, one per category.
    std::vector<double> confusion; ///< raters x true x given; a row sums to 1.
    std::vector<Rating> label;     ///< The largest posterior; undefined when two are largest.
    int rounds = 0;
};
/// EM from the vote shares, counts floored at 1e-10, until no posterior moves by more than 1e-10. LengthMismatch,
/// EmptyInput (also: nothing rated), OutOfRange, TooFewValues (one rater, or an item without a rating, with its index),
/// DidNotConverge (10,000 rounds), Cancelled.
Stat<DawidSkene> dawidSkene(const RatingTable &ratings, const CancellationToken &token = {});

} // namespace evalwright::statistics
