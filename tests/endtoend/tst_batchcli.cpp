// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/batchserver.h"
#include "../support/fakebatches.h"
#include "cli.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QStringList key{u"BATCH_TEST_KEY=marker-key-123"_s};

/// A project with the data set "d" of 12 items and the model "fake" at the server.
struct Place
{
    QTemporaryDir folder;
    QString file = folder.filePath(u"p.evalwright"_s);
    BatchServer server{BatchService::OpenAi};

    Place()
    {
        server.setModel(fakeModel);
        QList<QByteArray> items;
        for (int i = 0; i < 12; ++i) {
            const json item{{"question", "Is number " + std::to_string(i) + " right?"},
                            {"statement", "number " + std::to_string(i)},
                            {"label_confidence", 0.9},
                            {"answer_matching_behavior", i % 2 == 0 ? " Yes" : " No"},
                            {"answer_not_matching_behavior", i % 2 == 0 ? " No" : " Yes"}};
            items << QByteArray::fromStdString(item.dump()) + '\n';
        }
        const QString source = folder.filePath(u"d.jsonl"_s);
        writeLines(source, items);
        if (!makeProject(file, server.baseUrl(),
                         {u"--key-env"_s, u"BATCH_TEST_KEY"_s, u"--price-in"_s, u"1"_s, u"--price-out"_s, u"2"_s}) ||
            run(onProject(file, u"import %1"_s.arg(source))).code != 0)
            qFatal("the project was not made");
    }
    Ran evaluate(const QString &more)
    {
        return run(onProject(file, u"evaluate --dataset d --model fake "_s + more), key);
    }
    json batches() { return run(onProject(file, u"job batches"_s)).json()["batches"]; }
    qint64 answered()
    {
        return evaluate(u"--dry-run"_s).json()["already_answered"].get<qint64>();
    }
    /// Runs until the server has got `times` of these requests, then kills.
    void killAfter(const QString &command, const QByteArray &method, const QByteArray &path, int times)
    {
        QProcess process;
        Surroundings around;
        around.environment = key;
        prepare(process, around);
        process.start(around.program, onProject(file, command));
        QElapsedTimer timer;
        timer.start();
        while (server.requestsTo(method, path) < times && timer.elapsed() < 30'000)
            QTest::qWait(10);
        process.kill();
        process.waitForFinished();
        QVERIFY(server.requestsTo(method, path) >= times);
        QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    }
};

} // namespace

