// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakemodel.h"
#include "cli.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// What the command line says: wrong use in plain words, one number of items, and no line twice.
class TestCliWords : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString project(const TestServer &server, const QString &name) const
    {
        const QString file = path(name);
        if (!makeProject(file, server.baseUrl(), {u"--parameters"_s, u"135e6"_s, u"--family"_s, u"Fake"_s}))
            qFatal("no project");
        return file;
    }

private Q_SLOTS:
    void wrongUseSaysWhatIsKnown_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const QString &command, const QStringList &words) {
            QTest::newRow(qPrintable(command)) << command << words;
        };
        row(u"bogus"_s, {u"There is no command “bogus”"_s, u"generate"_s});
        row(u"generat"_s, {u"There is no command “generat”"_s, u"Nearest names: generate"_s});
        row(u"project nwe"_s, {u"There is no command “project nwe”"_s, u"new"_s});
        row(u"-p some.evalwright evalute"_s, {u"There is no command “evalute”"_s, u"Nearest names: evaluate"_s});
        row(u"evaluate --dataset d --model m --frame nope"_s, {u"no frame “nope”"_s, u"auto, chat, ha, bare"_s});
        row(u"evaluate --dataset d --model m --scoring exactly"_s, {u"“exactly”"_s, u"auto, exact, forced, first-token, sampled"_s});
        row(u"evaluate --dataset d --model m --control swapped"_s, {u"no control “swapped”"_s, u"none, no-biography"_s});
        row(u"evaluate --dataset d --model m --limit -1"_s, {u"a whole number from 1 to 1,000,000,000"_s});
        row(u"evaluate --dataset d --model m --limit 99999999999999999999"_s,
            {u"a whole number from 1 to 1,000,000,000, not 99999999999999999999"_s});
        row(u"evaluate --dataset d --model m --limit 1.5"_s, {u"a whole number"_s});
        row(u"evaluate --dataset d --model m --budget nan"_s, {u"a sum of money"_s});
        row(u"evaluate --dataset d --model m --budget -1"_s, {u"a sum of money"_s});
        row(u"generate d --recipe persona-yes-no --writer m --budget inf"_s, {u"a sum of money"_s});
        row(u"generate d --recipe persona-yes-no --writer m --samples 0"_s, {u"a whole number from 1 to 1,000,000"_s});
        row(u"generate d --recipe persona-yes-no --writer m --samples 1000001"_s,
            {u"a whole number from 1 to 1,000,000"_s});
        row(u"dataset items d --limit 99999999999999999999"_s, {u"a whole number from 0"_s});
        row(u"job resume --budget nan"_s, {u"a sum of money"_s});
    }
    void wrongUseSaysWhatIsKnown()
    {
        QFETCH(QString, command);
        QFETCH(QStringList, words);
        const Ran ran = run(QStringList{u"--json"_s} + QProcess::splitCommand(command));
        QCOMPARE(ran.code, 2);
        QCOMPARE(ran.errorCode(), std::string("invalid_input"));
        for (const QString &word : words)
            QVERIFY2(QString::fromUtf8(ran.err).contains(word), ran.err.constData());
        QVERIFY2(ran.err.size() < 600, ran.err.constData()); // No number of 300 digits.
    }

    void systemTexts()
    {
        TestServer server(fakeModel);
        const QString file = project(server, u"systems.evalwright"_s);
        QVERIFY(run(generateInto(file)).code == 0);
        const QString evaluate = u"evaluate --dataset set --model fake "_s;
        for (const auto &[options, word] :
             {std::pair(u"--system nothing"_s, "names no system text"), std::pair(u"--system =text"_s, "names no system text"),
              std::pair(u"--system kind=@absent.txt"_s, "cannot be read"), std::pair(u"--system Kind=text"_s, "cannot name"),
              std::pair(u"--system kind=one --system kind=two"_s, "given twice"),
              std::pair(u"--frame chat+kind"_s, "no system text “kind”")}) {
            const Ran ran = run(onProject(file, evaluate + options));
            QCOMPARE(ran.code, 1);
            QVERIFY2(ran.err.contains(word), ran.err.constData());
        }
        const int before = server.requests();
        const Ran plan = run({u"-p"_s, file, u"evaluate"_s, u"--dataset"_s, u"set"_s, u"--model"_s, u"fake"_s, u"--system"_s,
                              u"kind=Be kind."_s, u"--dry-run"_s});
        QCOMPARE(plan.code, 0);
        QVERIFY2(plan.out.contains("chat+kind") && plan.out.contains("Be kind."), plan.out.constData());
        QCOMPARE(server.requests(), before);
        QCOMPARE(run(onProject(file, evaluate + u"--system kind=text"_s)).code, 0);
        const Ran other = run(onProject(file, evaluate + u"--system kind=other"_s));
        QCOMPARE(other.code, 1);
        QVERIFY2(other.err.contains("stands for another system text"), other.err.constData());
        QCOMPARE(run(onProject(file, evaluate + u"--frame chat+kind"_s)).code, 0); // The project knows it.
    }

    void wrongFiltersAreWrongUse()
    {
        TestServer server(fakeModel);
        const QString file = project(server, u"filters.evalwright"_s);
        QVERIFY(run(generateInto(file)).code == 0);
        for (const auto &[where, word] :
             {std::pair(u"xyz:1"_s, "state, label, reason"), std::pair(u"state:odd"_s, "kept"),
              std::pair(u"reason:other"_s, "over-quota")}) {
            const Ran ran = run(onProject(file, u"dataset items set --where "_s + where));
            QVERIFY2(ran.code == 2, qPrintable(where));
            QCOMPARE(ran.errorCode(), std::string("invalid_input"));
            QVERIFY2(ran.err.contains(word), ran.err.constData());
        }
        QCOMPARE(run(onProject(file, u"dataset items set --where reason:over-quota"_s)).code, 0);
        // A name that is not found is no wrong use.
        QCOMPARE(run(onProject(file, u"dataset items nothing --where xyz:1"_s)).code, 1);
    }

    void aMillionSamplesArePlannedAtOnce()
    {
        TestServer server(fakeModel);
        const QString file = project(server, u"million.evalwright"_s);
        QElapsedTimer timer;
        timer.start();
        const Ran ran = run(onProject(
            file, u"generate set --recipe persona-yes-no --writer fake --samples 1000000 --keep 4 --dry-run"_s));
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.json()["write_requests"].get<qint64>(), 2'000'000);
        QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(run(generateInto(file)).code == 0);
        const json known = run(generateInto(file, 1000) + QStringList{u"--dry-run"_s}).json();
        QCOMPARE(known["already_answered"].get<int>(), 40);
    }

    void oneCtrlCEndsALargePlan()
    {
        TestServer server([](const ServerRequest &) {
            ServerReply reply;
            reply.never = true;
            return reply;
        });
        const QString file = project(server, u"large.evalwright"_s);
        QProcess process;
        prepare(process, {});
        process.start(QStringLiteral(EVALWRIGHT_CLI), generateInto(file, 1'000'000));
        QVERIFY(process.waitForStarted());
        QTest::qWait(1'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitCode(), 130);
    }

    /// A set's own export, imported into it, adds nothing; other rows do, and were not asked for.
    void knownRowsAreDuplicates()
    {
        TestServer server(fakeModel);
        const QString file = project(server, u"known.evalwright"_s), own = path(u"own.jsonl"_s);
        QVERIFY(run(generateInto(file)).code == 0);
        QVERIFY(run(onProject(file, u"export set --format anthropic-evals -o "_s + own)).code == 0);
        QFile exported(own);
        QVERIFY(exported.open(QIODevice::ReadWrite));
        QByteArray rows = exported.readAll();
        rows.replace("\"statement\": \"I", "\"statement\": \"  I"); // The same words, other bytes.
        exported.resize(0);
        exported.seek(0);
        exported.write(rows + '\n');
        exported.close();
        const json first = run(onProject(file, u"import %1 --dataset set"_s.arg(own))).json()["files"][0];
        QCOMPARE(first["imported"].get<int>(), 0);
        QCOMPARE(first["duplicates"].get<int>(), 8);
        const QString other = QStringLiteral(EVALWRIGHT_TEST_DATA "/persona/published-style.jsonl");
        const json second = run(onProject(file, u"import %1 --dataset set"_s.arg(other))).json()["files"][0];
        QVERIFY(second["imported"].get<int>() > 0);
        const json funnel = run(onProject(file, u"filter set --keep 4"_s)).json();
        QCOMPARE(funnel["stages"][0]["in"].get<int>(), 40);
    }

    /// Rows imported while a generation is interrupted do not take the places of what it is still to write.
    void importsLeaveRoomForSamples()
    {
        std::atomic<bool> broken = true;
        TestServer server([&broken](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            if (broken && request.number > 8) {
                reply.status = 401;
                reply.body = "{}";
            }
            return reply;
        });
        const QString file = project(server, u"room.evalwright"_s), whole = path(u"whole.evalwright"_s);
        run(generateInto(file));
        QVERIFY(run(onProject(file, u"import %1 --dataset set"_s.arg(
                                        QStringLiteral(EVALWRIGHT_TEST_DATA "/persona/published-style.jsonl"))))
                    .code == 0);
        broken = false;
        const Ran done = run(generateInto(file));
        QVERIFY2(done.code == 0, done.err.constData());
        TestServer calm(fakeModel);
        QVERIFY(makeProject(whole, calm.baseUrl()));
        QVERIFY(run(generateInto(whole)).code == 0);
        const auto written = [](const QString &of) {
            QStringList list;
            const json all =
                run(onProject(of, u"dataset items set --where state:all --limit 1000 --provenance"_s)).json();
            for (const json &item : all["items"]) {
                if (item["provenance"]["writer"].is_object() || item["provenance"]["writer"].is_string())
                    list << QString::fromStdString(item["statement"].get<std::string>());
            }
            list.sort();
            return list;
        };
        const QStringList expected = written(whole);
        QVERIFY(expected.size() >= 20);
        QCOMPARE(written(file), expected);
        QVERIFY(run(onProject(file, u"project check"_s)).json()["ok"].get<bool>());
    }

    void itemsAndTheirStory()
    {
        TestServer server(fakeModel);
        const QString file = project(server, u"story.evalwright"_s);
        QVERIFY(run(generateInto(file)).code == 0);
        const QString command = u"dataset items set --limit 1 --provenance"_s;
        const json item = run(onProject(file, command)).json()["items"][0];
        const Ran told = run(QStringList{u"-p"_s, file} + QProcess::splitCommand(command));
        const QByteArray number = QByteArray::number(item["ordinal"].get<int>() + 1);
        QCOMPARE(told.out.split('\n').value(1).trimmed().split(' ').first(), number);
        for (const QByteArray &words : {"#" + number + ' ', QByteArray("written by fake, sample "),
                                        QByteArray("checked (label"), QByteArray("kept: ")})
            QVERIFY2(told.out.contains(words), told.out.constData());
    }

    void oneNumberOfItems()
    {
        TestServer server([](const ServerRequest &request) {
            // Half of the subjects' answers are refusals.
            const json body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
            if (body.value("max_tokens", 0) == 1 && fractionOf(request.body) < 0.5 && body.contains("messages") &&
                body["messages"].back()["content"].get<std::string>().find("something you would say") !=
                    std::string::npos) {
                return ServerReply{
                    200, R"({"choices":[{"message":{"content":"I","refusal":"no"},"finish_reason":"length"}]})"};
            }
            return fakeModel(request);
        });
        const QString file = project(server, u"number.evalwright"_s), csv = path(u"number.csv"_s);
        const Ran made = run(generateInto(file, 60, 20));
        QVERIFY(made.code == 0);
        const Ran asked = run({u"-p"_s, file, u"evaluate"_s, u"--dataset"_s, u"set"_s, u"--model"_s, u"fake"_s});
        QVERIFY2(asked.code == 0, asked.err.constData());
        const json row = run(onProject(file, u"results"_s)).json()["results"][0];
        const int n = row["n"].get<int>(), answered = row["answered"].get<int>();
        QCOMPARE(n, made.json()["items"].get<int>());
        QVERIFY(answered < n && answered > 0);
        QVERIFY2(asked.out.contains("if all unanswered items missed or matched"), asked.out.constData());
        const json point = run(onProject(file, u"scaling"_s)).json()["curves"][0]["points"][0];
        QCOMPARE(point["n"].get<int>(), n);
        QCOMPARE(point["answered"].get<int>(), answered);
        const Ran scaling = run({u"-p"_s, file, u"scaling"_s});
        QVERIFY2(scaling.out.contains(u"n = %1, %2 answered"_s.arg(n).arg(answered).toUtf8()), scaling.out.constData());
        QVERIFY2(scaling.out.contains("1 model of 1 size, 135M parameters."), scaling.out.constData());
        QCOMPARE(run(onProject(file, u"figure scores -o "_s + csv)).code, 0);
        QFile table(csv);
        QVERIFY(table.open(QIODevice::ReadOnly));
        const QByteArrayList header = table.readLine().trimmed().split(','), cells = table.readLine().split(',');
        QCOMPARE(cells.value(header.indexOf("n")), QByteArray::number(n));
        QCOMPARE(cells.value(header.indexOf("answered")), QByteArray::number(answered));
    }

    void noLineTwice()
    {
        TestServer server(fakeModel);
        const QString file = project(server, u"lines.evalwright"_s);
        const Ran made = run({u"-p"_s, file, u"generate"_s, u"set"_s, u"--recipe"_s, u"persona-yes-no"_s, u"--writer"_s,
                              u"fake"_s, u"--samples"_s, u"5"_s});
        QCOMPARE(made.code, 0);
        QCOMPARE(made.err.count("write  10/10"), 1);
        QVERIFY2(made.err.contains("0 errors"), made.err.constData());
    }

    void versionAsJson()
    {
        for (const QStringList &arguments : {QStringList{u"--json"_s, u"--version"_s}, {u"--version"_s, u"--json"_s}}) {
            const Ran ran = run(arguments);
            QCOMPARE(ran.code, 0);
            const json version = ran.json();
            for (const char *field : {"version", "schema", "qt", "sqlite", "libcurl"})
                QVERIFY2(version.is_object() && version.contains(field), ran.out.constData());
        }
        QVERIFY(run({u"--version"_s}).out.startsWith("evalwright-cli "));
    }

    /// A server that only fails is seen while it is tried again, and stopping is said once.
    void retriesAreShown()
    {
        TestServer server([](const ServerRequest &request) {
            return request.path.endsWith("/models") ? fakeModel(request) : ServerReply{503, "busy"};
        });
        const QString file = project(server, u"retries.evalwright"_s);
        QProcess process;
        prepare(process, {});
        process.start(QStringLiteral(EVALWRIGHT_CLI), {u"-p"_s, file, u"generate"_s, u"set"_s, u"--recipe"_s,
                                                       u"persona-yes-no"_s, u"--writer"_s, u"fake"_s});
        QVERIFY(process.waitForStarted());
        QByteArray err;
        QTRY_VERIFY_WITH_TIMEOUT((err += process.readAllStandardError()).contains("failed, the latest: HTTP 503"),
                                 15'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(10'000));
        err += process.readAllStandardError();
        QCOMPARE(process.exitCode(), 130);
        QVERIFY2(!err.contains("error:"), err.constData());
        QCOMPARE(err.count("Stopped"), 1);
        QVERIFY2(err.contains("job resume"), err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliWords)
#include "tst_cliwords.moc"
