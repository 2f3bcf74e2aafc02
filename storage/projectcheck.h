// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "storage/connection.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <nlohmann/json_fwd.hpp>

#include <functional>

namespace evalwright {

class Project;

/// One kind of thing that is not as it should be, with how often it occurs.
struct ProjectProblem
{
    QString code; ///< Stable kebab-case name, e.g. "item-without-provenance".
    QString text; ///< What is wrong, with up to three examples.
    qint64 count = 0;
    /// A notice is expected after a crash (an interrupted job) and does not make the project unsound.
    bool notice = false;
};

struct ProjectCheck
{
    bool ok = true; ///< No problem other than notices.
    QList<ProjectProblem> problems;
    QStringList repaired; ///< What repairProject() did, in words.

    /// {ok, problems[{code, text, count, severity}], repaired[]}
    nlohmann::json toJson() const;
};

struct CheckOptions
{
    /// True when some process may be running jobs of this project: running jobs are then no problem.
    bool jobsMayRun = false;
    CancellationToken token; ///< Looked at between two questions.
    std::function<void(qint64 done, qint64 total)> progress; ///< In questions.
};

/// Looks for damage and for records that contradict each other: SQLite's own checks, whether the schema is this
/// program's, dangling references, items whose origin is lost, finished steps without their answer, requests answered
/// twice, unreadable JSON. Changes nothing. A check that cannot be carried out is itself a problem ("unreadable"), so
/// the result is complete. Cancelled when the token says so.
Result<ProjectCheck> checkProject(Connection &connection, const CheckOptions &options = {});

/// Does what is safe, then checks again: interrupted jobs become paused, missing indices and views are made, indices
/// are rebuilt when SQLite finds them damaged. Never deletes or changes what a person or a model produced. Each repair
/// is a row of the event log. Call only while this process runs no job of the project.
Result<ProjectCheck> repairProject(Project &project);

} // namespace evalwright
