// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/connection.h"

#include "core/hash.h"

#include <QFileInfo>
#include <QSqlDriver>
#include <QSqlError>
#include <QStorageInfo>
#include <QUrl>

#include <sqlite3.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// SQLite counts the memory that it uses, and takes a lock for each piece; nobody here asks for the count. In vain, and
/// without harm, where somebody used SQLite before.
void countNoMemory()
{
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    Q_UNUSED(configured);
}

/// SQLite has several words for a disk without space: the shared memory file or the log may be what cannot grow.
bool isDiskFull(int extendedCode, const QString &path)
{
    constexpr int full = 13, inputOutput = 10, cannotOpen = 14, sharedMemoryCannotGrow = 4874;
    if (extendedCode == full || extendedCode == sharedMemoryCannotGrow)
        return true;
    const int code = extendedCode & 0xff;
    if ((code != inputOutput && code != cannotOpen) || path.isEmpty() || path == ":memory:"_L1)
        return false;
    constexpr qint64 least = 1 << 20; ///< Bytes; the log grows in smaller steps.
    const QStorageInfo disk(QFileInfo(path).absolutePath());
    return disk.isValid() && disk.bytesAvailable() < least;
}

} // namespace

Error sqlError(const QSqlError &error, const QString &what, const QString &path)
{
    // Extended result codes carry the primary code in their low byte (sqlite.org/rescode.html).
    const int extended = error.nativeErrorCode().toInt();
    const int code = isDiskFull(extended, path) ? 13 : extended & 0xff;
    const QString raw = error.databaseText().isEmpty() ? error.driverText() : error.databaseText();
    switch (code) {
    case 13:
        return Error(ErrorCode::DiskFull, u"%1: the disk is full."_s.arg(what),
                     u"Free some space and run the same again; it goes on where it stopped."_s, raw)
            .withConsequence(u"Everything stored before is safe; this change was not made."_s);
    case 8:
        return Error(ErrorCode::ReadOnly, u"%1: the project file is read-only."_s.arg(what),
                     u"Make the file and its folder writable, or work on a copy."_s, raw)
            .withConsequence(u"Nothing was changed."_s);
    case 5:
    case 6:
        return Error(ErrorCode::Locked, u"%1: another process holds the project file."_s.arg(what),
                     u"Wait until it is done or close it, then try again."_s, raw)
            .retry();
    case 11:
        return Error(ErrorCode::Corrupt, u"%1: the project file is damaged."_s.arg(what),
                     u"Keep a copy of the file, then run “project check --repair”."_s, raw);
    case 26:
        return Error(ErrorCode::NotAProject, u"%1: this file is not an Evalwright project."_s.arg(what),
                     u"Choose a file made by “project new”."_s, raw);
    case 10:
        return Error(ErrorCode::Storage, u"%1: the disk reported an input/output error."_s.arg(what),
                     u"Check that the disk is not full or failing, then try again."_s, raw);
    default:
        return Error(ErrorCode::Storage, u"%1: the database refused the statement."_s.arg(what),
                     u"Run “project check”; if it is sound, please report this message."_s, raw);
    }
}

Result<std::unique_ptr<Connection>> Connection::open(const QString &path, Mode mode, int busyMilliseconds)
{
    countNoMemory();
    const QString name = u"evalwright-"_s + newUuid();
    const auto attempt = [&](const QString &databaseName, const QString &extra) {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        database.setDatabaseName(databaseName);
        database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=%1%2"_s.arg(busyMilliseconds).arg(extra));
        database.open();
        return database;
    };
    QSqlDatabase database = attempt(path, mode == Mode::ReadOnly ? u";QSQLITE_OPEN_READONLY"_s : QString());
    if (!database.isValid()) {
        database = QSqlDatabase();
        QSqlDatabase::removeDatabase(name);
        return failure(ErrorCode::Storage, u"Qt's SQLite driver is missing."_s,
                       u"Install the package libqt6sql6-sqlite."_s);
    }
    if (mode == Mode::ReadOnly && database.isOpen()) {
        QSqlQuery probe(database);
        if (!probe.exec(u"SELECT count(*) FROM sqlite_schema"_s)) {
            // A cleanly closed WAL database in a folder that cannot be written has no shared memory file to open.
            // Without a write-ahead log nobody is writing there, so reading it as immutable is safe.
            const int code = probe.lastError().nativeErrorCode().toInt() & 0xff;
            const bool cannotOpen = (code == 14 || code == 8) && QFileInfo(path + u"-wal"_s).size() == 0;
            probe = QSqlQuery();
            if (cannotOpen) {
                database.close();
                database = QSqlDatabase();
                QSqlDatabase::removeDatabase(name);
                QUrl url = QUrl::fromLocalFile(path);
                url.setQuery(u"immutable=1"_s);
                database = attempt(url.toString(QUrl::FullyEncoded), u";QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI"_s);
            }
        }
    }
    if (!database.isOpen()) {
        const Error error = sqlError(database.lastError(), u"Could not open “%1”"_s.arg(path), path);
        database = QSqlDatabase();
        QSqlDatabase::removeDatabase(name);
        return failure(error);
    }
    std::unique_ptr<Connection> connection(new Connection(name, database));
    EVALWRIGHT_TRY(connection->execute(u"PRAGMA foreign_keys = ON"_s));
    EVALWRIGHT_TRY(connection->execute(u"PRAGMA trusted_schema = OFF"_s));
    EVALWRIGHT_TRY(connection->execute(u"PRAGMA temp_store = MEMORY"_s));
    return connection;
}

