// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What came back: an answer, a reason to ask again, or one to stop.
#include "lm/scheduler/stagecall.h"

#include "core/clock.h"
#include "lm/ratelimits.h"
#include "lm/wire/streamassembly.h"
#include "storage/repositories/jobs.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int equalErrorsThatStop = 10;
constexpr int triesWithoutAnyReply = 12;  ///< Of all requests together.
constexpr double longestStatedWait = 120; ///< Above this we tell the person instead of waiting in secret.

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

bool believable(const std::optional<qint64> &tokens)
{
    return tokens && *tokens >= 0 && *tokens <= mostTokensOfAnswer;
}

} // namespace

/// Characters of a streamed answer that are waited for: no token that models write is longer on average, and what comes
/// after so many is a server that does not end.
qsizetype StageCall::mostStreamed(const LmRequest &request)
{
    return 1024 + qsizetype{16} * request.sampling.maxTokens;
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
                  u"The server at %1 asks to wait %2 s."_s.arg(m_connection.baseUrl).arg(*failed.retryAfterSeconds, 0, 'f', 0),
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
    stored.receivedAt = isoNow();
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
