// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/map/mapjob.h"

#include "core/hash.h"
#include "generators/generationstages.h"
#include "storage/repositories/jobs.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

Result<Job> beginMapJob(Project &project, const MapJob &wanted)
{
    return project.writeNow(
        [&](Connection &c) -> Result<Job> {
            const QString parameters = QString::fromUtf8(canonicalJson(wanted.parameters));
            EVALWRIGHT_ASSIGN(const std::optional<Job> earlier, jobByParameters(c, wanted.hash));
            Job job;
            if (earlier) {
                job = *earlier;
                EVALWRIGHT_TRY(setJobParameters(c, job.id, parameters));
                EVALWRIGHT_TRY(replanFailedSteps(c, job.id));
            } else {
                job.kind = wanted.kind;
                job.title = wanted.title;
                job.parameters = parameters;
                job.parametersHash = wanted.hash;
                job.datasetId = wanted.dataset;
                EVALWRIGHT_ASSIGN(job, createJob(c, job));
            }
            EVALWRIGHT_TRY(setJobState(c, job.id, JobState::Running));
            return job;
        },
        {Topic::Jobs});
}

Status endMapJob(Project &project, JobId job, JobState state, const json &result, const QString &problem)
{
    return project.writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_TRY(setJobResult(c, job, QString::fromUtf8(canonicalJson(result))));
            return setJobState(c, job, state, problem);
        },
        {Topic::Jobs, Topic::Candidates});
}

Error failedMapJob(Project &project, JobId job, Error error)
{
    // A full disk can keep even this from being written; the job is then found as interrupted at the next start.
    const auto noted = project.writeNow(
        [&](Connection &c) { return setJobState(c, job, stateAfter(error), error.text()); },
        {Topic::Jobs, Topic::Candidates});
    if (!noted)
        error.detail += u'\n' + noted.error().text();
    return error;
}

json requestsJson(const StageReport &report)
{
    return {{"requests", report.asked},
            {"from_cache", report.fromCache},
            {"failed", report.failed},
            {"first_error", report.firstError.isEmpty() ? json() : json(report.firstError.toStdString())},
            {"prompt_tokens", report.promptTokens},
            {"completion_tokens", report.completionTokens},
            {"cost", report.cost ? json(*report.cost) : json()},
            {"seconds", report.seconds}};
}

} // namespace evalwright
