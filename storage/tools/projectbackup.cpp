// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/projectbackup.h"

#include "core/hash.h"
#include "core/text.h"
#include "storage/exchange/filehash.h"
#include "storage/migrations.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QScopeGuard>
#include <QStorageInfo>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int pagesAtOnce = 2000; ///< 8 MB between two looks at the token.
const QString nothingMade = u"No backup was made."_s;

Error fileError(const QString &what)
{
    const int code = errno;
    return Error(code == ENOSPC || code == EDQUOT ? ErrorCode::DiskFull : ErrorCode::Storage,
                 u"%1: %2."_s.arg(what, QString::fromLocal8Bit(std::strerror(code))),
                 u"Check the disk and the permissions of the folder, then try again."_s);
}

/// What may not be replaced, whatever is asked for.
Status checkDestination(const QString &from, const QString &to, bool overwrite)
{
    const QFileInfo file(to);
    const auto refuse = [&](ErrorCode code, const QString &what, const QString &advice) {
        return failure(Error(code, what, advice).withConsequence(nothingMade));
    };
    if (!file.absoluteDir().exists())
        return refuse(ErrorCode::NotFound, u"The folder “%1” does not exist."_s.arg(file.absolutePath()), u"Make the folder first."_s);
    if (isSameFile(from, to))
        return refuse(ErrorCode::InvalidInput, u"“%1” is the project itself."_s.arg(to), u"Choose another name."_s);
    if (file.isSymLink())
        return refuse(ErrorCode::InvalidInput, u"“%1” is a link."_s.arg(to), u"Name the file itself."_s);
    const QString real = file.absoluteDir().canonicalPath() + u'/' + file.fileName();
    for (const QLatin1StringView suffix : {"-wal"_L1, "-shm"_L1, "-journal"_L1, ".lock"_L1}) {
        if (real == QFileInfo(from).canonicalFilePath() + suffix)
            return refuse(ErrorCode::InvalidInput, u"“%1” is a part of the project."_s.arg(to), u"Choose another name."_s);
    }
    if (file.exists() && !file.isFile())
        return refuse(ErrorCode::InvalidInput, u"“%1” is not a file."_s.arg(to), u"Choose the name of a file."_s);
    if (file.exists() && !overwrite)
        return refuse(ErrorCode::AlreadyExists, u"“%1” already exists."_s.arg(to), u"Choose another name, or use --force."_s);
    return {};
}

/// Copies in the middle of one read transaction: whoever writes meanwhile is neither seen nor held up.
Status copyPages(SqliteFile &source, SqliteFile &copy, const CancellationToken &token, const ToolProgressFunction &progress)
{
    EVALWRIGHT_TRY(source.execute(u"BEGIN"_s));
    EVALWRIGHT_TRY(source.value(u"SELECT count(*) FROM sqlite_schema"_s));
    sqlite3_backup *backup = sqlite3_backup_init(copy.handle(), "main", source.handle(), "main");
    if (!backup)
        return failure(copy.lastError(u"Making the backup"_s));
    int code = SQLITE_OK;
    while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        if (token.isCancelled())
            break;
        code = sqlite3_backup_step(backup, pagesAtOnce);
        const qint64 total = sqlite3_backup_pagecount(backup);
        if (progress)
            progress({u"copying"_s, total - sqlite3_backup_remaining(backup), total});
    }
    const int finished = sqlite3_backup_finish(backup);
    if (token.isCancelled())
        return failure(cancelled(u"The backup"_s, nothingMade));
    if (code != SQLITE_DONE || finished != SQLITE_OK)
        return failure(copy.lastError(u"Making the backup"_s));
    EVALWRIGHT_TRY(source.execute(u"COMMIT"_s));
    return {};
}

Status verify(const QString &path, const CancellationToken &token, const ToolProgressFunction &progress)
{
    if (progress)
        progress({u"looking through the copy"_s, 0, 0});
    EVALWRIGHT_TRY(readSchemaVersion(path));
    EVALWRIGHT_ASSIGN(const auto copy, SqliteFile::open(path, SqliteFile::Mode::Immutable, token));
    EVALWRIGHT_ASSIGN(const QVariant sound, copy->value(u"PRAGMA quick_check(1)"_s));
    EVALWRIGHT_ASSIGN(const qint64 identities, copy->number(u"SELECT count(*) FROM project"_s));
    if (sound.toString() == "ok"_L1 && identities == 1)
        return {};
    return failure(Error(ErrorCode::Corrupt, u"The project is damaged, and so would its copy be."_s,
                         u"Save what can be read with “project recover”."_s, sound.toString())
                       .withConsequence(nothingMade));
}

} // namespace

