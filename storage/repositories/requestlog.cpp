// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/requestlog.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/repositories/jobs.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

// The price is counted as in spendingOf().
const QString columns = u"s.id, s.stage, s.ordinal, s.state, s.from_cache, substr(s.error, 1, 600), "
                        u"coalesce(m.name, ''), coalesce(m.kind <> 'endpoint', 0), r.id, r.received_at, r.attempts, "
                        u"r.resent, r.seconds, r.prompt_tokens, r.completion_tokens, "
                        u"CASE WHEN m.kind = 'endpoint' AND r.prompt_tokens BETWEEN 0 AND %1 "
                        u"AND r.completion_tokens BETWEEN 0 AND %1 THEN coalesce(r.cost, (m.price_in * r.prompt_tokens "
                        u"+ m.price_out * r.completion_tokens) / 1e6) END, r.status"_s.arg(mostTokensOfAnswer);
const QString tables = u" FROM job_step s LEFT JOIN model m ON m.id = s.model_id "
                       u"LEFT JOIN response r ON r.id = s.response_id "_s;
constexpr int columnCount = 17;

RequestRow rowFrom(const QSqlQuery &row)
{
    RequestRow request;
    request.step.value = row.value(0).toLongLong();
    request.place = {row.value(1).toString(), row.value(2).toLongLong()};
    request.state = row.value(3).toString();
    request.fromStore = row.value(4).toBool();
    request.error = row.value(5).toString();
    request.model = row.value(6).toString();
    request.local = row.value(7).toBool();
    request.response.value = row.value(8).toLongLong();
    request.receivedAt = row.value(9).toString();
    request.attempts = row.value(10).toInt();
    request.resent = row.value(11).toInt();
    request.seconds = row.value(12).toDouble();
    request.promptTokens = optionalValue<qint64>(row.value(13));
    request.completionTokens = optionalValue<qint64>(row.value(14));
    request.cost = optionalValue<double>(row.value(15));
    request.status = row.value(16).toInt();
    return request;
}

QString condition(RequestFilter filter)
{
    switch (filter) {
    case RequestFilter::All:
        break;
    case RequestFilter::Waiting:
        return u" AND s.state = 'planned'"_s;
    case RequestFilter::Answered:
        return u" AND s.state = 'done' AND s.from_cache = 0"_s;
    case RequestFilter::FromStore:
        return u" AND s.state = 'done' AND s.from_cache = 1"_s;
    case RequestFilter::Failed:
        return u" AND s.state = 'failed'"_s;
    }
    return {};
}

/// Prompts are stored without a seed at their top level, so that equal samples share one. Only these interfaces have it
/// there: Ollama's stands in its options and stays, Anthropic's has none.
QString asSent(const QString &prompt, const QString &path, const std::optional<qint64> &seed)
{
    if (!seed || (path != "chat/completions"_L1 && path != "completions"_L1 && path != "/completion"_L1))
        return prompt;
    nlohmann::json body = storedJson(prompt);
    if (!body.is_object())
        return prompt;
    body["seed"] = *seed;
    return QString::fromUtf8(canonicalJson(body));
}

} // namespace

Result<QList<RequestRow>> requestPage(Connection &connection, JobId job, RequestFilter filter,
                                      const std::optional<RequestPlace> &after, int limit)
{
    QVariantList values{job.value};
    if (after)
        values << bound(after->stage) << after->ordinal;
    values << limit;
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT "_s + columns + tables + u"WHERE s.job_id = ?"_s +
                                           (after ? u" AND (s.stage, s.ordinal) > (?, ?)"_s : QString()) +
                                           condition(filter) + u" ORDER BY s.stage, s.ordinal LIMIT ?"_s,
                                       values));
    QList<RequestRow> page;
    while (rows.next())
        page << rowFrom(rows);
    return page;
}

qint64 RequestCounts::of(RequestFilter filter) const
{
    switch (filter) {
    case RequestFilter::All:
        break;
    case RequestFilter::Waiting:
        return waiting;
    case RequestFilter::Answered:
        return answered;
    case RequestFilter::FromStore:
        return fromStore;
    case RequestFilter::Failed:
        return failed;
    }
    return all;
}

