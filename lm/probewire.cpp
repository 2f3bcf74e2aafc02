// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probewire.h"

#include "core/foreignjson.h"
#include "lm/httperror.h"
#include "lm/ratelimits.h"
#include "lm/scheduler/endpointlimits.h"
#include "lm/wire/exchange.h"
#include "lm/wire/jsonread.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr double longestWait = 20; ///< Seconds; a person waits for the probe.
constexpr qint64 tokensOfAQuestion = 64;

QByteArray bytesOf(const json &token)
{
    if (token.contains("bytes") && token["bytes"].is_array()) {
        QByteArray out;
        for (const json &byte : token["bytes"]) {
            const double value = byte.is_number_integer() ? byte.get<double>() : -1;
            if (value >= 0 && value <= 255)
                out.append(static_cast<char>(static_cast<unsigned char>(value)));
        }
        return out;
    }
    const auto found = token.find("token");
    return found != token.end() && found->is_string() ? QByteArray::fromStdString(found->get<std::string>())
                                                      : QByteArray();
}

std::optional<double> logprobOf(const json &token)
{
    const auto found = token.find("logprob");
    return found != token.end() && found->is_number() ? std::optional<double>(found->get<double>()) : std::nullopt;
}

void readContent(const json &content, ProbePositions &out)
{
    for (const json &entry : content) {
        if (!entry.is_object())
            continue;
        ProbePositions::Position position{bytesOf(entry), logprobOf(entry), {}};
        if (const auto top = entry.find("top_logprobs"); top != entry.end() && top->is_array()) {
            for (const json &alternative : *top) {
                if (alternative.is_object())
                    position.top << TokenAlternative{bytesOf(alternative), logprobOf(alternative).value_or(0)};
            }
        }
        out.list << position;
    }
}

void readLegacy(const json &logprobs, ProbePositions &out)
{
    const json nothing;
    const auto element = [&](const char *key, size_t at) -> const json & {
        const auto found = logprobs.find(key);
        return found != logprobs.end() && found->is_array() && at < found->size() ? (*found)[at] : nothing;
    };
    const auto tokens = logprobs.find("tokens");
    for (size_t i = 0; tokens != logprobs.end() && tokens->is_array() && i < tokens->size(); ++i) {
        ProbePositions::Position position;
        if ((*tokens)[i].is_string())
            position.token = QByteArray::fromStdString((*tokens)[i].get<std::string>());
        if (const json &value = element("token_logprobs", i); value.is_number())
            position.logprob = value.get<double>();
        const json &top = element("top_logprobs", i);
        if (top.is_object()) {
            for (const auto &[token, logprob] : top.items()) {
                if (logprob.is_number())
                    position.top << TokenAlternative{QByteArray::fromStdString(token), logprob.get<double>()};
            }
        }
        out.list << position;
    }
}

QString saidOf(const HttpResponse &response, const json &body)
{
    constexpr qsizetype longest = 200;
    QString text;
    if (body.is_object() && body.contains("error")) {
        const json &error = body["error"];
        if (error.is_string())
            text = QString::fromStdString(error.get<std::string>());
        else if (error.is_object() && error.contains("message") && error["message"].is_string())
            text = QString::fromStdString(error["message"].get<std::string>());
    }
    if (text.isEmpty())
        text = QString::fromUtf8(response.body.left(longest)).simplified();
    return u"HTTP %1: %2"_s.arg(response.status).arg(text.left(longest));
}

} // namespace

ProbePositions positionsOf(const json &body)
{
    ProbePositions out;
    if (const json *native = wire::arrayIn(body, "logprobs")) { // Ollama
        readContent(*native, out);
        out.present = !out.list.isEmpty();
        return out;
    }
    if (!body.is_object() || !body.contains("choices") || !body["choices"].is_array() || body["choices"].empty() ||
        !body["choices"][0].is_object())
        return out;
    const json &choice = body["choices"][0];
    const auto logprobs = choice.find("logprobs");
    if (logprobs == choice.end() || !logprobs->is_object())
        return out;
    const auto content = logprobs->find("content");
    if (content != logprobs->end() && content->is_array())
        readContent(*content, out);
    else
        readLegacy(*logprobs, out);
    out.present = !out.list.isEmpty();
    return out;
}

struct ProbeWire::Signal
{
    std::mutex mutex;
    std::condition_variable condition;
    bool wake = false;
    void notify()
    {
        const std::lock_guard lock(mutex);
        wake = true;
        condition.notify_all();
    }
    /// Until told or until so many seconds are over.
    void wait(double seconds)
    {
        std::unique_lock lock(mutex);
        condition.wait_for(lock, std::chrono::duration<double>(std::max(0.0, seconds)), [this] { return wake; });
        wake = false;
    }
};

ProbeWire::ProbeWire(const JobServices &services, const ModelConnection &connection, const Model &model,
                     const CancellationToken &token, const ProbePatience &patience)
    : m_transport(*services.transport), m_connection(connection), m_model(model), m_token(token), m_patience(patience),
      m_signal(std::make_shared<Signal>()),
      m_client(EndpointGate::join(gateOf(*services.scheduler, model, connection), EndpointGate::Priority::Interactive,
                                  [signal = m_signal] { signal->notify(); }))
{
}

