// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/migrations.h"

#include "storage/project.h"

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

Status applyScript(Connection &connection, int version)
{
    EVALWRIGHT_ASSIGN(const QString script, scriptFor(version));
    EVALWRIGHT_TRY(connection.begin());
    Status applied = [&]() -> Status {
        EVALWRIGHT_TRY(connection.script(script));
        EVALWRIGHT_TRY(connection.execute(u"PRAGMA user_version = %1"_s.arg(version)));
        return connection.commit();
    }();
    if (!applied)
        connection.rollback();
    return applied;
}

} // namespace

Status initialiseSchema(Connection &connection)
{
    EVALWRIGHT_TRY(connection.execute(u"PRAGMA application_id = %1"_s.arg(applicationId)));
    for (int version = 1; version <= Project::schemaVersion; ++version)
        EVALWRIGHT_TRY(applyScript(connection, version));
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
    for (int next = version + 1; next <= Project::schemaVersion; ++next)
        EVALWRIGHT_TRY(applyScript(*connection, next));
    return {};
}

} // namespace evalwright
