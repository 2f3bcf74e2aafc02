// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchreader.h"
#include "storage/project.h"

#include <QSet>

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

/// What reading result files brought.
struct BatchCollected
{
    qint64 lines = 0;
    qint64 matched = 0;    ///< Answers that were stored.
    qint64 failed = 0;     ///< Requests that the provider refused, or whose answer cannot be read.
    qint64 notRun = 0;     ///< Expired or cancelled, or failed in a way that another try may help.
    qint64 duplicates = 0; ///< Results of requests that had theirs; nothing was changed.
    qint64 changed = 0;    ///< Of them and of repeated lines, those that differ from the one that is kept.
    qint64 unknown = 0;    ///< No request of this project has the id.
    qint64 unreadable = 0; ///< Lines that are no results.
    bool cutShort = false; ///< The last line of a file is not whole.
    qint64 promptTokens = 0, completionTokens = 0;
    std::optional<double> cost; ///< Of what was stored; unset when any price is unknown.
    QString problemFile;        ///< Every line that could not be used, as it arrived; empty when there is none.
    QSet<qint64> jobs;          ///< That wait for what was stored.
    nlohmann::json toJson() const;
    QString text() const; ///< One paragraph for people.
};

struct BatchCollectOptions
{
    std::optional<BatchService> service; ///< Unset: told from the first line of each file.
    QString problemFolder;               ///< Where the file of problem lines goes.
};

/// Reads result files into the project: each answer is stored as a live one would be, together with its step, and its
/// request waits no more. Any order, any number of times, in part. Answers of one transaction are at most 256; memory
/// is that of BatchResultReader. Errors as BatchResultReader::readFile; what was stored before stays.
Result<BatchCollected> collectBatchResults(Project &project, const QStringList &files,
                                           const BatchCollectOptions &options, const CancellationToken &token);

} // namespace evalwright
