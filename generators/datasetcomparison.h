// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/work.h"
#include "storage/project.h"
#include "storage/repositories/datasetdifference.h"

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

/// Two data sets side by side: two versions of a recipe, or one recipe twice (docs/comparison.md).
struct ComparedSide
{
    std::optional<double> value, low, high; ///< Unset: nothing to measure, or no interval exists.
    qint64 n = 0;                           ///< Candidates or items that it rests on.
    std::optional<qint64> clusters;         ///< Unset: each is its own.
    std::optional<double> naiveLow, naiveHigh; ///< Ignoring clusters; unset without them.
};

struct ComparedRow
{
    enum class Group { Funnel, Cost, Confidence, People, Lint, Diversity };
    Group group = Group::Funnel;
    QString id, title; ///< "parsed"; "Parsed, of those answered"
    bool isShare = true; ///< Shown as per cent; else a number.
    ComparedSide a, b;
    std::optional<double> difference, low, high; ///< b − a: what the second version changed.
    std::optional<double> p, q;                  ///< q: Benjamini–Hochberg over all rows with a p.
    QString note;
};

/// Kept items of one set that the other has as well.
struct ComparedOverlap
{
    qint64 items = 0, exact = 0, near = 0; ///< Near: word sets with Jaccard 0.8; exact ones are among them.
    std::optional<double> exactLow, exactHigh, nearLow, nearHigh; ///< Wilson, of exact/items and near/items.
};

struct DatasetComparison
{
    QString a, b;
    DatasetDifference making; ///< The recipes leaf by leaf, models, filters.
    QList<ComparedRow> rows;
    ComparedOverlap ofA, ofB;
    qint64 tested = 0; ///< Rows with a p: the J of the adjustment.
    QStringList notes; ///< What the intervals are of, and what they are not.
    nlohmann::json toJson() const;
};
/// Blocking; some seconds for a hundred thousand candidates. NotFound, InvalidInput (one set twice, two families),
/// Cancelled. Nothing is stored.
Result<DatasetComparison> compareDatasets(Project &project, const QString &a, const QString &b,
                                          const SimilarityWork &work = {});

/// "62.1 %", "3.4"; an em dash when unset.
QString comparedText(const ComparedRow &row, const std::optional<double> &value);
/// "62.1 % [58.0, 66.1]"
QString comparedText(const ComparedRow &row, const ComparedSide &side);
/// "45.8 % [27.9, 64.9]", of the items those that the other set has letter by letter, or nearly.
QString comparedText(const ComparedOverlap &overlap, bool nearly);
/// "+3.1 pp [−0.4, +6.6]", "−0.5 [−0.9, −0.1]"
QString comparedDifference(const ComparedRow &row);

} // namespace evalwright