Status requireSpace(const QString &folder, qint64 bytes, const QString &what)
{
    const QStorageInfo disk(folder);
    if (!disk.isValid() || disk.bytesAvailable() >= bytes)
        return {};
    return failure(Error(ErrorCode::DiskFull,
                         u"%1 needs %2 of free space in “%3”, where %4 are free."_s.arg(what, formatBytes(bytes), folder,
                                                                                       formatBytes(disk.bytesAvailable())),
                         u"Free some space, then try again."_s)
                       .withConsequence(u"Nothing was changed."_s));
}

Status flushFile(const QString &path)
{
    for (const QString &name : {path, QFileInfo(path).absolutePath()}) {
        const int descriptor = ::open(QFile::encodeName(name).constData(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0)
            return failure(fileError(u"“%1” cannot be flushed to the disk"_s.arg(name)));
        const bool flushed = ::fsync(descriptor) == 0;
        const Error problem = flushed ? Error() : fileError(u"“%1” cannot be flushed to the disk"_s.arg(name));
        ::close(descriptor);
        if (!flushed)
            return failure(problem);
    }
    return {};
}

Status giveName(const QString &file, const QString &name, bool overwrite)
{
    const QByteArray from = QFile::encodeName(file), to = QFile::encodeName(name);
    int done = overwrite ? ::rename(from.constData(), to.constData())
                         : ::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_NOREPLACE);
    // Some file systems know no renaming that spares what is there.
    if (done != 0 && !overwrite && errno == EINVAL && !QFileInfo::exists(name))
        done = ::rename(from.constData(), to.constData());
    if (done == 0)
        return flushFile(name);
    if (errno == EEXIST)
        return failure(ErrorCode::AlreadyExists, u"“%1” already exists."_s.arg(name), u"Choose another name, or use --force."_s);
    return failure(fileError(u"“%1” cannot be given its name"_s.arg(name)));
}

Result<BackupReport> backUpProject(const QString &from, const QString &to, bool overwrite, const CancellationToken &token,
                                   const ToolProgressFunction &progress)
{
    if (!QFileInfo::exists(from))
        return failure(ErrorCode::NotFound, u"There is no project at “%1”."_s.arg(from), u"Check the path."_s);
    EVALWRIGHT_TRY(readSchemaVersion(from));
    EVALWRIGHT_TRY(checkDestination(from, to, overwrite));
    const QFileInfo wanted(to);
    const QString name = wanted.absoluteDir().canonicalPath() + u'/' + wanted.fileName();
    // Whoever has the file open that is replaced would go on writing into nowhere.
    QLockFile lock(name + u".lock"_s);
    lock.setStaleLockTime(0);
    if (wanted.exists() && !lock.tryLock(0) && lock.error() == QLockFile::LockFailedError) {
        return failure(Error(ErrorCode::Locked, u"“%1” is being written by another process."_s.arg(to), u"Close it, or choose another name."_s)
                           .withConsequence(nothingMade));
    }
    EVALWRIGHT_TRY(requireSpace(wanted.absolutePath(), QFileInfo(from).size() + QFileInfo(from + u"-wal"_s).size(), u"The backup"_s));
    const QString part = u"%1.part-%2"_s.arg(name, newUuid().left(8));
    const auto clean = qScopeGuard([part] {
        for (const QLatin1StringView suffix : {""_L1, "-journal"_L1, "-wal"_L1, "-shm"_L1})
            QFile::remove(part + suffix);
    });
    {
        EVALWRIGHT_ASSIGN(const auto source, SqliteFile::open(from, SqliteFile::Mode::ReadOnly, token));
        EVALWRIGHT_ASSIGN(const auto copy, SqliteFile::open(part, SqliteFile::Mode::Create));
        // The copy is flushed as a whole, before it has its name.
        EVALWRIGHT_TRY(copy->value(u"PRAGMA journal_mode = OFF"_s));
        EVALWRIGHT_TRY(copy->execute(u"PRAGMA synchronous = OFF"_s));
        EVALWRIGHT_TRY(copyPages(*source, *copy, token, progress));
    }
    EVALWRIGHT_TRY(verify(part, token, progress));
    BackupReport report;
    report.path = name;
    report.bytes = QFileInfo(part).size();
    EVALWRIGHT_ASSIGN(report.sha256, sha256OfFile(part));
    EVALWRIGHT_TRY(flushFile(part));
    if (token.isCancelled())
        return failure(cancelled(u"The backup"_s, nothingMade));
    // A log of the former file would be taken for one of this file.
    for (const QLatin1StringView suffix : {"-wal"_L1, "-shm"_L1, "-journal"_L1}) {
        if (QFileInfo::exists(name + suffix) && (!overwrite || !QFile::remove(name + suffix))) {
            return failure(Error(ErrorCode::AlreadyExists, u"“%1” lies where the backup is to be."_s.arg(name + suffix),
                                 u"It belongs to a project of that name. Choose another name."_s)
                               .withConsequence(nothingMade));
        }
    }
    EVALWRIGHT_TRY(giveName(part, name, overwrite));
    return report;
}

} // namespace evalwright
