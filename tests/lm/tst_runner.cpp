// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/curltransport.h"
#include "lm/requestrunner.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"

#include "../support/fakeaccess.h"
#include "../support/testserver.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

struct Setting
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    Model model;
    Job job;
    CurlTransport transport;

    Setting()
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), {});
        const auto made = project->writeNow([this](Connection &c) -> Status {
            model.name = u"fake"_s;
            model.modelId = u"fake"_s;
            EVALWRIGHT_ASSIGN(model, addModel(c, model));
            job.kind = u"generate"_s;
            job.parameters = u"{}"_s;
            job.parametersHash = u"h"_s;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            return {};
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
    }
    Result<StageReport> run(const QString &baseUrl, int requests, const CancellationToken &token = {},
                            RunnerOptions options = {}, int inFlight = 8, HttpTransport *other = nullptr)
    {
        QList<PlannedRequest> planned;
        for (int i = 0; i < requests; ++i) {
            LmRequest request;
            request.kind = LmRequest::Kind::Completion;
            request.prompt = u"prompt"_s;
            request.seed = i;
            request.sample = i;
            planned << PlannedRequest{i, request};
        }
        FakeAccess access(baseUrl, "marker-key-123", inFlight);
        const JobServices services{project, other ? other : &transport, &access};
        return runStage(services, job.id, u"write"_s, model, planned, options, token, {});
    }
    int stored()
    {
        return project
            ->readNow([](Connection &c) { return c.value(u"SELECT count(*) FROM response WHERE complete = 1"_s); })
            ->toInt();
    }
};

/// Answers the first two of four requests together, and the others while the stage is ending: one at the
/// cancellation, one as late as 200 ms after it, or not at all when the stage is gone by then.
class LateTransport : public HttpTransport
{
public:
    ~LateTransport() override
    {
        if (m_late.joinable())
            m_late.join();
    }
    void send(HttpRequest, const CancellationToken &, std::function<void(Result<HttpResponse>)> done) override
    {
        m_waiting.push_back(std::move(done));
        if (m_waiting.size() != 4)
            return;
        m_late = std::thread([this] {
            m_waiting[2](reply(200));
            std::unique_lock lock(m_mutex);
            if (!m_returned.wait_for(lock, std::chrono::milliseconds(200), [this] { return m_gone; }))
                m_waiting[3](reply(200));
        });
        m_waiting[0](reply(401));
        m_waiting[1](reply(200));
    }
    /// The stage has returned: nobody may be called any more.
    void stageIsGone()
    {
        const std::lock_guard lock(m_mutex);
        m_gone = true;
        m_returned.notify_all();
    }

private:
    static HttpResponse reply(int status)
    {
        HttpResponse response;
        response.status = status;
        response.body = status == 200 ? completionBody("I like it") : QByteArray("{}");
        return response;
    }
    std::vector<std::function<void(Result<HttpResponse>)>> m_waiting;
    std::thread m_late;
    std::mutex m_mutex;
    std::condition_variable m_returned;
    bool m_gone = false;
};

ServerReply good()
{
    return {200, completionBody("I like it")};
}

} // namespace

