// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/stagecall.h"

#include "core/clock.h"
#include "core/hash.h"
#include "lm/wire/exchange.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/responses.h"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mostUnflushedWrites = 64;
constexpr int equalErrorsThatStop = 10;
constexpr auto progressInterval = std::chrono::milliseconds(100);
constexpr double longestStatedWait = 120; ///< Above this we tell the person instead of waiting in secret.

/// The body without its seed is what equal samples share; it is stored once.
QString promptJsonOf(const WireRequest &wire)
{
    nlohmann::json body = wire.body;
    body.erase("seed");
    return QString::fromUtf8(canonicalJson(body));
}

} // namespace

StageCall::StageCall(const JobServices &services, JobId job, QString stage, const Model &model,
                     const QList<PlannedRequest> &requests, const RunnerOptions &options,
                     const CancellationToken &token, const ProgressFunction &progress)
    : m_services(services), m_job(job), m_stage(std::move(stage)), m_model(model), m_requests(requests),
      m_options(options), m_token(token), m_progress(progress), m_jitter(static_cast<quint64>(job.value) * 7919 + 17)
{
}

StageCall::~StageCall()
{
    drain();
}

Result<StageReport> StageCall::run()
{
    m_started = m_lastProgress = Clock::now();
    if (m_model.priceIn && m_model.priceOut)
        m_report.cost = 0.0;
    EVALWRIGHT_TRY(plan());
    Status status;
    if (!m_work.empty()) {
        status = connect();
        if (status)
            status = loop();
    }
    // Whatever stopped us: replies that are already here are kept, and nothing may call back into this object later.
    drain();
    while (!m_arrivals.empty()) {
        Arrival arrival = std::move(m_arrivals.front());
        m_arrivals.pop_front();
        if (arrival.result && status)
            status = handle(std::move(arrival));
        else if (arrival.result)
            (void)handle(std::move(arrival)); // The first error is the one to report.
    }
    if (const Status written = reapWrites(0); !written && status)
        status = written;
    m_report.seconds = std::chrono::duration<double>(Clock::now() - m_started).count();
    report(true);
    if (!status)
        return failure(status.error());
    if (m_token.isCancelled()) {
        return failure(
            Error(ErrorCode::Cancelled, u"Stopped as asked."_s, u"Run the same again to go on where it stopped."_s)
                .withConsequence(u"Everything answered so far is kept."_s));
    }
    return m_report;
}

Status StageCall::plan()
{
    QList<JobStep> steps;
    QHash<QString, size_t> byKey;
    QStringList keys;
    steps.reserve(m_requests.size());
    for (const PlannedRequest &planned : m_requests) {
        EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(m_model, planned.request));
        JobStep step;
        step.stage = m_stage;
        step.ordinal = planned.ordinal;
        step.modelId = m_model.id;
        step.requestKey = requestKey(m_model, wire, planned.request.sample);
        steps << step;
        if (const auto known = byKey.constFind(step.requestKey); known != byKey.constEnd()) {
            m_work[*known].twins.push_back(planned.ordinal);
            continue;
        }
        byKey.insert(step.requestKey, m_work.size());
        keys << step.requestKey;
        m_work.push_back(Work{planned.ordinal, {}, &planned.request, step.requestKey, 0, {}});
    }
    EVALWRIGHT_TRY(
        m_services.project->writeNow([&](Connection &c) { return planSteps(c, m_job, steps); }, {Topic::Jobs}));
    EVALWRIGHT_ASSIGN(const auto answered,
                      m_services.project->readNow([&](Connection &c) { return answeredKeys(c, keys); }));
    EVALWRIGHT_ASSIGN(const QList<JobStep> stored,
                      m_services.project->readNow([&](Connection &c) { return stepsOf(c, m_job, m_stage); }));
    QSet<qint64> alreadyDone;
    for (const JobStep &step : stored) {
        if (step.state == "done"_L1)
            alreadyDone.insert(step.ordinal);
    }
    // Steps whose answer is stored are marked in one transaction; the rest stays to be asked.
    struct Known
    {
        qint64 ordinal;
        ResponseId response;
    };
    QList<Known> taken;
    std::vector<Work> rest;
    for (Work &work : m_work) {
        const auto found = answered.constFind(work.key);
        if (found == answered.constEnd()) {
            rest.push_back(std::move(work));
            continue;
        }
        m_report.fromCache += 1 + static_cast<qint64>(work.twins.size());
        work.twins.push_back(work.ordinal);
        for (const qint64 ordinal : work.twins) {
            if (!alreadyDone.contains(ordinal))
                taken << Known{ordinal, *found};
        }
    }
    m_work = std::move(rest);
    m_done = m_report.fromCache;
    if (!taken.isEmpty()) {
        EVALWRIGHT_TRY(m_services.project->writeNow(
            [&](Connection &c) -> Status {
                for (const Known &known : taken)
                    EVALWRIGHT_TRY(finishStep(c, m_job, m_stage, known.ordinal, known.response, true));
                return {};
            },
            {Topic::Jobs}));
    }
    for (size_t i = 0; i < m_work.size(); ++i)
        m_ready.push_back(i);
    report(true);
    return {};
}

