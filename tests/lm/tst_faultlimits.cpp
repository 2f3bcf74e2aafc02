// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The fault server's counts, its rate rules and its draws.
#include "lm/request.h"

#include "../support/fakemodel.h"
#include "../support/faultclient.h"
#include "../support/faultsocket.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sys/socket.h>
#include <unistd.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestFaultLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answerThenClosed();
    void askedAgainIsSeen();
    void abandonedIsSeen();
    void unreadIsSeen();
    void program();
    void rateRules_data();
    void rateRules();
    void rateOverTheWire();
    void slotsAndLimits();
    void drawsAreDeterministic();
    void mixHeals();
    void throughput();
};

void TestFaultLimits::answerThenClosed()
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

void TestFaultLimits::askedAgainIsSeen()
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

void TestFaultLimits::abandonedIsSeen()
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

void TestFaultLimits::unreadIsSeen()
{
    // The whole answer lies in the client's socket when the client goes away without a look at it.
    FaultServer server;
    const int fd = connectedSocket(server.port());
    const QByteArray request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + QByteArray::number(chatBody.size()) +
        "\r\n\r\n" + chatBody;
    QCOMPARE(send(fd, request.constData(), static_cast<size_t>(request.size()), 0), request.size());
    QTRY_COMPARE_WITH_TIMEOUT(server.counts().delivered, 1, 5000);
    close(fd); // With unread bytes: the system sends RST.
    QTRY_COMPARE_WITH_TIMEOUT(server.counts().unread, 1, 5000);
    QCOMPARE(server.itemOfBody(chatBody).wholeAnswers, 1);
    QCOMPARE(server.itemOfBody(chatBody).delivered, 0);
    CurlTransport transport;
    QVERIFY(ask(transport, chatRequest(server)));
    QCOMPARE(server.requestsAfterGoodAnswer(), 0);
}

void TestFaultLimits::program()
{
    QProcess process;
    process.start(QStringLiteral(EVALWRIGHT_FAULTSERVER),
                  {u"--mix"_s, u"error-500=1"_s, u"--rate"_s, u"0.01"_s, u"--burst"_s, u"2"_s, u"--items"_s});
    QVERIFY(process.waitForStarted());
    while (!process.canReadLine())
        QVERIFY(process.waitForReadyRead(10000));
    const int port = process.readLine().trimmed().toInt();
    QVERIFY(port > 0);
    HttpRequest request = chatRequest(u"http://127.0.0.1:%1"_s.arg(port));
    CurlTransport transport;
    for (const int status : {500, 500, 429}) {
        const auto response = ask(transport, request);
        QVERIFY(response);
        QCOMPARE(response->status, status);
    }
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(10000));
    QCOMPARE(process.exitCode(), 0);
    const QByteArray line = process.readAllStandardOutput();
    const json counts = json::parse(line.begin(), line.end(), nullptr, false);
    QVERIFY2(counts.is_object(), line.constData());
    QCOMPARE(counts["requests"].get<int>(), 3);
    QCOMPARE(counts["refusals"].get<int>(), 1);
    QCOMPARE(counts["faults"]["error-500"].get<int>(), 2);
    QCOMPARE(counts["items"][bodyHash(chatBody).toStdString()]["requests"].get<int>(), 3);
}

void TestFaultLimits::rateRules_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QList<int>>("admitted"); ///< Of 10 requests at 0 ms, 5 at 100, 900, 1000, 1100 and 2500 ms.
    QTest::newRow("bucket") << static_cast<int>(RateRule::Kind::TokenBucket) << QList<int>{5, 1, 5, 1, 1, 5};
    QTest::newRow("fixed") << static_cast<int>(RateRule::Kind::FixedWindow) << QList<int>{10, 0, 0, 5, 5, 5};
    QTest::newRow("sliding") << static_cast<int>(RateRule::Kind::SlidingWindow) << QList<int>{10, 0, 0, 5, 5, 5};
}

void TestFaultLimits::rateRules()
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

void TestFaultLimits::rateOverTheWire()
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

void TestFaultLimits::slotsAndLimits()
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

void TestFaultLimits::drawsAreDeterministic()
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

void TestFaultLimits::mixHeals()
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

void TestFaultLimits::throughput()
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

QTEST_GUILESS_MAIN(TestFaultLimits)
#include "tst_faultlimits.moc"