class TestRunner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asksEachOnceAndThenNever()
    {
        TestServer server([](const ServerRequest &) { return good(); });
        Setting setting;
        const auto first = setting.run(server.baseUrl(), 200);
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        QCOMPARE(first->asked, 200);
        QCOMPARE(server.requests(), 200);
        for (const int count : server.requestsByBody())
            QCOMPARE(count, 1);
        const auto second = setting.run(server.baseUrl(), 200);
        QVERIFY(second);
        QCOMPARE(second->asked, 0);
        QCOMPARE(second->fromCache, 200);
        QCOMPARE(server.requests(), 200);
        const auto answers = stageAnswers(*setting.project, setting.job.id, u"write"_s);
        QVERIFY(answers);
        QCOMPARE(answers->size(), 200);
        QVERIFY(answers->at(7).responseId.isValid());
        QVERIFY(answers->at(7).body.contains("I like it"));
    }

    void retriesWhatCanHelp()
    {
        TestServer server([](const ServerRequest &request) {
            switch (request.number) {
            case 1:
                return ServerReply{
                    503,
                    "{\"error\":{\"message\":\"Loading model\",\"type\":\"unavailable_error\",\"code\":503}}",
                    "application/json",
                    {{"Retry-After", "0"}}};
            case 2:
                return ServerReply{429, "{}", "application/json", {{"Retry-After", "0.01"}}};
            case 3: {
                ServerReply cut = good();
                cut.cutAfter = 10;
                return cut;
            }
            default:
                return good();
            }
        });
        Setting setting;
        const auto report = setting.run(server.baseUrl(), 3);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->asked, 3);
        QCOMPARE(report->failed, 0);
        QCOMPARE(server.requests(), 6);
    }

    void refusedRequestIsNotRepeated()
    {
        TestServer server([](const ServerRequest &request) {
            return request.body.contains("\"seed\":1,") || request.body.contains("\"seed\":1}")
                       ? ServerReply{400, "{\"error\":{\"message\":\"no such thing\"}}"}
                       : good();
        });
        Setting setting;
        const auto report = setting.run(server.baseUrl(), 4);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->failed, 1);
        QCOMPARE(report->asked, 3);
        QCOMPARE(server.requests(), 4);
        QVERIFY(report->firstError.contains(u"no such thing"_s));
    }

    void stopsWithWords_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("code");
        QTest::newRow("wrong key") << 401 << QByteArray("{\"error\":{\"message\":\"Invalid API Key\"}}")
                                   << int(ErrorCode::Authentication);
        QTest::newRow("no quota") << 429
                                  << QByteArray("{\"error\":{\"message\":\"pay\",\"type\":\"insufficient_quota\"}}")
                                  << int(ErrorCode::Quota);
        QTest::newRow("unknown model") << 404 << QByteArray("{\"error\":{\"message\":\"model not found\"}}")
                                       << int(ErrorCode::BadRequest);
    }
    void stopsWithWords()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        TestServer server([&](const ServerRequest &) { return ServerReply{status, body}; });
        Setting setting;
        const auto report = setting.run(server.baseUrl(), 40);
        QVERIFY(!report);
        QCOMPARE(int(report.error().code), code);
        QVERIFY(!report.error().advice.isEmpty());
        QVERIFY(!report.error().consequence.isEmpty());
        QVERIFY(server.requests() < 40);
        QCOMPARE(setting.stored(), 0);
    }

    void serverDownIsSaid()
    {
        quint16 port = 0;
        {
            TestServer gone([](const ServerRequest &) { return good(); });
            port = gone.port();
        }
        Setting setting;
        RunnerOptions options;
        options.maxAttempts = 1;
        const auto report = setting.run(u"http://127.0.0.1:%1"_s.arg(port), 3, {}, options);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Network);
    }

    void badRepliesAreKeptAsEvidenceOnly_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("html") << QByteArray("<html>login</html>");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no choices") << QByteArray("{\"choices\":[]}");
        QTest::newRow("broken utf-8") << QByteArray("{\"choices\":[{\"text\":\"\xff\xfe\"}]}");
        QTest::newRow("error inside") << QByteArray("{\"error\":\"overloaded\"}");
    }
    void badRepliesAreKeptAsEvidenceOnly()
    {
        QFETCH(QByteArray, body);
        TestServer server([&](const ServerRequest &) { return ServerReply{200, body}; });
        Setting setting;
        RunnerOptions options;
        options.maxAttempts = 1;
        const auto report = setting.run(server.baseUrl(), 1, {}, options);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->failed, 1);
        QVERIFY(!report->firstError.isEmpty());
        QCOMPARE(setting.stored(), 0);
    }

    void cancelsWithin100ms()
    {
        TestServer server([](const ServerRequest &) {
            ServerReply r;
            r.never = true;
            return r;
        });
        Setting setting;
        CancellationToken token;
        QElapsedTimer sinceCancel;
        std::thread canceller([&] {
            while (server.requests() < 4)
                std::this_thread::yield();
            sinceCancel.start();
            token.cancel();
        });
        const auto report = setting.run(server.baseUrl(), 50, token);
        const qint64 took = sinceCancel.elapsed();
        canceller.join();
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QVERIFY2(took <= 100, qPrintable(QString::number(took)));
    }

    void whatIsInFlightAtAnErrorIsWaitedForAndKept()
    {
        Setting setting;
        LateTransport transport;
        const auto report = setting.run(u"http://127.0.0.1:1"_s, 40, {}, {}, 4, &transport);
        transport.stageIsGone();
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Authentication);
        QCOMPARE(setting.stored(), 3);
    }

    void keyNeverReachesTheProject()
    {
        TestServer server([](const ServerRequest &request) {
            return request.headers.value("authorization") == "Bearer marker-key-123" ? good() : ServerReply{401, "{}"};
        });
        Setting setting;
        QVERIFY(setting.run(server.baseUrl(), 5));
        const QString path = setting.project->path();
        setting.project.reset();
        for (const QString &suffix : {QString(), u"-wal"_s}) {
            QFile file(path + suffix);
            if (file.open(QIODevice::ReadOnly))
                QVERIFY(!file.readAll().contains("marker-key-123"));
        }
    }

    void budgetStops()
    {
        TestServer server([](const ServerRequest &) { return good(); });
        Setting setting;
        setting.model.priceIn = 1e6;
        setting.model.priceOut = 0;
        RunnerOptions options;
        options.budget = 25.0; // Each answer has 10 prompt tokens at a price of 1.
        const auto report = setting.run(server.baseUrl(), 50, {}, options, 1);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::BudgetReached);
        QCOMPARE(setting.stored(), 3);
    }
};

QTEST_GUILESS_MAIN(TestRunner)
#include "tst_runner.moc"
