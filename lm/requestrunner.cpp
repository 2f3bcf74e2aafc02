// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/requestrunner.h"

#include "core/hash.h"
#include "lm/httperror.h"
#include "lm/stagecall.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/responses.h"

#include <QSet>

namespace evalwright {

using namespace Qt::StringLiterals;

StageReport &StageReport::operator+=(const StageReport &other)
{
    const bool bothKnown = cost && other.cost;
    cost = bothKnown ? std::optional<double>(*cost + *other.cost) : std::nullopt;
    asked += other.asked;
    fromCache += other.fromCache;
    failed += other.failed;
    promptTokens += other.promptTokens;
    completionTokens += other.completionTokens;
    seconds += other.seconds;
    if (firstError.isEmpty())
        firstError = other.firstError;
    return *this;
}

Result<StageReport> runStage(const JobServices &services, JobId job, const QString &stage, const Model &model,
                             const QList<PlannedRequest> &requests, const RunnerOptions &options,
                             const CancellationToken &token, const ProgressFunction &progress)
{
    StageCall call(services, job, stage, model, requests, options, token, progress);
    return call.run();
}

Result<QList<StepAnswer>> stageAnswers(Project &project, JobId job, const QString &stage)
{
    return project.readNow([job, stage](Connection &connection) -> Result<QList<StepAnswer>> {
        EVALWRIGHT_ASSIGN(QSqlQuery rows,
                          connection.query(u"SELECT s.ordinal, s.response_id, r.path, r.body, s.error FROM job_step s "
                                           u"LEFT JOIN response r ON r.id = s.response_id "
                                           u"WHERE s.job_id = ? AND s.stage = ? ORDER BY s.ordinal"_s,
                                           {job.value, stage}));
        QList<StepAnswer> answers;
        while (rows.next()) {
            answers << StepAnswer{rows.value(0).toLongLong(), ResponseId{rows.value(1).toLongLong()},
                                  rows.value(2).toString(), rows.value(3).toByteArray(), rows.value(4).toString()};
        }
        return answers;
    });
}

} // namespace evalwright
