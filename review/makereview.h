// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "core/review.h"
#include "review/reviewplan.h"
#include "storage/connection.h"

#include <QHash>

#include <optional>
#include <vector>

namespace evalwright::review {

/// What a review is begun with.
struct NewReview
{
    DatasetId dataset;
    QString name; ///< Empty: review-N.
    ReviewPlan plan;
    /// Candidates to draw from, as a person chose them; unset: the whole data set. Those that are not kept are passed over.
    std::optional<std::vector<qint64>> chosen;
    Questionnaire questionnaire;
    QString guideline;                     ///< Shown to raters; may be empty.
    QHash<qint64, nlohmann::json> golds;   ///< Candidate of the data set, kept or not, to its right answers.
};

struct MadeReview
{
    Review review;
    qint64 items = 0;             ///< Drawn.
    qint64 golds = 0;             ///< Gold items that are on a list.
    QList<qint64> places;         ///< Of each list.
};

/// Draws the items, makes the lists and stores the review with what its raters are given. One transaction, to be run by
/// Project::write. InvalidInput: the plan, no items, answers of a gold item that the questionnaire does not allow, a
/// questionnaire that asks for options of items that have none. AlreadyExists: the name.
Result<MadeReview> makeReview(Connection &connection, const NewReview &wanted);

} // namespace evalwright::review
