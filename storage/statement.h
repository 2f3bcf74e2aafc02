// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSqlError>
#include <QVariant>

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace evalwright {

/// A statement that is prepared once and run many times, on the same SQLite connection that QtSql has opened.
/// It exists because QSqlQuery forms the name of every bound value anew: a seventh of all the time that storing a
/// million answers took.
class Statement
{
public:
    /// Of one run. Without an error, `first` is the first column of the first row, invalid when there was no row.
    struct Outcome
    {
        QSqlError error; ///< As QtSql reports it, with SQLite's extended code.
        QVariant first;
    };

    explicit Statement(sqlite3 *database) : m_database(database) {}
    /// Without a value when `sql` is one statement that SQLite understands.
    QSqlError prepare(const QString &sql);
    /// Further rows are dropped. Null values, QString() and QByteArray() are NULL, as in QtSql.
    Outcome run(const QVariantList &values);

    /// A row as SQLite has it, for questions with millions of them. Texts and blobs are valid during the call.
    class Row
    {
    public:
        explicit Row(sqlite3_stmt *row) : m_row(row) {}
        bool isNull(int column) const;
        qint64 integer(int column) const; ///< 0 for NULL.
        double real(int column) const;    ///< 0 for NULL.
        std::string_view bytes(int column) const;
        QString text(int column) const;

    private:
        sqlite3_stmt *m_row;
    };
    /// Runs a question and hands on row after row.
    QSqlError forEach(const QVariantList &values, const std::function<void(const Row &)> &use);

private:
    struct Finalize
    {
        void operator()(sqlite3_stmt *statement) const;
    };
    QSqlError error() const;
    int bind(int index, const QVariant &value, QByteArray &text);
    QSqlError bindAll(const QVariantList &values, std::vector<QByteArray> &texts);
    void reset();

    sqlite3 *m_database;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

} // namespace evalwright
