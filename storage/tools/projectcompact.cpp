// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/cache.h"
#include "storage/tools/projectbackup.h"

#include <QFileInfo>
#include <QStorageInfo>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

qint64 sizeOf(const QString &path)
{
    return QFileInfo(path).size() + QFileInfo(path + u"-wal"_s).size();
}

/// Where SQLite puts what it cannot hold in memory (sqlite.org/tempfiles.html).
QString temporaryFolder()
{
    for (const char *variable : {"SQLITE_TMPDIR", "TMPDIR"}) {
        const QString folder = qEnvironmentVariable(variable);
        if (!folder.isEmpty() && QFileInfo(folder).isDir() && QFileInfo(folder).isWritable())
            return folder;
    }
    for (const QString &folder : {u"/var/tmp"_s, u"/usr/tmp"_s}) {
        if (QFileInfo(folder).isDir() && QFileInfo(folder).isWritable())
            return folder;
    }
    return u"/tmp"_s;
}

/// A copy in a temporary file, and its pages once more in the log.
Status requireRoom(const QString &path, qint64 bytes)
{
    const QString folder = QFileInfo(path).absolutePath(), temporary = temporaryFolder();
    const bool oneDisk = QStorageInfo(folder).device() == QStorageInfo(temporary).device();
    EVALWRIGHT_TRY(requireSpace(folder, oneDisk ? 2 * bytes : bytes, u"Compacting"_s));
    return oneDisk ? Status() : requireSpace(temporary, bytes, u"Compacting"_s);
}

Status compact(SqliteFile &file, const ToolProgressFunction &progress)
{
    constexpr int rowsForStatistics = 1000; ///< Of each index: enough to tell a selective one.
    const auto tell = [&](const QString &stage, qint64 done) {
        if (progress)
            progress({stage, done, 3});
    };
    tell(u"writing the file anew"_s, 0);
    EVALWRIGHT_TRY(file.execute(u"PRAGMA synchronous = FULL"_s));
    EVALWRIGHT_TRY(file.execute(u"PRAGMA auto_vacuum = INCREMENTAL"_s)); // Older files have none; VACUUM makes it so.
    EVALWRIGHT_TRY(file.execute(u"VACUUM"_s));
    tell(u"measuring indices"_s, 1);
    EVALWRIGHT_TRY(file.value(u"PRAGMA analysis_limit = %1"_s.arg(rowsForStatistics)));
    EVALWRIGHT_TRY(file.execute(u"ANALYZE"_s));
    tell(u"cutting the file"_s, 2);
    // A reader may be in the way; then the next checkpoint does it.
    EVALWRIGHT_TRY(file.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s));
    return {};
}

} // namespace

Result<CompactReport> compactProject(Project &project, const CancellationToken &token, const ToolProgressFunction &progress)
{
    return project
        .maintain(
            [&](Connection &connection) -> Result<CompactReport> {
                EVALWRIGHT_ASSIGN(const bool running, anyJobRunning(connection));
                if (running) {
                    return failure(Error(ErrorCode::Locked, u"The project cannot be compacted while a job is running."_s,
                                         u"Wait for the job or pause it, then try again."_s)
                                       .withConsequence(u"Nothing was changed."_s));
                }
                CompactReport report;
                report.bytesBefore = sizeOf(project.path());
                EVALWRIGHT_TRY(requireRoom(project.path(), report.bytesBefore));
                EVALWRIGHT_ASSIGN(const auto file, SqliteFile::open(project.path(), SqliteFile::Mode::ReadWrite, token));
                if (const Status done = compact(*file, progress); !done) {
                    Error error = done.error();
                    if (error.code == ErrorCode::Cancelled)
                        error = cancelled(u"Compacting"_s, QString());
                    error.consequence = u"The file was not made smaller; nothing in it is lost."_s;
                    return failure(error);
                }
                report.bytesAfter = sizeOf(project.path());
                return report;
            })
        .result();
}

} // namespace evalwright
