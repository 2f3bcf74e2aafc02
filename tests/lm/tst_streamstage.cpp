// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/curltransport.h"
#include "lm/requestrunner.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include "../support/fakeaccess.h"
#include "rawserver.h"

#include <QTemporaryDir>
#include <QTest>

#include <mutex>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

QByteArray piece(const QByteArray &text)
{
    return "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"text\":\"" + text + "\",\"finish_reason\":null}]}\n\n";
}

const QByteArray lastPieces =
    "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3}}\n\n"
    "data: [DONE]\n\n";

struct Setting
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project = *Project::create(folder.filePath(u"p.evalwright"_s), {});
    Model model;
    Job job;
    CurlTransport transport;
    std::mutex mutex;
    QStringList told; ///< Of step 0.

    Setting()
    {
        const auto made = project->writeNow([this](Connection &c) -> Status {
            model.name = model.modelId = u"fake"_s;
            model.priceIn = model.priceOut = 1.0;
            EVALWRIGHT_ASSIGN(model, addModel(c, model));
            job.kind = u"trial"_s;
            job.parameters = u"{}"_s;
            job.parametersHash = u"h"_s;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            return {};
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
    }
    Result<StageReport> run(const RawServer &server, bool streamed = true, const CancellationToken &token = {},
                            const QString &stage = u"write"_s)
    {
        LmRequest request;
        request.kind = LmRequest::Kind::Completion;
        request.prompt = u"prompt"_s;
        request.seed = 7;
        request.sampling.maxTokens = 8;
        FakeAccess access(server.url({}), "marker-key-123", 4);
        RunnerOptions options;
        if (streamed) {
            options.onText = [this](qint64 ordinal, const QString &text) {
                const std::lock_guard lock(mutex);
                if (ordinal == 0)
                    told << text;
            };
        }
        return runStage(JobServices{project, &transport, &access}, job.id, stage, model, {PlannedRequest{0, request}},
                        options, token, {});
    }
    qint64 count(const QString &condition)
    {
        return project
            ->readNow([&](Connection &c) { return c.value(u"SELECT count(*) FROM response WHERE "_s + condition); })
            ->toLongLong();
    }
    Reply reply()
    {
        const auto answers = stageAnswers(*project, job.id, u"write"_s);
        if (!answers || answers->size() != 1)
            qFatal("no answer");
        return *readReply(answers->first().path, answers->first().body);
    }
};

} // namespace

