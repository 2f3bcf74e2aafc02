// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The fault server as a client sees it: every fault looks as promised, and the counts are right.
#include "lm/curltransport.h"
#include "lm/httperror.h"
#include "lm/request.h"

#include "../support/faultrate.h"
#include "../support/faultreply.h"
#include "../support/faultserver.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QByteArray chatBody =
    R"({"model":"m","messages":[{"role":"user","content":"Are you kind?"}],"logprobs":true,"top_logprobs":20,"max_tokens":1})";

QByteArray bodyNumber(int number)
{
    return QByteArray(chatBody).replace("kind", "kind " + QByteArray::number(number));
}

HttpRequest chatRequest(const FaultServer &server, const QByteArray &body = chatBody)
{
    HttpRequest request;
    request.url = server.baseUrl() + u"/v1/chat/completions"_s;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body;
    request.connectSeconds = 5;
    request.firstByteSeconds = 5;
    request.totalSeconds = 20;
    return request;
}

Result<HttpResponse> ask(CurlTransport &transport, HttpRequest request)
{
    std::promise<Result<HttpResponse>> promise;
    transport.send(std::move(request), {}, [&](Result<HttpResponse> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
}

FaultServerOptions withFault(Fault fault, int milliseconds = 60)
{
    FaultServerOptions options;
    options.mix.always.insert(chatBody, fault);
    options.mix.slowFirstByteMs = options.mix.stallMs = options.mix.refuseMs = milliseconds;
    options.mix.retryAfterSeconds = 3;
    return options;
}

/// What the client should get.
struct Promise
{
    int status = 200; ///< 0: no whole HTTP answer.
    bool isReadable = true;
};

Promise promiseOf(Fault fault)
{
    switch (fault) {
    case Fault::StallForever:
    case Fault::CutBody:
    case Fault::CutChunked:
    case Fault::CloseUnanswered:
    case Fault::ResetUnanswered:
    case Fault::RefuseConnections:
    case Fault::LengthTooLarge:
    case Fault::HugeBody: // The transport refuses the size.
        return {0, false};
    case Fault::Rate429Seconds:
    case Fault::Rate429Date:
    case Fault::Rate429Milliseconds:
    case Fault::Rate429Plain:
    case Fault::Quota429:
        return {429, false};
    case Fault::Error408:
        return {408, false};
    case Fault::Error500:
        return {500, false};
    case Fault::Error503:
        return {503, false};
    case Fault::Error529:
        return {529, false};
    case Fault::BadRequest400:
        return {400, false};
    case Fault::LengthTooSmall:
    case Fault::EmptyBody:
    case Fault::InvalidUtf8:
    case Fault::TruncatedJson:
    case Fault::HtmlPage:
    case Fault::WrongShape:
    case Fault::ErrorIn200:
    case Fault::EmptyChoices:
        return {200, false};
    default:
        return {};
    }
}

/// Asks anew until an HTTP answer comes; false after 5 s without one.
bool isAnsweredAtLast(CurlTransport &transport, const HttpRequest &request)
{
    const QDeadlineTimer deadline(5000);
    while (!deadline.hasExpired()) {
        if (ask(transport, request))
            return true;
        QTest::qWait(5);
    }
    return false;
}

/// Sends all requests at once and waits for the end of the last one.
QList<Result<HttpResponse>> askAll(CurlTransport &transport, const QList<HttpRequest> &requests)
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

} // namespace

class TestFaultServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goodAnswers_data();
    void goodAnswers();
    void everyFault_data();
    void everyFault();
    void statedWaits();
    void bodies();
    void waits();
    void reusedConnectionIsClosed();
    void refusedForAWhile();
    void connectionsEnd();
    void answerThenClosed();
    void askedAgainIsSeen();
    void abandonedIsSeen();
    void rateRules_data();
    void rateRules();
    void rateOverTheWire();
    void slotsAndLimits();
    void drawsAreDeterministic();
    void mixHeals();
    void ipv6();
    void throughput();
};

