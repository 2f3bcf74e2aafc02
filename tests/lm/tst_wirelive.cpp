// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The dialects against a real server: llama.cpp's own paths, its imitation of Anthropic, and streams.
#include "lm/curltransport.h"
#include "lm/requestrunner.h"
#include "lm/standardaccess.h"
#include "lm/wire/exchange.h"
#include "lm/wire/streamassembly.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <future>
#include <memory>
#include <mutex>

using namespace evalwright;
using namespace Qt::StringLiterals;
using Kind = LmRequest::Kind;

class TestWireLive : public QObject
{
    Q_OBJECT

    std::unique_ptr<LocalEngine> m_engine;
    EnvironmentSecrets m_secrets;
    ModelConnection m_connection;
    Model m_model;
    CurlTransport m_transport;

    Result<HttpResponse> send(const Model &model, const WireRequest &wire)
    {
        std::promise<Result<HttpResponse>> promise;
        m_transport.send(wire::httpRequest(model, m_connection, wire), {},
                         [&](Result<HttpResponse> result) { promise.set_value(std::move(result)); });
        return promise.get_future().get();
    }
    Result<Reply> ask(const Model &model, const LmRequest &request, bool streamed = false)
    {
        EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(model, request));
        EVALWRIGHT_ASSIGN(const HttpResponse response, send(model, streamed ? wire::streaming(wire) : wire));
        if (response.status != 200)
            return failure(ErrorCode::ServerError, QString::fromUtf8(response.body));
        if (!streamed)
            return readReply(wire.path, response.body, request);
        if (!response.header("content-type").startsWith("text/event-stream"))
            return failure(ErrorCode::BadResponse, u"no stream"_s);
        EVALWRIGHT_ASSIGN(const QByteArray body, wire::assembled(wire.path, response.body));
        return readReply(wire.path, body, request);
    }
    static LmRequest of(Kind kind, const QString &prompt)
    {
        LmRequest request;
        request.kind = kind;
        request.prompt = prompt;
        request.turns = {{u"user"_s, prompt}};
        request.sampling.temperature = 0;
        request.sampling.maxTokens = 6;
        return request;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto entry = catalogueModel(u"small"_s, u"smollm2-135m"_s);
        QVERIFY(entry);
        if (!ggufPath(*entry))
            QSKIP("The local engine's default model is not installed (engine install).");
        auto settings = LocalEngineSettings::standard();
        QVERIFY(settings);
        m_engine = std::make_unique<LocalEngine>(std::move(*settings));
        m_model = *entry;
        auto connection = StandardAccess(m_engine.get(), &m_secrets).connect(m_model, {});
        QVERIFY2(connection, connection ? "" : qPrintable(connection.error().text()));
        m_connection = *connection;
    }
    void cleanupTestCase()
    {
        m_connection = {};
        m_engine.reset();
    }

    /// The exact score of a label: its tokens, forced, with the model's own probabilities.
    void forcedTokens()
    {
        const QString context = u"The capital of France is"_s, label = u" Paris, of course"_s;
        const auto before = ask(m_model, of(Kind::Tokenize, context)),
                   whole = ask(m_model, of(Kind::Tokenize, context + label));
        QVERIFY2(before, before ? "" : qPrintable(before.error().text()));
        QVERIFY(whole && whole->tokenIds.mid(0, before->tokenIds.size()) == before->tokenIds);
        const QList<qint64> ids = whole->tokenIds.mid(before->tokenIds.size());
        LmRequest request = of(Kind::NativeCompletion, QString());
        request.promptTokens = before->tokenIds;
        request.sampling.maxTokens = static_cast<int>(ids.size());
        request.topLogprobs = 1;
        request.slot = 0;
        QStringList forced;
        for (const qint64 id : ids)
            forced << u"<[%1]>"_s.arg(id);
        request.grammar = u"root ::= "_s + forced.join(u' ');
        const auto reply = ask(m_model, request);
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(reply->tokenIds, ids);
        QCOMPARE(reply->text, label);
        QCOMPARE(reply->tokens.size(), ids.size());
        QCOMPARE(reply->promptTokens, std::optional<qint64>(before->tokenIds.size()));
        QVERIFY(std::exp(reply->tokens.at(0).logprob) > 0.01);
    }
    void choicesHold()
    {
        LmRequest request = of(Kind::Chat, u"Say hello."_s);
        request.choices = QStringList{u"zq \"x\"\\"_s, u"qz"_s};
        const auto reply = ask(m_model, request);
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QVERIFY2(chosenText(reply->text, request.choices) || u"zq \"x\"\\"_s.startsWith(reply->text),
                 qPrintable(reply->text));
    }
    void templatesAreRendered()
    {
        LmRequest request = of(Kind::RenderTemplate, QString());
        request.turns = {{u"user"_s, u"Is it blue?"_s}, {u"assistant"_s, u"The answer is"_s}};
        const auto reply = ask(m_model, request);
        QVERIFY(reply);
        QVERIFY2(reply->rendered.contains(u"Is it blue?"_s) && reply->rendered.endsWith(u"The answer is"_s),
                 qPrintable(reply->rendered));
    }
    void anthropicShape()
    {
        Model model = m_model;
        model.kind = ModelKind::Endpoint;
        model.api = u"anthropic"_s;
        LmRequest request = of(Kind::Chat, u"Say hi"_s);
        request.turns.prepend({u"system"_s, u"You are terse."_s});
        const auto plain = ask(model, request), streamed = ask(model, request, true);
        QVERIFY2(plain, plain ? "" : qPrintable(plain.error().text()));
        QVERIFY2(streamed, streamed ? "" : qPrintable(streamed.error().text()));
        QVERIFY(!plain->text.isEmpty());
        QCOMPARE(streamed->text, plain->text);
        QCOMPARE(streamed->finishReason, plain->finishReason);
        QCOMPARE(streamed->promptTokens, plain->promptTokens);
        QCOMPARE(streamed->completionTokens, plain->completionTokens);
    }
    void streamsSayTheSame_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("chat") << static_cast<int>(Kind::Chat);
        QTest::newRow("completion") << static_cast<int>(Kind::Completion);
        QTest::newRow("native") << static_cast<int>(Kind::NativeCompletion);
    }
    void streamsSayTheSame()
    {
        QFETCH(int, kind);
        LmRequest request = of(static_cast<Kind>(kind), u"The capital of France is"_s);
        request.topLogprobs = 3;
        const auto plain = ask(m_model, request), streamed = ask(m_model, request, true);
        QVERIFY2(plain, plain ? "" : qPrintable(plain.error().text()));
        QVERIFY2(streamed, streamed ? "" : qPrintable(streamed.error().text()));
        QVERIFY(!plain->text.isEmpty());
        QCOMPARE(streamed->text, plain->text);
        QCOMPARE(streamed->finishReason, plain->finishReason);
        QCOMPARE(streamed->completionTokens, plain->completionTokens);
        QCOMPARE(plain->tokens.size(), qsizetype(6));
        QCOMPARE(streamed->tokens.size(), plain->tokens.size());
        for (qsizetype i = 0; i < plain->tokens.size(); ++i) {
            QCOMPARE(streamed->tokens.at(i).bytes, plain->tokens.at(i).bytes);
            QVERIFY(streamed->tokens.at(i).id && streamed->tokens.at(i).id == plain->tokens.at(i).id);
        }
        QCOMPARE(streamed->tokenIds, plain->tokenIds);
    }
    void aStageTellsItsTextAndKeepsAPlainAnswer()
    {
        const QTemporaryDir folder;
        const auto project = *Project::create(folder.filePath(u"p.evalwright"_s), {});
        Model model = m_model;
        Job job;
        QVERIFY(project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(model, addModel(c, model));
            job.kind = u"trial"_s;
            job.parameters = u"{}"_s;
            job.parametersHash = u"h"_s;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            return {};
        }));
        LmRequest request = of(Kind::Chat, u"Name three colours."_s);
        request.sampling.maxTokens = 40;
        std::mutex mutex;
        QStringList told;
        RunnerOptions options;
        options.onText = [&](qint64, const QString &text) {
            const std::lock_guard lock(mutex);
            told << text;
        };
        StandardAccess access(m_engine.get(), &m_secrets);
        const auto report = runStage(JobServices{project, &m_transport, &access}, job.id, u"write"_s, model,
                                     {PlannedRequest{0, request}}, options, {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const auto answers = stageAnswers(*project, job.id, u"write"_s);
        QVERIFY(answers && answers->size() == 1);
        const auto reply = readReply(answers->first().path, answers->first().body, request);
        QVERIFY(reply && !reply->text.isEmpty());
        QVERIFY(!told.isEmpty() && told.first().size() < reply->text.size());
        QVERIFY(reply->text.startsWith(told.last().trimmed()));
        QVERIFY(report->promptTokens > 0 && report->completionTokens > 0);
    }
    void aStreamCanBeLeft()
    {
        LmRequest request = of(Kind::Chat, u"Tell me a long story."_s);
        request.sampling.maxTokens = 1000;
        const auto wire = toWire(m_model, request);
        QVERIFY(wire);
        wire::StreamAssembly assembly(wire->path);
        QString shown;
        HttpRequest http = wire::httpRequest(m_model, m_connection, wire::streaming(*wire));
        http.onBody = [&](const QByteArray &bytes) {
            const auto piece = assembly.add(bytes);
            shown += piece.value_or(QString());
            return piece && shown.size() < 20;
        };
        std::promise<Result<HttpResponse>> promise;
        m_transport.send(http, {}, [&](Result<HttpResponse> result) { promise.set_value(std::move(result)); });
        const auto response = promise.get_future().get();
        QVERIFY2(response, response ? "" : qPrintable(response.error().text()));
        QVERIFY(response->stoppedEarly && shown.size() >= 20 && shown.size() < 400);
        QVERIFY(!assembly.finish()); // What is missing is not made up.
    }
};

QTEST_GUILESS_MAIN(TestWireLive)
#include "tst_wirelive.moc"
