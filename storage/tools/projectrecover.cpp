// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/projectrecover.h"

#include "core/hash.h"
#include "storage/project.h"
#include "storage/repositories/answerpacks.h"
#include "storage/tools/projectbackup.h"
#include "storage/tools/recovery.h"

#include <QDir>
#include <QFileInfo>
#include <QScopeGuard>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Status checkPaths(const QString &damaged, const QString &to)
{
    const QFileInfo from(damaged), wanted(to);
    if (!from.exists())
        return failure(ErrorCode::NotFound, u"There is no file at “%1”."_s.arg(damaged), u"Check the path."_s);
    if (!from.isFile())
        return failure(ErrorCode::NotAProject, u"“%1” is not a file."_s.arg(damaged), u"Choose the damaged project file."_s);
    if (wanted.exists() || wanted.isSymLink())
        return failure(ErrorCode::AlreadyExists, u"“%1” already exists."_s.arg(to), u"Choose another name for the new project."_s);
    if (!wanted.absoluteDir().exists())
        return failure(ErrorCode::NotFound, u"The folder “%1” does not exist."_s.arg(wanted.absolutePath()), u"Make the folder first."_s);
    return requireSpace(wanted.absolutePath(), 2 * from.size(), u"The recovery"_s);
}

Status fill(const QString &part, DamagedFile &damaged, const QString &name, RecoverReport &report, const CancellationToken &token,
            const ToolProgressFunction &progress)
{
    EVALWRIGHT_ASSIGN(const auto made, SqliteFile::open(part, SqliteFile::Mode::ReadWrite));
    // A file that has no name yet needs no protection against power failure; rows come before what they refer to.
    EVALWRIGHT_TRY(made->execute(u"PRAGMA synchronous = OFF"_s));
    EVALWRIGHT_TRY(made->execute(u"PRAGMA foreign_keys = OFF"_s));
    return made->inTransaction([&] { return Recovery(damaged, *made, token, progress).run(name, report); });
}

} // namespace

bool RecoverReport::lostNothing() const
{
    return !schemaLost && unknownRows == 0 && std::ranges::all_of(tables, [](const Table &t) {
        return t.broken == 0 && t.lostPages == 0 && t.dropped == 0 && t.mended == 0 && t.placeholders == 0 && t.expected <= t.salvaged;
    });
}

json RecoverReport::toJson() const
{
    json list = json::array();
    for (const Table &t : tables) {
        list.push_back({{"name", t.name.toStdString()},
                        {"salvaged", t.salvaged},
                        {"broken", t.broken},
                        {"lost_pages", t.lostPages},
                        {"expected", t.expected < 0 ? json() : json(t.expected)},
                        {"dropped", t.dropped},
                        {"mended", t.mended},
                        {"placeholders", t.placeholders}});
    }
    return {{"path", path.toStdString()}, {"pages", pages},   {"complete", lostNothing()},      {"schema_lost", schemaLost},
            {"stray_rows", strayRows},    {"tables", list},   {"unknown_rows", unknownRows},    {"check", check.toJson()}};
}

Result<RecoverReport> recoverProject(const QString &damaged, const QString &to, const CancellationToken &token,
                                     const ToolProgressFunction &progress)
{
    EVALWRIGHT_TRY(checkPaths(damaged, to));
    EVALWRIGHT_ASSIGN(const auto file, DamagedFile::open(damaged));
    if (file->schemaVersion() != 0 && file->schemaVersion() < Project::schemaVersion) {
        return failure(Error(ErrorCode::Unsupported,
                             u"“%1” has the older schema %2; only files of schema %3 can be recovered."_s.arg(damaged)
                                 .arg(file->schemaVersion())
                                 .arg(Project::schemaVersion),
                             u"Look for a newer file, or for the backup that was made when it was upgraded."_s)
                           .withConsequence(u"No new project was made; the file is as it was."_s));
    }
    const QFileInfo wanted(to);
    const QString name = wanted.absoluteDir().canonicalPath() + u'/' + wanted.fileName();
    const QString part = u"%1.part-%2"_s.arg(name, newUuid().left(8));
    const auto clean = qScopeGuard([part] {
        for (const QLatin1StringView suffix : {""_L1, "-wal"_L1, "-shm"_L1, "-journal"_L1, ".lock"_L1})
            QFile::remove(part + suffix);
    });
    RecoverReport report;
    report.path = name;
    EVALWRIGHT_TRY(Project::create(part, wanted.completeBaseName()));
    EVALWRIGHT_TRY(fill(part, *file, wanted.completeBaseName(), report, token, progress));
    {
        EVALWRIGHT_ASSIGN(const auto project, Project::open(part, Project::Access::ReadWrite));
        EVALWRIGHT_TRY(project->writeNow([](Connection &c) { return packAnswers(c); }));
        EVALWRIGHT_ASSIGN(report.check, project->readNow([&token](Connection &c) {
            CheckOptions options;
            options.token = token;
            return checkProject(c, options);
        }));
        EVALWRIGHT_TRY(project->maintain([](Connection &c) { return c.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s); }).result());
    }
    EVALWRIGHT_TRY(flushFile(part));
    if (token.isCancelled())
        return failure(cancelled(u"The recovery"_s, u"No new project was made; the damaged file is as it was."_s));
    EVALWRIGHT_TRY(giveName(part, name, false));
    return report;
}

} // namespace evalwright
