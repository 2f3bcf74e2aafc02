// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"
#include "review/makereview.h"

namespace evalwright::cli {

/// How a review is begun, as it is typed.
struct ReviewOptions
{
    std::string dataset, name, sample = "random", where, questionnaire, guideline, gold;
    qint64 items = 100, raters = 3, perItem = 3;
    double overlap = 0, goldShare = 0.05, repeats = 0.05;
    std::optional<double> stopWidth, goldLimit;
    std::optional<qint64> seed;
    bool goldBlocks = false, goldDecided = false;
};

/// Adds the data set and everything about a new review to a command.
void addReviewOptions(CLI::App &command, ReviewOptions &options);
/// Draws and stores the review.
Result<review::MadeReview> beginReview(Project &project, const ReviewOptions &options);

/// bundle, merge, export, code.
void addReviewFileCommands(CLI::App &review, Context &context);

} // namespace evalwright::cli