Connection::Connection(QString name, const QSqlDatabase &database)
    : m_name(std::move(name)), m_database(database),
      m_handle(*static_cast<sqlite3 *const *>(database.driver()->handle().constData()))
{
}

Connection::~Connection()
{
    m_statements.clear();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<QSqlQuery> Connection::query(const QString &sql, const QVariantList &values)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return failure(sqlError(query.lastError(), u"Reading the project"_s, m_database.databaseName()));
    for (const QVariant &value : values)
        query.addBindValue(value);
    if (!query.exec())
        return failure(sqlError(query.lastError(), u"Reading the project"_s, m_database.databaseName()));
    return query;
}

Result<Statement *> Connection::prepared(const QString &sql, const QString &what)
{
    auto known = m_statements.find(sql);
    if (known == m_statements.end()) {
        Statement statement(m_handle);
        if (const QSqlError error = statement.prepare(sql); error.isValid())
            return failure(sqlError(error, what, m_database.databaseName()));
        known = m_statements.emplace(sql, std::move(statement)).first;
    }
    return &known->second;
}

Result<QVariant> Connection::run(const QString &sql, const QVariantList &values, const QString &what)
{
    EVALWRIGHT_ASSIGN(Statement *const statement, prepared(sql, what));
    Statement::Outcome outcome = statement->run(values);
    if (outcome.error.isValid())
        return failure(sqlError(outcome.error, what, m_database.databaseName()));
    return std::move(outcome.first);
}

Status Connection::forEachRow(const QString &sql, const QVariantList &values,
                              const std::function<void(const Statement::Row &)> &use)
{
    const QString what = u"Reading the project"_s;
    EVALWRIGHT_ASSIGN(Statement *const statement, prepared(sql, what));
    if (const QSqlError error = statement->forEach(values, use); error.isValid())
        return failure(sqlError(error, what, m_database.databaseName()));
    return {};
}

Result<qint64> Connection::execute(const QString &sql, const QVariantList &values)
{
    EVALWRIGHT_TRY(run(sql, values, u"Writing the project"_s));
    return static_cast<qint64>(sqlite3_changes64(m_handle));
}

Result<qint64> Connection::insert(const QString &sql, const QVariantList &values)
{
    EVALWRIGHT_TRY(run(sql, values, u"Writing the project"_s));
    return static_cast<qint64>(sqlite3_last_insert_rowid(m_handle));
}

Result<QVariant> Connection::value(const QString &sql, const QVariantList &values)
{
    return run(sql, values, u"Reading the project"_s);
}

Status Connection::script(const QString &sql)
{
    QString statement;
    for (const QString &line : sql.split(u'\n')) {
        const auto comment = line.indexOf(u"--"_s);
        statement += (comment >= 0 ? line.left(comment) : line) + u'\n';
        if (!sqlite3_complete(statement.toUtf8().constData())) // A trigger holds statements of its own.
            continue;
        QSqlQuery query(m_database);
        if (!query.exec(statement))
            return failure(sqlError(query.lastError(), u"Preparing the project file"_s, m_database.databaseName()));
        statement.clear();
    }
    if (!statement.trimmed().isEmpty())
        return failure(ErrorCode::Storage, u"A schema script ends inside a statement."_s, QString(), statement);
    return {};
}

Status Connection::begin()
{
    EVALWRIGHT_TRY(execute(u"BEGIN IMMEDIATE"_s));
    return {};
}

Status Connection::commit()
{
    EVALWRIGHT_TRY(execute(u"COMMIT"_s));
    return {};
}

void Connection::rollback()
{
    // After some errors (full disk) SQLite has rolled back by itself; then this reports "no transaction", which is
    // fine.
    QSqlQuery query(m_database);
    query.exec(u"ROLLBACK"_s);
}

} // namespace evalwright
