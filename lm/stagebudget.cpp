// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/stagebudget.h"

#include "storage/repositories/jobs.h"
#include "storage/repositories/responses.h"

#include <algorithm>
#include <atomic>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Passes everything on, and cancels `stop` at the first answer that has no believable price.
class PricingTransport : public HttpTransport
{
public:
    PricingTransport(HttpTransport &inner, const Model &model, CancellationToken stop)
        : m_inner(inner), m_model(model), m_stop(std::move(stop))
    {
    }
    void send(HttpRequest request, const CancellationToken &token,
              std::function<void(Result<HttpResponse>)> done) override
    {
        const QString path = request.url.endsWith("chat/completions"_L1) ? u"chat/completions"_s : u"completions"_s;
        m_inner.send(std::move(request), token, [this, path, done = std::move(done)](Result<HttpResponse> result) {
            const bool answered =
                result && result->status >= 200 && result->status < 300 && readReply(path, result->body);
            if (answered && !costOfReply(m_model, result->body)) {
                m_unpriced = true;
                m_stop.cancel();
            }
            done(std::move(result));
        });
    }
    bool sawUnpriced() const { return m_unpriced; }

private:
    HttpTransport &m_inner;
    const Model &m_model;
    CancellationToken m_stop;
    std::atomic<bool> m_unpriced = false;
};

/// Whether one of the requests has no stored answer yet.
Result<bool> anyToSend(Project &project, const Model &model, const QList<PlannedRequest> &requests)
{
    constexpr qsizetype chunk = 500;
    for (qsizetype from = 0; from < requests.size(); from += chunk) {
        QStringList keys;
        for (const PlannedRequest &planned : requests.mid(from, chunk))
            keys << requestKey(model, toWire(model, planned.request), planned.request.sample);
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
    const CancellationToken stop;
    const auto forward = token.onCancel([stop] { stop.cancel(); });
    PricingTransport transport(*services.transport, model, stop);
    JobServices metered = services;
    metered.transport = &transport;
    auto done = runStage(metered, job, stage, model, requests, options, stop, progress);
    const bool unpriced =
        !done && done.error().code == ErrorCode::Cancelled && transport.sawUnpriced() && !token.isCancelled();
    if (!unpriced && (done || done.error().code != ErrorCode::BudgetReached))
        return done;
    EVALWRIGHT_ASSIGN(JobSpending after, spending());
    if (unpriced) // Also when the answer itself could not be stored.
        after.unpriced = std::max<qint64>(after.unpriced, 1);
    return failure(budgetReached(*budget, after));
}

} // namespace evalwright
