// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/requestrunner.h"

#include "core/hash.h"
#include "lm/httperror.h"
#include "lm/scheduler/stagecall.h"
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
    resent += other.resent;
    promptTokens += other.promptTokens;
    completionTokens += other.completionTokens;
    seconds += other.seconds;
    if (firstError.isEmpty())
        firstError = other.firstError;
    return *this;
}

Result<QList<PlannedRequest>> ListSource::requests(const QList<qint64> &indices)
{
    QList<PlannedRequest> list;
    list.reserve(indices.size());
    for (const qint64 index : indices)
        list << m_requests.at(index);
    return list;
}

Result<StageReport> runStage(const JobServices &services, JobId job, const QString &stage, const Model &model,
                             StageSource &source, AnswerReader *reader, const RunnerOptions &options,
                             const CancellationToken &token, const ProgressFunction &progress)
{
    StageCall call({services, job, stage, model, source, reader, options, token, progress});
    return call.run();
}

Result<StageReport> runStage(const JobServices &services, JobId job, const QString &stage, const Model &model,
                             const QList<PlannedRequest> &requests, const RunnerOptions &options,
                             const CancellationToken &token, const ProgressFunction &progress)
{
    ListSource source(requests);
    return runStage(services, job, stage, model, source, nullptr, options, token, progress);
}

Result<StepAnswer> stepAnswer(Connection &connection, JobId job, const QString &stage, qint64 ordinal)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT r.id, r.path, r.body FROM job_step s JOIN response r ON "
                                                      u"r.id = s.response_id WHERE s.job_id = ? AND s.stage = ? AND "
                                                      u"s.ordinal = ? AND s.state = 'done'"_s,
                                                      {job.value, stage, ordinal}));
    if (!row.next())
        return failure(ErrorCode::NotFound, u"Step %1 of “%2” has no answer."_s.arg(ordinal).arg(stage));
    return StepAnswer{ordinal, ResponseId{row.value(0).toLongLong()}, row.value(1).toString(),
                      row.value(2).toByteArray(), QString()};
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
