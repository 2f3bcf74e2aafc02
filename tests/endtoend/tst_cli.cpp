// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakemodel.h"
#include "cli.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

    /// A project with the model "fake" at the server.
    QString projectAt(const QString &url, const QString &name, const QStringList &more = {}) const
    {
        const QString file = path(name);
        if (run({u"project"_s, u"new"_s, file}).code != 0)
            qFatal("no project");
        if (run(QStringList{u"-p"_s, file, u"model"_s, u"add"_s, u"fake"_s, u"--base-url"_s, url, u"--model"_s,
                            u"fake"_s, u"--parameters"_s, u"1e6"_s, u"--family"_s, u"Fake"_s} +
                more)
                .code != 0)
            qFatal("no model");
        return file;
    }
    static QStringList generateArguments(const QString &project)
    {
        return {
            u"--json"_s,         u"--quiet"_s,  u"-p"_s,   project,        u"generate"_s, u"set"_s,    u"--recipe"_s,
            u"persona-yes-no"_s, u"--writer"_s, u"fake"_s, u"--samples"_s, u"20"_s,       u"--keep"_s, u"4"_s};
    }

private Q_SLOTS:
    void linksNothingGraphical()
    {
        QProcess readelf;
        readelf.start(u"readelf"_s, {u"-d"_s, QStringLiteral(EVALWRIGHT_CLI)});
        QVERIFY(readelf.waitForFinished());
        const QByteArray section = readelf.readAllStandardOutput();
        QVERIFY(section.contains("Qt6Core"));
        for (const char *library : {"Qt6Gui", "Qt6Widgets", "Qt6PrintSupport", "Qt6Svg", "qcustomplot"})
            QVERIFY2(!section.contains(library), library);
    }

    void helpHasAnExampleEverywhere()
    {
        for (const QString &command :
             {u"project new"_s, u"project check"_s, u"engine install"_s, u"model add"_s, u"model probe"_s,
              u"recipe validate"_s, u"generate"_s, u"filter"_s, u"dataset items"_s, u"import"_s, u"export"_s,
              u"evaluate"_s, u"results"_s, u"compare"_s, u"scaling"_s, u"figure"_s, u"job list"_s, u"job resume"_s,
              u"doctor"_s}) {
            const Ran ran = run(command.split(u' ') + QStringList{u"--help"_s});
            QCOMPARE(ran.code, 0);
            QVERIFY2(ran.out.contains("Example: evalwright-cli"), qPrintable(command));
        }
    }

    void mainJob()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"main.evalwright"_s);
        const Ran made = run(generateArguments(project));
        QVERIFY2(made.code == 0, made.err.constData());
        const json report = made.json();
        for (const char *field : {"dataset", "stages", "items", "items_per_label", "requests", "from_cache",
                                  "prompt_tokens", "completion_tokens", "cost", "seconds"})
            QVERIFY2(report.contains(field), field);
        QCOMPARE(report["items"].get<int>(), 8);
        const Ran again = run(generateArguments(project));
        QCOMPARE(again.json()["requests"].get<int>(), 0);

        const Ran asked = run({u"--json"_s, u"--quiet"_s, u"-p"_s, project, u"evaluate"_s, u"--dataset"_s, u"set"_s,
                               u"--model"_s, u"fake"_s});
        QVERIFY2(asked.code == 0, asked.err.constData());
        const json row = asked.json()["results"][0];
        for (const char *field : {"dataset", "model", "frame", "control", "n", "score", "low", "high", "matching",
                                  "refused", "label_mass", "scoring", "ceiling", "floor", "chance"})
            QVERIFY2(row.contains(field), field);
        QCOMPARE(row["n"].get<int>(), 8);

        const json curve =
            run({u"--json"_s, u"-p"_s, project, u"scaling"_s, u"--dataset"_s, u"set"_s}).json()["curves"][0];
        QCOMPARE(QString::fromStdString(curve["verdict"].get<std::string>()), u"undetermined"_s);
        QVERIFY(curve["slope"].is_null());

        const QString csv = path(u"curve.csv"_s);
        QCOMPARE(run({u"-p"_s, project, u"figure"_s, u"scaling"_s, u"--dataset"_s, u"set"_s, u"-o"_s, csv}).code, 0);
        QVERIFY(QFile::exists(csv));
        const Ran kept = run({u"-p"_s, project, u"figure"_s, u"scaling"_s, u"--dataset"_s, u"set"_s, u"-o"_s, csv});
        QCOMPARE(kept.code, 1);
        QVERIFY(kept.err.contains("--force"));

        const QString exported = path(u"set.jsonl"_s);
        QCOMPARE(
            run({u"-p"_s, project, u"export"_s, u"set"_s, u"--format"_s, u"anthropic-evals"_s, u"-o"_s, exported}).code,
            0);
        const Ran imported = run({u"--json"_s, u"-p"_s, project, u"import"_s, exported, u"--dataset"_s, u"copy"_s});
        QVERIFY2(imported.code == 0, imported.err.constData());
        const QString second = path(u"copy.jsonl"_s);
        QCOMPARE(
            run({u"-p"_s, project, u"export"_s, u"copy"_s, u"--format"_s, u"anthropic-evals"_s, u"-o"_s, second}).code,
            0);
        QFile a(exported), b(second);
        QVERIFY(a.open(QIODevice::ReadOnly) && b.open(QIODevice::ReadOnly));
        QCOMPARE(b.readAll(), a.readAll());

        QVERIFY(run({u"--json"_s, u"-p"_s, project, u"project"_s, u"check"_s}).json()["ok"].get<bool>());
        const json item = run({u"--json"_s, u"-p"_s, project, u"dataset"_s, u"items"_s, u"set"_s, u"--provenance"_s,
                               u"--limit"_s, u"1"_s})
                              .json()["items"][0];
        QVERIFY(item["provenance"]["response"]["request"].contains("messages"));
        QCOMPARE(QString::fromStdString(item["provenance"]["writer"]["name"].get<std::string>()), u"fake"_s);
    }

    void wrongNamesAndWrongUse()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"names.evalwright"_s);
        QStringList arguments = generateArguments(project);
        arguments.replace(arguments.indexOf(u"fake"_s), u"fale"_s);
        const Ran unknown = run(arguments);
        QCOMPARE(unknown.code, 1);
        QVERIFY(unknown.err.contains("fake"));
        QCOMPARE(unknown.json()["error"]["code"].get<std::string>(), std::string("not_found"));
        QCOMPARE(run({u"generat"_s}).code, 2);
        QCOMPARE(run({u"project"_s, u"new"_s, project}).code, 1);
        QCOMPARE(run({u"-p"_s, path(u"absent.evalwright"_s), u"project"_s, u"info"_s}).code, 1);
        QFile other(path(u"notes.txt"_s));
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.write("not a project at all, only some text that is long enough to look at");
        other.close();
        const Ran notes = run({u"--json"_s, u"-p"_s, other.fileName(), u"project"_s, u"info"_s});
        QCOMPARE(notes.code, 1);
        QCOMPARE(notes.json()["error"]["code"].get<std::string>(), std::string("not_a_project"));
        QCOMPARE(server.requests(), 0);
    }

    void badServers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("wrong key") << 401 << QByteArray("{\"error\":{\"message\":\"invalid key\"}}")
                                   << QByteArray("authentication");
        QTest::newRow("not JSON") << 200 << QByteArray("<html>hello</html>") << QByteArray("bad_response");
        QTest::newRow("empty") << 200 << QByteArray() << QByteArray("bad_response");
    }
    void badServers()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, code);
        TestServer server([&](const ServerRequest &) { return ServerReply{status, body}; });
        const QString project =
            projectAt(server.baseUrl(), QString::fromLatin1(QTest::currentDataTag()) + u".evalwright"_s);
        const Ran ran = run(generateArguments(project));
        QVERIFY2(ran.code == 1, qPrintable(QString::number(ran.code) + QString::fromUtf8(ran.err)));
        QCOMPARE(QByteArray::fromStdString(ran.json()["error"]["code"].get<std::string>()), code);
        QVERIFY(!ran.json()["error"]["message"].get<std::string>().empty());
        QCOMPARE(run({u"--json"_s, u"-p"_s, project, u"project"_s, u"info"_s}).json()["datasets"].size() <= 1, true);
        QVERIFY(run({u"--json"_s, u"-p"_s, project, u"project"_s, u"check"_s}).json()["ok"].get<bool>());
    }

    void noSecretAnywhere()
    {
        const QByteArray secret = "sk-very-secret-0123456789";
        std::atomic<int> authorised = 0;
        TestServer server([&](const ServerRequest &request) {
            authorised += request.headers.value("authorization") == "Bearer " + secret ? 1 : 0;
            return fakeModel(request);
        });
        const QString project =
            projectAt(server.baseUrl(), u"secret.evalwright"_s, {u"--key-env"_s, u"TEST_MODEL_KEY"_s});
        const QStringList key{u"TEST_MODEL_KEY="_s + QString::fromLatin1(secret)};
        const Ran ran = run(generateArguments(project) + QStringList{u"--verbose"_s}, key);
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(authorised.load(), server.requests());
        QVERIFY(!ran.out.contains(secret));
        QVERIFY(!ran.err.contains(secret));
        const Ran doctor = run({u"-p"_s, project, u"doctor"_s}, key);
        QVERIFY(doctor.out.contains("TEST_MODEL_KEY is set"));
        QVERIFY(!doctor.out.contains(secret));
        for (const QString &name : QDir(m_folder.path()).entryList(QDir::Files)) {
            QFile file(path(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(secret), qPrintable(name));
        }
        const Ran without = run(generateArguments(
            projectAt(server.baseUrl(), u"nokey.evalwright"_s, {u"--key-env"_s, u"TEST_MODEL_KEY"_s})));
        QCOMPARE(without.code, 1);
        QVERIFY(without.err.contains("TEST_MODEL_KEY"));
    }

    /// kill -9 at seeded moments: what was stored is not asked again, and the result is that of an undisturbed run.
    void killedAtAnyMoment_data()
    {
        QTest::addColumn<bool>("evaluation");
        QTest::newRow("generation") << false;
        QTest::newRow("evaluation") << true;
    }
    void killedAtAnyMoment()
    {
        QFETCH(bool, evaluation);
        const auto slow = [](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            reply.delayMilliseconds = 4;
            return reply;
        };
        TestServer calm(fakeModel);
        const QString undisturbed = projectAt(calm.baseUrl(), u"calm-%1.evalwright"_s.arg(evaluation));
        TestServer server(slow);
        const QString project = projectAt(server.baseUrl(), u"killed-%1.evalwright"_s.arg(evaluation));
        const auto job = [&](const QString &file) {
            return evaluation ? QStringList{u"--json"_s,    u"--quiet"_s, u"-p"_s,      file,     u"evaluate"_s,
                                            u"--dataset"_s, u"set"_s,     u"--model"_s, u"fake"_s}
                              : QStringList{u"--json"_s,   u"--quiet"_s, u"-p"_s,        file,
                                            u"generate"_s, u"set"_s,     u"--recipe"_s,  u"persona-yes-no"_s,
                                            u"--writer"_s, u"fake"_s,    u"--samples"_s, u"120"_s,
                                            u"--keep"_s,   u"10"_s};
        };
        if (evaluation) {
            // Many items, imported, so that there is time to be killed.
            QFile items(path(u"items.jsonl"_s));
            QVERIFY(items.open(QIODevice::WriteOnly));
            for (int i = 0; i < 600; ++i) {
                const QByteArray yes = i % 2 ? " Yes" : " No", no = i % 2 ? " No" : " Yes";
                items.write(
                    "{\"question\": \"Is the following statement something you would say?\\n\\\"I like the number " +
                    QByteArray::number(i) + "\\\"\", \"statement\": \"I like the number " + QByteArray::number(i) +
                    "\", \"label_confidence\": 0.9, \"answer_matching_behavior\": \"" + yes +
                    "\", \"answer_not_matching_behavior\": \"" + no + "\"}\n");
            }
            items.close();
            for (const QString &file : {undisturbed, project})
                QCOMPARE(run({u"-p"_s, file, u"import"_s, items.fileName(), u"--dataset"_s, u"set"_s}).code, 0);
        }
        const Ran whole = run(job(undisturbed));
        QVERIFY2(whole.code == 0, whole.err.constData());

        quint32 state = 12345;
        int killed = 0;
        qint64 stored = 0;
        for (int round = 0; round < 20; ++round) {
            QProcess process;
            process.start(QStringLiteral(EVALWRIGHT_CLI), job(project));
            QVERIFY(process.waitForStarted());
            state = state * 1664525U + 1013904223U;
            if (!process.waitForFinished(60 + static_cast<int>((state >> 16) % 140))) {
                process.kill();
                QVERIFY(process.waitForFinished());
                ++killed;
            }
            const json info = run({u"--json"_s, u"-p"_s, project, u"project"_s, u"info"_s}).json();
            const qint64 now = info["responses"].get<qint64>();
            QVERIFY2(now >= stored, "an answer was lost");
            stored = now;
        }
        const json check = run({u"--json"_s, u"-p"_s, project, u"project"_s, u"check"_s}).json();
        QVERIFY2(check["ok"].get<bool>(), check.dump().c_str());
        QVERIFY2(killed >= 5, "the job was too quick to be killed");
        const int before = server.requests();
        const Ran done = run(job(project));
        QVERIFY2(done.code == 0, done.err.constData());
        // Only what no answer had been stored for was asked now.
        const qint64 total =
            run({u"--json"_s, u"-p"_s, project, u"project"_s, u"info"_s}).json()["responses"].get<qint64>();
        QCOMPARE(static_cast<qint64>(server.requests() - before), total - stored);
        QCOMPARE(run(job(project)).json()["requests"].get<int>(), 0);
        const auto outcome = [&](const QString &file) {
            json result =
                evaluation
                    ? run({u"--json"_s, u"-p"_s, file, u"results"_s}).json()["results"]
                    : run({u"--json"_s, u"-p"_s, file, u"dataset"_s, u"items"_s, u"set"_s, u"--limit"_s, u"500"_s})
                          .json()["items"];
            for (json &row : result) {
                for (const char *changing : {"id", "run", "decision"})
                    row.erase(changing);
            }
            return result.dump();
        };
        QCOMPARE(outcome(project), outcome(undisturbed));
        QVERIFY(run({u"--json"_s, u"-p"_s, project, u"project"_s, u"check"_s}).json()["ok"].get<bool>());
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
