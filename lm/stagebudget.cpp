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
Result<bool> anyToSend(Project &project, const Model &model, const QList<PlannedRequest> &requests)
{
    constexpr qsizetype chunk = 500;
    for (qsizetype from = 0; from < requests.size(); from += chunk) {
        QStringList keys;
        for (const PlannedRequest &planned : requests.mid(from, chunk)) {
            EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(model, planned.request));
            keys << requestKey(model, wire, planned.request.sample);
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
                                   const CancellationToken &token, const ProgressFunction &progress)
{
    RunnerOptions options;
    if (!budget || model.kind != ModelKind::Endpoint)
        return runStage(services, job, stage, model, requests, options, token, progress);
    Project &project = *services.project;
    const auto spending = [&] { return project.readNow([&](Connection &c) { return spendingOf(c, job); }); };
    EVALWRIGHT_ASSIGN(const JobSpending before, spending());
    if (before.spent >= *budget || before.unpriced > 0) {
        EVALWRIGHT_ASSIGN(const bool sends, anyToSend(project, model, requests));
        if (sends)
            return failure(budgetReached(*budget, before));
    }
    options.budget = *budget - before.spent;
    auto done = runStage(services, job, stage, model, requests, options, token, progress);
    if (done || done.error().code != ErrorCode::BudgetReached)
        return done;
    EVALWRIGHT_ASSIGN(const JobSpending after, spending());
    return failure(budgetReached(*budget, after));
}

} // namespace evalwright