class TestStreamStage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAnswerIsToldWhileItComesAndStoredAsAPlainOne()
    {
        QByteArray asked;
        RawServer server([&](const RawServer::Call &call) {
            asked = call.body;
            call.send(streamHead + piece("I like"));
            call.pause(120);
            call.send(piece(" quiet"));
            call.pause(120);
            call.send(piece(" days") + lastPieces);
            return false;
        });
        Setting s;
        const auto report = s.run(server);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->asked, 1);
        QCOMPARE(report->promptTokens, 10);
        QCOMPARE(report->completionTokens, 3);
        QVERIFY(std::abs(*report->cost - 13e-6) < 1e-12);
        QVERIFY(asked.contains("\"stream\":true") && asked.contains("include_usage"));
        QCOMPARE(s.told, (QStringList{u"I like"_s, u"I like quiet"_s, u"I like quiet days"_s}));
        const Reply reply = s.reply();
        QCOMPARE(reply.text, u"I like quiet days"_s);
        QCOMPARE(reply.finishReason, u"stop"_s);
        // The stored request is the plain one, and answers it: streaming is no part of the key.
        const auto stored = s.project->readNow([](Connection &c) { return c.value(u"SELECT json FROM prompt"_s); });
        QVERIFY(stored && !stored->toString().contains(u"stream"_s));
        const auto again = s.run(server, false, {}, u"other"_s);
        QVERIFY(again);
        QCOMPARE(again->fromCache, 1);
        QCOMPARE(server.requests(), 1);
    }

    void anEndThatIsMissingIsEvidenceAndAskedAgain()
    {
        std::atomic<int> calls = 0;
        RawServer server([&](const RawServer::Call &call) {
            call.send(streamHead + piece("I like") + (++calls == 1 ? QByteArray() : piece(" days") + lastPieces));
            return false;
        });
        Setting s;
        const auto report = s.run(server);
        QVERIFY(report);
        QCOMPARE(report->asked, 1);
        QCOMPARE(server.requests(), 2);
        QCOMPARE(s.count(u"complete = 1 AND attempts = 2"_s), 1);
        QCOMPARE(s.count(u"complete = 0 AND status = 200 AND instr(body, 'I like') > 0"_s), 1);
        QCOMPARE(s.reply().text, u"I like days"_s);
    }

    void anErrorInTheMiddleIsWhatItWouldHaveBeenAsAStatus()
    {
        std::atomic<int> calls = 0;
        RawServer server([&](const RawServer::Call &call) {
            call.send(++calls == 1 ? streamHead + piece("I") +
                                         "data: {\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow\"}}\n\n"
                                   : streamHead + piece("Yes") + lastPieces);
            return false;
        });
        Setting s;
        QVERIFY(s.run(server));
        QCOMPARE(server.requests(), 2);
        RawServer closed([&](const RawServer::Call &call) {
            call.send(streamHead + "data: {\"error\":{\"type\":\"authentication_error\",\"message\":\"key\"}}\n\n");
            return false;
        });
        Setting other;
        const auto stopped = other.run(closed);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Authentication);
        QCOMPARE(closed.requests(), 1);
    }

    void aServerWithoutAnEndIsStopped()
    {
        RawServer server([&](const RawServer::Call &call) {
            call.send(streamHead);
            for (int i = 0; i < 20'000; ++i) {
                call.send(piece("more and more and more "));
                call.pause(1);
            }
            return false;
        });
        Setting s;
        const auto report = s.run(server);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->failed, 1);
        QCOMPARE(server.requests(), 1); // The same would come again.
        QVERIFY2(report->firstError.contains(u"writes on"_s), qPrintable(report->firstError));
        QCOMPARE(s.count(u"complete = 1"_s), 0);
        QCOMPARE(s.count(u"complete = 0 AND length(body) <= 4096"_s), 1);
    }

    void aServerThatDoesNotStreamIsUnderstood()
    {
        RawServer server([](const RawServer::Call &call) {
            const QByteArray body = "{\"choices\":[{\"text\":\"plain\",\"finish_reason\":\"stop\"}],\"usage\":{"
                                    "\"prompt_tokens\":10,\"completion_tokens\":3}}";
            call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                      QByteArray::number(body.size()) + "\r\n\r\n" + body);
            return true;
        });
        Setting s;
        const auto report = s.run(server);
        QVERIFY(report);
        QCOMPARE(s.reply().text, u"plain"_s);
        QVERIFY(s.told.isEmpty());
    }

    void aKeyThatTheServerRepeatsIsNotShown()
    {
        RawServer server([](const RawServer::Call &call) {
            call.send(streamHead + piece("your key is marker-"));
            call.pause(100);
            call.send(piece("key-123") + lastPieces);
            return false;
        });
        Setting s;
        QVERIFY(s.run(server));
        QVERIFY(!s.told.isEmpty());
        QCOMPARE(s.told.last(), u"your key is [key]"_s);
    }

    void stoppingEndsTheStream()
    {
        CancellationToken token;
        RawServer server([&token](const RawServer::Call &call) mutable {
            call.send(streamHead + piece("I"));
            token.cancel();
            call.pause(20'000);
            return false;
        });
        Setting s;
        QElapsedTimer clock;
        clock.start();
        const auto report = s.run(server, true, token);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QVERIFY(clock.elapsed() < 5000);
        QCOMPARE(s.count(u"complete = 1"_s), 0);
    }
};

QTEST_GUILESS_MAIN(TestStreamStage)
#include "tst_streamstage.moc"
