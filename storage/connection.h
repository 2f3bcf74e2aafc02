// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids.h"
#include "core/result.h"
#include "storage/statement.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>

#include <memory>
#include <optional>
#include <unordered_map>

class QSqlError;

namespace evalwright {

/// One SQLite connection, used only on the thread that opened it. Thin: SQL text with bound values in, a query out.
class Connection
{
public:
    enum class Mode { ReadOnly, ReadWrite, Create };

    /// Opens a database file. `busyMilliseconds`: how long to wait for another process's lock.
    static Result<std::unique_ptr<Connection>> open(const QString &path, Mode mode, int busyMilliseconds = 5000);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// Runs one statement with positional values. The query is forward-only and stands before its first row.
    Result<QSqlQuery> query(const QString &sql, const QVariantList &values = {});
    /// Runs a statement and drops its rows; returns the number of rows changed.
    Result<qint64> execute(const QString &sql, const QVariantList &values = {});
    /// Runs an INSERT and returns the new row number.
    Result<qint64> insert(const QString &sql, const QVariantList &values = {});
    /// First column of the first row; an invalid QVariant when there is no row.
    Result<QVariant> value(const QString &sql, const QVariantList &values = {});
    /// Hands on every row of a question; `use` must not run the same question again. For those with very many rows.
    Status forEachRow(const QString &sql, const QVariantList &values,
                      const std::function<void(const Statement::Row &)> &use);
    /// Runs a script of several statements (migrations): `--` comments, no `;` inside quoted text.
    Status script(const QString &sql);

    Status begin();
    Status commit();
    void rollback();

private:
    Connection(QString name, const QSqlDatabase &database);
    Result<QVariant> run(const QString &sql, const QVariantList &values, const QString &what);
    Result<Statement *> prepared(const QString &sql, const QString &what);

    QString m_name;
    QSqlDatabase m_database;
    sqlite3 *m_handle; ///< Of m_database.
    /// Prepared statements of execute(), insert() and value(), by their text.
    std::unordered_map<QString, Statement> m_statements;
};

/// Turns an SQL error into words; knows full disk, read-only file, lock and damage.
/// `path` is the database file, when known: an input/output error on a disk without space is a full disk.
Error sqlError(const QSqlError &error, const QString &what, const QString &path = {});

/// An invalid id and an unset optional are stored as NULL.
template <class Tag>
QVariant bound(Id<Tag> id)
{
    return id.isValid() ? QVariant(id.value) : QVariant();
}
template <class T>
QVariant bound(const std::optional<T> &value)
{
    return value ? QVariant::fromValue(*value) : QVariant();
}
/// Text that is never NULL: QtSql would store a null QString as NULL.
inline QVariant bound(const QString &text)
{
    return text.isNull() ? QVariant(QStringLiteral("")) : QVariant(text);
}
/// Empty text as NULL, for optional times.
inline QVariant boundOrNull(const QString &text)
{
    return text.isEmpty() ? QVariant() : QVariant(text);
}

template <class T>
std::optional<T> optionalValue(const QVariant &value)
{
    return value.isNull() ? std::nullopt : std::optional<T>(value.value<T>());
}

} // namespace evalwright
