// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/migrations.h"

#include "storage/project.h"
#include "storage/repositories/answerpacks.h"

#include <QDir>
#include <QFile>

// Q_INIT_RESOURCE must stand outside every namespace.
static void initialiseSchemaResource()
{
    Q_INIT_RESOURCE(schema);
}

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Scripts are numbered 0001…; script n brings the file to schema n.
Result<QString> scriptFor(int version)
{
    initialiseSchemaResource();
    const QDir folder(u":/evalwright/schema"_s);
    const QStringList names = folder.entryList({u"%1_*.sql"_s.arg(version, 4, 10, QLatin1Char('0'))});
    QFile file(folder.filePath(names.value(0)));
    if (names.size() != 1 || !file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Storage, u"The schema script %1 is missing from this build."_s.arg(version));
    return QString::fromUtf8(file.readAll());
}

/// Schema 2 keeps keys as bytes. `column` of `table` is the same in letters.
Status fillBytes(Connection &connection, const QString &table, const QString &letters, const QString &bytes)
{
    constexpr int rowsAtOnce = 10000;
    const QString update = u"UPDATE %1 SET %2 = ? WHERE id = ?"_s.arg(table, bytes);
    for (qint64 last = 0;;) {
        EVALWRIGHT_ASSIGN(
            QSqlQuery rows,
            connection.query(
                u"SELECT id, %2 FROM %1 WHERE id > ? ORDER BY id LIMIT %3"_s.arg(table, letters).arg(rowsAtOnce),
                {last}));
        QList<QPair<qint64, QByteArray>> found;
        while (rows.next())
            found << qMakePair(rows.value(0).toLongLong(), QByteArray::fromHex(rows.value(1).toString().toLatin1()));
        if (found.isEmpty())
            return {};
        for (const auto &[id, value] : found)
            EVALWRIGHT_TRY(connection.execute(update, {value, id}));
        last = found.last().first;
    }
}

Status fillNewColumns(Connection &connection, int version)
{
    if (version == 7)
        return packAnswers(connection);
    if (version != 2)
        return {};
    EVALWRIGHT_TRY(fillBytes(connection, u"prompt"_s, u"hash"_s, u"sha256"_s));
    EVALWRIGHT_TRY(fillBytes(connection, u"response"_s, u"request_key"_s, u"key"_s));
    return fillBytes(connection, u"job_step"_s, u"request_key"_s, u"key"_s);
}

/// The caller has switched foreign keys off: a table that is made anew is gone for a moment.
Status applyScript(Connection &connection, int version)
{
    EVALWRIGHT_ASSIGN(const QString script, scriptFor(version));
    EVALWRIGHT_TRY(connection.begin());
    Status applied = [&]() -> Status {
        EVALWRIGHT_TRY(connection.script(script));
        EVALWRIGHT_TRY(fillNewColumns(connection, version));
        EVALWRIGHT_ASSIGN(const QVariant broken, connection.value(u"PRAGMA foreign_key_check"_s));
        if (broken.isValid()) {
            return failure(Error(ErrorCode::Corrupt,
                                 u"The project cannot be brought to schema %1: rows of “%2” refer to rows that are not "
                                 u"there."_s.arg(version)
                                     .arg(broken.toString()),
                                 u"Use an intact copy; “project check” names what is missing."_s)
                               .withConsequence(u"Nothing was changed."_s));
        }
        EVALWRIGHT_TRY(connection.execute(u"PRAGMA user_version = %1"_s.arg(version)));
        return connection.commit();
    }();
    if (!applied)
        connection.rollback();
    return applied;
}

Status applyScripts(Connection &connection, int version)
{
    EVALWRIGHT_TRY(connection.execute(u"PRAGMA foreign_keys = OFF"_s));
    for (int next = version + 1; next <= Project::schemaVersion; ++next)
        EVALWRIGHT_TRY(applyScript(connection, next));
    EVALWRIGHT_TRY(connection.execute(u"PRAGMA foreign_keys = ON"_s));
    return {};
}

} // namespace

Status initialiseSchema(Connection &connection)
{
    // Before the first page is written: afterwards only a VACUUM of the whole file could change it.
    EVALWRIGHT_TRY(connection.execute(u"PRAGMA auto_vacuum = INCREMENTAL"_s));
    EVALWRIGHT_TRY(connection.execute(u"PRAGMA application_id = %1"_s.arg(applicationId)));
    EVALWRIGHT_TRY(applyScripts(connection, 0));
    EVALWRIGHT_TRY(connection.value(u"PRAGMA journal_mode = WAL"_s));
    return {};
}

Result<int> readSchemaVersion(const QString &path)
{
    const auto notAProject = [&] {
        return failure(Error(ErrorCode::NotAProject, u"“%1” is not an Evalwright project."_s.arg(path),
                             u"Choose a file made by “project new”."_s)
                           .withConsequence(u"Nothing was changed."_s));
    };
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(ErrorCode::ReadOnly, u"“%1” cannot be read."_s.arg(path), u"Check its permissions."_s,
                       file.errorString());
    }
    // The header of an SQLite file (sqlite.org/fileformat.html): magic, user_version at 60, application_id at 68.
    const QByteArray header = file.read(100);
    if (header.size() < 100 || !header.startsWith(QByteArray("SQLite format 3\0", 16)))
        return notAProject();
    auto connection = Connection::open(path, Connection::Mode::ReadOnly);
    if (!connection)
        return failure(connection.error());
    const auto id = (*connection)->value(u"PRAGMA application_id"_s);
    if (!id)
        return failure(id.error());
    if (id->toInt() != applicationId)
        return notAProject();
    EVALWRIGHT_ASSIGN(const QVariant version, (*connection)->value(u"PRAGMA user_version"_s));
    return version.toInt();
}

Status upgradeSchema(const QString &path, int version)
{
    EVALWRIGHT_ASSIGN(auto connection, Connection::open(path, Connection::Mode::ReadWrite));
    const QString backup = u"%1.backup-%2"_s.arg(path).arg(version);
    if (!QFile::exists(backup))
        EVALWRIGHT_TRY(connection->execute(u"VACUUM INTO ?"_s, {backup}));
    return applyScripts(*connection, version);
}

} // namespace evalwright
