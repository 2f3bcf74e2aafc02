// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/stagecall.h"

#include "core/clock.h"
#include "lm/ratelimits.h"
#include "lm/scheduler/endpointlimits.h"
#include "lm/servercheck.h"
#include "lm/wire/exchange.h"
#include "storage/repositories/responses.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int equalErrorsThatStop = 10;
constexpr int triesWithoutAnyReply = 12;  ///< Of all requests together.
constexpr double longestStatedWait = 120; ///< Above this we tell the person instead of waiting in secret.
constexpr double longestFarewell = 30;    ///< What is under way when we stop is paid for: worth a short wait.
constexpr double claimInterval = 0.05;    ///< How often we look whether another job got the answer.

QString kindName(HttpFailure::Class kind)
{
    switch (kind) {
    case HttpFailure::Class::Rate:
        return u"rate"_s;
    case HttpFailure::Class::Overload:
        return u"overload"_s;
    case HttpFailure::Class::Transient:
        return u"transient"_s;
    case HttpFailure::Class::Quota:
        return u"quota"_s;
    case HttpFailure::Class::Auth:
        return u"auth"_s;
    case HttpFailure::Class::Request:
        break;
    }
    return u"request"_s;
}

/// Characters of a streamed answer that are waited for: no token that models write is longer on average, and what comes
/// after so many is a server that does not end.
qsizetype mostStreamed(const LmRequest &request)
{
    return 1024 + qsizetype{16} * request.sampling.maxTokens;
}

bool believable(const std::optional<qint64> &tokens)
{
    return tokens && *tokens >= 0 && *tokens <= mostTokensOfAnswer;
}

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
    EVALWRIGHT_ASSIGN(m_connection, m_task.services.models->connect(m_task.model, m_task.token));
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

Status StageCall::handle(Arrival arrival)
{
    Work &work = *arrival.work;
    HttpFailure failed;
    if (!arrival.result) {
        if (arrival.result.error().code == ErrorCode::Cancelled) {
            --work.attempts;
            m_client->dropped();
            m_ready.push_back(&work);
            return {};
        }
        failed = classifyError(arrival.result.error());
        fail(work, failed, nullptr);
        // Where nobody ever answered, the person should know soon.
        if (!m_anyReply && (++m_unreachable >= triesWithoutAnyReply || work.attempts >= m_task.options.maxAttempts))
            return giveUp(work, failed.error);
    } else {
        HttpResponse &response = *arrival.result;
        m_anyReply = true;
        work.resent += response.resends;
        m_report.resent += response.resends;
        if (response.status >= 200 && response.status < 300)
            return handleGood(work, std::move(response));
        failed = classifyResponse(response, m_connection.baseUrl, m_task.model.keyEnv);
        fail(work, failed, &response);
    }
    return retryOrGiveUp(work, failed);
}

/// An answer of a status that says it is one.
Status StageCall::handleGood(Work &work, HttpResponse response)
{
    HttpFailure failed;
    if (work.streamed) {
        if (response.stoppedEarly) {
            failed.kind = HttpFailure::Class::Request;
            failed.error = tooLongStream(m_connection.baseUrl, mostStreamed(work.request));
            fail(work, failed, &response);
            return giveUp(work, failed.error);
        }
        auto document = wire::assembled(work.path, response.body);
        if (!document) {
            failed = streamFailure(document.error());
            fail(work, failed, &response);
            return retryOrGiveUp(work, failed);
        }
        response.body = std::move(*document); // What a plain answer would have been: it is read and kept as one.
    }
    auto reply = readReply(work.path, response.body, work.request);
    if (reply) {
        succeed(work, std::move(response), std::move(*reply));
        return {};
    }
    failed.kind = HttpFailure::Class::Transient;
    failed.error = reply.error();
    fail(work, failed, &response);
    // From a server that never gave a good answer, a page will not become one by asking eight times.
    const bool neverGood = m_report.asked == 0 && reply.error().code == ErrorCode::BadResponse;
    const int useful = neverGood ? std::min(3, m_task.options.maxAttempts) : m_task.options.maxAttempts;
    return work.attempts >= useful ? giveUp(work, failed.error) : retryOrGiveUp(work, failed);
}

