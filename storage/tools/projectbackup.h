// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/project.h"
#include "storage/tools/sqlitefile.h"

namespace evalwright {

struct BackupReport
{
    QString path; ///< Of the copy, absolute.
    qint64 bytes = 0;
    QString sha256;
};

/// Copies the project file at `from` to `to`, as it is at one moment, also while another process writes to it. The copy
/// grows under another name, is looked through (SQLite's quick check) and flushed, and gets its name at the end; nothing is
/// left of one that was stopped or failed. AlreadyExists without `overwrite`; InvalidInput when `to` is the project itself,
/// by whatever name; Locked when somebody has the file open that would be replaced; Corrupt when the copy is not sound, as
/// the project then is not either. For worker threads.
Result<BackupReport> backUpProject(const QString &from, const QString &to, bool overwrite, const CancellationToken &token = {},
                                   const ToolProgressFunction &progress = {});

struct CompactReport
{
    qint64 bytesBefore = 0, bytesAfter = 0; ///< The file with its write-ahead log.
};

/// Writes the file anew without its holes and measures its indices for SQLite's planner. Needs room for two copies, which
/// is looked for first (DiskFull). Locked while a job of the project runs. Stopped or failed, it changes nothing. Blocking;
/// `progress` is called on the writer thread.
Result<CompactReport> compactProject(Project &project, const CancellationToken &token = {},
                                     const ToolProgressFunction &progress = {});

/// DiskFull when there are fewer free bytes in `folder` than wanted.
Status requireSpace(const QString &folder, qint64 bytes, const QString &what);
/// Flushes a file and the folder that names it.
Status flushFile(const QString &path);
/// Gives a finished file its name; without `overwrite` only when nothing has it.
Status giveName(const QString &file, const QString &name, bool overwrite);

} // namespace evalwright
