// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchstage.h"

#include "lm/batch/batchcourier.h"
#include "lm/batch/batchfilling.h"
#include "lm/scheduler/stageplanner.h"
#include "lm/stagebudget.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using State = StoredBatch::State;

namespace {

/// One call of a stage whose answers come by batches.
class BatchStage
{
public:
    BatchStage(const StageTask &task, const Delivery &delivery)
        : m_task(task), m_delivery(delivery), m_project(*task.services.project),
          m_courier(task.services, task.model, task.token)
    {
    }
    ~BatchStage()
    {
        // After an error some planned requests were not taken in.
        for (const auto &[key, work] : m_window.live) {
            if (work->claimed)
                m_task.services.scheduler->release(m_project.uuid(), key);
        }
    }
    BatchStage(const BatchStage &) = delete;
    BatchStage &operator=(const BatchStage &) = delete;
    Result<StageReport> run();

private:
    Status checkBatches();
    Status plan();
    Status takeIn(const std::deque<Work *> &planned, const std::deque<StepAnswer> &answered);
    Status sendFiles();
    Status affordable(const StoredBatch &batch);
    Result<StageReport> ending();
    void report(const QString &message, qint64 open);
    Result<QList<StoredBatch>> open() const
    {
        return m_project.readNow([this](Connection &c) { return openBatches(c, m_task.job, m_task.stage); });
    }

