// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Stored answers over several jobs: asked again when wished, never paid for twice otherwise, removed when nothing needs
// them.
#include "cli.h"
#include "projectfile.h"

#include <QHash>
#include <QMutex>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <sys/resource.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// The pretend model with a count of its good answers; refuses the key once `left` answers are given.
class CountingServer
{
public:
    CountingServer() : m_server([this](const ServerRequest &request) { return answer(request); }) {}
    QString url() const { return m_server.baseUrl(); }
    void refuseAfter(int answers) { m_left = answers; }
    void answerAll() { m_left = 1 << 30; }
    /// How often each request was answered.
    QHash<QString, int> answered() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_answered;
    }
    int total() const
    {
        const QMutexLocker lock(&m_mutex);
        int sum = 0;
        for (const int times : m_answered)
            sum += times;
        return sum;
    }

private:
    ServerReply answer(const ServerRequest &request)
    {
        if (request.body.isEmpty())
            return fakeModel(request);
        if (m_left.fetch_sub(1) <= 0)
            return {401, "{\"error\":{\"message\":\"wrong key\"}}"};
        const QMutexLocker lock(&m_mutex);
        ++m_answered[bodyHash(request.body)];
        return fakeModel(request);
    }
    std::atomic<int> m_left = 1 << 30;
    mutable QMutex m_mutex;
    QHash<QString, int> m_answered;
    TestServer m_server; ///< Last: it answers with the rest.
};

} // namespace

class TestAnswerStore : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

    /// Imports items with the numbers from … to-1 as a data set.
    bool import(const QString &file, const QString &dataset, int from, int to) const
    {
        QFile items(path(dataset + u".jsonl"_s));
        if (!items.open(QIODevice::WriteOnly))
            return false;
        for (int i = from; i < to; ++i) {
            const std::string statement = "I like the number " + std::to_string(i);
            const json row{{"question", "Is the following statement something you would say?\n\"" + statement + "\""},
                           {"statement", statement},
                           {"label_confidence", 0.9},
                           {"answer_matching_behavior", i % 2 ? " Yes" : " No"},
                           {"answer_not_matching_behavior", i % 2 ? " No" : " Yes"}};
            items.write(QByteArray::fromStdString(row.dump()) + '\n');
        }
        items.close();
        return run(onProject(file, u"import %1 --dataset %2"_s.arg(items.fileName(), dataset))).code == 0;
    }
    /// A trial that is over, with so many answers of 2 kB.
    static void fillWithTrial(const QString &file, int count)
    {
        const auto c = openFile(file, Connection::Mode::ReadWrite);
        const auto must = [](const auto &done) {
            if (!done)
                qFatal("%s", qPrintable(done.error().text()));
        };
        must(c->begin());
        must(c->execute(u"INSERT INTO job (uuid, kind, title, state, parameters, parameters_hash, created_at) VALUES "
                        u"('t', 'trial', 't', 'done', '{}', 't', '2026-01-01T00:00:00.000Z')"_s));
        must(c->execute(u"INSERT INTO prompt (sha256, json) VALUES (x'00', '{}')"_s));
        must(c->execute(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO "
                        u"response (key, prompt_id, model_id, path, sample, status, body, complete, attempts, seconds, "
                        u"received_at) SELECT randomblob(32), 1, 1, 'completions', i, 200, randomblob(2000), 1, 1, 0.1, "
                        u"'2026-01-01T00:00:00.000Z' FROM n"_s,
                        {count}));
        must(c->execute(u"INSERT INTO job_step (job_id, stage, ordinal, model_id, key, state, response_id) "
                        u"SELECT 1, 'write', sample, 1, key, 'done', id FROM response"_s));
        must(c->commit());
    }
    static void checkIsClean(const QString &file)
    {
        const Ran checked = run(onProject(file, u"project check"_s));
        QVERIFY2(checked.code == 0, checked.out.constData());
    }

