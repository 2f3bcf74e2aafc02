// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "storage/projectcheck.h"
#include "storage/tools/sqlitefile.h"

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

struct RecoverReport
{
    struct Table
    {
        QString name;
        qint64 salvaged = 0;    ///< Rows in the new project.
        qint64 broken = 0;      ///< Rows that were found and cannot be read, or are not possible.
        qint64 lostPages = 0;   ///< Parts of the table that cannot be read; how many rows they held is not known.
        qint64 expected = -1;   ///< Rows by the table's own indices, where those could be read; −1: not known.
        qint64 dropped = 0;     ///< Left out because what they belong to is lost.
        qint64 mended = 0;      ///< Whose reference to a lost row was emptied.
        qint64 placeholders = 0; ///< Made for rows whose owner is lost.
    };
    QString path;
    qint64 pages = 0;       ///< Of the damaged file.
    qint64 strayRows = 0;   ///< Found outside of what hangs together, and given to their table by their looks.
    qint64 unknownRows = 0; ///< The same, of which it is not known where they belong.
    bool schemaLost = false;
    QList<Table> tables;
    ProjectCheck check; ///< Of the new project.

    bool lostNothing() const;
    /// {path, pages, complete, schema_lost, stray_rows, unknown_rows, tables[{name, salvaged, broken, lost_pages, expected, dropped,
    /// mended, placeholders}], check{…}}
    nlohmann::json toJson() const;
};

/// Reads what can be read of the project file at `damaged` and makes the new project `to` of it. The damaged file and its
/// log are only read. AlreadyExists when `to` is there; NotAProject when nothing in the file looks like a row of a project;
/// Unsupported for a file of another schema. Nothing is left of a recovery that was stopped or failed. For worker threads.
Result<RecoverReport> recoverProject(const QString &damaged, const QString &to, const CancellationToken &token = {},
                                     const ToolProgressFunction &progress = {});

} // namespace evalwright
