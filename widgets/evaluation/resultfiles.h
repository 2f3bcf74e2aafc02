// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/observations/observations.h"

#include <memory>

namespace evalwright {

/// What became of one file.
struct ResultFileOutcome
{
    QString path;
    std::optional<ObservationImportReport> report;
    std::optional<Error> error;
    bool stored() const { return report && !report->file.refused(); }
    /// In sentences, a line each.
    QString text() const;
};

struct ResultFilesOptions
{
    QString model, dataset; ///< Where a file does not say it.
    bool skipBad = false;
};

/// Imports file after file, each whole or not at all; what is wrong with one does not stop the others. Cancelled is the
/// only error: the files before it are stored. Call on a worker thread.
Result<QList<ResultFileOutcome>> importResultFiles(Project &project, const QStringList &paths,
                                                   const ResultFilesOptions &options, const CancellationToken &token,
                                                   const std::function<void(qsizetype file, qint64 done, qint64 total)> &progress);

} // namespace evalwright