private Q_SLOTS:
    void aFreshEvaluationAsksAgainAndGoesOn()
    {
        CountingServer server;
        const QString file = path(u"fresh.evalwright"_s);
        QVERIFY(makeProject(file, server.url()));
        QVERIFY(import(file, u"set"_s, 0, 30));
        const QString evaluate = u"evaluate --dataset set --model fake"_s;
        QCOMPARE(run(onProject(file, evaluate)).json()["requests"], 30);
        QCOMPARE(run(onProject(file, evaluate)).json()["requests"], 0);
        QCOMPARE(run(onProject(file, evaluate + u" --dry-run"_s)).json()["requests"], 0);
        QCOMPARE(run(onProject(file, evaluate + u" --fresh --dry-run"_s)).json()["requests"], 30);
        const int before = server.total();

        server.refuseAfter(10);
        QCOMPARE(run(onProject(file, evaluate + u" --fresh"_s)).code, 1);
        server.answerAll();
        const int first = server.total() - before;
        QVERIFY(first > 0 && first <= 10);
        QCOMPARE(run(onProject(file, evaluate + u" --fresh --dry-run"_s)).json()["requests"], 30 - first);
        const Ran second = run(onProject(file, evaluate + u" --fresh"_s));
        QCOMPARE(second.code, 0);
        QCOMPARE(second.json()["requests"], 30 - first);
        QCOMPARE(second.json()["fresh"], true);
        QVERIFY2(second.out.contains("goes on"), second.out.constData());
        for (const int times : server.answered())
            QVERIFY(times <= 2);
        QCOMPARE(countOf(file, u"SELECT count(*) FROM run"_s), 2);

        // It is done, so the next one is a run of its own; the plain one still finds its own answers.
        const Ran third = run(onProject(file, evaluate + u" --fresh"_s));
        QCOMPARE(third.json()["requests"], 30);
        QVERIFY(!third.out.contains("goes on"));
        QCOMPARE(countOf(file, u"SELECT count(*) FROM run"_s), 3);
        QCOMPARE(countOf(file, u"SELECT count(*) FROM response WHERE complete = 1"_s), 90);
        QCOMPARE(countOf(file, u"SELECT count(DISTINCT key) FROM response"_s), 90);
        QCOMPARE(run(onProject(file, evaluate)).json()["requests"], 0);
        QCOMPARE(countOf(file, u"SELECT count(*) FROM run"_s), 3);
        checkIsClean(file);
    }

    void aFreshRunIsResumedByItsNumber()
    {
        CountingServer server;
        const QString file = path(u"resume.evalwright"_s);
        QVERIFY(makeProject(file, server.url()));
        QVERIFY(import(file, u"set"_s, 0, 20));
        server.refuseAfter(8);
        QCOMPARE(run(onProject(file, u"evaluate --dataset set --model fake --fresh"_s)).code, 1);
        server.answerAll();
        const int first = server.total();
        const Ran resumed = run(onProject(file, u"job resume"_s));
        QCOMPARE(resumed.code, 0);
        QCOMPARE(resumed.json()["requests"], 20 - first);
        QCOMPARE(countOf(file, u"SELECT count(*) FROM job"_s), 1);
        for (const int times : server.answered())
            QCOMPARE(times, 1);
    }

    void aFreshDataSetStandsBesideTheOthers()
    {
        CountingServer server;
        const QString file = path(u"generate.evalwright"_s);
        QVERIFY(makeProject(file, server.url()));
        const QString generate = u"generate %1 --recipe persona-yes-no --writer fake --samples 10 --keep 2"_s;
        const int all = run(onProject(file, generate.arg(u"one"_s))).json()["requests"].get<int>();
        QVERIFY(all >= 20);
        QCOMPARE(run(onProject(file, generate.arg(u"two"_s))).json()["requests"], 0);
        // The second one's items say whose answers they are.
        const QString first3 = u"dataset items %1 --where state:all --limit 3 --provenance"_s;
        const json own = run(onProject(file, first3.arg(u"one"_s))).json()["items"][0]["provenance"];
        QVERIFY(own["response"]["from_cache"].is_null());
        const json taken = run(onProject(file, first3.arg(u"two"_s))).json()["items"][0]["provenance"];
        QCOMPARE(taken["response"]["from_cache"]["job"], 1);
        QCOMPARE(taken["response"]["from_cache"]["tries"], 1);
        QCOMPARE(taken["response"]["from_cache"]["model"], "fake");
        QCOMPARE(taken["response"]["from_cache"]["first_asked"], own["response"]["received_at"]);
        QStringList inWords = onProject(file, first3.arg(u"two"_s));
        inWords.removeAll(u"--json"_s);
        QVERIFY(run(inWords).out.contains("from cache, first asked on 20"));
        // The name of a data set that took stored answers cannot be made fresh.
        QCOMPARE(run(onProject(file, generate.arg(u"one"_s) + u" --fresh"_s)).errorCode(), "already_exists");

        server.refuseAfter(6);
        QCOMPARE(run(onProject(file, generate.arg(u"three"_s) + u" --fresh"_s)).code, 1);
        server.answerAll();
        const int first = server.total() - all;
        const Ran second = run(onProject(file, generate.arg(u"three"_s) + u" --fresh"_s));
        QCOMPARE(second.code, 0);
        QCOMPARE(second.json()["requests"], all - first);
        QVERIFY(second.out.contains("went on"));
        QCOMPARE(run(onProject(file, generate.arg(u"three"_s) + u" --fresh"_s)).errorCode(), "already_exists");
        // Going on with it is not a question of the flag.
        QCOMPARE(run(onProject(file, generate.arg(u"three"_s))).json()["requests"], 0);
        for (const int times : server.answered())
            QCOMPARE(times, 2);
        // The seeds are the same, so this server, which honours them, says the same.
        const auto statements = [&](const QString &dataset) {
            json items = run(onProject(file, u"dataset items %1 --where state:all --limit 1000"_s.arg(dataset))).json();
            std::string text;
            for (const json &item : items["items"])
                text += item["statement"].get<std::string>() + '\n';
            return text;
        };
        QCOMPARE(statements(u"three"_s), statements(u"one"_s));
        checkIsClean(file);
    }

    /// Five samples of a question are five answers: within a data set, over two that share questions, and when the job
    /// was interrupted.
    void samplesStayDistinct()
    {
        CountingServer server;
        const QString file = path(u"samples.evalwright"_s);
        QVERIFY(makeProject(file, server.url()));
        QVERIFY(import(file, u"left"_s, 0, 6));
        QVERIFY(import(file, u"right"_s, 3, 9)); // Three questions are in both.
        const QString evaluate = u"evaluate --dataset %1 --model fake --scoring sampled --samples 5"_s;
        server.refuseAfter(12);
        QCOMPARE(run(onProject(file, evaluate.arg(u"left"_s))).code, 1);
        server.answerAll();
        QCOMPARE(run(onProject(file, evaluate.arg(u"left"_s))).code, 0);
        QCOMPARE(server.total(), 6 * 5);
        QCOMPARE(server.answered().size(), 6 * 5); // No two were the same request.
        const Ran right = run(onProject(file, evaluate.arg(u"right"_s)));
        QCOMPARE(right.json()["requests"], 3 * 5);
        QCOMPARE(right.json()["from_cache"], 3 * 5);
        for (const int times : server.answered())
            QCOMPARE(times, 1);
        for (const json &row : run(onProject(file, u"results"_s)).json()["results"])
            QCOMPARE(row["from_cache"]["answers"], row["dataset"] == "right" ? 3 : 0);
        QCOMPARE(countOf(file, u"SELECT count(DISTINCT prompt_id || ' ' || sample) FROM response"_s), 9 * 5);
        QCOMPARE(countOf(file, u"SELECT min(n) FROM (SELECT count(DISTINCT seed) AS n FROM response GROUP BY "
                               u"prompt_id)"_s),
                 5);
        checkIsClean(file);
    }

    void whatNothingNeedsGoesAndIsAskedAgain()
    {
        CountingServer server;
        const QString file = path(u"prune.evalwright"_s);
        QVERIFY(makeProject(file, server.url()));
        QVERIFY(import(file, u"items"_s, 0, 10));
        QCOMPARE(run(onProject(file, u"evaluate --dataset items --model fake"_s)).code, 0);
        // A generation that breaks off has answers and no candidates.
        server.refuseAfter(12);
        QCOMPARE(run(generateInto(file)).code, 1);
        server.answerAll();
        const int asked = server.total() - 10;
        QVERIFY(asked > 0);
        json info = run(onProject(file, u"cache info"_s)).json();
        QCOMPARE(info["kept_for"]["unfinished_jobs"]["answers"], asked);
        QCOMPARE(info["kept_for"]["observations"]["answers"], 10);
        QCOMPARE(info["removable"]["answers"], 0);
        const Ran cancelled = run(onProject(file, u"job cancel 2"_s));
        QVERIFY2(cancelled.code == 0, cancelled.err.constData());
        info = run(onProject(file, u"cache info"_s)).json();
        QCOMPARE(info["removable"]["answers"], asked);

        QCOMPARE(run(onProject(file, u"cache prune"_s)).code, 2);
        QCOMPARE(run(onProject(file, u"cache prune --keep-size lots"_s)).code, 2);
        QCOMPARE(run(onProject(file, u"cache prune --model nobody"_s)).errorCode(), "not_found");
        QCOMPARE(run(onProject(file, u"cache prune --older-than 1"_s)).json()["removed"]["answers"], 0);
        const json preview = run(onProject(file, u"cache prune --keep-size 0 --dry-run"_s)).json();
        QCOMPARE(preview["would_remove"]["answers"], asked);
        QCOMPARE(countOf(file, u"SELECT count(*) FROM response WHERE complete = 1"_s), asked + 10);
        const Ran pruned = run(onProject(file, u"cache prune --keep-size 0"_s));
        QCOMPARE(pruned.code, 0);
        QCOMPARE(pruned.json()["removed"], preview["would_remove"]);
        QCOMPARE(countOf(file, u"SELECT count(*) FROM response"_s), 10);
        checkIsClean(file);

        const Ran again = run(generateInto(file));
        QVERIFY2(again.code == 0, again.err.constData());
        int twice = 0;
        for (const int times : server.answered())
            twice += times == 2 ? 1 : 0;
        QCOMPARE(twice, asked);
        checkIsClean(file);
    }

    /// Killed, or with a disk that takes no more, the project is whole and what is left can be removed later.
    void anInterruptedRemovalLeavesAWholeProject_data()
    {
        QTest::addColumn<int>("killAfter"); // Milliseconds; -1: the disk is full instead.
        QTest::newRow("full-disk") << -1;
        for (const int after : {5, 30, 60, 100})
            QTest::newRow(qPrintable(u"killed-%1"_s.arg(after))) << after;
    }
    void anInterruptedRemovalLeavesAWholeProject()
    {
        QFETCH(int, killAfter);
        constexpr int count = 6000;
        const QString file = path(u"broken%1.evalwright"_s.arg(killAfter));
        QVERIFY(makeProject(file, u"http://127.0.0.1:1"_s));
        fillWithTrial(file, count);
        const QStringList prune = onProject(file, u"cache prune --keep-size 0"_s);
        if (killAfter < 0) {
            Surroundings around;
            around.inChild = [] {
                const rlimit size{2'000'000, 2'000'000}; // Of the write-ahead log; the file itself is larger.
                setrlimit(RLIMIT_FSIZE, &size);
            };
            const Ran full = runWith(around, prune);
            QCOMPARE(full.code, 1);
            QVERIFY2(!full.errorCode().empty(), full.out.constData());
        } else {
            QProcess process;
            prepare(process, {});
            process.start(QStringLiteral(EVALWRIGHT_CLI), prune);
            QVERIFY(process.waitForStarted());
            QVERIFY(!process.waitForFinished(killAfter) || process.exitCode() == 0);
            process.kill();
            process.waitForFinished();
        }
        checkIsClean(file);
        const qint64 left = countOf(file, u"SELECT count(*) FROM response"_s);
        QCOMPARE(countOf(file, u"SELECT count(*) FROM job_step WHERE response_id IS NULL"_s), count - left);
        QCOMPARE(countOf(file, u"SELECT coalesce(sum(json_extract(detail, '$.answers')), 0) FROM event_log WHERE "
                               u"kind = 'prune'"_s),
                 count - left);
        QCOMPARE(run(prune).code, 0);
        QCOMPARE(countOf(file, u"SELECT count(*) FROM response"_s), 0);
        checkIsClean(file);
    }
};

QTEST_GUILESS_MAIN(TestAnswerStore)
#include "tst_answerstore.moc"