void TestFaultServer::goodAnswers_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("member"); ///< JSON pointer to something that must be there.
    QTest::newRow("chat") << QByteArray("/v1/chat/completions") << chatBody
                          << u"/choices/0/logprobs/content/0/top_logprobs/19/logprob"_s;
    QTest::newRow("completions") << QByteArray("/v1/completions") << QByteArray(R"({"prompt":["a","b"],"logprobs":5})")
                                 << u"/choices/1/logprobs/top_logprobs/0"_s;
    QTest::newRow("embeddings") << QByteArray("/v1/embeddings") << QByteArray(R"({"input":["a","b"]})")
                                << u"/data/1/embedding/63"_s;
    QTest::newRow("messages") << QByteArray("/v1/messages")
                              << QByteArray(R"({"max_tokens":4,"messages":[{"role":"user","content":"x"}]})")
                              << u"/content/0/text"_s;
    QTest::newRow("native") << QByteArray("/completion") << QByteArray(R"({"prompt":"a","n_probs":20,"n_predict":1})")
                            << u"/completion_probabilities/0/top_logprobs/19/token"_s;
    QTest::newRow("native list") << QByteArray("/completion") << QByteArray(R"({"prompt":["a","b"]})")
                                 << u"/1/content"_s;
    QTest::newRow("tokenize") << QByteArray("/tokenize") << QByteArray(R"({"content":"abc"})") << u"/tokens/2"_s;
    QTest::newRow("ollama chat") << QByteArray("/api/chat")
                                 << QByteArray(R"({"stream":false,"messages":[{"role":"user","content":"x"}]})")
                                 << u"/message/content"_s;
    QTest::newRow("ollama generate") << QByteArray("/api/generate")
                                     << QByteArray(R"({"stream":false,"prompt":"x","logprobs":true,"top_logprobs":3})")
                                     << u"/logprobs/0/top_logprobs/2"_s;
    QTest::newRow("models") << QByteArray("/v1/models") << QByteArray() << u"/data/0/id"_s;
    QTest::newRow("health") << QByteArray("/health") << QByteArray() << u"/status"_s;
}

void TestFaultServer::goodAnswers()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QString, member);
    FaultServer server;
    CurlTransport transport;
    HttpRequest request = chatRequest(server, body);
    request.url = server.baseUrl() + QString::fromLatin1(path);
    request.method = body.isEmpty() ? "GET" : "POST";
    const auto first = ask(transport, request), second = ask(transport, request);
    QVERIFY(first && second);
    QCOMPARE(first->status, 200);
    QCOMPARE(first->body, second->body);
    const json answer = json::parse(first->body.begin(), first->body.end(), nullptr, false);
    QVERIFY(!answer.is_discarded());
    QVERIFY2(answer.contains(json::json_pointer(member.toStdString())), first->body.constData());
    const FaultCounts counts = server.counts();
    QCOMPARE(counts.requests, body.isEmpty() ? 0 : 2);
    QCOMPARE(counts.otherRequests, body.isEmpty() ? 2 : 0);
    QCOMPARE(counts.delivered, counts.requests);
    if (!body.isEmpty())
        QCOMPARE(counts.requestsAfterGoodAnswer, 1);
    if (path == "/v1/chat/completions") {
        const auto reply = readReply(u"chat/completions"_s, first->body);
        QVERIFY(reply);
        QCOMPARE(reply->tokens.size(), 1);
        QCOMPARE(reply->tokens[0].top.size(), 20);
        QVERIFY(reply->text == u"Yes"_s || reply->text == u"No"_s);
        QVERIFY(first->body.size() >= 1000 && first->body.size() < 3000);
    }
}

void TestFaultServer::everyFault_data()
{
    QTest::addColumn<int>("number");
    for (const Fault fault : allFaults())
        QTest::newRow(faultName(fault)) << static_cast<int>(fault);
}

