// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/stagebudget.h"

#include "storage/repositories/jobs.h"
#include "storage/repositories/responses.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Whether one of the requests has no stored answer yet.
Result<bool> anyToSend(Project &project, JobId job, const Model &model, StageSource &source)
{
    EVALWRIGHT_ASSIGN(const QString salt, project.readNow([job](Connection &c) { return keySaltOf(c, job); }));
    constexpr qint64 chunk = 500;
    for (qint64 from = 0; from < source.size(); from += chunk) {
        QList<qint64> indices;
        for (qint64 i = from; i < std::min(source.size(), from + chunk); ++i)
            indices << i;
        EVALWRIGHT_ASSIGN(const QList<PlannedRequest> requests, source.requests(indices));
        QStringList keys;
        for (const PlannedRequest &planned : requests) {
            EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(model, planned.request));
            keys << requestKey(model, wire, planned.request.sample, salt);
        }
        EVALWRIGHT_ASSIGN(const auto answered, project.readNow([&](Connection &c) { return answeredKeys(c, keys); }));
        if (std::ranges::any_of(keys, [&](const QString &key) { return !answered.contains(key); }))
            return true;
    }
    return false;
}

} // namespace

Result<StageReport> runStageWithin(const std::optional<double> &budget, const JobServices &services, JobId job,
                                   const QString &stage, const Model &model, const QList<PlannedRequest> &requests,
                                   const CancellationToken &token, const ProgressFunction &progress,
                                   const RunnerOptions &options)
{
    ListSource source(requests);
    return runStageWithin(budget, services, job, stage, model, source, nullptr, token, progress, options);
}

Result<StageReport> runStageWithin(const std::optional<double> &budget, const JobServices &services, JobId job,
                                   const QString &stage, const Model &model, StageSource &source, AnswerReader *reader,
                                   const CancellationToken &token, const ProgressFunction &progress,
                                   const RunnerOptions &given)
{
    RunnerOptions options = given;
    options.budget.reset();
    if (model.kind != ModelKind::Endpoint)
        return runStage(services, job, stage, model, source, reader, options, token, progress);
    Project &project = *services.project;
    const auto spending = [&] { return project.readNow([&](Connection &c) { return spendingOf(c, job); }); };
    EVALWRIGHT_ASSIGN(const JobSpending before, spending());
    if (budget && (before.spent >= *budget || before.unpriced > 0)) {
        EVALWRIGHT_ASSIGN(const bool sends, anyToSend(project, job, model, source));
        if (sends)
            return failure(budgetReached(*budget, before));
    }
    if (budget)
        options.budget = *budget - before.spent;
    const auto forward = [&](const JobProgress &inner) {
        JobProgress outer = inner;
        outer.budget = budget;
        if (inner.cost && before.unpriced == 0)
            outer.spent = before.spent + *inner.cost;
        progress(outer);
    };
    auto done = runStage(services, job, stage, model, source, reader, options, token,
                         progress ? ProgressFunction(forward) : ProgressFunction());
    if (done || !budget || done.error().code != ErrorCode::BudgetReached)
        return done;
    EVALWRIGHT_ASSIGN(const JobSpending after, spending());
    return failure(budgetReached(*budget, after));
}

} // namespace evalwright
