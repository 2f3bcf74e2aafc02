// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/proportions.h"
#include "generators/recipe.h"
#include "storage/connection.h"

#include <nlohmann/json.hpp>

#include <vector>

namespace evalwright {

/// A candidate with a label confidence, as the threshold sees it.
struct FilterCandidate
{
    enum class Standing {
        Open,          ///< The threshold decides.
        Closed,        ///< Lost at an earlier stage, or not decided yet: no threshold brings it back.
        KeptByPerson,  ///< Stays, whatever the threshold.
        RejectedByPerson,
    };
    CandidateId id;
    int label = 0; ///< Index into FilterSet::labels.
    Standing standing = Standing::Closed;
    bool keptNow = false;
    double confidence = 0; ///< 0 … 1
    double rank = 0;       ///< What the selection sorts by: the mean over the recipe's requirements.
};

/// All that a threshold is judged by. About 40 bytes a candidate.
struct FilterSet
{
    QStringList labels; ///< The groups that a quota is for (labels; clusters, if the recipe groups by them), sorted.
    std::vector<FilterCandidate> candidates; ///< Best rank first, ties by ordinal; those without confidence left out.
    std::vector<bool> hasQuota; ///< Per label: the selection sees candidates of it.
    qint64 asked = 0;             ///< Samples that were paid for: every candidate, whatever became of it.
    qint64 keptOtherwise = 0;     ///< Kept now without any confidence: they stay.
    bool hasRecipe = false;       ///< Else nothing can be applied, only looked at.
    SelectStage select;           ///< Of the recipe, with the threshold and size of the latest rule that decided.
};
/// Reads a whole data set. NotFound, Corrupt (its recipe cannot be read).
Result<FilterSet> readFilterSet(Connection &connection, DatasetId dataset);

/// How far people agree above a threshold: of the candidates there that a person decided about, those that were kept.
struct HumanAgreement
{
    qint64 n = 0;                                   ///< Decided by a person, with a confidence above the threshold.
    qint64 kept = 0;
    std::optional<statistics::Proportion> interval; ///< Wilson, 95 %; unset: nobody has judged yet.
};

struct ThresholdPoint
{
    double threshold = 0;               ///< Label confidence must be above it.
    qint64 kept = 0;                    ///< With those that a person kept.
    QMap<QString, qint64> keptPerLabel; ///< Every label, also those with none.
    qint64 added = 0, removed = 0;      ///< Against what is kept now.
    double yield = 0;                   ///< kept / asked; 0 when nothing was asked.
    std::optional<double> samplesPerKept; ///< asked / kept; unset when nothing is kept.
    HumanAgreement human;
};
/// What reselect() with this selection would keep. With `select.diversity` above 0 the numbers per label are right, but
/// which candidates they are, and so `added` and `removed`, is known only when it is applied. `kept` gets their ids.
/// Time grows with the number of candidates: some milliseconds for a million.
ThresholdPoint thresholdPoint(const FilterSet &set, const SelectStage &select, QList<CandidateId> *kept = nullptr);

/// One point for each threshold of a grid (0, 0.02 … 0.98), the rest as in `select`.
QList<ThresholdPoint> thresholdCurve(const FilterSet &set, const SelectStage &select);
/// The same of a stored data set, with the selection of its recipe where `keepPerLabel` is unset.
Result<QList<ThresholdPoint>> thresholdCurve(Connection &connection, DatasetId dataset,
                                             std::optional<qint64> keepPerLabel = {});

/// {threshold, kept, kept_per_label, added, removed, yield, samples_per_kept, human: {n, value, low, high}}; what is
/// unknown is null.
nlohmann::json toJson(const ThresholdPoint &point);

} // namespace evalwright