Status StageCall::retryOrGiveUp(Work &work, const HttpFailure &failed)
{
    switch (failed.kind) {
    case HttpFailure::Class::Auth:
    case HttpFailure::Class::Quota:
        m_ready.push_back(&work);
        return failure(failed.error);
    case HttpFailure::Class::Request:
        return giveUp(work, failed.error);
    case HttpFailure::Class::Rate:
    case HttpFailure::Class::Overload:
    case HttpFailure::Class::Transient:
        break;
    }
    if (failed.retryAfterSeconds.value_or(0) > longestStatedWait) {
        m_ready.push_back(&work);
        return failure(
            Error(ErrorCode::RateLimited,
                  u"The server at %1 asks to wait %2 s."_s.arg(m_connection.baseUrl)
                      .arg(*failed.retryAfterSeconds, 0, 'f', 0),
                  u"Run the same again later."_s)
                .withConsequence(u"The job stopped; everything answered so far is kept."_s));
    }
    if (work.attempts >= m_task.options.maxAttempts)
        return giveUp(work, failed.error);
    // Full jitter: uniform(0, min(60, 0.5 * 2^n)) seconds, unless the server names its own wait.
    const double longest = std::min(60.0, 0.5 * std::pow(2.0, work.attempts));
    work.notBefore = Scheduler::now() +
                     failed.retryAfterSeconds.value_or(std::uniform_real_distribution<double>(0.0, longest)(m_jitter));
    m_waiting.push_back(&work);
    return {};
}

/// Tells the gate, counts, and keeps what came as evidence.
void StageCall::fail(Work &work, const HttpFailure &failure, const HttpResponse *response)
{
    m_client->failed(Scheduler::now(), work.sentAt, failure);
    ++m_failures[kindName(failure.kind)];
    if (!response)
        return;
    Response stored = responseOf(work, *response);
    stored.body = response->body.left(4096);
    stored.complete = false;
    m_evidence.push_back(std::move(stored));
}

Status StageCall::giveUp(Work &work, const Error &error)
{
    const QString text = error.text();
    if (m_report.firstError.isEmpty())
        m_report.firstError = text;
    m_equalErrors = error.message == m_lastError ? m_equalErrors + 1 : 1;
    m_lastError = error.message;
    const bool nobodyAnswers =
        m_report.asked == 0 && (error.code == ErrorCode::Network || error.code == ErrorCode::Timeout);
    StepAnswer failed;
    failed.error = text;
    EVALWRIGHT_TRY(finish(work, {}, failed));
    if (m_equalErrors >= equalErrorsThatStop || nobodyAnswers) {
        Error stop = error;
        stop.consequence = u"The job stopped; everything answered so far is kept."_s;
        return failure(stop);
    }
    return {};
}

Response StageCall::responseOf(const Work &work, const HttpResponse &response) const
{
    Response stored;
    stored.requestKey = QString::fromLatin1(work.key.toHex());
    stored.promptJson = work.promptJson;
    stored.modelId = m_task.model.id;
    stored.path = work.path;
    stored.seed = work.seed;
    stored.sample = work.sample;
    stored.status = response.status;
    stored.attempts = work.attempts;
    stored.resent = work.resent;
    stored.seconds = response.seconds;
    stored.receivedAt = isoUtc(SystemClock().nowUtc());
    return stored;
}

void StageCall::succeed(Work &work, HttpResponse &&response, Reply &&reply)
{
    m_equalErrors = 0;
    m_lastError.clear();
    m_lastAnswer = Scheduler::now();
    Answered answered{&work, responseOf(work, response), std::move(reply), {}};
    Response &stored = answered.response;
    stored.body = std::move(response.body);
    stored.promptTokens = answered.reply.promptTokens;
    stored.completionTokens = answered.reply.completionTokens;
    const Model &model = m_task.model;
    if (model.priceIn && model.priceOut && believable(stored.promptTokens) && believable(stored.completionTokens)) {
        stored.cost = (*model.priceIn * static_cast<double>(*stored.promptTokens) +
                       *model.priceOut * static_cast<double>(*stored.completionTokens)) /
                      1e6;
    }
    const double exhausted = exhaustedSeconds(response);
    const bool counted = believable(stored.promptTokens) && believable(stored.completionTokens);
    m_client->answered(Scheduler::now(), work.sentAt,
                       counted ? *stored.promptTokens + *stored.completionTokens : work.estimatedTokens,
                       work.estimatedTokens, exhausted);
    ++m_report.asked;
    m_report.promptTokens += stored.promptTokens.value_or(0);
    m_report.completionTokens += stored.completionTokens.value_or(0);
    if (m_report.cost)
        m_report.cost = stored.cost ? std::optional<double>(*m_report.cost + *stored.cost) : std::nullopt;
    m_batch.push_back(std::move(answered));
    // What cannot be counted cannot be kept within a budget either.
    const auto &budget = m_task.options.budget;
    if (budget && (!m_report.cost || *m_report.cost >= *budget) && !m_stop) {
        const std::lock_guard lock(m_window.signal->mutex);
        if (m_window.isPlanned && m_window.live.size() == m_batch.size() + m_unwritten)
            return; // It was enough for everything.
        stopFor(Error(ErrorCode::BudgetReached, u"The budget of %1 is spent."_s.arg(*budget),
                      u"Run the same with a larger budget to go on."_s)
                    .withConsequence(u"Everything answered so far is kept."_s));
    }
}

} // namespace evalwright