Result<RequestCounts> requestCounts(Connection &connection, JobId job)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT count(*), count(*) FILTER (WHERE s.state = 'planned'), "
                         u"count(*) FILTER (WHERE s.state = 'done' AND s.from_cache = 0), "
                         u"count(*) FILTER (WHERE s.state = 'done' AND s.from_cache = 1), "
                         u"count(*) FILTER (WHERE s.state = 'failed') FROM job_step s WHERE s.job_id = ?"_s,
                         {job.value}));
    RequestCounts counts;
    if (row.next()) {
        counts.all = row.value(0).toLongLong();
        counts.waiting = row.value(1).toLongLong();
        counts.answered = row.value(2).toLongLong();
        counts.fromStore = row.value(3).toLongLong();
        counts.failed = row.value(4).toLongLong();
    }
    // Twins share an answer, which was sent again once.
    EVALWRIGHT_ASSIGN(const QVariant resent,
                      connection.value(u"SELECT coalesce(sum(resent), 0) FROM response WHERE id IN (SELECT response_id "
                                       u"FROM job_step WHERE job_id = ? AND from_cache = 0 AND response_id IS NOT "
                                       u"NULL)"_s,
                                       {job.value}));
    counts.resent = resent.toLongLong();
    return counts;
}

Result<RequestDetail> requestDetail(Connection &connection, StepId step)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row,
                      connection.query(u"SELECT "_s + columns +
                                           u", s.key, p.json, r.seed, r.path, r.sample, "
                                           u"r.body, s.error, s.job_id"_s +
                                           tables + u"LEFT JOIN prompt p ON p.id = r.prompt_id WHERE s.id = ?"_s,
                                       {step.value}));
    if (!row.next())
        return failure(ErrorCode::NotFound, u"There is no request number %1 in this project."_s.arg(step.value));
    RequestDetail detail;
    detail.row = rowFrom(row);
    detail.key = row.value(columnCount).toByteArray();
    detail.path = row.value(columnCount + 3).toString();
    if (!row.value(columnCount + 1).isNull())
        detail.request = asSent(row.value(columnCount + 1).toString(), detail.path,
                                optionalValue<qint64>(row.value(columnCount + 2)));
    detail.sample = row.value(columnCount + 4).toLongLong();
    detail.body = row.value(columnCount + 5).toByteArray();
    detail.row.error = row.value(columnCount + 6).toString();
    detail.job.value = row.value(columnCount + 7).toLongLong();
    EVALWRIGHT_ASSIGN(const auto origins, answerOrigins(connection, {detail.row.response}));
    if (const auto origin = origins.constFind(detail.row.response); origin != origins.constEnd())
        detail.origin = *origin;
    return detail;
}

Result<FailedTries> failedTries(Connection &connection, const QByteArray &key, int limit)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT r.attempts, r.status, r.seconds, r.received_at, substr(r.body, 1, 4096), "
                         u"p.json, r.seed, r.path FROM response r JOIN prompt p ON p.id = r.prompt_id "
                         u"WHERE r.complete = 0 AND r.key = ? ORDER BY r.id LIMIT ?"_s,
                         {key, limit}));
    FailedTries found;
    while (rows.next()) {
        found.tries << FailedTry{rows.value(0).toInt(), rows.value(1).toInt(), rows.value(2).toDouble(),
                                 rows.value(3).toString(), rows.value(4).toByteArray()};
        found.path = rows.value(7).toString();
        found.request = asSent(rows.value(5).toString(), found.path, optionalValue<qint64>(rows.value(6)));
    }
    return found;
}

Result<RequestOfResponse> requestOfResponse(Connection &connection, ResponseId response)
{
    // The job that paid for it comes before those that took it from the store.
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT job_id, id FROM job_step WHERE response_id = ? "
                                                      u"ORDER BY from_cache, id DESC LIMIT 1"_s,
                                                      {response.value}));
    if (!row.next())
        return failure(ErrorCode::NotFound, u"No job of this project used this answer."_s);
    RequestOfResponse found;
    found.job.value = row.value(0).toLongLong();
    found.step.value = row.value(1).toLongLong();
    return found;
}

Result<QList<LoggedEvent>> jobEvents(Connection &connection, JobId job, const QString &kind, qint64 before, int limit)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT id, at, detail FROM event_log WHERE job_id = ? AND kind = ? "
                                       u"AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ?"_s,
                                       {job.value, kind, before, before, limit}));
    QList<LoggedEvent> events;
    while (rows.next())
        events << LoggedEvent{rows.value(0).toLongLong(), rows.value(1).toString(), rows.value(2).toString()};
    return events;
}

} // namespace evalwright
