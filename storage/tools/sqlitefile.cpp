// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/sqlitefile.h"

#include "core/hash.h"
#include "storage/connection.h"

#include <QFile>
#include <QFileInfo>
#include <QUrl>

#include <sqlite3.h>
#include <sys/stat.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int stepsBetweenLooks = 20'000; ///< Of SQLite's machine, between two looks at the token: some milliseconds.
constexpr int busyMilliseconds = 5000;
constexpr int cacheKibibytes = 64 * 1024;

/// Each argument with its type and length before it, so that no two lists look alike. The function's data is the number
/// of bytes that are wanted.
void digest(sqlite3_context *context, int count, sqlite3_value **values)
{
    Sha256 hash;
    for (int i = 0; i < count; ++i) {
        const void *bytes = sqlite3_value_blob(values[i]);
        const int size = sqlite3_value_bytes(values[i]);
        hash.add(QByteArray::number(sqlite3_value_type(values[i])) + ' ' + QByteArray::number(size) + ' ');
        hash.add(QByteArray::fromRawData(static_cast<const char *>(bytes), bytes ? size : 0));
    }
    const QByteArray result = hash.result();
    const auto wanted = static_cast<const int *>(sqlite3_user_data(context));
    sqlite3_result_blob(context, result.constData(), *wanted, SQLITE_TRANSIENT);
}

QString uri(const QString &path, const QString &parameter)
{
    QUrl url = QUrl::fromLocalFile(QFileInfo(path).absoluteFilePath());
    url.setQuery(parameter);
    return url.toString(QUrl::FullyEncoded);
}

} // namespace

Error cancelled(const QString &what, const QString &consequence)
{
    return Error(ErrorCode::Cancelled, what + u" was stopped."_s).withConsequence(consequence);
}

bool isSameFile(const QString &one, const QString &other)
{
    struct stat a = {}, b = {};
    return ::stat(QFile::encodeName(one).constData(), &a) == 0 && ::stat(QFile::encodeName(other).constData(), &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

Result<std::unique_ptr<SqliteFile>> SqliteFile::open(const QString &path, Mode mode, const CancellationToken &token)
{
    std::unique_ptr<SqliteFile> file(new SqliteFile(path, token));
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    QString parameter;
    switch (mode) {
    case Mode::Immutable:
        parameter = u"immutable=1"_s;
        [[fallthrough]];
    case Mode::ReadOnly:
        flags |= SQLITE_OPEN_READONLY;
        break;
    case Mode::ReadWrite:
        flags |= SQLITE_OPEN_READWRITE;
        break;
    case Mode::Create:
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        break;
    }
    if (sqlite3_open_v2(uri(path, parameter).toUtf8().constData(), &file->m_handle, flags, nullptr) != SQLITE_OK)
        return failure(file->lastError(u"Could not open “%1”"_s.arg(path)));
    sqlite3_busy_timeout(file->m_handle, busyMilliseconds);
    sqlite3_progress_handler(
        file->m_handle, stepsBetweenLooks,
        [](void *self) { return static_cast<SqliteFile *>(self)->m_token.isCancelled() ? 1 : 0; }, file.get());
    sqlite3_db_config(file->m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(file->m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(file->m_handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    EVALWRIGHT_TRY(file->execute(u"PRAGMA temp_store = FILE"_s));
    EVALWRIGHT_TRY(file->execute(u"PRAGMA cache_size = -%1"_s.arg(cacheKibibytes)));
    return file;
}

SqliteFile::~SqliteFile()
{
    sqlite3_close_v2(m_handle);
}

Error SqliteFile::errorFrom(const QSqlError &error, const QString &what) const
{
    if ((error.nativeErrorCode().toInt() & 0xff) == SQLITE_INTERRUPT)
        return cancelled(what, u"Nothing was changed."_s);
    return sqlError(error, what, m_path);
}

Error SqliteFile::lastError(const QString &what) const
{
    return errorFrom(QSqlError({}, QString::fromUtf8(sqlite3_errmsg(m_handle)), QSqlError::StatementError,
                               QString::number(sqlite3_extended_errcode(m_handle))),
                     what);
}

Result<QVariant> SqliteFile::value(const QString &sql, const QVariantList &values)
{
    Statement statement(m_handle);
    if (const QSqlError error = statement.prepare(sql); error.isValid())
        return failure(errorFrom(error, u"Working on the project file"_s));
    Statement::Outcome outcome = statement.run(values);
    if (outcome.error.isValid())
        return failure(errorFrom(outcome.error, u"Working on the project file"_s));
    return std::move(outcome.first);
}

Result<qint64> SqliteFile::number(const QString &sql, const QVariantList &values)
{
    EVALWRIGHT_ASSIGN(const QVariant first, value(sql, values));
    return first.toLongLong();
}

Result<qint64> SqliteFile::execute(const QString &sql, const QVariantList &values)
{
    EVALWRIGHT_TRY(value(sql, values));
    return static_cast<qint64>(sqlite3_changes64(m_handle));
}

Status SqliteFile::forEachRow(const QString &sql, const QVariantList &values,
                              const std::function<void(const Statement::Row &)> &use)
{
    Statement statement(m_handle);
    QSqlError error = statement.prepare(sql);
    if (!error.isValid())
        error = statement.forEach(values, use);
    if (error.isValid())
        return failure(errorFrom(error, u"Reading the project file"_s));
    return {};
}

Status SqliteFile::attachForReading(const QString &path)
{
    const auto attempt = [&](const QString &parameter) -> Status {
        EVALWRIGHT_TRY(execute(u"ATTACH ? AS other"_s, {uri(path, parameter)}));
        const auto readable = value(u"SELECT count(*) FROM other.sqlite_schema"_s);
        if (readable)
            return {};
        EVALWRIGHT_TRY(execute(u"DETACH other"_s));
        return failure(readable.error());
    };
    const Status attached = attempt(u"mode=ro"_s);
    // A cleanly closed file in a folder that cannot be written has no shared memory to open (see Connection::open).
    if (!attached && attached.error().code != ErrorCode::Cancelled && QFileInfo(path + u"-wal"_s).size() == 0)
        return attempt(u"immutable=1"_s);
    return attached;
}

Status SqliteFile::addDigestFunctions()
{
    static const int whole = 32, half = 16;
    for (const auto &[name, bytes] : {std::pair("digest", &whole), std::pair("content", &half)}) {
        if (sqlite3_create_function_v2(m_handle, name, -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                       const_cast<int *>(bytes), digest, nullptr, nullptr, nullptr) != SQLITE_OK)
            return failure(lastError(u"Preparing the work on two files"_s));
    }
    return {};
}

Status SqliteFile::inTransaction(const std::function<Status()> &change)
{
    EVALWRIGHT_TRY(execute(u"BEGIN IMMEDIATE"_s));
    Status done = change();
    if (done && m_token.isCancelled())
        done = failure(cancelled(u"The change"_s, u"Nothing was changed."_s));
    if (done)
        done = [this]() -> Status {
            EVALWRIGHT_TRY(execute(u"COMMIT"_s));
            return {};
        }();
    if (!done && sqlite3_get_autocommit(m_handle) == 0)
        sqlite3_exec(m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
}

} // namespace evalwright
