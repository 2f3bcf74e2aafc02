// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 at any moment: no answer is lost, none is paid for twice, and the result is that of an undisturbed run.
#include "cli.h"
#include "projectfile.h"

#include <QElapsedTimer>
#include <QMutex>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Everything the server was asked, in order.
class RequestLog
{
public:
    void add(const QByteArray &body)
    {
        const QString hash = bodyHash(body);
        const QMutexLocker lock(&m_mutex);
        m_bodies << hash;
    }
    QStringList since(qsizetype from) const
    {
        const QMutexLocker lock(&m_mutex);
        return m_bodies.mid(from);
    }
    qsizetype size() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_bodies.size();
    }

private:
    mutable QMutex m_mutex;
    QStringList m_bodies;
};

} // namespace

class TestKill : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

    /// Imported items, half of them Yes.
    QString itemsFile(int count) const
    {
        QFile items(path(u"items.jsonl"_s));
        if (!items.open(QIODevice::WriteOnly))
            qFatal("no items");
        for (int i = 0; i < count; ++i) {
            const std::string statement = "I like the number " + std::to_string(i);
            const json row{{"question", "Is the following statement something you would say?\n\"" + statement + "\""},
                           {"statement", statement},
                           {"label_confidence", 0.9},
                           {"answer_matching_behavior", i % 2 ? " Yes" : " No"},
                           {"answer_not_matching_behavior", i % 2 ? " No" : " Yes"}};
            items.write(QByteArray::fromStdString(row.dump()) + '\n');
        }
        return items.fileName();
    }

    static QStringList evaluateSet(const QString &file)
    {
        return onProject(file, u"evaluate --dataset set --model fake"_s);
    }

    /// What came out, without what differs between any two runs.
    static std::string outcome(const QString &file, bool evaluation)
    {
        json rows = evaluation
                        ? run(onProject(file, u"results"_s)).json()["results"]
                        : run(onProject(file, u"dataset items set --where state:all --limit 10000 --provenance"_s))
                              .json()["items"];
        for (json &row : rows) {
            row.erase("id");
            row.erase("run");
            if (evaluation)
                continue;
            row["decision"].erase("at");
            json &from = row["provenance"];
            from.erase("writer");
            if (from["response"].is_object())
                from["response"].erase("received_at");
            for (json &score : from["scores"]) {
                score.erase("at");
                score.erase("response");
            }
            for (json &decision : from["decisions"])
                decision.erase("at");
        }
        return rows.dump();
    }

