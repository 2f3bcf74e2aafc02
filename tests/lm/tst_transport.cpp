// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/curltransport.h"
#include "rawserver.h"

#include <QElapsedTimer>
#include <QTest>

#include <future>
#include <mutex>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray ok(const QByteArray &body, const QByteArray &headers = {})
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" + body;
}

Result<HttpResponse> ask(CurlTransport &transport, HttpRequest request, const CancellationToken &token = {})
{
    std::promise<Result<HttpResponse>> promise;
    auto future = promise.get_future();
    transport.send(std::move(request), token,
                   [&](Result<HttpResponse> result) { promise.set_value(std::move(result)); });
    return future.get();
}

HttpRequest post(const QString &url, const QByteArray &body = "{}")
{
    HttpRequest request;
    request.url = url;
    request.body = body;
    return request;
}

/// Sets a variable of the environment for a while.
class Variable
{
public:
    Variable(const char *name, const QByteArray &value) : m_name(name), m_before(qgetenv(name))
    {
        qputenv(name, value);
    }
    ~Variable()
    {
        if (m_before.isNull())
            qunsetenv(m_name);
        else
            qputenv(m_name, m_before);
    }
    Variable(const Variable &) = delete;
    Variable &operator=(const Variable &) = delete;

private:
    const char *m_name;
    QByteArray m_before;
};

const QByteArray secret = "sk-SECRET-0123456789";

} // namespace

class TestTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// The server answers once, then closes the reused connection without a byte: libcurl asks again by itself.
    void resendsAreCountedExactly()
    {
        RawServer server([](const RawServer::Call &call) {
            if (call.connection == 1 && call.request == 2)
                return false;
            call.send(ok("{}"));
            return true;
        });
        CurlTransport transport;
        const auto first = ask(transport, post(server.url())), second = ask(transport, post(server.url())),
                   third = ask(transport, post(server.url()));
        QVERIFY(first && second && third);
        QCOMPARE(server.connections(), 2);
        QCOMPARE(server.requests(), 4);
        QCOMPARE(first->resends, 0);
        QCOMPARE(second->resends, 1);
        QVERIFY(second->resends > 0);
        QCOMPARE(third->resends, 0); // The handle is used again, its count is not.
        QVERIFY(first->resends == 0 && third->resends == 0);
    }
    /// An idle connection that the server has closed is seen to be dead before anything is sent over it.
    void anIdleConnectionThatWasClosedIsNoResend()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send(ok("{}"));
            return false;
        });
        CurlTransport transport;
        QVERIFY(ask(transport, post(server.url())));
        QTest::qWait(100);
        const auto second = ask(transport, post(server.url()));
        QVERIFY(second);
        QCOMPARE(second->resends, 0);
        QCOMPARE(server.requests(), 2);
    }
    /// On a new connection the client must not guess: that is an error for the caller.
    void aNewConnectionClosedUnansweredIsAnError()
    {
        RawServer server([](const RawServer::Call &) { return false; });
        CurlTransport transport;
        const auto result = ask(transport, post(server.url()));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Network);
        QVERIFY(result.error().retryable);
        QCOMPARE(server.requests(), 1);
    }
    void connectionsAreReused()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send(ok(call.body));
            return true;
        });
        CurlTransport transport;
        for (int i = 0; i < 20; ++i) {
            const QByteArray body = QByteArray(i * 100, static_cast<char>('a' + i));
            HttpRequest request = post(server.url(), body);
            if (i % 3 == 2)
                request.method = "GET";
            const auto result = ask(transport, request);
            QVERIFY(result);
            QCOMPARE(result->body, i % 3 == 2 ? QByteArray() : body); // Nothing of the request before is left.
        }
        QCOMPARE(server.connections(), 1);
    }

    void theSecretIsSentInItsHeaderAndHidden_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("bearer") << QByteArray("Authorization") << QByteArray("Authorization: Bearer " + secret);
        QTest::newRow("anthropic") << QByteArray("x-api-key") << QByteArray("x-api-key: " + secret);
    }
    void theSecretIsSentInItsHeaderAndHidden()
    {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, line);
        std::mutex mutex;
        QByteArrayList heads;
        RawServer server([&](const RawServer::Call &call) {
            const std::lock_guard lock(mutex);
            heads << call.head;
            call.send(ok("{\"said\":\"" + secret + "\"}", "X-Echo: " + secret + "\r\n"));
            return true;
        });
        CurlTransport transport;
        HttpRequest request = post(server.url());
        request.secret = secret;
        request.secretHeader = header;
        const auto result = ask(transport, request);
        QVERIFY(result);
        QCOMPARE(result->body, "{\"said\":\"[key]\"}");
        QCOMPARE(result->header("x-echo"), "[key]");
        QVERIFY(ask(transport, post(server.url())));
        const std::lock_guard lock(mutex);
        QVERIFY2(heads.at(0).contains(line), heads.at(0).constData());
        QVERIFY(!heads.at(1).contains(secret)); // The next request over the same handle has none.
    }
    void redirectsAreNotFollowed()
    {
        RawServer other([](const RawServer::Call &call) {
            call.send(ok("{}"));
            return true;
        });
        RawServer server([&](const RawServer::Call &call) {
            call.send("HTTP/1.1 307 Moved\r\nLocation: " + other.url().toUtf8() + "\r\nContent-Length: 0\r\n\r\n");
            return true;
        });
        CurlTransport transport;
        HttpRequest request = post(server.url());
        request.secret = secret;
        const auto result = ask(transport, request);
        QVERIFY(result);
        QCOMPARE(result->status, 307);
        QCOMPARE(other.connections(), 0);
    }

    void passwordsInAddressesAreRefusedAndHidden()
    {
        CurlTransport transport;
        for (const QString &url : {u"http://me:pass123@127.0.0.1:1/v1"_s, u"https://pass123@127.0.0.1/"_s,
                                   u"http://a:b@pass123@127.0.0.1:1?x#y"_s}) {
            const auto result = ask(transport, post(url));
            QVERIFY(!result);
            QCOMPARE(result.error().code, ErrorCode::InvalidInput);
            QVERIFY2(!result.error().text().contains(u"pass123"_s), qPrintable(result.error().text()));
            QVERIFY(result.error().message.contains(u"127.0.0.1"_s));
        }
        const auto at = ask(transport, post(u"http://127.0.0.1:1/v1/a@b?api_key=pass123&x=1&Token=pass123"_s));
        QVERIFY(!at);
        QCOMPARE(at.error().code, ErrorCode::Network);
        QVERIFY2(!at.error().text().contains(u"pass123"_s) && !at.error().detail.contains(u"pass123"_s),
                 qPrintable(at.error().text()));
        QVERIFY(at.error().message.contains(u"/v1/a@b?api_key=[key]&x=1"_s));
    }
    void lineBreaksInHeadersAreRefused()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send(ok("{}"));
            return true;
        });
        CurlTransport transport;
        HttpRequest request = post(server.url());
        request.secret = secret + "\n";
        auto result = ask(transport, request);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::InvalidInput);
        QVERIFY(!result.error().text().contains(QString::fromLatin1(secret)));
        request = post(server.url());
        request.headers << qMakePair(QByteArray("X-A"), QByteArray("1\r\nX-B: 2"));
        result = ask(transport, request);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::InvalidInput);
        QCOMPARE(server.requests(), 0);
    }
    void otherProtocolsAreRefused()
    {
        CurlTransport transport;
        for (const QString &url : {u"file:///etc/hostname"_s, u"ftp://127.0.0.1/"_s, u"gopher://127.0.0.1/"_s, u""_s}) {
            const auto result = ask(transport, post(url));
            QVERIFY(!result);
            QCOMPARE(result.error().code, ErrorCode::InvalidInput);
        }
    }

    void aStalledReplyTimesOut()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            call.pause(20000);
            return false;
        });
        CurlTransport transport;
        HttpRequest request = post(server.url());
        request.stallSeconds = 0.3;
        QElapsedTimer clock;
        clock.start();
        const auto result = ask(transport, request);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Timeout);
        QVERIFY2(result.error().message.contains(u"in the middle"_s), qPrintable(result.error().message));
        QVERIFY(clock.elapsed() >= 290 && clock.elapsed() < 5000);
    }
    void aSlowReplyThatGoesOnIsNoStall()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
            for (int i = 0; i < 10; ++i) {
                call.pause(100);
                call.send("x");
            }
            return true;
        });
        CurlTransport transport;
        HttpRequest request = post(server.url());
        request.stallSeconds = 0.6;
        const auto result = ask(transport, request);
        QVERIFY(result);
        QCOMPARE(result->body.size(), 10);
    }
    void theFirstByteHasItsOwnTime()
    {
        RawServer server([](const RawServer::Call &call) {
            call.pause(20000);
            return false;
        });
        CurlTransport transport;
        HttpRequest request = post(server.url());
        request.connectSeconds = 0.1;
        request.firstByteSeconds = 0.2;
        auto result = ask(transport, request);
        QVERIFY(!result);
        QVERIFY2(result.error().message.contains(u"first byte"_s), qPrintable(result.error().message));
        request = post(server.url());
        request.totalSeconds = 0.3;
        result = ask(transport, request);
        QVERIFY(!result);
        QVERIFY2(result.error().message.contains(u"whole request"_s), qPrintable(result.error().message));
    }

    void bodiesCanBeWatchedAndStopped()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 1000; ++i) {
                call.send("3\r\nabc\r\n");
                call.pause(10);
            }
            return false;
        });
        CurlTransport transport;
        HttpRequest request = post(server.url());
        QByteArray seen;
        request.onBody = [&](const QByteArray &piece) {
            seen += piece;
            return seen.size() < 9;
        };
        QElapsedTimer clock;
        clock.start();
        const auto result = ask(transport, request);
        QVERIFY(result);
        QVERIFY(result->stoppedEarly);
        QCOMPARE(result->status, 200);
        QCOMPARE(result->body, seen);
        QVERIFY(seen.startsWith("abcabcabc") && clock.elapsed() < 5000);
    }
    void wholeBodiesAreWatchedToTheEnd()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send(call.request == 1 ? ok("abc") : QByteArray("HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}"));
            return true;
        });
        CurlTransport transport;
        HttpRequest request = post(server.url());
        QByteArray seen;
        request.onBody = [&](const QByteArray &piece) {
            seen += piece;
            return true;
        };
        auto result = ask(transport, request);
        QVERIFY(result && !result->stoppedEarly);
        QCOMPARE(seen, "abc");
        result = ask(transport, request); // An error is no stream.
        QVERIFY(result);
        QCOMPARE(result->body, "{}");
        QCOMPARE(seen, "abc");
    }

    void compressedAnswers()
    {
        const QByteArray zipped =
            QByteArray::fromHex("1f8b0800000000000203ab56aaca2c28484d51b22a292a4dad05008428bc080f000000");
        RawServer server([&](const RawServer::Call &call) {
            if (!call.head.toLower().contains("accept-encoding: "))
                return false;
            call.send(ok(zipped, "Content-Encoding: gzip\r\n"));
            return true;
        });
        CurlTransport transport;
        const auto result = ask(transport, post(server.url()));
        QVERIFY(result);
        QCOMPARE(result->body, "{\"zipped\":true}");
    }
    void sixthVersionLoopback()
    {
        RawServer server(
            [](const RawServer::Call &call) {
                call.send(ok("{}"));
                return true;
            },
            true);
        if (!server.works())
            QSKIP("This machine has no IPv6 loopback address.");
        const Variable proxy("http_proxy", "http://127.0.0.1:1"); // The loopback address is never asked through it.
        CurlTransport transport;
        const auto result = ask(transport, post(server.url()));
        QVERIFY2(result, result ? "" : qPrintable(result.error().text()));
        QCOMPARE(result->status, 200);
    }

    void proxies()
    {
        std::mutex mutex;
        QByteArrayList heads;
        RawServer proxy([&](const RawServer::Call &call) {
            const std::lock_guard lock(mutex);
            heads << call.head.split('\r').first();
            call.send(ok("{}"));
            return true;
        });
        const QString address = u"http://127.0.0.1:%1"_s.arg(proxy.port()), host = u"http://model.invalid:81/v1/x"_s;
        {
            CurlTransport transport(TransportSettings{address, {}, {}});
            QVERIFY(ask(transport, post(host)));
        }
        {
            const Variable variable("http_proxy", address.toUtf8());
            CurlTransport transport;
            QVERIFY(ask(transport, post(host)));
            const Variable none("no_proxy", "other.invalid,model.invalid");
            CurlTransport direct;
            QVERIFY(!ask(direct, post(host)));
            const Variable all("no_proxy", "*");
            CurlTransport directToAll;
            QVERIFY(!ask(directToAll, post(host)));
        }
        {
            CurlTransport transport(TransportSettings{address, u"model.invalid"_s, {}});
            const auto direct = ask(transport, post(host));
            QVERIFY(!direct);
            QCOMPARE(direct.error().code, ErrorCode::Network);
        }
        const std::lock_guard lock(mutex);
        QCOMPARE(heads, (QByteArrayList{"POST http://model.invalid:81/v1/x HTTP/1.1",
                                        "POST http://model.invalid:81/v1/x HTTP/1.1"}));
    }

    void manyAtOnceAndCancelled()
    {
        RawServer server([](const RawServer::Call &call) {
            if (call.body == "wait")
                call.pause(20000);
            call.send(ok(call.body));
            return call.body != "wait";
        });
        std::atomic<int> answered = 0, cancelled = 0, wrong = 0;
        {
            CurlTransport transport;
            const CancellationToken token;
            for (int i = 0; i < 200; ++i) {
                const QByteArray body = i % 2 ? QByteArray("wait") : QByteArray::number(i);
                transport.send(post(server.url(), body), i % 4 == 1 ? token : CancellationToken(),
                               [&, body](const Result<HttpResponse> &result) {
                                   if (result)
                                       ++(result->body == body ? answered : wrong);
                                   else
                                       ++(result.error().code == ErrorCode::Cancelled ? cancelled : wrong);
                               });
            }
            QTRY_COMPARE_WITH_TIMEOUT(answered.load(), 100, 20000);
            QCOMPARE(cancelled.load(), 0);
            QElapsedTimer clock;
            clock.start();
            token.cancel();
            QTRY_COMPARE_WITH_TIMEOUT(cancelled.load(), 50, 5000);
            QVERIFY(clock.elapsed() < 1000);
        } // The end of the transport ends the rest.
        QCOMPARE(cancelled.load(), 100);
        QCOMPARE(wrong.load(), 0);
    }
    void callbacksMaySend()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send(ok("{}"));
            return true;
        });
        CurlTransport transport;
        std::promise<int> done;
        std::atomic<int> count = 0;
        std::function<void(Result<HttpResponse>)> next = [&](const Result<HttpResponse> &result) {
            if (!result || ++count == 50)
                done.set_value(count);
            else
                transport.send(post(server.url()), {}, next);
        };
        transport.send(post(server.url()), {}, next);
        QCOMPARE(done.get_future().get(), 50);
    }
};

QTEST_GUILESS_MAIN(TestTransport)
#include "tst_transport.moc"
