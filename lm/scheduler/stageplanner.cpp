// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/stageplanner.h"

#include "core/hash.h"
#include "storage/repositories/responses.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype groupSize = 512;

/// The body without its seed is what equal samples share; it is stored once. `asSent` is the canonical body.
QString promptJsonOf(const WireRequest &wire, const QByteArray &asSent)
{
    if (!wire.body.contains("seed"))
        return QString::fromUtf8(asSent);
    nlohmann::json body = wire.body;
    body.erase("seed");
    return QString::fromUtf8(canonicalJson(body));
}

std::unique_ptr<Work> workOf(const PlannedRequest &planned, const WireRequest &wire, QByteArray key, bool asStream)
{
    auto work = std::make_unique<Work>();
    work->ordinal = planned.ordinal;
    work->key = std::move(key);
    work->path = wire.path;
    work->body = canonicalJson(wire.body);
    work->promptJson = promptJsonOf(wire, work->body);
    work->streamed = asStream && canStream(wire.path);
    if (work->streamed)
        work->body = canonicalJson(wire::streaming(wire).body);
    work->request = planned.request;
    work->seed = planned.request.seed;
    work->sample = planned.request.sample;
    // Four characters to a token is the usual rule of thumb; what it really took corrects it.
    work->estimatedTokens = work->body.size() / 4 + planned.request.sampling.maxTokens;
    return work;
}

/// Stored answers of steps that are done, with these ordinals.
Result<QList<StepAnswer>> answersOf(Connection &connection, JobId job, const QString &stage,
                                    const QSet<qint64> &ordinals)
{
    const auto [first, last] = std::ranges::minmax_element(ordinals);
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT s.ordinal, r.id, r.path, r.body FROM job_step s JOIN response r ON "
                                       u"r.id = s.response_id WHERE s.job_id = ? AND s.stage = ? AND s.ordinal "
                                       u"BETWEEN ? AND ? ORDER BY s.ordinal"_s,
                                       {job.value, stage, *first, *last}));
    QList<StepAnswer> answers;
    while (rows.next()) {
        const qint64 ordinal = rows.value(0).toLongLong();
        if (ordinals.contains(ordinal)) {
            answers << StepAnswer{ordinal, ResponseId{rows.value(1).toLongLong()}, rows.value(2).toString(),
                                  rows.value(3).toByteArray(), QString()};
        }
    }
    return answers;
}

} // namespace

StagePlanner::StagePlanner(const StageTask &task, StageWindow &window)
    : m_task(task), m_window(window), m_project(task.services.project->uuid())
{
    m_thread = std::thread([this] { run(); });
}

StagePlanner::~StagePlanner()
{
    {
        const std::lock_guard lock(m_window.signal->mutex);
        m_window.stop = true;
    }
    m_window.signal->condition.notify_all();
    m_thread.join();
}

void StagePlanner::run()
{
    const Status status = plan();
    {
        const std::lock_guard lock(m_window.signal->mutex);
        m_window.planning = status;
        m_window.isPlanned = true;
    }
    m_window.signal->notify();
}

bool StagePlanner::waitForRoom()
{
    std::unique_lock lock(m_window.signal->mutex);
    m_window.signal->condition.wait(lock, [this] {
        return m_window.stop ||
               (m_window.live.size() < StageWindow::most && m_window.answered.size() < StageWindow::most);
    });
    return !m_window.stop;
}

Status StagePlanner::plan()
{
    EVALWRIGHT_ASSIGN(m_salt, m_task.services.project->readNow([this](Connection &c) {
        return keySaltOf(c, m_task.job);
    }));
    EVALWRIGHT_ASSIGN(const QList<qint64> left, m_task.services.project->readNow([this](Connection &c) {
        return openSteps(c, m_task.job, m_task.stage);
    }));
    const QSet<qint64> open(left.begin(), left.end());
    // Two passes over the positions: what was left open, then everything else.
    for (const bool wanted : {true, false}) {
        if (wanted && open.isEmpty())
            continue;
        QList<qint64> group;
        for (qint64 index = 0; index < m_task.source.size(); ++index) {
            if (open.contains(m_task.source.ordinal(index)) == wanted)
                group << index;
            if (group.size() == groupSize || (index + 1 == m_task.source.size() && !group.isEmpty())) {
                if (!waitForRoom())
                    return {};
                EVALWRIGHT_TRY(planGroup(group));
                group.clear();
            }
        }
    }
    return {};
}

Status StagePlanner::planGroup(const QList<qint64> &indices)
{
    qint64 first = m_task.source.ordinal(indices.first()), last = first;
    for (const qint64 index : indices) {
        first = std::min(first, m_task.source.ordinal(index));
        last = std::max(last, m_task.source.ordinal(index));
    }
    EVALWRIGHT_ASSIGN(const auto states, m_task.services.project->readNow([&](Connection &c) {
        return stepStates(c, m_task.job, m_task.stage, first, last);
    }));
    QList<qint64> toAsk, done;
    for (const qint64 index : indices) {
        const qint64 ordinal = m_task.source.ordinal(index);
        const StepState state = states.value(ordinal);
        if (state.done)
            done << ordinal;
        else if (!state.failed || !m_task.options.leaveFailed)
            toAsk << index;
    }
    Group group;
    EVALWRIGHT_TRY(addDone(done, group));
    if (!toAsk.isEmpty()) {
        EVALWRIGHT_TRY(addRequests(toAsk, group));
        EVALWRIGHT_TRY(takeStored(group));
        EVALWRIGHT_TRY(writeSteps(group.steps));
    }
    publish(group);
    const QList<qint64> again = joinTwins(group);
    return again.isEmpty() ? Status() : planGroup(again);
}

