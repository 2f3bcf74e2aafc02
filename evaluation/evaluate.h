// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "evaluation/detectable.h"
#include "evaluation/results.h"
#include "lm/batch/batchdelivery.h"
#include "lm/estimate.h"
#include "lm/requestrunner.h"

#include <QMap>
#include <QStringList>

#include <nlohmann/json.hpp>
#include <optional>

namespace evalwright {

inline constexpr qint64 mostRepeats = 100;

/// What to ask whom. Stored with the job, so that `job resume` can build the same call again.
struct EvaluateSpec
{
    QStringList datasets, models; ///< Names.
    QStringList frames{QStringLiteral("auto")};   ///< frameNames(), or chat+NAME with a text of `systems`.
    QMap<QString, QString> systems;               ///< Texts of the frames chat+NAME, by NAME.
    QStringList controls{QStringLiteral("none")}; ///< preparation::controlNames(); asked are those named, no others.
    QString orders = QStringLiteral("one");       ///< one | all cyclic orders of lettered options.
    QString scoring = QStringLiteral("auto");     ///< scoringNames(): auto | exact | …
    qint64 repeats = 1;                           ///< How often every question is asked, 1 to mostRepeats.
    int samples = 20;                             ///< Answers to each question, where they are sampled.
    std::optional<qint64> limit;                  ///< Items per data set, drawn at random and balanced over labels.
    qint64 seed = 0;                              ///< Of that draw, and of sampled answers.
    bool reproducible = false;                    ///< One request at a time, without the server's cache.
    std::optional<double> budget;                 ///< Money; not part of what identifies the run.
    Delivery delivery;                            ///< Likewise.
    bool fresh = false; ///< Ask again, also what is stored: a run of its own beside the others (docs/cache.md).
    QString salt;       ///< Of a fresh run that was begun; empty: goes on with an unfinished one, or begins one.

    nlohmann::json toJson() const;
    /// Also reads a job's parameters. InvalidInput names the field.
    static Result<EvaluateSpec> fromJson(const nlohmann::json &json);
    static Result<EvaluateSpec> fromText(const QString &text);
};

/// One model on one data set under one frame, control and order of options, once, before it runs.
struct PlannedCell
{
    QString dataset, model, frame, scoring;
    qint64 items = 0;
    qint64 alreadyAnswered = 0; ///< Of them, questions whose answer is stored already.
    QString control = QStringLiteral("none"), order = QStringLiteral("stored");
    qint64 repeat = 0; ///< Counted from 0.
    qint64 left = 0; ///< Items of the data set that cannot be asked so; the warnings say why.
};

struct EvaluatePlan
{
    QList<PlannedCell> cells;
    qint64 requests = 0; ///< Still to be sent; answers off the labels are asked for a few words more, which adds to it.
    qint64 alreadyAnswered = 0;
    Estimate estimate;    ///< Of what is still to be sent, those words included.
    std::optional<double> batchCost; ///< Expected, by batches; unset while a price or the factor is unknown.
    QMap<QString, QString> systems;  ///< Texts of the frames chat+NAME, by NAME.
    QStringList warnings; ///< Plain English, one sentence each.
    QList<DetectableEffect> detectable; ///< What the chosen items and models can show.
    bool fresh = false;
    nlohmann::json toJson() const;
};

/// Works out the cells without sending anything. NotFound (names), InvalidInput (no items, unreadable labels),
/// Unsupported (frame, scoring, control or order that the model or this version cannot do).
Result<EvaluatePlan> planEvaluate(Connection &connection, const EvaluateSpec &spec);

struct EvaluateReport
{
    JobId job;
    QString run; ///< uuid
    QList<ResultRow> results;
    qint64 requests = 0; ///< Sent in this call.
    qint64 fromCache = 0, failed = 0;
    std::optional<double> cost;
    double seconds = 0;
    JobState state = JobState::Done; ///< Done, Partly, or Waiting for batches.
    QString waiting;                 ///< For what, in words; see listBatches() for the batches.
    QString firstError;              ///< Of failed requests.
    QStringList warnings;
    bool fresh = false; ///< It took no answers of other jobs.
    nlohmann::json toJson() const;
};

/// Runs the evaluation: one job and one run, models one after another, a stage for each frame, control, order of
/// options and repeat (stagename.h).
/// Blocking, for worker threads. The same spec on unchanged items and models goes on with the same run and sends
/// nothing twice; once everything is answered it sends nothing at all.
/// With a delivery by batches it returns at once, with JobState::Waiting, what has come so far; the same call later
/// goes on. Scoring that needs tokens of the server cannot be batched (Unsupported).
/// Errors as planEvaluate and runStageDelivered; the job's state says the same (failed, budget; paused when the token stopped
/// it, so a caller that means "never again" marks the job cancelled).
Result<EvaluateReport> evaluate(const JobServices &services, const EvaluateSpec &spec, const CancellationToken &token,
                                const ProgressFunction &progress);

} // namespace evalwright
