// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"
#include "storage/exchange/linereader.h"

#include <QList>

namespace evalwright {

/// How the records of a table are written.
struct TableDialect
{
    char delimiter = ',';
    bool quotes = true; ///< Cells may be quoted after RFC 4180; else every line is a record (TSV).
};

/// The delimiter among `, ; tab |` that the first line has most of, outside quotes; a comma when it has none.
char guessDelimiter(const QByteArray &head);

/// One record of a table.
struct TableRecord
{
    qint64 line = 0;           ///< Where it starts.
    QByteArray raw;            ///< Its bytes without the last line end.
    QList<QByteArray> cells;   ///< Quotes removed; line ends inside quotes as they are.
    QList<qsizetype> offsets;  ///< Of each cell in `raw`.
    std::optional<RowProblem> problem;
};

/// Records of a byte stream, one at a time. Blank lines are no records. The first record of a table is its header.
class DelimitedReader
{
public:
    DelimitedReader(QIODevice &device, TableDialect dialect, qint64 longestRow)
        : m_lines(device, longestRow), m_dialect(dialect), m_longest(longestRow)
    {
    }

    /// False at the end. Problems: too-long, invalid-utf8, unclosed-quote (also for what follows a closing quote; the
    /// record then ends with the line), column-count (more than `mostColumns`).
    bool next(TableRecord &record);
    LineDialect lines() const { return m_lines.dialect(); }
    static constexpr qsizetype mostColumns = 1024;

private:
    LineReader m_lines;
    TableDialect m_dialect;
    qint64 m_longest;
};

/// The column of a byte of a record; 0 (unknown) behind its first line.
qint64 columnInRecord(const TableRecord &record, qsizetype offset);

} // namespace evalwright
