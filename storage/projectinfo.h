// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/connection.h"

#include <QList>

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

/// What a project holds, counted.
struct ProjectInfo
{
    struct ModelEntry
    {
        Model model;
        qint64 responses = 0; ///< Stored replies, complete or not.
    };
    struct RunEntry
    {
        Run run;
        JobState state = JobState::Done;
        qint64 observations = 0;
    };

    QString path, name, uuid, createdAt;
    int schema = 0;
    qint64 bytes = 0;               ///< Size of the file with its write-ahead log.
    QList<DatasetSummary> datasets; ///< Without removed ones.
    QList<ModelEntry> models;       ///< Without removed ones.
    QList<RunEntry> runs;           ///< Newest first.
    qint64 responses = 0, jobs = 0;

    /// {path, name, uuid, created_at, schema, bytes, datasets[{name, family, behaviour, category, candidates, items,
    /// reviewed}], models[{name, kind, family, parameters, training, responses}], runs[{run, name, state, created_at,
    /// observations}], responses, jobs}
    nlohmann::json toJson() const;
};

/// `path` is the project's file, for its size.
Result<ProjectInfo> projectInfo(Connection &connection, const QString &path);

} // namespace evalwright