Status ProbeWire::takeTurn()
{
    const auto registration = m_token.onCancel([signal = m_signal] { signal->notify(); });
    for (;;) {
        if (m_token.isCancelled()) {
            m_client->withdraw();
            return failure(ErrorCode::Cancelled, u"Stopped on request."_s);
        }
        double again = 0;
        const double now = Scheduler::now();
        if (m_client->take(now, tokensOfAQuestion, again)) {
            m_client->withdraw(); // One at a time: nobody waits for our next one.
            return {};
        }
        m_signal->wait(again - now);
    }
}

Result<HttpResponse> ProbeWire::sendOnce(const QByteArray &method, const QString &path, const QByteArray &body)
{
    struct Shared
    {
        std::mutex mutex;
        std::condition_variable arrived;
        std::optional<Result<HttpResponse>> result;
    };
    EVALWRIGHT_TRY(takeTurn());
    const auto shared = std::make_shared<Shared>();
    HttpRequest request = wire::httpRequest(m_model, m_connection, path, body);
    request.method = method;
    request.firstByteSeconds = m_patience.firstByteSeconds;
    request.totalSeconds = m_patience.totalSeconds;
    request.onBody = [got = qsizetype{0}](const QByteArray &piece) mutable {
        got += piece.size();
        return got <= largestBody;
    };
    ++m_requests;
    const double sentAt = Scheduler::now();
    // The transport answers also after a cancellation, so this wait always ends.
    m_transport.send(std::move(request), m_token, [shared](Result<HttpResponse> result) {
        const std::lock_guard lock(shared->mutex);
        shared->result.emplace(std::move(result));
        shared->arrived.notify_one();
    });
    std::unique_lock lock(shared->mutex);
    shared->arrived.wait(lock, [&] { return shared->result.has_value(); });
    const Result<HttpResponse> &result = *shared->result;
    const double now = Scheduler::now();
    if (!result && result.error().code == ErrorCode::Cancelled)
        m_client->dropped();
    else if (!result)
        m_client->failed(now, sentAt, classifyError(result.error()));
    else if (result->status >= 200 && result->status < 300)
        m_client->answered(now, sentAt, tokensOfAQuestion, tokensOfAQuestion, exhaustedSeconds(*result));
    else
        m_client->failed(now, sentAt, classifyResponse(*result, m_connection.baseUrl, m_model.keyEnv));
    return std::move(*shared->result);
}

Status ProbeWire::pause(double seconds)
{
    const auto registration = m_token.onCancel([signal = m_signal] { signal->notify(); });
    const double until = Scheduler::now() + seconds;
    for (double now = Scheduler::now(); now < until && !m_token.isCancelled(); now = Scheduler::now())
        m_signal->wait(until - now);
    if (m_token.isCancelled())
        return failure(ErrorCode::Cancelled, u"Stopped on request."_s);
    return {};
}

Result<ProbeAnswer> ProbeWire::exchange(const QByteArray &method, const QString &path, const json &body)
{
    const QByteArray bytes =
        body.is_null() ? QByteArray()
                       : QByteArray::fromStdString(body.dump(-1, ' ', false, json::error_handler_t::replace));
    for (int attempt = 1;; ++attempt) {
        const bool last = attempt >= m_patience.attempts;
        double wait = std::min(longestWait, 0.5 * std::pow(2, attempt));
        const Result<HttpResponse> result = sendOnce(method, path, bytes);
        if (!result) {
            if (!result.error().retryable || last || m_token.isCancelled())
                return failure(result.error());
        } else {
            const HttpResponse &response = *result;
            ProbeAnswer answer;
            answer.server = QString::fromUtf8(response.header("server"));
            if (response.stoppedEarly) {
                answer.said = u"HTTP %1, and a body of more than %2 bytes"_s.arg(response.status).arg(largestBody);
                return answer;
            }
            answer.status = response.status;
            answer.raw = response.body;
            answer.body = parseForeignJson(response.body);
            answer.said = saidOf(response, answer.body);
            if (response.status >= 200 && response.status < 300) {
                // A 200 that carries an error object is a refusal.
                if (answer.body.is_object() && answer.body.contains("error") && !answer.body["error"].is_null())
                    answer.status = 400;
                return answer;
            }
            const HttpFailure failed = classifyResponse(response, m_connection.baseUrl, m_model.keyEnv);
            // Some keys may not read a server's pages and still be good for asking; the first question settles it.
            const bool keyMatters = failed.kind == HttpFailure::Class::Auth && method != "GET";
            if (keyMatters || failed.kind == HttpFailure::Class::Quota)
                return failure(failed.error);
            if (!failed.isRetryable() || last)
                return answer;
            wait = std::min(longestWait, failed.retryAfterSeconds.value_or(wait));
        }
        EVALWRIGHT_TRY(pause(wait));
    }
}

} // namespace evalwright