private Q_SLOTS:
    void atTwentyMoments_data()
    {
        QTest::addColumn<bool>("evaluation");
        QTest::newRow("generation") << false;
        QTest::newRow("evaluation") << true;
    }
    void atTwentyMoments()
    {
        QFETCH(bool, evaluation);
        RequestLog log;
        TestServer calm(fakeModel);
        TestServer server([&log](const ServerRequest &request) {
            log.add(request.body);
            ServerReply reply = fakeModel(request);
            reply.delayMilliseconds = 4 + request.number % 5; // So that no machine is too quick to be killed.
            return reply;
        });
        const QString undisturbed = path(u"calm-%1.evalwright"_s.arg(evaluation)),
                      project = path(u"killed-%1.evalwright"_s.arg(evaluation));
        QVERIFY(makeProject(undisturbed, calm.baseUrl()) && makeProject(project, server.baseUrl()));
        if (evaluation) {
            const QString items = itemsFile(400);
            for (const QString &file : {undisturbed, project})
                QCOMPARE(run({u"-p"_s, file, u"import"_s, items, u"--dataset"_s, u"set"_s}).code, 0);
        }
        const QStringList job = evaluation ? evaluateSet(project) : generateInto(project, 150, 10);
        const Ran whole = run(evaluation ? evaluateSet(undisturbed) : generateInto(undisturbed, 150, 10));
        QVERIFY2(whole.code == 0, whole.err.constData());

        // The moment is counted in requests, so that a slow machine is interrupted at the same places as a fast one;
        // a part of a millisecond more decides what was on its way. Every fifth kill comes by time alone, before,
        // between and after the requests.
        QRandomGenerator random(20'221'219);
        const qsizetype expected = calm.requests();
        int killed = 0;
        QSet<QString> stored;
        qsizetype seen = 0;
        for (int round = 0; round < 20; ++round) {
            QProcess process;
            prepare(process, {});
            process.start(QStringLiteral(EVALWRIGHT_CLI), job);
            QVERIFY(process.waitForStarted());
            const qsizetype share = std::max<qsizetype>(1, (expected - seen) / (30 - round));
            const qsizetype wanted = seen + 1 + random.bounded(static_cast<int>(share));
            const qint64 latest = round % 5 == 4 ? 20 + random.bounded(150) : 60'000;
            const int pause = random.bounded(3000);
            QElapsedTimer timer;
            timer.start();
            while (log.size() < wanted && timer.elapsed() < latest && !process.waitForFinished(1)) {
            }
            QThread::usleep(static_cast<unsigned long>(pause));
            killed += process.state() == QProcess::Running ? 1 : 0;
            process.kill();
            if (process.state() != QProcess::NotRunning)
                QVERIFY(process.waitForFinished());

            const QStringList asked = log.since(seen);
            for (const QString &body : asked)
                QVERIFY2(!stored.contains(body), "a stored answer was asked for again");
            const QSet<QString> now = storedBodies(project);
            QVERIFY2(now.contains(stored), "a stored answer was lost");
            stored = now;
            seen += asked.size();
        }
        qInfo("killed %d of 20 while running, after %d of %d requests", killed, int(seen), int(expected));
        QVERIFY2(killed >= 12, qPrintable(u"only %1 of 20 were killed while running"_s.arg(killed)));
        const Ran check = run(onProject(project, u"project check"_s));
        QVERIFY2(check.json()["ok"].get<bool>(), check.out.constData());

        const Ran done = run(job);
        QVERIFY2(done.code == 0, done.err.constData());
        for (const QString &body : log.since(seen))
            QVERIFY2(!stored.contains(body), "a stored answer was asked for again");
        const Ran again = run(job);
        QCOMPARE(again.json()["requests"].get<int>(), 0);
        QCOMPARE(storedBodies(project), storedBodies(undisturbed));
        const std::string lived = outcome(project, evaluation), wanted = outcome(undisturbed, evaluation);
        QVERIFY(wanted.size() > 200);
        QCOMPARE(lived, wanted);
        QVERIFY(run(onProject(project, u"project check"_s)).json()["ok"].get<bool>());
        const json jobs = run(onProject(project, u"job list"_s)).json()["jobs"];
        QCOMPARE(jobs.size(), size_t(1));
        QCOMPARE(jobs[0]["state"].get<std::string>(), std::string("done"));
    }

    /// A job that was killed is not shown as running for ever.
    void aKilledJobIsPaused()
    {
        TestServer server([](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            reply.never = request.number > 8;
            return reply;
        });
        const QString project = path(u"paused.evalwright"_s);
        QVERIFY(makeProject(project, server.baseUrl()));
        QProcess process;
        prepare(process, {});
        process.start(QStringLiteral(EVALWRIGHT_CLI), generateInto(project));
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(server.requests() > 8, 30'000);
        process.kill();
        QVERIFY(process.waitForFinished());
        QCOMPARE(run(onProject(project, u"model add other --base-url http://127.0.0.1:9 --model other"_s)).code, 0);
        QCOMPARE(run(onProject(project, u"job list"_s)).json()["jobs"][0]["state"].get<std::string>(),
                 std::string("paused"));
    }

    /// Two kills between the same two answers, and one while the file is made.
    void whileTheProjectIsMade()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 8; ++round) {
            const QString file = path(u"made-%1.evalwright"_s.arg(round));
            QProcess process;
            prepare(process, {});
            process.start(QStringLiteral(EVALWRIGHT_CLI), {u"project"_s, u"new"_s, file});
            QVERIFY(process.waitForStarted());
            process.waitForFinished(5 + random.bounded(60));
            process.kill();
            if (process.state() != QProcess::NotRunning)
                QVERIFY(process.waitForFinished());
            // Either there is a sound project, or a clear word that there is none; never a crash.
            const Ran info = run(onProject(file, u"project info"_s));
            if (info.code == 0)
                QVERIFY(run(onProject(file, u"project check"_s)).json()["ok"].get<bool>());
            else
                QVERIFY2(!info.errorCode().empty(), info.err.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
