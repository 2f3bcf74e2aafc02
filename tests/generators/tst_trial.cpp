// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"

#include "../support/countingmodel.h"
#include "../support/fakeaccess.h"
#include "lm/curltransport.h"
#include "storage/repositories/models.h"

#include <QTemporaryDir>
#include <QTest>

#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// The pretend model, streaming when asked to.
ServerReply streamingModel(const ServerRequest &request)
{
    const json body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
    ServerReply reply = countingModel(request);
    if (!body.is_object() || !body.value("stream", false))
        return reply;
    const json whole = json::parse(reply.body.toStdString());
    const auto text = whole["choices"][0]["message"]["content"].get<std::string>();
    const auto event = [](const json &choices, const json &usage) {
        return "data: " + QByteArray::fromStdString(json{{"choices", choices}, {"usage", usage}}.dump()) + "\n\n";
    };
    reply.contentType = "text/event-stream";
    reply.body.clear();
    for (const std::string &part : {text.substr(0, 9), text.substr(9)})
        reply.body += event({{{"index", 0}, {"delta", {{"content", part}}}, {"finish_reason", nullptr}}}, nullptr);
    reply.body += event({{{"index", 0}, {"delta", json::object()}, {"finish_reason", "stop"}}}, nullptr);
    reply.body += event(json::array(), whole["usage"]) + "data: [DONE]\n\n";
    return reply;
}

struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
    CurlTransport transport;
    FakeAccess access;
    JobServices services{project, &transport, &access};

    Place(const QString &url, int inFlight) : access(url, {}, inFlight)
    {
        Model model;
        model.name = model.modelId = u"m"_s;
        model.baseUrl = url;
        if (!project->writeNow([model](Connection &c) { return addModel(c, model); }))
            qFatal("no model");
    }
};

GenerateSpec spec(qint64 count, qint64 seed)
{
    GenerateSpec s;
    s.recipe = *loadPreset(u"persona-yes-no"_s);
    s.recipe.writing().count = count;
    s.recipe.select.keepPerLabel = 2;
    s.recipe.seed = seed;
    s.dataset = u"set"_s;
    s.writer = s.checker = u"m"_s;
    return s;
}

} // namespace

class TestTrial : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsTold()
    {
        TestServer server(streamingModel);
        Place place(server.baseUrl(), 8);
        std::mutex mutex;
        QMap<std::pair<QString, qint64>, QString> told;
        const auto report =
            runTrial(place.services, spec(10, 1), 5, {}, {}, [&](const QString &label, qint64 sample, const QString &text) {
                const std::lock_guard lock(mutex);
                told[{label, sample}] = text;
            });
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(told.size(), 10);
        QCOMPARE(report->written().size(), size_t{10});
        for (const Draft &draft : report->written()) {
            QVERIFY(!draft.rawReply.isEmpty());
            QCOMPARE(told.value({draft.label, draft.sample}), draft.rawReply);
        }
        // The run itself finds the same answers, without streaming.
        const int before = server.requests();
        const auto run = generate(place.services, spec(5, 1), {}, {});
        QVERIFY(run);
        QCOMPARE(run->requests.asked, 0);
        QCOMPARE(server.requests(), before);
    }

    void aTrialGoesBeforeARunningJob()
    {
        std::mutex mutex;
        QByteArray order; // t: of the trial, j: of the job.
        TestServer server([&](const ServerRequest &request) {
            ServerReply reply = streamingModel(request);
            reply.delayMilliseconds = 30;
            const std::lock_guard lock(mutex);
            order += request.body.contains("very brave") ? 't' : 'j';
            return reply;
        });
        Place place(server.baseUrl(), 1);
        const auto served = [&] {
            const std::lock_guard lock(mutex);
            return order;
        };
        CancellationToken stop;
        std::thread job([&] { (void)generate(place.services, spec(200, 1), stop, {}); });
        while (served().size() < 3)
            QTest::qWait(5);
        GenerateSpec mine = spec(10, 2);
        mine.recipe.behaviour.description = u"is very brave"_s;
        const auto report = runTrial(place.services, mine, 4, {}, {});
        stop.cancel();
        job.join();
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const QByteArray all = served();
        const QByteArray during = all.mid(all.indexOf('t'), all.lastIndexOf('t') - all.indexOf('t') + 1);
        QVERIFY(during.count('t') >= 8 + 8);
        // Shared evenly every second one would be the job's.
        QVERIFY2(during.count('j') <= 5, during.constData());
    }
};

QTEST_GUILESS_MAIN(TestTrial)
#include "tst_trial.moc"
