// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "storage/exchange/format.h"

#include <QMap>
#include <QSet>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <nlohmann/json_fwd.hpp>

namespace evalwright {

class Project;

struct ImportOptions
{
    QString dataset; ///< Empty: the file's name without its suffix.
    QString format = QStringLiteral("auto");
    bool skipBad = false;                 ///< Store the good rows of a file that has bad ones.
    bool strict = false;                  ///< Rows with a flag count as bad.
    qint64 longestRow = qint64{64} << 20; ///< Bytes; longer rows are "too-long".
    QStringList map;                      ///< "field=column" (fieldmapping.h), for formats with foreign columns.
    bool csvUnescape = false;             ///< A table was made safe for spreadsheets without saying so.
    bool dryRun = false;                  ///< Read everything and store nothing.
};

/// What happened to one file. A file whose rows are bad is a report, not an Error: see `refused()`.
struct ImportReport
{
    QString path, format, dataset, sha256;
    qint64 bytes = 0;
    qint64 rows = 0;       ///< Rows in the file, good or bad.
    qint64 imported = 0;   ///< Rows stored now.
    qint64 duplicates = 0; ///< Rows that an earlier import of the same bytes into this data set had stored.
    std::optional<qint64> importable; ///< Of a dry run: rows that an import would store.
    qint64 bad = 0;        ///< All bad rows; `rejected` lists at most `mostListed` of them.
    QList<RowProblem> rejected;
    QMap<QString, qint64> flags; ///< Marked rows by flag.
    bool cutShort = false;       ///< The file seems to end in the middle of a row.
    QString mapping = QStringLiteral("{}"), dialect = QStringLiteral("{}"); ///< As FileFacts has them.
    static constexpr qint64 mostListed = 10000;

    /// Nothing was stored because of bad rows.
    bool refused() const { return bad > 0 && imported == 0 && duplicates == 0 && importable.value_or(0) == 0; }
    /// {path, format, dataset, sha256, bytes, rows, imported, duplicates, importable, rejected_rows,
    /// rejected[{line, column, reason, message, field, excerpt}], flags{}, cut_short, mapping{}, dialect{}}
    nlohmann::json toJson() const;
};

/// Bytes read so far and in all; begins again when a file has to be read a second time.
using ExchangeProgress = std::function<void(qint64 done, qint64 total)>;

/// Reads a file into a data set, which is made if it is not there yet. "-" is standard input (needs a data set name).
/// One file is one transaction: with a bad row nothing is stored unless `skipBad`. The same bytes a second time change
/// nothing. Rows are stored while the file is read; a file that turns out to be of another kind than its beginning
/// tells, or asks its questions after biographies, is read twice. Memory does not grow with the number of rows. Call on a
/// worker thread. Errors: NotFound, Storage (file cannot be read or changes meanwhile), Unsupported (format not
/// recognised), InvalidInput (data set of another family), Cancelled.
Result<ImportReport> importFile(Project &project, const QString &path, const ImportOptions &options,
                                const CancellationToken &token = {}, const ExchangeProgress &progress = {});

/// Imports several files, each as importFile(): while one is read, the next one is looked at and the last one stored, and
/// small ones share a commit. A file of this line that fails leaves the others as they are.
class ImportLine
{
public:
    /// Gets what became of each file, in the order in which they were added; a failure ends the line.
    using Done = std::function<Status(const Result<ImportReport> &)>;
    /// The place of the file in the order in which they were added, how many of its bytes were read, of how many. Called
    /// while add() or finish() waits, not always on its thread.
    using Progress = std::function<void(qsizetype file, qint64 bytes, qint64 of)>;
    ImportLine(Project &project, Done done, const CancellationToken &token = {}, Progress progress = {});
    ~ImportLine();
    /// Begins with a file, and reads the one before. Earlier ones may be handed to `done` meanwhile. Errors: those of
    /// `done`.
    Status add(const QString &path, const ImportOptions &options);
    /// Waits for all of them.
    Status finish();

private:
    struct Waiting;
    Status finishFirst();

    Project &m_project;
    Done m_done;
    CancellationToken m_token;
    Progress m_progress;
    qsizetype m_added = 0;
    std::deque<std::unique_ptr<Waiting>> m_waiting;
    qint64 m_waitingBytes = 0;
    QSet<QString> m_datasets; ///< Of those that wait.
};

/// Where the sentence goes that asks to keep the data out of training corpora (canary.h).
enum class Canary {
    Off,
    Beside, ///< A line in a CANARY.txt beside the file; nowhere for standard output.
    InRows, ///< Also a field `canary` in every row, which is then not byte for byte as imported.
};

struct ExportOptions
{
    bool overwrite = false; ///< Replace a file of that name.
    /// "stored"; "paper": labels take turns, each by falling confidence; "shuffle:SEED". Empty: stored for data sets
    /// that were imported, "shuffle:0" for those that were generated (their stored order tells label and confidence).
    QString order;
    QString where; ///< Only items that this filter lets through (storage/items/itemfilter.h); empty: all.
    bool trimLabels = false; ///< "Yes" for " Yes".
    bool csvSafe = true;     ///< Tables are made safe for spreadsheets (generictable.h).
    /// A control instead of the items (ControlSet): "no-biography" (each different question once) or
    /// "swapped-biography" (one row for each item). Empty: the items.
    QString control;
    Canary canary = Canary::Beside;
    std::function<void(qint64 rows)> progress; ///< Called now and then, not on the caller's thread.
};

struct ExportReport
{
    QString path, format, dataset, sha256, order, control;
    qint64 rows = 0, bytes = 0;
    QString canaryPath; ///< Of the CANARY.txt; empty: none was written.
    QString warning;    ///< Why not, or what else is to be known.
    /// The file equals, byte for byte, one that was imported into this data set.
    bool equalsImport = false;
    /// {path, format, dataset, order, control, sha256, rows, bytes, equals_import, canary_path, warning}
    nlohmann::json toJson() const;
};

/// Writes the items of a data set through a temporary file that replaces `path` at the end. "-" is standard output.
/// Memory does not grow with the number of items in stored order; in other orders by 24 bytes an item. Errors:
/// NotFound, AlreadyExists, InvalidInput (no items, unknown order), Unsupported (also: no such control), ReadOnly, Storage, Cancelled.
Result<ExportReport> exportDataset(Project &project, const QString &dataset, const QString &format, const QString &path,
                                   const ExportOptions &options, const CancellationToken &token = {});
/// The same with a format that is no file format by itself, such as the data of a task.
Result<ExportReport> exportDataset(Project &project, const QString &dataset, const FileFormat &format, const QString &path,
                                   const ExportOptions &options, const CancellationToken &token = {});
/// "FOLDER/NAME.no-biography.jsonl" beside "FOLDER/NAME.jsonl".
QString controlPath(const QString &path, const QString &control);
/// The items and then every control that they have, each in its own file beside `path` (controlPath()).
/// The first report is that of the items.
Result<QList<ExportReport>> exportWithControls(Project &project, const QString &dataset, const QString &format,
                                               const QString &path, const ExportOptions &options,
                                               const CancellationToken &token = {});
inline Result<ExportReport> exportDataset(Project &project, const QString &dataset, const QString &format,
                                          const QString &path, bool overwrite, const CancellationToken &token = {})
{
    ExportOptions options;
    options.overwrite = overwrite;
    return exportDataset(project, dataset, format, path, options, token);
}

} // namespace evalwright
