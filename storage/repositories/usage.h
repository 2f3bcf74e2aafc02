// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>

/// What earlier requests of a project took: what estimates rest on. Stages are given by a name in which one `*` may
/// stand for anything: "write", "evaluate:*:chat".
namespace evalwright {

/// A stored answer with the request that it belongs to.
struct AnswerUsage
{
    QString path, requestJson;                            ///< The body without its seed.
    std::optional<qint64> promptTokens, completionTokens; ///< As the server counted them; unset when it did not.
};
/// Of the newest answers of a model in these stages, `limit` at most, newest first.
Result<QList<AnswerUsage>> latestUsage(Connection &connection, ModelId model, const QString &stages, int limit = 300);

/// How fast a stage of a model went, requests side by side.
struct StageSpeed
{
    qint64 answers = 0;
    double seconds = 0; ///< From the first request to the last answer.
    int mostInFlight = 0;
};
Status logStageSpeed(Connection &connection, JobId job, const QString &stage, ModelId model, const StageSpeed &speed);
/// Of the newest calls of these stages with at least `fewest` answers, `limit` at most, newest first.
Result<QList<StageSpeed>> latestSpeeds(Connection &connection, ModelId model, const QString &stages, qint64 fewest,
                                       int limit = 5);

/// Of the newest job with a stage of this model that fits `stages`: its answered steps, and the steps of the stage of
/// that name with `suffix`, which asks once more about some of them. Unset when there is none.
struct FollowUps
{
    qint64 steps = 0, followed = 0;
};
Result<std::optional<FollowUps>> latestFollowUps(Connection &connection, ModelId model, const QString &stages,
                                                 const QString &suffix);

} // namespace evalwright
