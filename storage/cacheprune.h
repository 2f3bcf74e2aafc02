// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/cache.h"

#include <functional>

namespace evalwright {

struct PruneOptions
{
    QString actor;        ///< Who removes, for the event log: the program, no name of a person.
    bool compact = false; ///< Write the whole file anew, which also older files give their space back by.
    int rowsAtOnce = 5000; ///< Answers in a transaction: each flushes the disk.
};

struct PruneProgress
{
    enum class Phase { Removing, Prompts, Shrinking };
    Phase phase = Phase::Removing;
    qint64 done = 0, total = 0; ///< Answers looked at; nothing while prompts go; pages given back.
};

struct PruneReport
{
    CacheCount removed;
    qint64 prompts = 0; ///< That no answer had any more.
    qint64 steps = 0;   ///< Of jobs that used what went; they say so.
    qint64 fileBytesBefore = 0, fileBytes = 0;
    qint64 freeBytes = 0; ///< Left inside the file, for what comes next.
    bool shrinks = false; ///< As CacheInfo::shrinks.
    bool stopped = false; ///< Told to before it was through; what went is gone, and everything is consistent.
};

/// Removes what the filter wants and nothing holds, some thousand answers in a transaction, and gives the space back.
/// Stops early, saying so, when the token tells it. Locked while a job is running, also when one begins meanwhile;
/// InvalidInput for a filter that says nothing. Blocking; for worker threads and the command line. `progress` is called
/// on the project's writer thread.
Result<PruneReport> pruneCache(Project &project, const CacheFilter &filter, const PruneOptions &options,
                               const CancellationToken &token = {},
                               const std::function<void(const PruneProgress &)> &progress = {});

} // namespace evalwright