void TestFaultServer::everyFault()
{
    QFETCH(int, number);
    const auto fault = static_cast<Fault>(number);
    QCOMPARE(faultFromName(faultName(fault)), fault);
    FaultServer server(withFault(fault));
    CurlTransport transport;
    HttpRequest request = chatRequest(server);
    if (fault == Fault::StallForever)
        request.totalSeconds = 0.3;
    const auto response = ask(transport, request);
    const Promise promise = promiseOf(fault);
    QCOMPARE(response ? response->status : 0, promise.status);
    if (!response) {
        QCOMPARE(response.error().code, fault == Fault::StallForever ? ErrorCode::Timeout
                                        : fault == Fault::HugeBody   ? ErrorCode::BadResponse
                                                                     : ErrorCode::Network);
    } else if (response->status == 200) {
        QCOMPARE(bool(readReply(u"chat/completions"_s, response->body)), promise.isReadable);
    }
    // The server learns of a client that goes away later than the client.
    QTRY_COMPARE_WITH_TIMEOUT(server.counts().inFlight, 0, 5000);
    const FaultCounts counts = server.counts();
    const bool isGiven = fault != Fault::CloseReused; // The connection was fresh.
    QCOMPARE(counts.requests, 1);
    QCOMPARE(counts.given(fault), isGiven ? 1 : 0);
    QCOMPARE(counts.refusals, promise.status == 429 ? 1 : 0);
    const ItemCounts item = server.itemOfBody(chatBody);
    QCOMPARE(item.requests, 1);
    QCOMPARE(item.wholeAnswers, isHarmless(fault) || !isGiven ? 1 : 0);
    QCOMPARE(item.delivered, fault == Fault::CloseAfterAnswer ? 0 : item.wholeAnswers);
    // Another body is served well, on whatever connection.
    if (fault == Fault::RefuseConnections) // Until it listens again.
        QVERIFY(isAnsweredAtLast(transport, chatRequest(server, bodyNumber(1))));
    else
        QVERIFY(ask(transport, chatRequest(server, bodyNumber(1))).has_value());
}

void TestFaultServer::statedWaits()
{
    CurlTransport transport;
    const auto waitOf = [&](Fault fault) {
        const FaultServer server(withFault(fault));
        const auto response = ask(transport, chatRequest(server));
        return response ? classifyResponse(*response, server.baseUrl(), {}) : HttpFailure();
    };
    for (const Fault fault : {Fault::Rate429Seconds, Fault::Rate429Milliseconds, Fault::Rate429Date}) {
        const HttpFailure failed = waitOf(fault);
        QCOMPARE(failed.kind, HttpFailure::Class::Rate);
        QVERIFY(failed.retryAfterSeconds.has_value());
        const double tolerance = fault == Fault::Rate429Date ? 1.0 : 0.0; // Whole seconds, rounded up.
        QVERIFY(std::abs(*failed.retryAfterSeconds - 3) <= tolerance);
    }
    const HttpFailure plain = waitOf(Fault::Rate429Plain);
    QCOMPARE(plain.kind, HttpFailure::Class::Rate);
    QVERIFY(!plain.retryAfterSeconds);
    QCOMPARE(waitOf(Fault::Quota429).kind, HttpFailure::Class::Quota);
    QCOMPARE(waitOf(Fault::Error529).kind, HttpFailure::Class::Overload);
    QCOMPARE(waitOf(Fault::Error408).kind, HttpFailure::Class::Transient);
    QCOMPARE(waitOf(Fault::BadRequest400).kind, HttpFailure::Class::Request);
}

void TestFaultServer::bodies()
{
    CurlTransport transport;
    const auto bodyWith = [&](Fault fault) {
        const FaultServer server(withFault(fault));
        const auto response = ask(transport, chatRequest(server));
        return response ? response->body : QByteArray("no answer");
    };
    const QByteArray good = bodyWith(Fault::None);
    QVERIFY(readReply(u"chat/completions"_s, good));
    QCOMPARE(bodyWith(Fault::Chunked), good);
    QCOMPARE(bodyWith(Fault::Gzip), good);
    QCOMPARE(bodyWith(Fault::StallInBody), good);
    QCOMPARE(bodyWith(Fault::TruncatedJson), good.left(good.size() / 2));
    QCOMPARE(bodyWith(Fault::LengthTooSmall), good.left(good.size() / 2));
    QVERIFY(bodyWith(Fault::InvalidUtf8).contains('\xFF'));
    QVERIFY(bodyWith(Fault::HtmlPage).startsWith("<!DOCTYPE"));
    QVERIFY(bodyWith(Fault::EmptyBody).isEmpty());
    QVERIFY(bodyWith(Fault::EmptyChoices).contains(R"("choices":[])"));
    const auto null = readReply(u"chat/completions"_s, bodyWith(Fault::NullContent));
    QVERIFY(null && null->textWasNull);
    const auto other = readReply(u"chat/completions"_s, bodyWith(Fault::OtherModel));
    QVERIFY(other && other->modelName == u"another-model"_s);
    // It is really compressed on the wire.
    FaultRequest request{"POST", "/v1/chat/completions", chatBody, "\r\naccept-encoding: gzip\r\n"};
    const FaultMix mix;
    ReplyContext context;
    context.mix = &mix;
    const FaultReply reply = faultReply(request, Fault::Gzip, context);
    QVERIFY(reply.first.contains("Content-Encoding: gzip") && !reply.first.contains("choices"));
}

