// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/exchange.h"

namespace evalwright {

/// A row as an import would read it, with its text.
struct PreviewRow
{
    ImportedRow row;
    QString text; ///< Its lines in the file; of very long ones the beginning.
    qint64 line() const { return row.problem && row.problem->line > 0 ? row.problem->line : row.candidate.sourceLine.value_or(0); }
};

/// What the beginning of a file says about all of it.
struct FilePreview
{
    QString path;
    qint64 size = 0;             ///< Bytes.
    QString format, formatTitle; ///< Empty when the content is of no format that is read.
    bool recognised = false;     ///< By its content. Else it was chosen, or is a table with columns that nothing is known of.
    bool mapped = false;         ///< Its columns can be mapped (ImportOptions::map).
    bool table = false;          ///< Spreadsheet safety means something to it.
    QString family;
    QString mapping = QStringLiteral("{}"); ///< As FileFacts has it.
    QStringList columns;         ///< Names of columns; of JSON Lines names of members and JSON pointers to what they hold.
    QList<PreviewRow> rows;
    bool whole = false;          ///< These are all rows.
    qint64 rowsExpected = 0;     ///< In the whole file, from the length of these.
    std::optional<RowProblem> problem; ///< Why the content is of no use.
    std::optional<Error> refusal;      ///< Why no row can be read with these options.

    static constexpr int mostRows = 50;
};

/// Reads the beginning of a file as importFile() would, and stores nothing. Takes a few milliseconds, however long the file
/// is. Errors: NotFound, InvalidInput (no regular file), Storage (cannot be read), Cancelled.
Result<FilePreview> previewFile(const QString &path, const ImportOptions &options, const CancellationToken &token = {});

} // namespace evalwright