    const StageTask &m_task;
    const Delivery &m_delivery;
    Project &m_project;
    BatchCourier m_courier;
    SystemClock m_system;
    StageWindow m_window;
    qint64 m_taken = 0;
};

Status BatchStage::checkBatches()
{
    const Clock &clock = m_task.services.clock ? *m_task.services.clock : m_system;
    EVALWRIGHT_ASSIGN(const QList<StoredBatch> batches, open());
    Status first;
    for (StoredBatch batch : batches) {
        if (m_delivery.onlyDue && !BatchCourier::isDue(batch, clock))
            continue;
        if (batch.state == State::Written && batch.delivery == "batch"_L1 && m_delivery.kind == Delivery::Kind::Files) {
            EVALWRIGHT_TRY(withdrawBatch(m_project, batch.id)); // It was to be sent; now it is not.
            continue;
        }
        if (batch.state != State::Sent)
            continue;
        report(u"Looking at batch %1"_s.arg(batch.providerId), -1);
        const Status checked = m_courier.check(batch);
        if (!checked && checked.error().code == ErrorCode::Cancelled)
            return checked;
        if (!checked && first)
            first = checked; // The others are looked at all the same.
    }
    return first;
}

/// The planner fills the window as for live requests; here its requests go into the pool of the stage.
Status BatchStage::plan()
{
    const auto wakeUp = m_task.token.onCancel([signal = m_window.signal] { signal->notify(); });
    StagePlanner planner(m_task, m_window);
    for (;;) {
        std::deque<Work *> planned;
        std::deque<StepAnswer> answered;
        bool ended = false;
        {
            std::unique_lock lock(m_window.signal->mutex);
            m_window.signal->condition.wait(lock, [this] {
                return m_window.signal->wake || !m_window.planned.empty() || !m_window.answered.empty();
            });
            m_window.signal->wake = false;
            planned.swap(m_window.planned);
            answered.swap(m_window.answered);
            m_taken += std::exchange(m_window.takenFromStore, 0);
            ended = m_window.isPlanned;
            if (ended && !m_window.planning)
                return m_window.planning;
        }
        if (m_task.token.isCancelled()) {
            return failure(
                Error(ErrorCode::Cancelled, u"Stopped as asked."_s, u"Run the same again to go on where it stopped."_s)
                    .withConsequence(u"Everything answered so far is kept; batches that were sent go on."_s));
        }
        EVALWRIGHT_TRY(takeIn(planned, answered));
        if (ended)
            return {};
    }
}

Status BatchStage::takeIn(const std::deque<Work *> &planned, const std::deque<StepAnswer> &answered)
{
    for (const StepAnswer &answer : answered)
        EVALWRIGHT_TRY(m_task.reader->read(answer, readReply(answer.path, answer.body)));
    QList<BatchedRequest> requests;
    for (const Work *work : planned) {
        if (!work->claimed)
            continue; // Another job of this program is asking it now; the next call finds its answer.
        BatchedRequest request;
        request.key = work->key;
        request.jobId = m_task.job;
        request.stage = m_task.stage;
        request.ordinal = work->ordinal;
        request.modelId = m_task.model.id;
        request.promptJson = work->promptJson;
        request.path = work->path;
        request.seed = work->seed;
        request.sample = work->sample;
        requests << request;
    }
    if (!requests.isEmpty())
        EVALWRIGHT_TRY(m_project.writeNow([&](Connection &c) { return poolRequests(c, requests); }));
    {
        const std::lock_guard lock(m_window.signal->mutex);
        for (const Work *work : planned) {
            if (work->claimed)
                m_task.services.scheduler->release(m_project.uuid(), work->key);
            m_window.live.erase(QByteArray(work->key)); // A copy: the key lives in what goes.
        }
    }
    m_window.signal->condition.notify_all(); // The planner may have been waiting for room.
    return {};
}

/// What is under way and this file, at their estimates, must fit into what is left.
Status BatchStage::affordable(const StoredBatch &batch)
{
    if (!m_task.options.budget)
        return {};
    EVALWRIGHT_ASSIGN(const JobSpending spending,
                      m_project.readNow([this](Connection &c) { return spendingOf(c, m_task.job); }));
    EVALWRIGHT_ASSIGN(const QList<StoredBatch> all,
                      m_project.readNow([this](Connection &c) { return listBatches(c, m_task.job); }));
    double needed = spending.spent + batch.estimate.value_or(0);
    for (const StoredBatch &other : all) {
        if (other.state == State::Sending || other.state == State::Sent)
            needed += other.estimate.value_or(0);
    }
    const double budget = *m_task.options.budget;
    if (batch.estimate && spending.unpriced == 0 && needed <= budget)
        return {};
    if (!batch.estimate || spending.unpriced > 0)
        return failure(budgetReached(budget, spending));
    return failure(Error(ErrorCode::BudgetReached,
                         u"Sending %1 requests may cost up to %2, which the budget of %3 does not allow: with it, what "
                         u"is spent and under way would be %4."_s.arg(batch.requests)
                             .arg(*batch.estimate, 0, 'g', 6)
                             .arg(budget, 0, 'g', 6)
                             .arg(needed, 0, 'g', 6),
                         u"Run the same with a larger budget to send them."_s)
                       .withConsequence(u"They were not sent; everything answered so far is kept."_s));
}

Status BatchStage::sendFiles()
{
    const Clock &clock = m_task.services.clock ? *m_task.services.clock : m_system;
    EVALWRIGHT_ASSIGN(const QList<StoredBatch> batches, open());
    for (StoredBatch batch : batches) {
        if (batch.delivery != "batch"_L1 || (batch.state != State::Written && batch.state != State::Sending))
            continue;
        if (m_delivery.onlyDue && !BatchCourier::isDue(batch, clock))
            continue;
        if (batch.state == State::Written)
            EVALWRIGHT_TRY(affordable(batch));
        report(u"Sending %1 requests as a batch"_s.arg(batch.requests), -1);
        EVALWRIGHT_TRY(m_courier.send(batch));
    }
    return {};
}

void BatchStage::report(const QString &message, qint64 open)
{
    if (!m_task.progress)
        return;
    JobProgress progress;
    progress.job = m_task.job;
    progress.stage = m_task.stage;
    progress.total = m_task.source.size();
    progress.done = open < 0 ? std::min(m_taken, progress.total) : std::max<qint64>(0, progress.total - open);
    progress.fromCache = std::max<qint64>(0, m_taken - m_courier.collected().matched);
    progress.message = message;
    m_task.progress(progress);
}

Result<StageReport> BatchStage::ending()
{
    EVALWRIGHT_ASSIGN(const StageTally tally,
                      m_project.readNow([this](Connection &c) { return stageTally(c, m_task.job, m_task.stage); }));
    if (tally.open > 0) {
        EVALWRIGHT_ASSIGN(const QList<StoredBatch> batches, open());
        const QString message =
            batches.isEmpty()
                ? u"%1 requests wait for batches of another job."_s.arg(tally.open)
                : u"%1 of %2 requests wait for %3."_s.arg(tally.open)
                      .arg(m_task.source.size())
                      .arg(batches.size() == 1 ? u"1 batch"_s : u"%1 batches"_s.arg(batches.size()));
        report(message, tally.open);
        return failure(ErrorCode::Waiting, message,
                       m_delivery.kind == Delivery::Kind::Files
                           ? u"Run the files anywhere, read the results with “job collect FILE”, then run this again."_s
                           : u"Run the same again later, or use --wait; closing the program is fine."_s);
    }
    report({}, 0);
    const BatchCollected &collected = m_courier.collected();
    StageReport out;
    out.asked = collected.matched;
    out.fromCache = std::max<qint64>(0, m_taken - collected.matched);
    out.failed = tally.failed;
    out.firstError = tally.firstError;
    out.promptTokens = collected.promptTokens;
    out.completionTokens = collected.completionTokens;
    out.cost = out.asked == 0 ? std::optional<double>(0.0) : collected.cost;
    return out;
}

Result<StageReport> BatchStage::run()
{
    EVALWRIGHT_TRY(canBeBatched(m_task.model));
    if (m_task.options.budget && m_delivery.kind == Delivery::Kind::Files) {
        return failure(Error(ErrorCode::InvalidInput, u"A budget cannot be kept for files that are run elsewhere."_s,
                             u"Leave the budget out."_s)
                           .withConsequence(u"Nothing was written."_s));
    }
    EVALWRIGHT_TRY(checkBatches());
    EVALWRIGHT_TRY(plan());
    EVALWRIGHT_TRY(fillBatches(m_project, m_task.job, m_task.stage, m_task.model, m_delivery));
    EVALWRIGHT_TRY(sendFiles());
    return ending();
}

/// A live stage must not ask what is in a batch.
Status nothingUnderWay(Project &project, JobId job, const QString &stage)
{
    EVALWRIGHT_ASSIGN(const qint64 inBatches,
                      project.readNow([&](Connection &c) { return requestsUnderWay(c, job, stage); }));
    if (inBatches == 0)
        return {};
    return failure(Error(ErrorCode::InvalidInput,
                         u"%1 requests of “%2” are in batches; asking them live would pay twice."_s.arg(inBatches).arg(
                             stage),
                         u"Go on with the delivery of before, or cancel or give up the batches (“job batches”)."_s)
                       .withConsequence(u"Nothing was sent."_s));
}

} // namespace

Result<StageReport> runStageDelivered(const Delivery &delivery, const std::optional<double> &budget,
                                      const JobServices &services, JobId job, const QString &stage, const Model &model,
                                      StageSource &source, AnswerReader *reader, const CancellationToken &token,
                                      const ProgressFunction &progress, const RunnerOptions &live)
{
    if (delivery.isLive()) {
        EVALWRIGHT_TRY(nothingUnderWay(*services.project, job, stage));
        return runStageWithin(budget, services, job, stage, model, source, reader, token, progress, live);
    }
    RunnerOptions options;
    options.budget = budget;
    options.leaveFailed = true; // What a batch refused is over until somebody runs the finished job again.
    const StageTask task{services, job, stage, model, source, reader, options, token, progress};
    return BatchStage(task, delivery).run();
}

} // namespace evalwright
