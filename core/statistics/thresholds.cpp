// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/thresholds.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>

namespace evalwright::statistics {

namespace {

struct Stratum
{
    double kept = 0, labelled = 0, agreeing = 0;
};

/// Precision over the strata that have something kept, weighted by what is kept; its interval is Wilson's on the
/// effective size (the idea of Korn and Graubard 1998).
void addPrecision(ThresholdRow &row, const std::map<std::string, Stratum> &strata, double z)
{
    if (row.kept == 0) {
        row.reason = "nothing_kept";
        return;
    }
    std::vector<double> means, variances, sizes;
    const bool one = strata.size() == 1;
    for (const auto &[name, s] : strata) {
        if (s.labelled == 0) {
            row.reason = "unlabelled_stratum";
            return;
        }
        const double weight = s.kept / static_cast<double>(row.kept), p = s.agreeing / s.labelled;
        means.push_back(weight * p);
        sizes.push_back(weight * weight / s.labelled);
        if (!one && s.labelled < 2)
            row.reason = "stratum_with_one_label";
        else if (!one)
            variances.push_back(weight * weight * p * (1 - p) / (s.labelled - 1));
    }
    if (!row.reason.empty())
        return;
    const double p = std::min(compensatedSum(means), 1.0), variance = compensatedSum(variances);
    const double n = one            ? strata.begin()->second.labelled
                     : variance > 0 ? p * (1 - p) / variance
                                    : 1 / compensatedSum(sizes);
    const double z2 = z * z, scale = 1 + z2 / n, centre = (p + z2 / (2 * n)) / scale;
    const double half = z / scale * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    row.precision = p;
    row.nEffective = n;
    row.low = p > 0 ? std::max(0.0, centre - half) : 0.0;
    row.high = p < 1 ? std::min(1.0, centre + half) : 1.0;
}

} // namespace

Stat<std::vector<ThresholdRow>> thresholdCurve(std::span<const LabelledCandidate> candidates,
                                               std::span<const double> thresholds, double confidence)
{
    if (candidates.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(thresholds, &bad))
        return refuse(StatCode::NotFinite, bad);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (!std::isfinite(candidates[i].confidence))
            return refuse(StatCode::NotFinite, i);
        if (candidates[i].confidence < 0 || candidates[i].confidence > 1)
            return refuse(StatCode::OutOfRange, i);
    }
    if (!(confidence > 0 && confidence < 1))
        return refuse(StatCode::OutOfRange);
    const double z = *normalQuantile(0.5 + confidence / 2);
    std::map<std::string, std::int64_t> none;
    for (const LabelledCandidate &c : candidates)
        none[c.label] = 0;
    std::vector<ThresholdRow> rows;
    for (const double threshold : thresholds) {
        ThresholdRow row;
        row.threshold = threshold;
        row.keptPerLabel = none;
        std::map<std::string, Stratum> strata;
        for (const LabelledCandidate &c : candidates) {
            if (c.confidence < threshold)
                continue;
            ++row.kept;
            ++row.keptPerLabel[c.label];
            Stratum &s = strata[c.stratum];
            s.kept += 1;
            if (c.humanAgrees) {
                ++row.labelled;
                s.labelled += 1;
                s.agreeing += *c.humanAgrees ? 1 : 0;
            }
        }
        const auto fewest = std::ranges::min_element(row.keptPerLabel, {}, [](const auto &p) { return p.second; });
        row.keptBalanced = static_cast<std::int64_t>(row.keptPerLabel.size()) * fewest->second;
        addPrecision(row, strata, z);
        rows.push_back(std::move(row));
    }
    return rows;
}

Stat<Selection> selectTop(std::span<const SelectionCandidate> candidates, std::span<const std::string> labels,
                          std::int64_t keepPerLabel, double floor, bool balance)
{
    if (labels.empty())
        return refuse(StatCode::EmptyInput);
    if (!std::isfinite(floor))
        return refuse(StatCode::NotFinite);
    if (keepPerLabel < 0)
        return refuse(StatCode::OutOfRange);
    std::map<std::string, std::vector<const SelectionCandidate *>> best;
    for (const std::string &label : labels)
        best[label] = {};
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (!std::isfinite(candidates[i].confidence))
            return refuse(StatCode::NotFinite, i);
        const auto found = best.find(candidates[i].label);
        if (found == best.end())
            return refuse(StatCode::OutOfRange, i);
        if (candidates[i].confidence > floor)
            found->second.push_back(&candidates[i]);
    }
    auto most = static_cast<std::size_t>(keepPerLabel);
    for (auto &[label, list] : best) {
        std::ranges::sort(list, [](const SelectionCandidate *a, const SelectionCandidate *b) {
            return a->confidence != b->confidence ? a->confidence > b->confidence : a->id < b->id;
        });
        if (balance)
            most = std::min(most, list.size());
    }
    Selection out;
    std::size_t longest = 0;
    for (auto &[label, list] : best) {
        list.resize(std::min(most, list.size()));
        out.perLabel[label] = static_cast<std::int64_t>(list.size());
        longest = std::max(longest, list.size());
    }
    for (std::size_t rank = 0; rank < longest; ++rank) {
        for (const std::string &label : labels) {
            if (const auto &list = best[label]; rank < list.size())
                out.selected.push_back(list[rank]->id);
        }
    }
    return out;
}

} // namespace evalwright::statistics
