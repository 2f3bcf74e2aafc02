// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/curltransport.h"

#include "faultserver.h"

#include <QDeadlineTimer>
#include <QList>
#include <QThread>

#include <condition_variable>
#include <future>
#include <mutex>

namespace evalwright::test {

// Small things for tests that ask a FaultServer without the request engine.

/// A question that is answered by Yes or No with twenty first tokens.
inline const QByteArray chatBody =
    R"({"model":"m","messages":[{"role":"user","content":"Are you kind?"}],"logprobs":true,"top_logprobs":20,"max_tokens":1})";

/// Another question for every number.
inline QByteArray bodyNumber(int number)
{
    return QByteArray(chatBody).replace("kind", "kind " + QByteArray::number(number));
}

inline HttpRequest chatRequest(const QString &baseUrl, const QByteArray &body = chatBody)
{
    HttpRequest request;
    request.url = baseUrl + QStringLiteral("/v1/chat/completions");
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body;
    request.connectSeconds = 5;
    request.firstByteSeconds = 5;
    request.totalSeconds = 20;
    return request;
}

inline HttpRequest chatRequest(const FaultServer &server, const QByteArray &body = chatBody)
{
    return chatRequest(server.baseUrl(), body);
}

/// Waits for the end of the exchange.
inline Result<HttpResponse> ask(CurlTransport &transport, HttpRequest request)
{
    std::promise<Result<HttpResponse>> promise;
    transport.send(std::move(request), {}, [&](Result<HttpResponse> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
}

/// chatBody always gets the fault, every other body a good answer.
inline FaultServerOptions withFault(Fault fault, int milliseconds = 60)
{
    FaultServerOptions options;
    options.mix.always.insert(chatBody, fault);
    options.mix.slowFirstByteMs = options.mix.stallMs = options.mix.refuseMs = milliseconds;
    options.mix.retryAfterSeconds = 3;
    return options;
}

/// Asks anew until an HTTP answer comes; false after 5 s without one.
inline bool isAnsweredAtLast(CurlTransport &transport, const HttpRequest &request)
{
    const QDeadlineTimer deadline(5000);
    while (!deadline.hasExpired()) {
        if (ask(transport, request))
            return true;
        QThread::msleep(5);
    }
    return false;
}

/// Sends all requests at once and waits for the end of the last one.
inline QList<Result<HttpResponse>> askAll(CurlTransport &transport, const QList<HttpRequest> &requests)
{
    QList<Result<HttpResponse>> results(requests.size(), failure(ErrorCode::Unknown, QString()));
    std::mutex mutex;
    std::condition_variable ended;
    qsizetype left = requests.size();
    for (qsizetype i = 0; i < requests.size(); ++i) {
        transport.send(requests[i], {}, [&, i](Result<HttpResponse> result) {
            const std::lock_guard lock(mutex);
            results[i] = std::move(result);
            if (--left == 0)
                ended.notify_one();
        });
    }
    std::unique_lock lock(mutex);
    ended.wait(lock, [&] { return left == 0; });
    return results;
}

} // namespace evalwright::test
