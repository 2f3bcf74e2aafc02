// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "storage/statement.h"

#include <QString>
#include <QVariant>

#include <functional>
#include <memory>

struct sqlite3;

namespace evalwright {

/// What a long action on whole files says meanwhile. `total` 0: not known how much there is.
struct ToolProgress
{
    QString stage;
    qint64 done = 0, total = 0;
};
using ToolProgressFunction = std::function<void(const ToolProgress &)>;

/// A connection of its own for work on whole project files: it reads a second file beside the first, copies pages, and
/// a cancelled token stops it in the middle of a statement. Large results wait on the disk, not in memory. Trusts no
/// schema. For one thread.
class SqliteFile
{
public:
    enum class Mode { ReadOnly, Immutable, ReadWrite, Create };

    static Result<std::unique_ptr<SqliteFile>> open(const QString &path, Mode mode, const CancellationToken &token = {});
    ~SqliteFile();
    SqliteFile(const SqliteFile &) = delete;
    SqliteFile &operator=(const SqliteFile &) = delete;

    /// Runs one statement; returns the number of rows changed.
    Result<qint64> execute(const QString &sql, const QVariantList &values = {});
    /// First column of the first row; invalid when there is no row.
    Result<QVariant> value(const QString &sql, const QVariantList &values = {});
    Result<qint64> number(const QString &sql, const QVariantList &values = {});
    Status forEachRow(const QString &sql, const QVariantList &values,
                      const std::function<void(const Statement::Row &)> &use);

    /// Opens a second file for reading only, under the name `other`. Not inside a transaction.
    Status attachForReading(const QString &path);
    /// Registers digest(…), SHA-256 over its arguments, and content(…), the first 16 bytes of it.
    Status addDigestFunctions();

    /// Runs `change` in one transaction that is undone when it fails.
    Status inTransaction(const std::function<Status()> &change);

    sqlite3 *handle() const { return m_handle; }
    const QString &path() const { return m_path; }
    /// The state of the connection as an error.
    Error lastError(const QString &what) const;

private:
    SqliteFile(QString path, const CancellationToken &token) : m_path(std::move(path)), m_token(token) {}
    Error errorFrom(const QSqlError &error, const QString &what) const;

    QString m_path;
    CancellationToken m_token;
    sqlite3 *m_handle = nullptr;
};

/// True when both names lead to one file, also by links.
bool isSameFile(const QString &one, const QString &other);
/// The error of what was stopped on demand.
Error cancelled(const QString &what, const QString &consequence);

} // namespace evalwright