void TestFaultServer::waits()
{
    CurlTransport transport;
    for (const Fault fault : {Fault::SlowFirstByte, Fault::StallInBody}) {
        const FaultServer server(withFault(fault, 120));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(ask(transport, chatRequest(server)));
        QVERIFY(timer.elapsed() >= 120);
        QVERIFY(ask(transport, chatRequest(server, bodyNumber(1))));
    }
    // The first byte comes at once in a stall, and late with a slow first byte.
    for (const Fault fault : {Fault::SlowFirstByte, Fault::StallInBody}) {
        const FaultServer server(withFault(fault, 700));
        HttpRequest request = chatRequest(server);
        request.connectSeconds = request.firstByteSeconds = 0.25;
        const auto response = ask(transport, request);
        QCOMPARE(response.has_value(), fault == Fault::StallInBody);
        if (!response)
            QCOMPARE(response.error().code, ErrorCode::Timeout);
    }
}

void TestFaultServer::reusedConnectionIsClosed()
{
    FaultServer server(withFault(Fault::CloseReused));
    CurlTransport transport;
    QVERIFY(ask(transport, chatRequest(server, bodyNumber(1))));
    QCOMPARE(server.counts().connections, 1);
    // libcurl asks again by itself, on a fresh connection, where the fault is not given.
    const auto response = ask(transport, chatRequest(server));
    QVERIFY(response);
    QCOMPARE(response->status, 200);
    QCOMPARE(server.counts().connections, 2);
    QCOMPARE(server.itemOfBody(chatBody).requests, 2);
    QCOMPARE(server.itemOfBody(chatBody).delivered, 1);
    QCOMPARE(server.counts().given(Fault::CloseReused), 1);
    QCOMPARE(server.counts().requestsAfterGoodAnswer, 0);
}

void TestFaultServer::refusedForAWhile()
{
    FaultServer server;
    CurlTransport transport;
    QVERIFY(ask(transport, chatRequest(server)));
    const quint16 port = server.port();
    server.refuseConnections(300);
    const auto refused = ask(transport, chatRequest(server, bodyNumber(1)));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Network);
    QVERIFY(refused.error().message.startsWith(u"No server answers"_s));
    QVERIFY(isAnsweredAtLast(transport, chatRequest(server, bodyNumber(2))));
    QCOMPARE(server.port(), port);
    QCOMPARE(server.counts().requests, 2); // The refused ones never arrived.
}

void TestFaultServer::connectionsEnd()
{
    FaultServerOptions options;
    options.requestsPerConnection = 2;
    {
        FaultServer server(options);
        CurlTransport transport;
        for (int i = 0; i < 6; ++i) {
            const auto response = ask(transport, chatRequest(server, bodyNumber(i)));
            QVERIFY(response);
            QCOMPARE(response->header("connection"), i % 2 ? QByteArray("close") : QByteArray());
        }
        QCOMPARE(server.counts().connections, 3);
        QCOMPARE(server.counts().delivered, 6);
    }
    FaultServer server;
    CurlTransport transport;
    QVERIFY(ask(transport, chatRequest(server, bodyNumber(1))));
    QCOMPARE(server.closeIdleConnections(), 1);
    QVERIFY(ask(transport, chatRequest(server, bodyNumber(2))));
    QCOMPARE(server.counts().connections, 2);

    options = {};
    options.idleCloseMs = 30;
    FaultServer impatient(options);
    QVERIFY(ask(transport, chatRequest(impatient, bodyNumber(1))));
    QTRY_COMPARE_WITH_TIMEOUT(impatient.counts().openConnections, 0, 5000);
    QVERIFY(ask(transport, chatRequest(impatient, bodyNumber(2))));
    QCOMPARE(impatient.counts().connections, 2);
}