/// A full disk may have room again in a while, as for answers (StageCall::isWorthWaiting).
Status StagePlanner::writeSteps(const QList<JobStep> &steps)
{
    const double until = Scheduler::now() + m_task.options.diskFullPatience;
    for (;;) {
        const Status written = m_task.services.project->writeNow(
            [&](Connection &c) { return planSteps(c, m_task.job, steps); }, {Topic::Jobs});
        if (written || written.error().code != ErrorCode::DiskFull || Scheduler::now() > until)
            return written;
        std::unique_lock lock(m_window.signal->mutex);
        if (m_window.signal->condition.wait_for(lock, StageWindow::writeAgainInterval, [this] { return m_window.stop; }))
            return written;
    }
}

/// Equal requests of different groups share one answer. Their steps are in the journal by now, so that the answer's
/// arrival finds them. Returns the positions whose request has left the window meanwhile: it is answered, or failed.
QList<qint64> StagePlanner::joinTwins(const Group &group)
{
    QList<qint64> gone;
    const std::lock_guard lock(m_window.signal->mutex);
    for (const auto &[index, key] : group.elsewhere) {
        if (const auto known = m_window.live.find(key); known != m_window.live.end())
            known->second->twins.push_back(m_task.source.ordinal(index));
        else
            gone << index;
    }
    return gone;
}

Status StagePlanner::addDone(const QList<qint64> &done, Group &group)
{
    group.taken += done.size();
    if (!m_task.reader || done.isEmpty())
        return {};
    EVALWRIGHT_ASSIGN(const QSet<qint64> unread, m_task.reader->unread(done));
    if (unread.isEmpty())
        return {};
    EVALWRIGHT_ASSIGN(group.answered, m_task.services.project->readNow([&](Connection &c) {
        return answersOf(c, m_task.job, m_task.stage, unread);
    }));
    return {};
}

Status StagePlanner::addRequests(const QList<qint64> &indices, Group &group)
{
    EVALWRIGHT_ASSIGN(const QList<PlannedRequest> requests, m_task.source.requests(indices));
    for (qsizetype i = 0; i < requests.size(); ++i) {
        const PlannedRequest &planned = requests.at(i);
        EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(m_task.model, planned.request));
        JobStep step;
        step.stage = m_task.stage;
        step.ordinal = planned.ordinal;
        step.modelId = m_task.model.id;
        step.requestKey = requestKey(m_task.model, wire, planned.request.sample, m_salt);
        group.steps << step;
        QByteArray key = keyBytes(step.requestKey);
        if (Work *known = group.freshByKey.value(key)) {
            known->twins.push_back(planned.ordinal); // Not published yet: nobody else looks at it.
            continue;
        }
        {
            const std::lock_guard lock(m_window.signal->mutex);
            if (m_window.live.contains(key)) {
                group.elsewhere << qMakePair(indices.at(i), key);
                continue;
            }
        }
        // In the window before the store is asked: an answer is either still in the window or already in the store.
        auto work = workOf(planned, wire, key, m_task.options.onText != nullptr);
        work->claimed = m_task.services.scheduler->claim(m_project, key);
        group.fresh.push_back(work.get());
        group.freshByKey.insert(key, work.get());
        const std::lock_guard lock(m_window.signal->mutex);
        m_window.live.emplace(std::move(key), std::move(work));
    }
    return {};
}

Status StagePlanner::takeStored(Group &group)
{
    QList<QByteArray> keys;
    keys.reserve(static_cast<qsizetype>(group.fresh.size()));
    for (const Work *work : group.fresh)
        keys << work->key;
    EVALWRIGHT_ASSIGN(const auto stored,
                      m_task.services.project->readNow([&](Connection &c) { return storedAnswers(c, keys); }));
    if (stored.isEmpty())
        return {};
    QHash<qint64, const StoredAnswer *> byOrdinal;
    std::vector<Work *> rest;
    for (Work *work : group.fresh) {
        const auto found = stored.constFind(work->key);
        if (found == stored.constEnd()) {
            rest.push_back(work);
            continue;
        }
        byOrdinal.insert(work->ordinal, &*found);
        if (work->claimed)
            m_task.services.scheduler->release(m_project, work->key);
        const std::lock_guard lock(m_window.signal->mutex);
        for (const qint64 twin : work->twins)
            byOrdinal.insert(twin, &*found);
        m_window.live.erase(QByteArray(work->key)); // A copy: the key lives in what goes.
    }
    group.fresh = std::move(rest);
    for (JobStep &step : group.steps) {
        const auto found = byOrdinal.constFind(step.ordinal);
        if (found == byOrdinal.constEnd())
            continue;
        step.state = u"done"_s;
        step.responseId = (*found)->id;
        step.fromCache = true;
        ++group.taken;
        if (m_task.reader)
            group.answered << StepAnswer{step.ordinal, (*found)->id, (*found)->path, (*found)->body, QString()};
    }
    return {};
}

void StagePlanner::publish(Group &group)
{
    {
        const std::lock_guard lock(m_window.signal->mutex);
        m_window.takenFromStore += group.taken;
        for (StepAnswer &answer : group.answered)
            m_window.answered.push_back(std::move(answer));
        for (Work *work : group.fresh)
            m_window.planned.push_back(work);
    }
    m_window.signal->notify();
}

} // namespace evalwright
