// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/delimitedreader.h"
#include "storage/exchange/jsonrow.h"

namespace evalwright {

/// A table as rows with named cells: its header read, spreadsheet safety taken off (generictable.h), counts of cells
/// checked. What all formats that are tables share.
class TableRows
{
public:
    TableRows(QIODevice &device, TableDialect dialect, qint64 longestRow, bool unescapes)
        : m_table(device, dialect, longestRow), m_dialect(dialect), m_unescapes(unescapes)
    {
    }

    struct Row
    {
        TableRecord record;
        JsonNode cells; ///< An object of texts, in the order of the columns.
        std::optional<RowProblem> problem;
    };
    /// Reads the header, the first time. False when it cannot be used: refusal() says why.
    bool begin();
    /// False at the end. Rows with a problem (of the record, column-count, wrong-type of the mark of safety) have no
    /// cells.
    bool next(Row &row);
    const QStringList &columns() const { return m_columns; }
    /// {"bom", "crlf", "delimiter", "safe"} as canonical JSON; complete after the last row.
    QString dialect() const;
    std::optional<Error> refusal() const { return m_refusal; }

private:
    void readHeader(const TableRecord &record);
    QString unescaped(const QString &text) const;

    DelimitedReader m_table;
    TableDialect m_dialect;
    QStringList m_columns;
    bool m_begun = false, m_safe = false, m_unescapes;
    std::optional<Error> m_refusal;
};

/// The names in the first line of a table, for guesses: unquoted, trimmed, in lower case.
QStringList columnsOf(const QByteArray &head);

} // namespace evalwright
