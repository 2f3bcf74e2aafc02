// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/stagecall.h"

#include "lm/scheduler/endpointlimits.h"
#include "lm/servercheck.h"
#include "lm/wire/exchange.h"
#include "storage/repositories/responses.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double longestFarewell = 30; ///< What is under way when we stop is paid for: worth a short wait.
constexpr double claimInterval = 0.05; ///< How often we look whether another job got the answer.

} // namespace

StageCall::StageCall(const StageTask &task)
    : m_task(task), m_project(task.services.project->uuid()), m_jitter(static_cast<quint64>(task.job.value) * 7919 + 17)
{
}

StageCall::~StageCall()
{
    m_planner.reset();
    m_transfers.cancel();
    {
        // Callbacks of the transport write into the window.
        std::unique_lock lock(m_window.signal->mutex);
        m_window.signal->condition.wait(lock,
                                        [this] { return static_cast<int>(m_window.arrivals.size()) >= m_inFlight; });
    }
    for (const auto &[key, work] : m_window.live) {
        if (work->claimed)
            m_task.services.scheduler->release(m_project, key);
    }
}

Result<StageReport> StageCall::run()
{
    m_started = m_lastProgress = Scheduler::now();
    if (m_task.model.priceIn && m_task.model.priceOut)
        m_report.cost = 0.0;
    m_planner = std::make_unique<StagePlanner>(m_task, m_window);
    const Status status = loop();
    m_planner.reset();
    m_report.seconds = Scheduler::now() - m_started;
    logLimits();
    logSpeed();
    report(true);
    if (!status)
        return failure(status.error());
    if (m_stop)
        return failure(*m_stop);
    if (m_task.token.isCancelled()) {
        return failure(
            Error(ErrorCode::Cancelled, u"Stopped as asked."_s, u"Run the same again to go on where it stopped."_s)
                .withConsequence(u"Everything answered so far is kept."_s));
    }
    return m_report;
}

/// Before the first request; not at all when everything is answered already.
Status StageCall::connect()
{
    const auto say = [this](const QString &message) {
        if (!m_task.progress)
            return;
        JobProgress progress;
        progress.job = m_task.job;
        progress.stage = m_task.stage;
        progress.done = m_done;
        progress.total = m_task.source.size();
        progress.fromCache = m_report.fromCache;
        progress.message = message;
        m_task.progress(progress);
    };
    if (m_task.model.kind != ModelKind::Endpoint)
        say(u"Starting the local model %1"_s.arg(m_task.model.name));
    ModelAccess &models = *m_task.services.models;
    EVALWRIGHT_ASSIGN(m_connection, m_task.options.use == ModelUse::Embeddings
                                        ? models.connectForEmbeddings(m_task.model, m_task.token)
                                        : models.connect(m_task.model, m_task.token));
    if (m_task.services.serverChecks) {
        EVALWRIGHT_ASSIGN(const QString warning,
                          m_task.services.serverChecks->check(m_task.services, m_task.job, m_task.model, m_connection,
                                                              m_task.token));
        if (!warning.isEmpty())
            say(warning);
    }
    m_gate = gateOf(*m_task.services.scheduler, m_task.model, m_connection);
    m_client = EndpointGate::join(m_gate, m_task.options.priority, [signal = m_window.signal] { signal->notify(); });
    return {};
}

void StageCall::stopFor(const Error &error)
{
    if (m_stop)
        return;
    m_stop = error;
    m_stoppedAt = Scheduler::now();
}

bool StageCall::isFinished()
{
    if (m_inFlight > 0 || !m_batch.empty() || !m_evidence.empty() || !m_writes.empty())
        return false;
    const std::lock_guard lock(m_window.signal->mutex);
    if (!m_window.arrivals.empty())
        return false;
    if (m_stop || m_task.token.isCancelled())
        return true;
    return m_window.isPlanned && m_window.live.empty() && m_window.answered.empty();
}

Status StageCall::loop()
{
    const auto wakeUp = m_task.token.onCancel([signal = m_window.signal, transfers = m_transfers]() mutable {
        transfers.cancel();
        signal->notify();
    });
    for (;;) {
        takePlanned();
        if (const Status read = readStored(); !read)
            stopFor(read.error());
        if (!m_client && !m_ready.empty() && !m_stop) {
            if (const Status connected = connect(); !connected)
                stopFor(connected.error());
        }
        if (const Status taken = takeArrivals(); !taken)
            stopFor(taken.error());
        if (m_client)
            sendReady();
        // When little is left to wait for, few answers are worth a transaction too.
        if (m_diskFullSince == 0)
            submit(m_writes.empty() || m_inFlight == 0);
        if (const Status written = reapWrites(); !written)
            return written; // The disk does not take answers any more: each further one would be lost.
        report(false);
        if (m_stop && Scheduler::now() - m_stoppedAt > longestFarewell)
            m_transfers.cancel();
        if (isFinished())
            return {};
        wait();
    }
}