Status StageCall::connect()
{
    if (m_progress && m_model.kind != ModelKind::Endpoint) {
        JobProgress starting;
        starting.job = m_job;
        starting.stage = m_stage;
        starting.done = m_done;
        starting.total = m_requests.size();
        starting.fromCache = m_report.fromCache;
        starting.message = u"Starting the local model %1"_s.arg(m_model.name);
        m_progress(starting);
    }
    EVALWRIGHT_ASSIGN(m_connection, m_services.models->connect(m_model, m_token));
    m_base = m_connection.baseUrl;
    while (m_base.endsWith(u'/'))
        m_base.chop(1);
    m_ceiling = std::max(1, std::min(m_connection.maxInFlight, m_model.maxInFlight.value_or(m_connection.maxInFlight)));
    m_limit = std::min(m_ceiling, 4);
    return {};
}

bool StageCall::isFinished() const
{
    return m_ready.empty() && m_waiting.empty() && m_inFlight == 0;
}

Status StageCall::loop()
{
    const auto wakeUp = m_token.onCancel([this] {
        const std::lock_guard lock(m_mutex);
        m_wake.notify_all();
    });
    while (!isFinished()) {
        if (m_token.isCancelled())
            return {};
        sendReady();
        waitForSomething();
        std::deque<Arrival> arrivals;
        {
            const std::lock_guard lock(m_mutex);
            arrivals.swap(m_arrivals);
        }
        while (!arrivals.empty()) {
            Arrival arrival = std::move(arrivals.front());
            arrivals.pop_front();
            --m_inFlight;
            if (Status handled = handle(std::move(arrival)); !handled) {
                // The others of this round go back, so that what they brought is stored too.
                const std::lock_guard lock(m_mutex);
                for (auto &other : arrivals)
                    m_arrivals.push_back(std::move(other));
                return handled;
            }
        }
        EVALWRIGHT_TRY(reapWrites(mostUnflushedWrites));
        report(false);
    }
    return {};
}

void StageCall::sendReady()
{
    const auto now = Clock::now();
    std::erase_if(m_waiting, [&](size_t index) {
        if (m_work[index].notBefore > now)
            return false;
        m_ready.push_back(index);
        return true;
    });
    while (!m_ready.empty() && m_inFlight < m_limit) {
        const size_t index = m_ready.front();
        m_ready.pop_front();
        send(index);
    }
}

void StageCall::send(size_t index)
{
    Work &work = m_work[index];
    ++work.attempts;
    ++m_inFlight;
    const WireRequest wire = *toWire(m_model, *work.request); // plan() formed it already.
    HttpRequest request = wire::httpRequest(m_model, m_connection, wire);
    m_services.transport->send(std::move(request), m_transfers, [this, index](Result<HttpResponse> result) {
        const std::lock_guard lock(m_mutex);
        m_arrivals.push_back({index, std::move(result)});
        m_wake.notify_all();
    });
}

void StageCall::waitForSomething()
{
    auto until = Clock::now() + progressInterval;
    for (const size_t index : m_waiting)
        until = std::min(until, m_work[index].notBefore);
    std::unique_lock lock(m_mutex);
    m_wake.wait_until(lock, until, [this] { return !m_arrivals.empty() || m_token.isCancelled(); });
}

void StageCall::drain()
{
    m_transfers.cancel();
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return static_cast<int>(m_arrivals.size()) >= m_inFlight; });
    m_inFlight = 0;
}

