// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/tools/sqlitefile.h"
#include "storage/tools/treereader.h"

#include <QHash>
#include <QList>
#include <QString>

#include <map>

struct sqlite3_stmt;

namespace evalwright {

/// A table of a project as this program makes it, and the rows of it that a damaged file still has.
class SalvagedTable
{
public:
    enum class Stored { Added, Twice, Refused };

    SalvagedTable(SqliteFile &file, const QString &name) : m_file(file), m_name(name) {}
    ~SalvagedTable();
    SalvagedTable(const SalvagedTable &) = delete;
    SalvagedTable &operator=(const SalvagedTable &) = delete;
    Status readColumns();

    const QString &name() const { return m_name; }
    bool hasRowNumbers() const { return m_rowNumber >= 0; }
    /// Whether a record without an owner looks like one of this table: types, and the form of uuids, hashes, times, JSON.
    bool looksLike(const StoredRecord &record) const;
    /// Refused: what the table does not allow, or text that is no text any more.
    Result<Stored> store(qint64 rowid, const StoredRecord &record);

    qint64 salvaged = 0, twice = 0, refused = 0, brokenRows = 0, brokenPages = 0;
    qint64 expected = -1; ///< Rows that an index of the table names; −1: not known.
    qint64 dropped = 0;   ///< Salvaged, and taken out again because what they belong to is lost.
    qint64 mended = 0;    ///< Whose reference to something lost was emptied.
    qint64 placeholders = 0; ///< Made where other rows need a row that is lost.

private:
    struct Column
    {
        QString name;
        QByteArray type; ///< As declared: INTEGER | TEXT | BLOB | REAL
        bool mayBeNull = true;
    };
    bool fits(const Column &column, const StoredValue &value) const;
    Result<sqlite3_stmt *> statementFor(std::size_t values);

    SqliteFile &m_file;
    QString m_name;
    QList<Column> m_columns;
    qsizetype m_rowNumber = -1; ///< The column that is the row's number.
    qsizetype m_fewest = 0;     ///< Values of a row that was written before the latest columns came.
    std::map<std::size_t, sqlite3_stmt *> m_statements; ///< By the number of values.
};

} // namespace evalwright
