// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchcollect.h"
#include "lm/batch/batchfilling.h"

#include "batchsetting.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr int itemCount = 24;

BatchCollected collect(BatchSetting &s, const QStringList &files)
{
    return must(collectBatchResults(*s.store.project, files, {std::nullopt, s.folder.path()}, {}));
}

} // namespace

/// Evaluations whose requests are written into files and run elsewhere.
class TestBatchFilesRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsALiveRun()
    {
        BatchSetting live(itemCount, Delivery::Kind::Live);
        QCOMPARE(must(live.run()).state, JobState::Done);

        BatchSetting s(itemCount, Delivery::Kind::Files);
        s.delivery.limits.lines = 10; // Three files.
        const EvaluateReport written = must(s.run());
        QCOMPARE(written.state, JobState::Waiting);
        QCOMPARE(written.toJson()["state"].get<std::string>(), "waiting");
        QCOMPARE(s.files().size(), 3);
        QCOMPARE(s.server.requestsTo("POST", "/"), 0); // Nothing is sent, nothing is asked.
        QCOMPARE(s.count(u"SELECT count(*) FROM batch_request WHERE batch_id IS NOT NULL"_s), itemCount);

        // Again changes nothing: the files lie there once.
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        QCOMPARE(s.files().size(), 3);

        QList<QByteArray> lines;
        for (const QString &file : s.files())
            lines << runBatchElsewhere(file);
        QCOMPARE(lines.size(), itemCount);
        std::ranges::reverse(lines);
        const QString part = s.folder.filePath(u"part.jsonl"_s), whole = s.folder.filePath(u"whole.jsonl"_s);
        // Half of the results, one twice, a stranger, no JSON, and the last line cut off.
        const QByteArray stranger = "{\"custom_id\":\"r-0123456789abcdef01234567\",\"response\":{\"status_code\":200,"
                                    "\"body\":{\"choices\":[]}}}\n";
        writeLines(part, lines.mid(0, 12) + QList<QByteArray>{lines[3], stranger, "nonsense\n", lines[12].left(40)});
        const BatchCollected first = collect(s, {part});
        QCOMPARE(first.matched, 12);
        QCOMPARE(first.duplicates, 1);
        QCOMPARE(first.unknown, 1);
        QCOMPARE(first.unreadable, 2);
        QVERIFY(first.cutShort);
        QFile problems(first.problemFile);
        QVERIFY(problems.open(QIODevice::ReadOnly));
        QCOMPARE(QByteArray::fromStdString(json::parse(problems.readLine().toStdString())["raw"].get<std::string>()),
                 stranger.trimmed());

        QCOMPARE(must(s.run()).state, JobState::Waiting);
        QCOMPARE(s.observed().size(), 12);
        // All of them, in a changed version for one that is known: the first answer stays.
        QList<QByteArray> again = lines;
        again[0].replace("\"fake\"", "\"other\"");
        writeLines(whole, again);
        const BatchCollected second = collect(s, {whole});
        QCOMPARE(second.matched, itemCount - 12);
        QCOMPARE(second.duplicates, 12);
        QCOMPARE(second.changed, 1);
        QVERIFY(near(second.cost, 0.5 * 12 * (20 * 1.0 + 9 * 2.0) / 1e6, 1e-15));
        const EvaluateReport done = must(s.run());
        QCOMPARE(done.state, JobState::Done);
        QCOMPARE(s.observed(), live.observed());
        QCOMPARE(s.count(u"SELECT count(*) FROM batch_request"_s), 0);
        QCOMPARE(s.count(u"SELECT count(*) FROM batch WHERE state = 'done'"_s), 3);
        // The stored bodies and keys are those of the live run, byte for byte.
        QCOMPARE(s.count(u"SELECT count(*) FROM response WHERE complete = 1"_s), itemCount);
        const auto hashes = [](BatchSetting &setting) {
            return must(setting.store.ask([](Connection &c) -> Result<QByteArray> {
                EVALWRIGHT_ASSIGN(QSqlQuery rows, c.query(u"SELECT r.key, r.body, p.json FROM response r JOIN prompt p "
                                                          u"ON p.id = r.prompt_id ORDER BY r.key"_s));
                QByteArray all;
                while (rows.next())
                    all += rows.value(0).toByteArray() + rows.value(1).toByteArray() + rows.value(2).toByteArray();
                return all;
            }));
        };
        QCOMPARE(hashes(s), hashes(live));
    }

    /// Equal questions are one request, and one answer does for all of them.
    void twinsShareOneLine()
    {
        BatchSetting s(0, Delivery::Kind::Files);
        const ItemPlan same{u"the same question"_s, true, {}, {}};
        s.store.dataset(u"e"_s, {same, same, same});
        EvaluateSpec spec = s.spec();
        spec.datasets = {u"e"_s};
        QCOMPARE(must(s.run(spec)).state, JobState::Waiting);
        const QList<QByteArray> lines = runBatchElsewhere(s.files().value(0));
        QCOMPARE(lines.size(), 1);
        const QString out = s.folder.filePath(u"out.jsonl"_s);
        writeLines(out, lines);
        QCOMPARE(collect(s, {out}).matched, 1);
        QCOMPARE(must(s.run(spec)).state, JobState::Done);
        QCOMPARE(s.observed().size(), 3);
    }

    /// A refused request has failed; one that may succeed goes into another file, three in all.
    void refusedAndFailedLines()
    {
        BatchSetting s(2, Delivery::Kind::Files);
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        const auto answer = [&s](int busyOnes) {
            const QString input = s.files().last();
            QFile file(input);
            QList<QByteArray> out;
            if (!file.open(QIODevice::ReadOnly))
                return out;
            while (!file.atEnd()) {
                const std::string id = json::parse(file.readLine().toStdString())["custom_id"].get<std::string>();
                const bool busy = out.size() < busyOnes;
                const json line{{"custom_id", id},
                                {"response",
                                 {{"status_code", busy ? 503 : 400},
                                  {"body", {{"error", {{"message", busy ? "busy" : "too long"}}}}}}}};
                out << QByteArray::fromStdString(line.dump()) + '\n';
            }
            return out;
        };
        const QString out = s.folder.filePath(u"out.jsonl"_s);
        writeLines(out, answer(1));
        const BatchCollected first = collect(s, {out});
        QCOMPARE(first.failed, 1);
        QCOMPARE(first.notRun, 1);
        for (int file = 2; file <= 3; ++file) {
            QCOMPARE(must(s.run()).state, JobState::Waiting);
            QCOMPARE(s.batches().size(), file);
            QCOMPARE(s.batches().first().requests, 1); // The refused one is not tried again by itself.
            writeLines(out, answer(1));
            collect(s, {out});
        }
        const EvaluateReport done = must(s.run());
        QCOMPARE(done.state, JobState::Partly);
        QCOMPARE(done.failed, 2);
        QVERIFY2(done.firstError.contains("busy"_L1) || done.firstError.contains("too long"_L1),
                 qPrintable(done.firstError));
        // Whoever runs it again on purpose tries both again.
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        QCOMPARE(s.batches().first().requests, 2);
    }

    /// Killed while the files were written: their name is reserved, and they are written again under it.
    void interruptedWriting()
    {
        BatchSetting s(itemCount, Delivery::Kind::Files);
        s.delivery.limits.lines = 10;
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        const QStringList before = s.files();
        // As it was before the end of the writing, with all files there and nothing of them in the project.
        must(s.store.project->writeNow([](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"UPDATE batch_request SET batch_id = NULL, tries = 0"_s));
            EVALWRIGHT_TRY(c.execute(u"DELETE FROM batch WHERE id > 1"_s));
            EVALWRIGHT_TRY(c.execute(u"UPDATE batch SET state = 'writing', file = ?"_s, {QVariant(u""_s)}));
            return {};
        }));
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"UPDATE batch SET file = ?"_s, {s.delivery.folder}));
            return {};
        }));
        s.delivery.limits.lines = 0; // One file now: the others are left over, and go.
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        QCOMPARE(s.files(), before.mid(0, 1));
        QCOMPARE(s.batches().first().requests, itemCount);
    }

    void givenUpFilesAreWrittenAnew()
    {
        BatchSetting s(3, Delivery::Kind::Files);
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        EvaluateSpec live = s.spec();
        live.delivery = {};
        const auto refused = s.run(live);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QCOMPARE(s.server.requestsTo("POST", "chat"), 0);
        must(withdrawBatch(*s.store.project, s.batches().first().id));
        QCOMPARE(must(s.run(live)).state, JobState::Done);
        QCOMPARE(s.server.requestsTo("POST", "chat"), 3);
    }

    void whatCannotBeBatchedSaysSo()
    {
        BatchSetting s(3, Delivery::Kind::Files);
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"UPDATE model SET api = 'llama.cpp'"_s));
            return {};
        }));
        const auto refused = s.run();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(refused.error().advice.contains("--delivery live"_L1));
        QCOMPARE(s.count(u"SELECT count(*) FROM job"_s), 0);
    }
};

QTEST_GUILESS_MAIN(TestBatchFilesRun)
#include "tst_batchfilesrun.moc"
