// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace evalwright::review {

/// How the items of a review are drawn.
enum class Sampling {
    Random,
    Stratified, ///< Deciles of confidence × label, equal counts.
    ByLabel,    ///< As evenly over labels as they allow.
    Disputed,   ///< Those that raters disagree on most, then those that the model's label is least sure of.
    All,
};
QString samplingName(Sampling sampling); ///< random | stratified | by-label | disputed | all
/// InvalidInput lists the names.
Result<Sampling> samplingFrom(const QString &name);

/// Which items go to how many raters.
struct ReviewPlan
{
    Sampling sampling = Sampling::Random;
    qint64 items = 100;    ///< Drawn; not of All.
    int raters = 3;        ///< Lists.
    int perItem = 3;       ///< Raters of an item, at most `raters`.
    double overlap = 0;    ///< Share of the items that every rater gets.
    double gold = 0.05;    ///< Places with a gold item, as a share of a list, as far as there are gold items.
    double repeats = 0.05; ///< Places that show an item of the same list once more, likewise.
    qint64 seed = 0;
    std::optional<double> stopWidth; ///< Enough once the interval of label precision is as wide, upper end less lower.
    std::optional<double> goldLimit; ///< A rater below this accuracy on gold items is flagged.
    bool goldBlocks = false;         ///< And gets no more items.

    nlohmann::json toJson() const;
    static Result<ReviewPlan> fromJson(const nlohmann::json &document);
    static Result<ReviewPlan> fromText(const QString &text);
    Status check() const; ///< InvalidInput.
    bool operator==(const ReviewPlan &) const = default;
};

} // namespace evalwright::review