void StageCall::takePlanned()
{
    const std::lock_guard lock(m_window.signal->mutex);
    for (Work *work : m_window.planned)
        m_ready.push_back(work);
    m_window.planned.clear();
    m_done += m_window.takenFromStore;
    m_report.fromCache += std::exchange(m_window.takenFromStore, 0);
    if (!m_window.planning)
        stopFor(m_window.planning.error());
}

void StageCall::wait()
{
    const double now = Scheduler::now();
    double until = now + progressInterval;
    for (const Work *work : m_waiting)
        until = std::min(until, work->notBefore);
    if (m_client && !m_ready.empty() && !m_stop)
        until = std::min(until, m_askGateAgain);
    if (!m_writes.empty())
        until = std::min(until, now + 0.002); // Their end is not signalled.
    std::unique_lock lock(m_window.signal->mutex);
    m_window.signal->condition.wait_for(lock, std::chrono::duration<double>(std::max(0.0, until - now)), [this] {
        return m_window.signal->wake || !m_window.arrivals.empty() || !m_window.planned.empty();
    });
    m_window.signal->wake = false;
}

void StageCall::sendReady()
{
    const double now = Scheduler::now();
    std::erase_if(m_waiting, [&](Work *work) {
        if (work->notBefore > now)
            return false;
        m_ready.push_back(work);
        return true;
    });
    if (m_stop || m_task.token.isCancelled() || m_diskFullSince > 0 || m_unwritten + m_batch.size() > mostUnwritten) {
        m_client->withdraw();
        m_askGateAgain = now + progressInterval;
        return;
    }
    while (!m_ready.empty()) {
        Work &work = *m_ready.front();
        if (!work.claimed) {
            bool answered = false;
            const Status asked = askStoreAgain(work, answered);
            m_ready.pop_front();
            if (!asked) {
                stopFor(asked.error());
                return;
            }
            if (answered)
                continue;
            if (!work.claimed) {
                work.notBefore = now + claimInterval;
                m_waiting.push_back(&work);
                continue;
            }
            m_ready.push_front(&work);
        }
        if (!m_client->take(Scheduler::now(), work.estimatedTokens, m_askGateAgain))
            return;
        m_ready.pop_front();
        send(work);
    }
    m_client->withdraw();
}

/// Another job of this program was asking the same. Takes its answer, or the right to ask when it gave up.
Status StageCall::askStoreAgain(Work &work, bool &answered)
{
    work.claimed = m_task.services.scheduler->claim(m_project, work.key);
    if (!work.claimed)
        return {};
    EVALWRIGHT_ASSIGN(const auto stored,
                      m_task.services.project->readNow([&](Connection &c) { return storedAnswers(c, {work.key}); }));
    const auto found = stored.constFind(work.key);
    if (found == stored.constEnd())
        return {};
    answered = true;
    return finish(work, {}, StepAnswer{work.ordinal, found->id, found->path, found->body, QString()});
}

void StageCall::send(Work &work)
{
    ++work.attempts;
    ++m_inFlight;
    work.sentAt = Scheduler::now();
    m_firstSent = m_firstSent > 0 ? m_firstSent : work.sentAt;
    m_mostInFlight = std::max(m_mostInFlight, m_inFlight);
    HttpRequest request = wire::httpRequest(m_task.model, m_connection, work.path, work.body);
    if (work.streamed) {
        auto watch = std::make_shared<StreamWatch>(work.path, work.ordinal, m_connection.bearer,
                                                   mostStreamed(work.request), m_task.options.onText);
        request.onBody = [watch](const QByteArray &bytes) { return watch->take(bytes); };
    }
    m_task.services.transport->send(std::move(request), m_transfers,
                                    [this, &work, signal = m_window.signal](Result<HttpResponse> result) {
                                        // The lock is held to the end: once the last arrival is seen, this object may
                                        // go.
                                        const std::lock_guard lock(signal->mutex);
                                        m_window.arrivals.push_back({&work, std::move(result)});
                                        if (m_window.arrivals.size() == 1 || m_transfers.isCancelled())
                                            signal->condition.notify_all();
                                    });
}

Status StageCall::takeArrivals()
{
    std::deque<Arrival> arrivals;
    {
        const std::lock_guard lock(m_window.signal->mutex);
        arrivals.swap(m_window.arrivals);
    }
    Status first;
    for (Arrival &arrival : arrivals) {
        --m_inFlight;
        if (Status handled = handle(std::move(arrival)); !handled && first)
            first = handled; // The others are kept all the same.
    }
    return first;
}

} // namespace evalwright
