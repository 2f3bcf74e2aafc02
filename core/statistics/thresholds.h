// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

/// Where to cut by confidence, and what that keeps (statistics.md section 6).
namespace evalwright::statistics {

struct LabelledCandidate
{
    double confidence = 0;
    std::string label;
    std::optional<bool> humanAgrees; ///< Missing: no person looked.
    std::string stratum;             ///< By which the people's sample was drawn.
};
struct ThresholdRow
{
    double threshold = 0;
    std::int64_t kept = 0; ///< Confidence at or above the threshold.
    std::map<std::string, std::int64_t> keptPerLabel;
    std::int64_t keptBalanced = 0; ///< Number of labels times the smallest count.
    std::int64_t labelled = 0;     ///< Kept and looked at by people.
    /// Stratified precision with Wilson on the effective size; undefined with a `reason`.
    std::optional<double> precision, low, high, nEffective;
    std::string reason; ///< nothing_kept | unlabelled_stratum | stratum_with_one_label
};
/// EmptyInput, NotFinite, OutOfRange.
Stat<std::vector<ThresholdRow>> thresholdCurve(std::span<const LabelledCandidate> candidates,
                                               std::span<const double> thresholds, double confidence = 0.95);

struct SelectionCandidate
{
    std::string id, label;
    double confidence = 0;
};
struct Selection
{
    std::map<std::string, std::int64_t> perLabel;
    std::vector<std::string> selected; ///< Interleaved by label in the order of `labels`, best first.
};
/// Per label the `keepPerLabel` most confident strictly above the floor, ties by id in byte order; with `balance` every
/// label is cut to the smallest. EmptyInput (no labels), NotFinite, OutOfRange (a label that is not among `labels`).
Stat<Selection> selectTop(std::span<const SelectionCandidate> candidates, std::span<const std::string> labels,
                          std::int64_t keepPerLabel, double floor, bool balance);

} // namespace evalwright::statistics