/// Jobs by batches as people run them: commands, exit statuses, JSON, and kills.
class TestBatchCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filesAreWrittenAndCollected()
    {
        Place place;
        const QString folder = place.folder.filePath(u"out"_s);
        const Ran written = place.evaluate(u"--delivery files --batch-folder %1 --batch-requests 5"_s.arg(folder));
        QCOMPARE(written.code, 0);
        QCOMPARE(written.json()["state"], "waiting");
        QCOMPARE(written.json()["batches"].size(), 3);
        QStringList results;
        for (const json &batch : place.batches()) {
            QCOMPARE(batch["state"], "written");
            const QString file = QString::fromStdString(batch["file"].get<std::string>());
            QVERIFY(file.startsWith(folder));
            results << file + u".out"_s;
            writeLines(results.last(), runBatchElsewhere(file));
        }
        const Ran first = run(onProject(place.file, u"job collect %1 %1"_s.arg(results[0])));
        QCOMPARE(first.code, 0);
        QCOMPARE(first.json()["matched"], 2);
        QCOMPARE(first.json()["duplicates"], 2);
        const QString command = u"import --format openai-batch-output %1"_s;
        const Ran rest = run(onProject(place.file, command.arg(results.join(u' '))));
        QCOMPARE(rest.code, 0);
        QCOMPARE(rest.json()["matched"], 10);
        const Ran done = run(onProject(place.file, u"job resume"_s), key);
        QCOMPARE(done.code, 0);
        QCOMPARE(done.json()["state"], "done");
        QCOMPARE(done.json()["results"][0]["answered"], 12);
        QCOMPARE(place.server.requestsTo("POST", "/"), 0);
        QCOMPARE(run(onProject(place.file, u"project check"_s)).code, 0);
        // A file of somebody else.
        writeLines(folder + u"/alien.jsonl"_s,
                   {"{\"custom_id\":\"alien\",\"response\":{\"status_code\":200,\"body\":{}}}\n"});
        const Ran alien = run(onProject(place.file, u"job collect %1/alien.jsonl"_s.arg(folder)));
        QCOMPARE(alien.code, 3);
        QCOMPARE(alien.json()["unknown"], 1);
        QVERIFY(QFile::exists(QString::fromStdString(alien.json()["problem_file"].get<std::string>())));
    }

    void sentAndPolled()
    {
        Place place;
        const Ran plan = place.evaluate(u"--dry-run --delivery batch --batch-price-factor 0.5"_s);
        QCOMPARE(plan.json()["batch_cost"].get<double>(), plan.json()["cost"].get<double>() / 2);
        QVERIFY(place.evaluate(u"--dry-run --delivery batch"_s).json()["batch_cost"].is_null());
        Ran ran = place.evaluate(u"--delivery batch"_s);
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json()["state"], "waiting");
        QCOMPARE(place.batches()[0]["state"], "sent");
        QVERIFY(!place.batches()[0]["next_poll_at"].is_null());
        QVERIFY(place.batches()[0]["price_factor"].is_null());
        for (int i = 0; i < 6 && ran.json()["state"] == "waiting"; ++i)
            ran = run(onProject(place.file, u"job resume"_s), key);
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json()["state"], "done");
        QVERIFY(ran.json()["cost"].is_null()); // No factor: unknown, not 0.
        QCOMPARE(place.server.batches(), 1);
    }

    /// Between the creation at the provider and its storing.
    void killedWhileSending()
    {
        Place place;
        BatchServer::Fault silent{"POST", "/v1/batches", {}, true};
        silent.reply.never = true;
        place.server.add(silent);
        place.killAfter(u"evaluate --dataset d --model fake --delivery batch"_s, "POST", "/v1/batches", 1);
        QCOMPARE(place.server.batches(), 1);
        QCOMPARE(place.batches()[0]["state"], "sending");
        Ran ran = run(onProject(place.file, u"job resume"_s), key);
        for (int i = 0; i < 6 && ran.json()["state"] == "waiting"; ++i)
            ran = run(onProject(place.file, u"job resume"_s), key);
        QCOMPARE(ran.json()["state"], "done");
        QCOMPARE(place.server.batches(), 1);
        QCOMPARE(place.server.files(), 1);
    }

    /// In the middle of fetching the results.
    void killedWhileFetching()
    {
        Place place;
        Ran ran = place.evaluate(u"--delivery batch"_s);
        for (int i = 0; i < 3; ++i) // The server's batch takes a step with every look.
            ran = run(onProject(place.file, u"job resume"_s), key);
        BatchServer::Fault silent{"GET", "/content", {}, true};
        silent.reply.never = true;
        place.server.add(silent);
        place.killAfter(u"job resume"_s, "GET", "/content", 1);
        QVERIFY(place.answered() <= 1);
        ran = run(onProject(place.file, u"job resume"_s), key);
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json()["state"], "done");
        QCOMPARE(place.server.batches(), 1);
        QCOMPARE(place.answered(), 12);
    }

    void waitingCanBeStopped()
    {
        Place place;
        QProcess process;
        Surroundings around;
        around.environment = key;
        prepare(process, around);
        const QString command = u"evaluate --dataset d --model fake --delivery batch --wait"_s;
        process.start(around.program, QStringList{u"-p"_s, place.file} + QProcess::splitCommand(command));
        QByteArray said;
        QElapsedTimer timer;
        timer.start();
        while (!said.contains("looked at again") && timer.elapsed() < 30'000) {
            process.waitForReadyRead(100);
            said += process.readAllStandardError();
        }
        QVERIFY2(said.contains("looked at again"), said.constData());
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 130);
        const json jobs = run(onProject(place.file, u"job list"_s)).json()["jobs"];
        QCOMPARE(jobs[0]["state"], "waiting");
    }

    void generationGoesStageByStage()
    {
        Place place;
        const QString command = u"generate set --recipe persona-yes-no --writer fake --samples 20 --keep 4"_s;
        QTemporaryDir other;
        const QString live = other.filePath(u"live.evalwright"_s);
        QVERIFY(makeProject(live, place.server.baseUrl(), {u"--key-env"_s, u"BATCH_TEST_KEY"_s}));
        QCOMPARE(run(onProject(live, command), key).code, 0);
        Ran ran = run(onProject(place.file, command + u" --delivery batch"_s), key);
        QCOMPARE(ran.json()["state"], "waiting");
        for (int i = 0; i < 12 && ran.json()["state"] == "waiting"; ++i)
            ran = run(onProject(place.file, u"job resume"_s), key);
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json()["state"], "done");
        QCOMPARE(place.server.batches(), 2); // Writing, then checking.
        const auto exported = [](const QString &file) {
            const QString exporting = u"export set --format anthropic-evals -o -"_s;
            return run(QStringList{u"-p"_s, file} + QProcess::splitCommand(exporting)).out;
        };
        QVERIFY(!exported(live).isEmpty());
        QCOMPARE(exported(place.file), exported(live));
    }

    void whatCannotBeBatchedSaysSo()
    {
        Place place;
        const Ran exact = place.evaluate(u"--delivery batch --scoring sampled --budget 1 --delivery files"_s);
        QVERIFY(exact.code != 0);
        const Ran budget = place.evaluate(u"--delivery files --budget 1"_s);
        QCOMPARE(budget.code, 1);
        QCOMPARE(budget.errorCode(), "invalid_input");
        QCOMPARE(run(onProject(place.file, u"job batch 1"_s)).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestBatchCli)
#include "tst_batchcli.moc"