Status StageCall::handle(Arrival arrival)
{
    Work &work = m_work[arrival.work];
    HttpFailure failed;
    if (!arrival.result) {
        if (arrival.result.error().code == ErrorCode::Cancelled) {
            --work.attempts;
            m_ready.push_back(arrival.work);
            return {};
        }
        failed = classifyError(arrival.result.error());
    } else {
        const HttpResponse &response = *arrival.result;
        if (response.status >= 200 && response.status < 300) {
            const WireRequest wire = *toWire(m_model, *work.request); // plan() formed it already.
            auto reply = readReply(wire.path, response.body, *work.request);
            if (reply)
                return succeed(arrival.work, response, *reply);
            keepEvidence(work, response);
            failed.kind = HttpFailure::Class::Transient;
            failed.error = reply.error();
            // A page that is no JSON at all will not become JSON by asking eight times.
            const int useful = reply.error().code == ErrorCode::BadResponse ? 3 : m_options.maxAttempts;
            if (work.attempts >= useful)
                return giveUp(arrival.work, failed.error);
        } else {
            keepEvidence(work, response);
            failed = classifyResponse(response, m_base, m_model.keyEnv);
        }
    }
    switch (failed.kind) {
    case HttpFailure::Class::Auth:
    case HttpFailure::Class::Quota:
        return failure(failed.error);
    case HttpFailure::Class::Request:
        return giveUp(arrival.work, failed.error);
    case HttpFailure::Class::Rate:
    case HttpFailure::Class::Overload:
    case HttpFailure::Class::Transient:
        break;
    }
    if (failed.retryAfterSeconds.value_or(0) > longestStatedWait) {
        return failure(
            Error(ErrorCode::RateLimited,
                  u"The server at %1 asks to wait %2 s."_s.arg(m_base).arg(*failed.retryAfterSeconds, 0, 'f', 0),
                  u"Run the same again later."_s)
                .withConsequence(u"The job stopped; everything answered so far is kept."_s));
    }
    if (work.attempts >= m_options.maxAttempts)
        return giveUp(arrival.work, failed.error);
    retryLater(arrival.work, failed);
    return {};
}

void StageCall::retryLater(size_t index, const HttpFailure &failed)
{
    Work &work = m_work[index];
    if (failed.kind == HttpFailure::Class::Rate) {
        m_limit = std::max(1, m_limit / 2);
        m_everCut = true;
        m_sinceChange = 0;
    }
    // Full jitter: uniform(0, min(60, 0.5 * 2^n)) seconds, unless the server names its own wait.
    const double longest = std::min(60.0, 0.5 * std::pow(2.0, work.attempts));
    const double wait =
        failed.retryAfterSeconds.value_or(std::uniform_real_distribution<double>(0.0, longest)(m_jitter));
    work.notBefore = Clock::now() + std::chrono::milliseconds(static_cast<qint64>(wait * 1000));
    m_waiting.push_back(index);
}

Status StageCall::giveUp(size_t index, const Error &error)
{
    Work &work = m_work[index];
    const QString text = error.text();
    if (m_report.firstError.isEmpty())
        m_report.firstError = text;
    m_equalErrors = error.message == m_lastError ? m_equalErrors + 1 : 1;
    m_lastError = error.message;
    const auto count = 1 + static_cast<qint64>(work.twins.size());
    m_report.failed += count;
    m_done += count;
    const qint64 ordinal = work.ordinal;
    const auto twins = work.twins;
    EVALWRIGHT_TRY(m_services.project->writeNow([&](Connection &c) -> Status {
        EVALWRIGHT_TRY(finishStep(c, m_job, m_stage, ordinal, ResponseId{}, false, text));
        for (const qint64 twin : twins)
            EVALWRIGHT_TRY(finishStep(c, m_job, m_stage, twin, ResponseId{}, false, text));
        return {};
    }));
    const bool nobodyAnswers =
        m_report.asked == 0 && (error.code == ErrorCode::Network || error.code == ErrorCode::Timeout);
    if (m_equalErrors >= equalErrorsThatStop || nobodyAnswers) {
        Error stop = error;
        stop.consequence = u"The job stopped; everything answered so far is kept."_s;
        return failure(stop);
    }
    return {};
}

