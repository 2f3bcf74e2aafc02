// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "storage/items/bulk.h"

#include <functional>

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

class Project;

/// What undoing an import does, or did. Items of which nothing is known but that they were imported are removed: the file
/// brings them back. Items that anything happened to – a decision, an answer, a judgement, an edit, a tag, a place in a
/// review, a score, a vector – stay with all of it and are rejected, for the reason "import-undone".
struct ImportUndone
{
    ImportSource source;
    QString dataset;
    qint64 removed = 0, rejected = 0;
    qint64 rejectedBefore = 0;   ///< Stay as well; they were rejected already.
    bool hasJobsSince = false;   ///< A job has worked with the data set since, so that nothing is removed.
    bool datasetGoes = false;    ///< The data set is empty then, and nothing else belongs to it.
    DecisionMarks rejections;    ///< To take the rejecting back; only when it was done.

    qint64 items() const { return removed + rejected + rejectedBefore; }
    /// {import, file, sha256, dataset, removed, rejected, rejected_before, dataset_removed}
    nlohmann::json toJson() const;
};

/// What it would be. NotFound when there is no such import, or it was undone.
Result<ImportUndone> planImportUndo(Connection &connection, ImportSourceId source);

/// Does it, in one transaction. The project's log keeps the file's name and SHA-256 and what became of the items. The file can be
/// imported again: what was removed comes back, what stayed is known. Cancelled leaves everything as it was. Blocking; for worker
/// threads and the command line. `progress` is called on the project's writer thread, with numbers of items.
Result<ImportUndone> undoImport(Project &project, ImportSourceId source, const CancellationToken &token = {},
                                const std::function<void(qint64 done, qint64 total)> &progress = {});

/// An import that has items in a data set, with how many of them are kept.
struct ImportListed
{
    ImportSource source;
    qint64 items = 0, kept = 0;
};
Result<QList<ImportListed>> listImports(Connection &connection, DatasetId dataset);

} // namespace evalwright
