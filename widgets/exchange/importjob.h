// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/exchange/exchange.h"


#include <optional>

namespace evalwright {

/// A file of an import, with what was chosen for it.
struct ImportInput
{
    QString path;
    QString dataset; ///< A name that is there means: add to it.
    QString format = QStringLiteral("auto");
    QStringList map;          ///< ImportOptions::map
    qint64 rowsExpected = 0;  ///< 0: not known.
};

struct ImportSettings
{
    bool strict = false, skipBad = false, csvUnescape = false, lint = false, dryRun = false;
};

/// What became of one file.
struct FileImport
{
    QString path;
    std::optional<ImportReport> report;
    std::optional<Error> error;
    QString origin; ///< Where its rows come from, when it says so (noteOrigin).
    std::optional<qint64> lintFindings, lintBlocking;
    QString problemAfter; ///< What went wrong once the rows were stored.
    ImportSourceId source; ///< To undo it by; invalid when nothing was stored.

    bool stored() const { return report && report->imported > 0; }
    /// In sentences.
    QString text() const;
};

/// An error in words, without advice that speaks of options of the command line.
QString wordsOf(const Error &error);

struct ImportProgress
{
    qsizetype file = 0;
    qint64 bytes = 0, bytesInAll = 0; ///< Of all files.
    qint64 rowsExpected = 0;          ///< About so many rows are read; 0 when not known.
    QString stage;                    ///< What goes on but for reading.
};

/// Imports files, or tries them out; what is wrong with one does not stop the others. Each is stored whole or not at all.
/// When it is cancelled, the files that were stored by then are in `done`. Call on a worker thread.
Status importItems(Project &project, const QList<ImportInput> &inputs, const ImportSettings &settings,
                   QList<FileImport> &done, const CancellationToken &token,
                   const std::function<void(const ImportProgress &)> &progress);

} // namespace evalwright