Status StageCall::succeed(size_t index, const HttpResponse &response, const Reply &reply)
{
    Work &work = m_work[index];
    m_equalErrors = 0;
    m_lastError.clear();
    Response stored;
    const WireRequest wire = *toWire(m_model, *work.request); // plan() formed it already.
    stored.requestKey = work.key;
    stored.promptJson = promptJsonOf(wire);
    stored.modelId = m_model.id;
    stored.path = wire.path;
    stored.seed = work.request->seed;
    stored.sample = work.request->sample;
    stored.status = response.status;
    stored.body = response.body;
    stored.promptTokens = reply.promptTokens;
    stored.completionTokens = reply.completionTokens;
    const auto believable = [](const std::optional<qint64> &tokens) {
        return tokens && *tokens >= 0 && *tokens <= mostTokensOfAnswer;
    };
    if (m_model.priceIn && m_model.priceOut && believable(reply.promptTokens) && believable(reply.completionTokens)) {
        stored.cost = (*m_model.priceIn * static_cast<double>(*reply.promptTokens) +
                       *m_model.priceOut * static_cast<double>(*reply.completionTokens)) /
                      1e6;
    }
    stored.attempts = work.attempts + (response.resentByClient ? 1 : 0);
    stored.seconds = response.seconds;
    stored.receivedAt = isoUtc(SystemClock().nowUtc());

    ++m_report.asked;
    m_report.promptTokens += reply.promptTokens.value_or(0);
    m_report.completionTokens += reply.completionTokens.value_or(0);
    if (m_report.cost)
        m_report.cost = stored.cost ? std::optional<double>(*m_report.cost + *stored.cost) : std::nullopt;
    m_done += 1 + static_cast<qint64>(work.twins.size());

    // Response and journal in one transaction: an answer is either there with its step, or not at all.
    const JobId job = m_job;
    const QString stage = m_stage;
    std::vector<qint64> ordinals = work.twins;
    ordinals.push_back(work.ordinal);
    m_writes.push_back({m_services.project->write(
        [stored, job, stage, ordinals](Connection &c) -> Result<ResponseId> {
            EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(c, stored));
            for (const qint64 ordinal : ordinals)
                EVALWRIGHT_TRY(finishStep(c, job, stage, ordinal, id, false));
            return id;
        },
        {Topic::Jobs})});

    ++m_sinceChange;
    if (m_sinceChange >= m_limit && m_limit < m_ceiling) {
        m_limit = m_everCut ? m_limit + 1 : std::min(m_ceiling, m_limit * 2);
        m_sinceChange = 0;
    }
    // What cannot be counted cannot be kept within a budget either.
    if (m_options.budget && (!m_report.cost || *m_report.cost >= *m_options.budget) && !isFinished()) {
        return failure(Error(ErrorCode::BudgetReached, u"The budget of %1 is spent."_s.arg(*m_options.budget),
                             u"Run the same with a larger budget to go on."_s)
                           .withConsequence(u"Everything answered so far is kept."_s));
    }
    return {};
}

void StageCall::keepEvidence(const Work &work, const HttpResponse &response)
{
    const WireRequest wire = *toWire(m_model, *work.request); // plan() formed it already.
    Response stored;
    stored.requestKey = work.key;
    stored.promptJson = promptJsonOf(wire);
    stored.modelId = m_model.id;
    stored.path = wire.path;
    stored.seed = work.request->seed;
    stored.sample = work.request->sample;
    stored.status = response.status;
    stored.body = response.body.left(4096);
    stored.complete = false;
    stored.attempts = work.attempts;
    stored.seconds = response.seconds;
    stored.receivedAt = isoUtc(SystemClock().nowUtc());
    m_writes.push_back({m_services.project->write([stored](Connection &c) { return storeResponse(c, stored); })});
}

Status StageCall::reapWrites(size_t mostLeft)
{
    while (!m_writes.empty() && (m_writes.size() > mostLeft || m_writes.front().future.isFinished())) {
        const auto written = m_writes.front().future.result();
        m_writes.pop_front();
        if (!written)
            return failure(written.error());
    }
    return {};
}

void StageCall::report(bool now)
{
    const auto time = Clock::now();
    if (!m_progress || (!now && time - m_lastProgress < progressInterval))
        return;
    m_lastProgress = time;
    m_recent.emplace_back(time, m_done);
    while (m_recent.size() > 2 && time - m_recent.front().first > std::chrono::seconds(10))
        m_recent.pop_front();
    JobProgress progress;
    progress.job = m_job;
    progress.stage = m_stage;
    progress.done = m_done;
    progress.total = m_requests.size();
    progress.failed = m_report.failed;
    progress.fromCache = m_report.fromCache;
    const double span = std::chrono::duration<double>(time - m_recent.front().first).count();
    if (span > 0)
        progress.perSecond = static_cast<double>(m_done - m_recent.front().second) / span;
    if (progress.perSecond > 0)
        progress.secondsLeft = static_cast<double>(progress.total - m_done) / progress.perSecond;
    progress.cost = m_report.cost;
    m_progress(progress);
}

} // namespace evalwright