void TestFaultServer::answerThenClosed()
{
    FaultServer server(withFault(Fault::CloseAfterAnswer));
    CurlTransport transport;
    for (int i = 0; i < 3; ++i) {
        const auto response = ask(transport, chatRequest(server));
        QVERIFY(response);
        QVERIFY(response->header("connection").isEmpty());
    }
    QCOMPARE(server.itemOfBody(chatBody).wholeAnswers, 3);
    QCOMPARE(server.itemOfBody(chatBody).delivered, 0);
    QCOMPARE(server.requestsAfterGoodAnswer(), 0); // Nobody can know whether it arrived.
}

void TestFaultServer::askedAgainIsSeen()
{
    FaultServerOptions options;
    options.mix.script = [](const QByteArray &, int attempt) {
        return attempt == 1 ? std::optional(Fault::Error500) : std::nullopt;
    };
    options.itemKey = [](const FaultRequest &request) { return request.body.left(20); };
    FaultServer server(options);
    CurlTransport transport;
    QCOMPARE(ask(transport, chatRequest(server))->status, 500);
    QCOMPARE(ask(transport, chatRequest(server))->status, 200);
    QCOMPARE(server.requestsAfterGoodAnswer(), 0);
    QCOMPARE(ask(transport, chatRequest(server, bodyNumber(7)))->status, 200); // The same item by its key.
    QCOMPARE(server.requestsAfterGoodAnswer(), 1);
    QCOMPARE(server.items().size(), 1);
    const ItemCounts item = server.item(chatBody.left(20));
    QCOMPARE(item.requests, 3);
    QCOMPARE(item.delivered, 2);
    QCOMPARE(item.requestsAfterGoodAnswer, 1);
}

void TestFaultServer::abandonedIsSeen()
{
    FaultServerOptions options;
    options.pace.latencyMs = 60000;
    FaultServer server(options);
    CurlTransport transport;
    const CancellationToken token;
    std::promise<Result<HttpResponse>> promise;
    transport.send(chatRequest(server), token,
                   [&](Result<HttpResponse> result) { promise.set_value(std::move(result)); });
    QTRY_COMPARE_WITH_TIMEOUT(server.counts().inFlight, 1, 5000);
    token.cancel();
    QCOMPARE(promise.get_future().get().error().code, ErrorCode::Cancelled);
    QTRY_COMPARE_WITH_TIMEOUT(server.counts().abandoned, 1, 5000);
    QCOMPARE(server.counts().inFlight, 0);
    QCOMPARE(server.counts().delivered, 0);
}

void TestFaultServer::rateRules_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QList<int>>("admitted"); ///< Of 10 requests at 0 ms, 5 at 100, 900, 1000, 1100 and 2500 ms.
    QTest::newRow("bucket") << static_cast<int>(RateRule::Kind::TokenBucket) << QList<int>{5, 1, 5, 1, 1, 5};
    QTest::newRow("fixed") << static_cast<int>(RateRule::Kind::FixedWindow) << QList<int>{10, 0, 0, 5, 5, 5};
    QTest::newRow("sliding") << static_cast<int>(RateRule::Kind::SlidingWindow) << QList<int>{10, 0, 0, 5, 5, 5};
}

void TestFaultServer::rateRules()
{
    QFETCH(int, kind);
    QFETCH(QList<int>, admitted);
    RateRule rule;
    rule.kind = static_cast<RateRule::Kind>(kind);
    rule.perSecond = 10;
    rule.burst = 5;
    const auto start = RateGate::Clock::now();
    RateGate gate(rule, start);
    QList<int> seen;
    for (const int ms : {0, 100, 900, 1000, 1100, 2500}) {
        int count = 0;
        for (int i = 0; i < (ms == 0 ? 10 : 5); ++i) {
            const RateVerdict verdict = gate.ask(start + std::chrono::milliseconds(ms));
            count += verdict.isAdmitted ? 1 : 0;
            QCOMPARE(verdict.limit, kind == static_cast<int>(RateRule::Kind::TokenBucket) ? 5 : 10);
            QVERIFY(verdict.isAdmitted || (verdict.remaining == 0 && verdict.waitSeconds > 0));
            QVERIFY(verdict.waitSeconds <= verdict.resetSeconds + 1e-9);
        }
        seen << count;
    }
    QCOMPARE(seen, admitted);
    // Who waits as long as told is admitted; who comes 2 ms earlier is not.
    RateGate fresh(rule, start);
    RateVerdict verdict = fresh.ask(start);
    while (verdict.isAdmitted)
        verdict = fresh.ask(start);
    const auto wait =
        std::chrono::duration_cast<RateGate::Clock::duration>(std::chrono::duration<double>(verdict.waitSeconds));
    QVERIFY(!fresh.ask(start + wait - std::chrono::milliseconds(2)).isAdmitted);
    QVERIFY(fresh.ask(start + wait + std::chrono::microseconds(1)).isAdmitted);
}

