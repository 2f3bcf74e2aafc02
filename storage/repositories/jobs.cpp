// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/jobs.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/repositories/responses.h"

#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct StateName
{
    JobState state;
    QLatin1StringView name;
};
constexpr std::array stateNames{
    StateName{JobState::Queued, "queued"_L1},       StateName{JobState::Running, "running"_L1},
    StateName{JobState::Paused, "paused"_L1},       StateName{JobState::Waiting, "waiting"_L1},
    StateName{JobState::Done, "done"_L1},           StateName{JobState::Partly, "partly"_L1},
    StateName{JobState::Failed, "failed"_L1},       StateName{JobState::Cancelled, "cancelled"_L1},
    StateName{JobState::Budget, "budget"_L1},
};

const QString columns =
    u"j.id, j.uuid, j.kind, j.title, j.state, j.parameters, j.parameters_hash, j.dataset_id, j.error, j.result, "
    u"j.created_at, j.started_at, j.finished_at, "
    u"(SELECT count(*) FROM job_step s WHERE s.job_id = j.id), "
    u"(SELECT count(*) FROM job_step s WHERE s.job_id = j.id AND s.state = 'done'), "
    u"(SELECT count(*) FROM job_step s WHERE s.job_id = j.id AND s.state = 'failed') FROM job j"_s;

Job jobFrom(const QSqlQuery &row)
{
    Job job;
    job.id.value = row.value(0).toLongLong();
    job.uuid = row.value(1).toString();
    job.kind = row.value(2).toString();
    job.title = row.value(3).toString();
    job.state = jobStateFromName(row.value(4).toString());
    job.parameters = row.value(5).toString();
    job.parametersHash = row.value(6).toString();
    job.datasetId.value = row.value(7).toLongLong();
    job.error = row.value(8).toString();
    job.result = row.value(9).toString();
    job.createdAt = row.value(10).toString();
    job.startedAt = row.value(11).toString();
    job.finishedAt = row.value(12).toString();
    job.stepsTotal = row.value(13).toLongLong();
    job.stepsDone = row.value(14).toLongLong();
    job.stepsFailed = row.value(15).toLongLong();
    return job;
}

} // namespace

QString jobStateName(JobState state)
{
    for (const StateName &entry : stateNames) {
        if (entry.state == state)
            return entry.name;
    }
    return {};
}

JobState jobStateFromName(const QString &name)
{
    for (const StateName &entry : stateNames) {
        if (entry.name == name)
            return entry.state;
    }
    return JobState::Failed;
}

Result<Job> createJob(Connection &connection, Job job)
{
    job.uuid = newUuid();
    job.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        job.id.value,
        connection.insert(
            u"INSERT INTO job (uuid, kind, title, state, parameters, parameters_hash, dataset_id, created_at) "
            u"VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
            {job.uuid, job.kind, bound(job.title), jobStateName(job.state), job.parameters, job.parametersHash,
             bound(job.datasetId), job.createdAt}));
    return job;
}

Result<std::optional<Job>> jobByParameters(Connection &connection, const QString &parametersHash)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT %1 WHERE j.parameters_hash = ? ORDER BY j.id DESC LIMIT 1"_s.arg(columns),
                         {parametersHash}));
    if (!row.next())
        return std::optional<Job>();
    return std::optional<Job>(jobFrom(row));
}

Result<Job> jobById(Connection &connection, JobId id)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT %1 WHERE j.id = ?"_s.arg(columns), {id.value}));
    if (!row.next()) {
        return failure(ErrorCode::NotFound, u"There is no job %1 in this project."_s.arg(id.value),
                       u"Choose one of “job list”."_s);
    }
    return jobFrom(row);
}

Result<QList<Job>> listJobs(Connection &connection)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT %1 ORDER BY j.id DESC"_s.arg(columns)));
    QList<Job> jobs;
    while (rows.next())
        jobs << jobFrom(rows);
    return jobs;
}

Status setJobState(Connection &connection, JobId id, JobState state, const QString &error)
{
    const bool final = state != JobState::Queued && state != JobState::Running && state != JobState::Paused &&
                       state != JobState::Waiting;
    EVALWRIGHT_TRY(connection.execute(u"UPDATE job SET state = ?, error = ?, started_at = CASE WHEN ? THEN "
                                      u"coalesce(started_at, ?) ELSE started_at END, "
                                      u"finished_at = CASE WHEN ? THEN ? ELSE NULL END WHERE id = ?"_s,
                                      {jobStateName(state), bound(error), state == JobState::Running ? 1 : 0, isoNow(),
                                       final ? 1 : 0, isoNow(), id.value}));
    return {};
}

