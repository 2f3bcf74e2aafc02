// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/servercheck.h"
#include "lm/scheduler/endpointlimits.h"
#include "probesupport.h"
#include "rawserver.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// A llama.cpp server whose build can change, and whose pages can go.
class ChangingServer
{
public:
    std::atomic<int> build = 1, pages = 0, questions = 0;
    std::atomic<bool> pagesGone = false, listed = true;
    TestServer server{[this](const ServerRequest &request) { return answer(request); }};

private:
    ServerReply answer(const ServerRequest &request)
    {
        if (request.method == "GET") {
            ++pages;
            if (pagesGone)
                return refused(403, "not for you");
            if (request.path == "/v1/models") {
                return answered({{"data",
                                  {{{"id", listed ? "fake" : "other"}, {"owned_by", "llamacpp"}},
                                   {{"id", "third"}, {"owned_by", "llamacpp"}}}}});
            }
            return answered({{"build_info", "b" + std::to_string(build)}, {"model_path", "/models/x.gguf"}});
        }
        ++questions;
        return {200, completionBody(" yes")};
    }
};

struct Study
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    Model model;
    CurlTransport transport;
    FakeAccess access;
    JobServices services;

    explicit Study(const ChangingServer &server) : access(server.server.baseUrl())
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), {});
        model = *project->writeNow([](Connection &c) { return addModel(c, endpointModel("llama.cpp")); });
        services = {project, &transport, &access};
    }
    Status probe()
    {
        EVALWRIGHT_ASSIGN(const ProbeReport report, probeModel(services, model, {}));
        EVALWRIGHT_TRY(storeProbe(*project, model, report));
        return reload();
    }
    Status reload()
    {
        EVALWRIGHT_ASSIGN(model, project->readNow([](Connection &c) { return modelByName(c, u"fake"_s); }));
        return {};
    }
    /// A job of its own; `sample` makes its requests new ones.
    Result<StageReport> run(qint64 sample, QStringList *messages = nullptr)
    {
        Job job;
        job.kind = u"generate"_s;
        job.parameters = u"{}"_s;
        job.parametersHash = QString::number(sample);
        EVALWRIGHT_ASSIGN(job, project->writeNow([job](Connection &c) { return createJob(c, job); }));
        QList<PlannedRequest> planned;
        for (int i = 0; i < 20; ++i) {
            LmRequest request;
            request.kind = LmRequest::Kind::Completion;
            request.prompt = u"prompt"_s;
            request.sample = sample * 100 + i;
            planned << PlannedRequest{i, request};
        }
        RunnerOptions options;
        for (const char *stage : {"one", "two"}) {
            auto report = runStage(services, job.id, QString::fromLatin1(stage), model, planned, options, {},
                                   [messages](const JobProgress &p) {
                                       if (messages && !p.message.isEmpty())
                                           *messages << p.message;
                                   });
            if (!report || stage == std::string_view("two"))
                return report;
        }
        return failure(ErrorCode::Unknown, u"no stage"_s);
    }
};

} // namespace

class TestServerCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sameServerIsLookedAtOnceAJob()
    {
        ChangingServer server;
        Study study(server);
        const Status probed = study.probe();
        QVERIFY2(probed, probed ? "" : qPrintable(probed.error().text()));
        server.pages = 0;
        const auto report = study.run(1);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(server.pages.load(), 2); // models and props, for two stages of twenty requests.
        QVERIFY(study.run(2));
        QCOMPARE(server.pages.load(), 4);
        // Everything is answered already: nothing is asked, and nobody is looked at.
        QVERIFY(study.run(2));
        QCOMPARE(server.pages.load(), 4);
    }

    void anotherBuildStopsTheNextJob()
    {
        ChangingServer server;
        Study study(server);
        QVERIFY(study.probe());
        const QString before = study.model.fingerprint;
        QVERIFY(study.run(1));
        server.build = 2;
        server.questions = 0;
        const auto report = study.run(2);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::ServerChanged);
        const QString text = report.error().text();
        QVERIFY2(text.contains(u"build: b1 → b2"_s) && text.contains(u"model probe fake"_s), qPrintable(text));
        QCOMPARE(server.questions.load(), 0); // Nothing was sent.
        QVERIFY(study.reload());
        QCOMPARE(serverChange(study.model), u"build: b1 → b2"_s);
        QCOMPARE(study.model.fingerprint, before);
        // The probe knows the new one; answers of both stay apart.
        QVERIFY(study.probe());
        QVERIFY(serverChange(study.model).isEmpty());
        QVERIFY(study.model.fingerprint != before);
        server.questions = 0;
        QVERIFY(study.run(1));
        QCOMPARE(server.questions.load(), 20); // The same requests, asked again.
    }

    void aModelThatIsNotListedAnyMore()
    {
        ChangingServer server;
        Study study(server);
        QVERIFY(study.probe());
        server.listed = false;
        const auto report = study.run(1);
        QVERIFY(!report);
        QVERIFY2(report.error().message.contains(u"does not list"_s), qPrintable(report.error().text()));
    }

    void pagesThatCannotBeReadDoNotStopAJob()
    {
        ChangingServer server;
        Study study(server);
        QVERIFY(study.probe());
        server.pagesGone = true;
        QStringList messages;
        const auto report = study.run(1, &messages);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY2(messages.join(u'\n').contains(u"could not be told"_s), qPrintable(messages.join(u'\n')));
        const auto events = study.project->readNow([](Connection &c) {
            return c.value(u"SELECT count(*) FROM event_log WHERE kind = 'server'"_s);
        });
        QVERIFY2(events, events ? "" : qPrintable(events.error().text()));
        QCOMPARE(events->toInt(), 1);
    }

    void neverProbedIsNeverLookedAt()
    {
        ChangingServer server;
        Study study(server);
        QVERIFY(study.run(1));
        QCOMPARE(server.pages.load(), 0);
        const auto seen = lookAtServer(study.services, study.model, {});
        QVERIFY(seen);
        QVERIFY(seen->changes.isEmpty() && seen->warning.isEmpty());
    }

    void recordedServer()
    {
        const QString folder = QStringLiteral(EVALWRIGHT_TEST_DATA) + u"/endpoints/llama-server/"_s;
        const auto recorded = [folder](const QString &name) -> ServerReply {
            QFile file(folder + name);
            if (!file.open(QIODevice::ReadOnly))
                return refused(404, "no recording");
            const QByteArray text = file.readAll();
            return answered(json::parse(text.begin(), text.end()).at("response").at("body"));
        };
        TestServer server([&](const ServerRequest &request) -> ServerReply {
            if (request.path == "/v1/models")
                return recorded(u"v1-models.json"_s);
            if (request.path == "/props")
                return recorded(u"props.json"_s);
            if (request.path == "/v1/completions" && bodyOf(request).contains("echo"))
                return recorded(u"completions-echo.json"_s);
            return request.path == "/v1/completions" ? recorded(u"completions-logprobs.json"_s)
                                                     : recorded(u"chat-logprobs.json"_s);
        });
        CurlTransport transport;
        FakeAccess access(server.baseUrl());
        const auto report = probeModel({nullptr, &transport, &access}, endpointModel("llama.cpp"), {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const ServerIdentity &who = report->identity;
        QCOMPARE(who.server, u"llama.cpp"_s);
        QCOMPARE(who.model, u"SmolLM2-135M-Instruct.Q4_1.gguf"_s);
        QCOMPARE(who.file, u"SmolLM2-135M-Instruct.Q4_1.gguf"_s);
        QCOMPARE(who.quantisation, u"Q4_1"_s);
        QCOMPARE(who.parameters.value_or(0), 134515008.0);
        QCOMPARE(who.context.value_or(0), qint64{2048});
        QCOMPARE(who.templateHash.size(), 64);
        // The recorded server takes `echo` and ignores it.
        const ProbedCapability *echo = report->find(u"prompt_logprobs"_s);
        QVERIFY(echo && echo->value == false);
        QVERIFY2(echo->evidence.contains(u"ignored"_s), qPrintable(echo->evidence));
        // Answers that are the same whatever is asked prove no grammar, no choice and no token.
        for (const char *name : {"grammar", "guided_choice"})
            QVERIFY2(report->find(QString::fromLatin1(name))->value == false, name);
    }

    void differencesAreOfWhatBothKnow()
    {
        ServerIdentity a, b;
        a.build = u"1"_s;
        a.context = 2048;
        b.file = u"x.gguf"_s;
        QVERIFY(differences(a, b).isEmpty());
        b.build = u"2"_s;
        b.context = 4096;
        QCOMPARE(differences(a, b).size(), 2);
        QCOMPARE(differences(a, b, true).size(), 1); // The own engine's context is ours to choose.
        const auto read = ServerIdentity::fromJson(a.toJson());
        QVERIFY(read);
        QVERIFY(differences(a, *read).isEmpty());
        QCOMPARE(read->fingerprint(), a.fingerprint());
        QVERIFY(a.fingerprint() != b.fingerprint());
        QVERIFY(!ServerIdentity::fromJson(json("text")));
    }

    void theProbeKeepsTheEndpointsLimits()
    {
        // A gate that lets five requests a second pass: thirty questions of a probe take their time.
        ChangingServer server;
        Study study(server);
        study.model.requestsPerMinute = 600;
        QElapsedTimer clock;
        clock.start();
        const auto report = probeModel(study.services, study.model, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY2(clock.elapsed() >= 90 * (report->requests - 1),
                 qPrintable(u"%1 requests in %2 ms"_s.arg(report->requests).arg(clock.elapsed())));
    }

    void anEndlessPageIsCutOff()
    {
        std::atomic<qint64> sent = 0;
        RawServer server([&](const RawServer::Call &call) {
            call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"data\":[");
            const QByteArray piece(1 << 20, ' ');
            for (int i = 0; i < 32; ++i) {
                call.send(piece);
                sent += piece.size();
            }
            return false;
        });
        QVERIFY(server.works());
        CurlTransport transport;
        FakeAccess access(server.url({}));
        const JobServices services{nullptr, &transport, &access};
        Model model = endpointModel("openai");
        ServerIdentity known;
        known.build = u"b1"_s;
        model.capabilities =
            QString::fromStdString(json{{"identity", {{"value", known.toJson()}}}}.dump());
        const auto seen = lookAtServer(services, model, {});
        QVERIFY2(seen, seen ? "" : qPrintable(seen.error().text()));
        QVERIFY2(seen->warning.contains(u"more than"_s), qPrintable(seen->warning));
    }
};

QTEST_GUILESS_MAIN(TestServerCheck)
#include "tst_servercheck.moc"
