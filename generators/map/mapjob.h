// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/requestrunner.h"

namespace evalwright {

/// A job about the items of one data set that changes neither them nor what was decided about them.
struct MapJob
{
    QString kind, title;
    DatasetId dataset;
    nlohmann::json parameters; ///< What `job resume` reads.
    QString hash;              ///< What makes two jobs the same.
};

/// Finds the job or makes it, and sets it running; what failed is asked again.
Result<Job> beginMapJob(Project &project, const MapJob &job);
/// Notes how it ended, with what the job list says of it: the counts, and what went wrong (empty: nothing).
Status endMapJob(Project &project, JobId job, JobState state, const nlohmann::json &result, const QString &problem);
/// Notes an error and gives it back.
Error failedMapJob(Project &project, JobId job, Error error);

/// Counts of the requests as every job reports them: requests, from_cache, failed, first_error, …
nlohmann::json requestsJson(const StageReport &report);

} // namespace evalwright
