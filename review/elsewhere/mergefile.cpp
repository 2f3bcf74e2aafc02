// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/mergefile.h"

#include "storage/project.h"

namespace evalwright::review {

Result<MergedFile> mergeFile(const std::shared_ptr<Project> &project, const QString &path, const MergeOptions &options,
                             bool skipBad, const CancellationToken &token)
{
    MergedFile merged;
    EVALWRIGHT_ASSIGN(const std::optional<Tool> tool, answersToolOf(path));
    if (tool) {
        EVALWRIGHT_ASSIGN(merged.tool, mergeToolAnswers(project, path, {skipBad, options.acceptChanged}, token));
    } else {
        EVALWRIGHT_ASSIGN(merged.report, project->writeNow([&](Connection &c) { return mergeAnswers(c, path, options); },
                                                           {Topic::Reviews}));
    }
    return merged;
}

} // namespace evalwright::review
