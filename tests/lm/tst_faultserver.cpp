// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The fault server as a client sees it: every fault looks as promised.
#include "lm/httperror.h"
#include "lm/request.h"

#include "../support/faultclient.h"
#include "../support/faultreply.h"

#include <QElapsedTimer>
#include <QTest>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

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
    void ipv6();
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

QTEST_GUILESS_MAIN(TestFaultServer)
#include "tst_faultserver.moc"