void TestFaultServer::rateOverTheWire()
{
    FaultServerOptions options;
    options.rate.kind = RateRule::Kind::TokenBucket;
    options.rate.perSecond = 0.01; // None comes back during this test.
    options.rate.burst = 3;
    options.rate.headers = true;
    options.rate.retryAfterMs = true;
    FaultServer server(options);
    CurlTransport transport;
    for (int i = 0; i < 5; ++i) {
        const auto response = ask(transport, chatRequest(server, bodyNumber(i)));
        QVERIFY(response);
        QCOMPARE(response->status, i < 3 ? 200 : 429);
        QCOMPARE(response->header("x-ratelimit-limit-requests"), QByteArray("3"));
        QCOMPARE(response->header("x-ratelimit-remaining-requests").toInt(), std::max(0, 2 - i));
        QVERIFY(!response->header("x-ratelimit-reset-requests").isEmpty());
        QCOMPARE(response->header("retry-after").isEmpty(), i < 3);
        QCOMPARE(response->header("retry-after-ms").isEmpty(), i < 3);
    }
    const FaultCounts counts = server.counts();
    QCOMPARE(counts.refusals, 2);
    QCOMPARE(counts.delivered, 3);
    QCOMPARE(std::accumulate(counts.refusalsPerSecond.begin(), counts.refusalsPerSecond.end(), qint64{0}), 2);
    QCOMPARE(std::accumulate(counts.requestsPerSecond.begin(), counts.requestsPerSecond.end(), qint64{0}), 5);
    QVERIFY(counts.faults.empty()); // A refusal of the rule is no fault.
    server.setRate({});
    QCOMPARE(ask(transport, chatRequest(server, bodyNumber(9)))->status, 200);
    QCOMPARE(durationText(0.02), QByteArray("20ms"));
    QCOMPARE(durationText(1.5), QByteArray("1.5s"));
    QCOMPARE(durationText(360), QByteArray("6m0s"));
}

void TestFaultServer::slotsAndLimits()
{
    // 8 requests of 20 ms by 2 workers take 80 ms, and all are in flight at once.
    FaultServerOptions options;
    options.pace = {20, 2, 0};
    FaultServer server(options);
    CurlTransport transport;
    QList<HttpRequest> requests;
    for (int i = 0; i < 8; ++i)
        requests << chatRequest(server, bodyNumber(i));
    QElapsedTimer timer;
    timer.start();
    for (const auto &result : askAll(transport, requests))
        QVERIFY(result && result->status == 200);
    QVERIFY(timer.elapsed() >= 80);
    QCOMPARE(server.counts().mostInFlight, 8);

    options.pace = {300, 0, 3};
    FaultServer limited(options);
    requests.clear();
    for (int i = 0; i < 8; ++i)
        requests << chatRequest(limited, bodyNumber(i));
    int refused = 0;
    for (const auto &result : askAll(transport, requests))
        refused += result && result->status == 429 ? 1 : 0;
    QCOMPARE(refused, 5);
    QCOMPARE(limited.counts().refusals, 5);
    QCOMPARE(limited.counts().delivered, 3);
}