Status setJobResult(Connection &connection, JobId id, const QString &resultJson)
{
    EVALWRIGHT_TRY(connection.execute(u"UPDATE job SET result = ? WHERE id = ?"_s, {resultJson, id.value}));
    return {};
}

Status setJobParameters(Connection &connection, JobId id, const QString &parameters)
{
    EVALWRIGHT_TRY(connection.execute(u"UPDATE job SET parameters = ? WHERE id = ?"_s, {parameters, id.value}));
    return {};
}

Result<QString> keySaltOf(Connection &connection, JobId id)
{
    EVALWRIGHT_ASSIGN(const QVariant salt,
                      connection.value(u"SELECT CASE WHEN json_valid(parameters) AND json_type(parameters, '$.fresh') = "
                                       u"'text' THEN json_extract(parameters, '$.fresh') ELSE '' END FROM job "
                                       u"WHERE id = ?"_s,
                                       {id.value}));
    return salt.toString();
}

Result<std::optional<Job>> jobByParameter(Connection &connection, const QString &kind, const QString &name,
                                          const QString &text)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT %1 WHERE j.kind = ? AND CASE WHEN json_valid(j.parameters) THEN "
                         u"json_extract(j.parameters, '$.' || ?) = ? END ORDER BY j.id DESC LIMIT 1"_s.arg(columns),
                         {kind, name, text}));
    if (!row.next())
        return std::optional<Job>();
    return std::optional<Job>(jobFrom(row));
}

Result<qint64> pauseInterruptedJobs(Connection &connection)
{
    return connection.execute(u"UPDATE job SET state = 'paused' WHERE state = 'running'"_s);
}

Status planSteps(Connection &connection, JobId job, const QList<JobStep> &steps)
{
    for (const JobStep &step : steps) {
        EVALWRIGHT_TRY(
            connection.execute(u"INSERT INTO job_step (job_id, stage, ordinal, model_id, key, state, response_id, "
                               u"from_cache) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                               u"ON CONFLICT (job_id, stage, ordinal) DO UPDATE SET key = excluded.key, "
                               u"state = excluded.state, response_id = excluded.response_id, "
                               u"from_cache = excluded.from_cache, error = '' WHERE job_step.state <> 'done' "
                               u"OR job_step.response_id IS NULL"_s,
                               {job.value, step.stage, step.ordinal, bound(step.modelId), keyBytes(step.requestKey),
                                step.state, bound(step.responseId), step.fromCache ? 1 : 0}));
    }
    return {};
}

Result<QList<JobStep>> stepsOf(Connection &connection, JobId job, const QString &stage)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT id, ordinal, model_id, key, state, response_id, from_cache, error "
                                       u"FROM job_step WHERE job_id = ? AND stage = ? ORDER BY ordinal"_s,
                                       {job.value, stage}));
    QList<JobStep> steps;
    while (rows.next()) {
        JobStep step;
        step.id.value = rows.value(0).toLongLong();
        step.jobId = job;
        step.stage = stage;
        step.ordinal = rows.value(1).toLongLong();
        step.modelId.value = rows.value(2).toLongLong();
        step.requestKey = QString::fromLatin1(rows.value(3).toByteArray().toHex());
        step.state = rows.value(4).toString();
        step.responseId.value = rows.value(5).toLongLong();
        step.fromCache = rows.value(6).toBool();
        step.error = rows.value(7).toString();
        steps << step;
    }
    return steps;
}

Result<QHash<qint64, StepState>> stepStates(Connection &connection, JobId job, const QString &stage, qint64 first,
                                            qint64 last)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT ordinal, state, response_id FROM job_step "
                                                       u"WHERE job_id = ? AND stage = ? AND ordinal BETWEEN ? AND ?"_s,
                                                       {job.value, stage, first, last}));
    QHash<qint64, StepState> states;
    while (rows.next())
        states.insert(rows.value(0).toLongLong(),
                      StepState{rows.value(1).toString() == "done"_L1 && !rows.value(2).isNull(),
                                rows.value(1).toString() == "failed"_L1,
                                ResponseId{rows.value(2).toLongLong()}});
    return states;
}

Result<QList<qint64>> openSteps(Connection &connection, JobId job, const QString &stage)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT ordinal FROM job_step WHERE job_id = ? AND stage = ? "
                                                       u"AND state = 'planned' ORDER BY ordinal"_s,
                                                       {job.value, stage}));
    QList<qint64> open;
    while (rows.next())
        open << rows.value(0).toLongLong();
    return open;
}

