// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/project.h"
#include "storage/tools/sqlitefile.h"

#include <QList>
#include <QMap>
#include <QString>

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

struct MergeOptions
{
    QString dataset;               ///< Only this data set with what it rests on; empty: everything.
    QMap<QString, QString> names;  ///< What data sets of the other project are to be called here.
    bool dryRun = false;           ///< Find out, and undo.
};

/// What came, and what was here already.
struct MergeReport
{
    struct DatasetEntry
    {
        enum class State { New, Known, SameContent };
        QString name; ///< In the other project.
        QString here; ///< In this one.
        State state = State::New;
        bool removedHere = false;
        qint64 added = 0;   ///< Candidates that came.
        qint64 known = 0;   ///< That were here with the same text.
        qint64 changed = 0; ///< That were here and whose text was changed here since; it stays.
        qint64 updated = 0; ///< That were here and got a newer text.
    };
    struct ModelEntry
    {
        QString name, here, baseUrl, keyEnv;
        bool isNew = false;
    };
    struct RowCount
    {
        QString table;
        qint64 added = 0, known = 0;
    };

    QList<DatasetEntry> datasets;
    QList<ModelEntry> models;
    QList<RowCount> rows; ///< Of every table, in the order in which they came.
    qint64 stoppedJobs = 0; ///< Jobs that were not finished there; they are stopped here.
    qint64 otherAnswers = 0; ///< Answers to requests that have another answer here.
    bool dryRun = false;

    RowCount count(const QString &table) const;
    bool changedNothing() const;
    /// {dry_run, datasets[{name, here, state, new, known, changed, updated}], models[{name, here, new, base_url,
    /// key_env}], responses{new, known, other_answers}, decisions{…}, edits{…}, scores{…}, observations{…}, runs{…},
    /// reviews{…}, judgements{…}, jobs{new, known, stopped}, rows{table: {new, known}}}
    nlohmann::json toJson() const;
};

/// Brings one data set, or everything, of the project at `path` into `project`: all or nothing, in one transaction.
/// Rows are recognised by their uuid, key or hash, so that doing it again changes nothing (docs/project-tools.md). The
/// other file is only read. NotFound with near names; Locked while a job of this project runs; Unsupported for an older
/// schema; AlreadyExists when a name that was asked for is taken. Blocking; for worker threads and the command line.
/// `progress` is called on the project's writer thread.
Result<MergeReport> mergeProject(Project &project, const QString &path, const MergeOptions &options,
                                 const CancellationToken &token = {}, const ToolProgressFunction &progress = {});

} // namespace evalwright