void TestFaultServer::drawsAreDeterministic()
{
    const auto mix = FaultMix::named("error-500=0.2,cut-body=0.1,error-400=0.05");
    QVERIFY(mix);
    QVERIFY(!FaultMix::named("no-such-fault=1") && !FaultMix::named("error-500=2") && !FaultMix::named("nonsense"));
    std::map<Fault, int> drawn;
    constexpr int count = 4000;
    int differs = 0;
    for (int i = 0; i < count; ++i) {
        const Fault first = mix->draw(1, bodyNumber(i), 1), again = mix->draw(1, bodyNumber(i), 2);
        QCOMPARE(mix->draw(1, bodyNumber(i), 1), first);
        QCOMPARE(first == Fault::BadRequest400, again == Fault::BadRequest400); // It never heals.
        differs += first != mix->draw(2, bodyNumber(i), 1) ? 1 : 0;
        ++drawn[first];
    }
    // Five standard deviations of a share of 0.2 in 4000 draws are 0.032.
    QVERIFY(std::abs(drawn[Fault::BadRequest400] - 0.05 * count) < 70);
    QVERIFY(std::abs(drawn[Fault::Error500] - 0.2 * 0.95 * count) < 130);
    QVERIFY(std::abs(drawn[Fault::CutBody] - 0.1 * 0.95 * count) < 100);
    QVERIFY(differs > count / 5);
}

void TestFaultServer::mixHeals()
{
    // Everything at once: asked until the answer is good, every body but the refused ones gets there.
    FaultServerOptions options;
    options.mix = *FaultMix::named("full");
    options.mix.shares.erase(Fault::BadRequest400);
    FaultServer server(options);
    CurlTransport transport;
    constexpr int count = 300;
    QSet<int> open;
    for (int i = 0; i < count; ++i)
        open.insert(i);
    for (int round = 0; round < 30 && !open.isEmpty(); ++round) {
        const QList<int> numbers(open.begin(), open.end());
        QList<HttpRequest> requests;
        for (const int number : numbers)
            requests << chatRequest(server, bodyNumber(number));
        const auto results = askAll(transport, requests);
        for (qsizetype i = 0; i < results.size(); ++i) {
            if (!results[i] || results[i]->status != 200)
                continue;
            const auto reply = readReply(u"chat/completions"_s, results[i]->body);
            if (reply && !reply->textWasNull)
                open.remove(numbers[i]);
        }
    }
    QVERIFY(open.isEmpty());
    const FaultCounts counts = server.counts();
    QCOMPARE(counts.requestsAfterGoodAnswer, 0);
    QCOMPARE(server.items().size(), count);
    for (int i = 0; i < count; ++i) {
        const ItemCounts item = server.itemOfBody(bodyNumber(i));
        QCOMPARE(item.wholeAnswers, 1);
    }
    QVERIFY(counts.faults.size() > 20);
}

void TestFaultServer::ipv6()
{
    FaultServerOptions options;
    options.isIpv6 = true;
    const FaultServer server(options);
    CurlTransport transport;
    QVERIFY(server.baseUrl().startsWith(u"http://[::1]:"_s));
    const auto response = ask(transport, chatRequest(server));
    QVERIFY(response);
    QCOMPARE(response->status, 200);
}

void TestFaultServer::throughput()
{
    // No speed is promised here: many connections at once, each answer counted once. The figure is printed.
    FaultServer server;
    CurlTransport transport;
    constexpr int count = 4000, width = 256;
    std::mutex mutex;
    std::condition_variable ended;
    int sent = 0, left = count, good = 0;
    std::function<void()> next = [&] {
        int number = 0;
        {
            const std::lock_guard lock(mutex);
            if (sent == count)
                return;
            number = sent++;
        }
        transport.send(chatRequest(server, bodyNumber(number)), {}, [&](Result<HttpResponse> result) {
            next();
            const std::lock_guard lock(mutex);
            good += result && result->status == 200 ? 1 : 0;
            if (--left == 0)
                ended.notify_one();
        });
    };
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < width; ++i)
        next();
    std::unique_lock lock(mutex);
    ended.wait(lock, [&] { return left == 0; });
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    QCOMPARE(good, count);
    QCOMPARE(server.counts().delivered, count);
    QCOMPARE(server.counts().requestsAfterGoodAnswer, 0);
    QVERIFY(server.counts().mostInFlight <= width);
    std::printf("INFO: %.0f requests/s through CurlTransport\n", count / seconds);
}

QTEST_GUILESS_MAIN(TestFaultServer)
#include "tst_faultserver.moc"