Status finishStep(Connection &connection, JobId job, const QString &stage, qint64 ordinal, ResponseId response,
                  bool fromCache, const QString &error)
{
    const bool failed = !error.isEmpty();
    EVALWRIGHT_TRY(connection.execute(u"UPDATE job_step SET state = ?, response_id = ?, from_cache = ?, error = ? "
                                      u"WHERE job_id = ? AND stage = ? AND ordinal = ?"_s,
                                      {failed ? u"failed"_s : u"done"_s, bound(response), fromCache ? 1 : 0,
                                       bound(error), job.value, stage, ordinal}));
    return {};
}

Result<qint64> replanFailedSteps(Connection &connection, JobId job)
{
    return connection.execute(
        u"UPDATE job_step SET state = 'planned', error = '' WHERE job_id = ? AND state = 'failed'"_s, {job.value});
}

Result<JobSpending> spendingOf(Connection &connection, JobId job)
{
    // An answer that another job paid for is marked as taken from the store; twins share one answer.
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(
            u"SELECT coalesce(sum(price), 0), count(*) - count(price) FROM (SELECT CASE "
            u"WHEN r.prompt_tokens BETWEEN 0 AND ? AND r.completion_tokens BETWEEN 0 AND ? THEN "
            u"coalesce(r.cost, (m.price_in * r.prompt_tokens + m.price_out * r.completion_tokens) / 1e6) END AS price "
            u"FROM response r JOIN model m ON m.id = r.model_id WHERE m.kind = 'endpoint' AND r.id IN "
            u"(SELECT response_id FROM job_step WHERE job_id = ? AND from_cache = 0 AND response_id IS NOT NULL))"_s,
            {mostTokensOfAnswer, mostTokensOfAnswer, job.value}));
    JobSpending spending;
    if (row.next()) {
        spending.spent = row.value(0).toDouble();
        spending.unpriced = row.value(1).toLongLong();
    }
    return spending;
}

Status budgetCanBeKept(const std::optional<double> &budget, const QList<Model> &models)
{
    if (!budget)
        return {};
    if (!std::isfinite(*budget) || *budget < 0)
        return failure(ErrorCode::InvalidInput, u"The budget is %1; it must be a number, 0 or more."_s.arg(*budget));
    for (const Model &model : models) {
        if (model.kind != ModelKind::Endpoint || (model.priceIn && model.priceOut))
            continue;
        return failure(Error(ErrorCode::InvalidInput,
                             u"The budget cannot be kept: model %1 has no price."_s.arg(model.name),
                             u"Give the model its prices (0 for a server of your own), or leave the budget out."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    return {};
}

std::optional<double> budgetOf(const Job &job)
{
    const nlohmann::json parameters = storedJson(job.parameters);
    const auto budget = parameters.is_object() ? parameters.find("budget") : parameters.end();
    return parameters.is_object() && budget != parameters.end() && budget->is_number()
               ? std::optional(budget->get<double>())
               : std::nullopt;
}

Error budgetReached(double limit, const JobSpending &spending)
{
    const auto money = [](double value) { return QString::number(value, 'g', 6); };
    const QString spent = money(spending.spent), all = money(limit);
    const nlohmann::json detail{{"limit", limit}, {"spent", spending.spent}, {"unpriced_answers", spending.unpriced}};
    const QString raw = QString::fromStdString(detail.dump());
    if (spending.unpriced > 0) {
        return Error(ErrorCode::BudgetReached,
                     u"The budget of %1 cannot be kept: the server did not say how many tokens an answer took, or what "
                     u"it said cannot be true. %2 is spent, without that."_s.arg(all, spent),
                     u"Run the same without a budget, or with a server that counts tokens."_s, raw)
            .withConsequence(u"Everything answered so far is kept."_s);
    }
    return Error(ErrorCode::BudgetReached, u"The budget of %1 is reached: %2 is spent."_s.arg(all, spent),
                 u"Run the same with a larger budget to go on."_s, raw)
        .withConsequence(u"Everything answered so far is kept."_s);
}

Status logEvent(Connection &connection, const QString &kind, JobId job, const QString &detailJson)
{
    EVALWRIGHT_TRY(connection.insert(u"INSERT INTO event_log (at, kind, job_id, detail) VALUES (?, ?, ?, ?)"_s,
                                     {isoNow(), kind, bound(job), bound(detailJson)}));
    return {};
}

} // namespace evalwright
