// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/elsewhere/mergetool.h"

#include <optional>

namespace evalwright::review {

/// What became of a file with answers: one of the two.
struct MergedFile
{
    std::optional<MergeReport> report;   ///< Of a bundle's answers.
    std::optional<ToolMergeReport> tool; ///< Of Label Studio or Argilla.
};

/// Answers into the project, whoever wrote the file: this program or a tool. `skipBad` is about a tool's file. Blocking, for
/// worker threads. Errors of mergeAnswers() and mergeToolAnswers().
Result<MergedFile> mergeFile(const std::shared_ptr<Project> &project, const QString &path, const MergeOptions &options,
                             bool skipBad, const CancellationToken &token = {});

} // namespace evalwright::review
