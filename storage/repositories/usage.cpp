// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/usage.h"

#include "core/foreignjson.h"
#include "storage/repositories/jobs.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString speedEvent = u"stage"_s;
constexpr int mostEventsLookedAt = 2000; ///< A model that was not asked for so long is one that nobody measured.

bool fits(const QString &stage, const QString &pattern)
{
    const qsizetype star = pattern.indexOf(u'*');
    if (star < 0)
        return stage == pattern;
    return stage.size() >= pattern.size() - 1 && stage.startsWith(pattern.left(star)) &&
           stage.endsWith(pattern.mid(star + 1));
}

/// The event as written by logStageSpeed(); unset when it is of something else, or damaged.
std::optional<StageSpeed> speedFrom(const json &detail, ModelId model, const QString &stages)
{
    const auto number = [&detail](const char *name) {
        const auto found = detail.find(name);
        const double value = found != detail.end() && found->is_number() ? found->get<double>() : -1.0;
        return value >= 0 && value < 1e15 ? value : -1.0;
    };
    if (!detail.is_object() || number("model") != static_cast<double>(model.value) || !detail.contains("stage") ||
        !detail["stage"].is_string() || !fits(QString::fromStdString(detail["stage"].get<std::string>()), stages))
        return std::nullopt;
    const StageSpeed speed{static_cast<qint64>(number("answers")), number("seconds"),
                           static_cast<int>(number("most_in_flight"))};
    return speed.answers > 0 && speed.seconds > 0 ? std::optional(speed) : std::nullopt;
}

} // namespace

Result<QList<AnswerUsage>> latestUsage(Connection &connection, ModelId model, const QString &stages, int limit)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT r.path, p.json, r.prompt_tokens, r.completion_tokens FROM job_step s "
                                       u"JOIN response r ON r.id = s.response_id JOIN prompt p ON p.id = r.prompt_id "
                                       u"WHERE s.model_id = ? AND s.state = 'done' AND s.stage GLOB ? "
                                       u"ORDER BY s.id DESC LIMIT ?"_s,
                                       {model.value, stages, limit}));
    QList<AnswerUsage> usage;
    while (rows.next()) {
        usage << AnswerUsage{rows.value(0).toString(), rows.value(1).toString(), optionalValue<qint64>(rows.value(2)),
                             optionalValue<qint64>(rows.value(3))};
    }
    return usage;
}

Status logStageSpeed(Connection &connection, JobId job, const QString &stage, ModelId model, const StageSpeed &speed)
{
    const json detail{{"stage", stage.toStdString()},
                      {"model", model.value},
                      {"answers", speed.answers},
                      {"seconds", speed.seconds},
                      {"most_in_flight", speed.mostInFlight}};
    return logEvent(connection, speedEvent, job, QString::fromStdString(detail.dump()));
}

Result<QList<StageSpeed>> latestSpeeds(Connection &connection, ModelId model, const QString &stages, qint64 fewest,
                                       int limit)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT detail FROM event_log WHERE kind = ? ORDER BY id DESC LIMIT ?"_s,
                                       {speedEvent, mostEventsLookedAt}));
    QList<StageSpeed> speeds;
    while (speeds.size() < limit && rows.next()) {
        const auto speed = speedFrom(storedJson(rows.value(0).toString()), model, stages);
        if (speed && speed->answers >= fewest)
            speeds << *speed;
    }
    return speeds;
}

Result<std::optional<FollowUps>> latestFollowUps(Connection &connection, ModelId model, const QString &stages,
                                                 const QString &suffix)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row,
                      connection.query(u"SELECT job_id, stage FROM job_step WHERE model_id = ? AND stage GLOB ? AND "
                                       u"state = 'done' ORDER BY id DESC LIMIT 1"_s,
                                       {model.value, stages}));
    if (!row.next())
        return std::optional<FollowUps>();
    const QVariant job = row.value(0);
    const QString stage = row.value(1).toString();
    const auto steps = [&](const QString &name, const QString &more) {
        return connection.value(u"SELECT count(*) FROM job_step WHERE job_id = ? AND stage = ?"_s + more, {job, name});
    };
    EVALWRIGHT_ASSIGN(const QVariant asked, steps(stage, u" AND state = 'done'"_s));
    EVALWRIGHT_ASSIGN(const QVariant followed, steps(stage + suffix, QString()));
    return FollowUps{asked.toLongLong(), followed.toLongLong()};
}

} // namespace evalwright
