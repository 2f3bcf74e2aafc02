// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"
#include "review/elsewhere/mergetool.h"

/// Reviews in tools of others: tasks out, answers in, codes of raters.
namespace evalwright::cli {

struct TaskOptions
{
    std::string format = "judgements", language;
    std::optional<qint64> lists;
    std::vector<qint64> list; ///< Counted from 1.
    bool showPredictions = false;
};

/// Adds what only tasks need to `review export`.
void addTaskOptions(CLI::App &command, TaskOptions &options);
/// Writes lists of the review as tasks and prints what was written.
Result<int> exportTasks(Context &context, const std::shared_ptr<Project> &project, const Review &review,
                        const QString &path, bool force, const TaskOptions &options);

/// A report for people, ended by what was not merged.
QString toolMergeText(const review::ToolMergeReport &report);

/// code.
void addReviewCodeCommand(CLI::App &review, Context &context);

} // namespace evalwright::cli
