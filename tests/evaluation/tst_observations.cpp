// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/results.h"
#include "evaluation/scaling.h"
#include "storage/exchange/observations/observationcsv.h"
#include "storage/exchange/observations/observations.h"
#include "storage/projectcheck.h"
#include "storage/repositories/answerpacks.h"

#include "observed.h"

#include <QFile>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray header = "dataset,item,cluster,model,family,parameters,steps,frame,control,answer,matching,probability\n";

/// A project and files beside it.
struct Place
{
    Observed store;
    QTemporaryDir folder;
    int files = 0;

    Result<ObservationImportReport> read(const QByteArray &text, const ObservationImportOptions &options = {})
    {
        const QString path = folder.filePath(u"o%1.csv"_s.arg(++files));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("a test file cannot be written");
        file.close();
        EVALWRIGHT_ASSIGN(const auto source, openObservationCsv(path));
        return importObservations(*store.project, path, *source, options);
    }
    QList<ResultRow> rows(const ResultFilter &filter = {})
    {
        return must(store.ask([&](Connection &c) { return results(c, filter); }));
    }
    qint64 count(const QString &table)
    {
        return must(store.ask([&](Connection &c) { return c.value(u"SELECT count(*) FROM "_s + table); })).toLongLong();
    }
};

QString reasons(const ObservationImportReport &report)
{
    QStringList list;
    for (const RowProblem &row : report.file.rejected)
        list << u"%1:%2 %3 %4"_s.arg(row.line).arg(row.column).arg(row.reason, row.field);
    return list.join(u"; "_s);
}

} // namespace

/// Other people's results become results like our own.
class TestObservations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTableBecomesResults()
    {
        Place place;
        const auto report = place.read(header + "politics,q1,c1,small,fam,135M,,chat,none,Yes,1,0.75\n"
                                                "politics,q2,c1,small,fam,135M,,chat,none,No,0,0.25\n"
                                                "politics,q3,c2,small,fam,135M,,chat,none,Yes,0,0.5\n"
                                                "politics,q4,c2,small,fam,135M,,chat,none,,,\n"
                                                "politics,q1,c1,large,fam,1.6e9,,chat,none,refused,,\n");
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(reasons(*report), QString());
        QCOMPARE(report->file.imported, 5);
        QCOMPARE(report->newDatasets, QStringList{u"politics"_s});
        QCOMPARE(report->newModels, (QStringList{u"small"_s, u"large"_s}));
        const QList<ResultRow> rows = place.rows();
        QCOMPARE(rows.size(), 2);
        const ResultRow &small = rows[0], &large = rows[1];
        QCOMPARE(small.model, u"small"_s);
        QCOMPARE(small.parameters, std::optional(135e6));
        QCOMPARE(large.parameters, std::optional(1.6e9));
        QCOMPARE(small.n, 4);
        QCOMPARE(small.answered, 3);
        QCOMPARE(small.matching, 1);
        QCOMPARE(small.unparsed, 1);
        QVERIFY(near(small.score, 1.0 / 3));
        QVERIFY(near(small.meanProbability, 0.5));
        QCOMPARE(small.clusters, std::optional<qint64>(2));
        QCOMPARE(small.scoring, u"imported"_s);
        // Of q2 the matching answer is Yes: No was given and does not match.
        QVERIFY(near(small.yesRate, 2.0 / 3));
        QVERIFY(near(small.matchGivenYes, 0.5));
        QVERIFY(near(small.matchGivenNo, 0.0));
        QCOMPARE(large.refused, 1);
        QVERIFY(!large.score);
        const auto check = place.store.ask([](Connection &c) { return checkProject(c, {}); });
        QVERIFY(check);
        QVERIFY2(check->ok, check->problems.isEmpty() ? "" : qPrintable(check->problems.first().text));
    }

    void labelsInsteadOfFlags()
    {
        Place place;
        const auto report = place.read("item,dataset,model,answer,matching\n"
                                       "1,d,m,Yes,Yes\n2,d,m, Yes,No\n3,d,m,No,No\n4,d,m,,No\n");
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(report->notes.first().contains(u"label that would match"_s));
        const ResultRow row = place.rows().first();
        QCOMPARE(row.answered, 3);
        QCOMPARE(row.matching, 2);
        QCOMPARE(row.unparsed, 1);
        QVERIFY(near(row.yesRate, 2.0 / 3));
        QVERIFY(near(row.matchGivenYes, 1.0));
        QVERIFY(near(row.matchGivenNo, 0.5));
    }

    void theSameBytesAgainChangeNothing()
    {
        Place place;
        const QByteArray text = header + "d,1,,m,f,1000000,,chat,none,Yes,1,0.5\n";
        const auto first = place.read(text), second = place.read(text);
        QVERIFY(first && second);
        QCOMPARE(second->file.imported, 0);
        QCOMPARE(second->file.duplicates, 1);
        QCOMPARE(second->run, first->run);
        QCOMPARE(place.count(u"observation"_s), 1);
        QCOMPARE(place.count(u"run"_s), 1);
    }

    void badRowsAreListedWithTheirPlace()
    {
        Place place;
        const QByteArray text = header + "d,1,a,m,f,1000000,,chat,none,Yes,1,0.5\n"
                                         ",2,a,m,f,1000000,,chat,none,Yes,1,0.5\n"
                                         "d,3,a,m,f,-1,,chat,none,Yes,1,0.5\n"
                                         "d,4,a,m,f,1000000,2.5,chat,none,Yes,1,0.5\n"
                                         "d,5,a,m,f,1000000,,chat,none,Yes,1,1.5\n"
                                         "d,6,a,m\n"
                                         "d,1,b,m2,f,1000000,,chat,none,Yes,1,nan\n"
                                         "d,1,b,m2,f,1000000,,chat,none,Yes,1,\n";
        const auto refused = place.read(text);
        QVERIFY2(refused, refused ? "" : qPrintable(refused.error().text()));
        QCOMPARE(reasons(*refused), u"3:1 missing-field dataset; 4:11 wrong-type parameters; 5:19 wrong-type steps; "
                                    "6:36 wrong-type probability; 7:1 column-count ; 8:37 wrong-type probability; "
                                    "9:0 content-changed cluster"_s);
        QVERIFY(refused->file.refused());
        QCOMPARE(place.count(u"observation"_s), 0);
        QCOMPARE(place.count(u"dataset"_s), 0);
        ObservationImportOptions skip;
        skip.skipBad = true;
        const auto some = place.read(text, skip);
        QVERIFY(some);
        QCOMPARE(some->file.imported, 1);
        QCOMPARE(some->file.bad, 7);
    }

    void headersThatMissSomething_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("\n");
        QTest::newRow("no model") << QByteArray("dataset,item,matching\nd,1,1\n");
        QTest::newRow("no result") << QByteArray("dataset,item,model,answer\nd,1,m,Yes\n");
        QTest::newRow("twice") << QByteArray("dataset,item,model,matching,Matching\nd,1,m,1,1\n");
    }
    void headersThatMissSomething()
    {
        QFETCH(const QByteArray, text);
        Place place;
        const auto report = place.read(text);
        QVERIFY(!report || report->file.refused());
        if (!report)
            QCOMPARE(report.error().code, ErrorCode::InvalidInput);
        QCOMPARE(place.count(u"observation"_s), 0);
    }

    /// What is stored is what was looked at: a file that changes between the two readings is refused.
    void aFileThatChangesMeanwhileIsRefused()
    {
        class Changing final : public ObservationSource
        {
        public:
            Changing(std::unique_ptr<ObservationSource> inner, QString path)
                : m_inner(std::move(inner)), m_path(std::move(path))
            {
            }
            Status forEach(const std::function<void(ObservationRecord &&)> &use, const CancellationToken &token) override
            {
                const Status read = m_inner->forEach(use, token);
                QFile file(m_path);
                if (!file.open(QIODevice::ReadWrite) || !file.seek(header.size()) || file.write("D") != 1)
                    qFatal("a test file cannot be written");
                return read;
            }
            qint64 position() const override { return m_inner->position(); }
            ObservationFacts facts() const override { return m_inner->facts(); }

        private:
            std::unique_ptr<ObservationSource> m_inner;
            QString m_path;
        };
        Place place;
        const QString path = place.folder.filePath(u"changing.csv"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(header + "d,1,,m,f,1000000,,chat,none,Yes,1,\n") > 0);
        file.close();
        Changing source(must(openObservationCsv(path)), path);
        const auto report = importObservations(*place.store.project, path, source, {});
        QVERIFY(!report);
        QVERIFY2(report.error().message.contains(u"changed while"_s), qPrintable(report.error().text()));
        QCOMPARE(place.count(u"observation"_s), 0);
    }

    /// Answers that come again are kept and averaged item by item.
    void repeats()
    {
        Place place;
        const auto report = place.read(header + "d,1,,m,f,1000000,,chat,none,Yes,1,\n"
                                                "d,1,,m,f,1000000,,chat,none,No,0,\n"
                                                "d,2,,m,f,1000000,,chat,none,Yes,1,\n"
                                                "d,2,,m,f,1000000,,chat,none,Yes,1,\n");
        QVERIFY(report);
        QVERIFY(report->notes.join(u' ').contains(u"2 rows"_s));
        const ResultRow row = place.rows().first();
        QCOMPARE(row.n, 2);
        QCOMPARE(row.repeats, 2);
        QVERIFY(near(row.score, 0.75));
        QCOMPARE(row.matching, 1);
    }

    /// Checkpoints and sizes of one name are different models.
    void oneNameForSeveralModels()
    {
        Place place;
        QByteArray text = header;
        for (const char *steps : {"0", "100", "1000"})
            text += QByteArray("d,1,,m,f,1000000,") + steps + ",chat,none,Yes,1,\n";
        const auto report = place.read(text);
        QVERIFY(report);
        QCOMPARE(report->newModels, (QStringList{u"m, step 0"_s, u"m, step 100"_s, u"m, step 1000"_s}));
        ScalingQuery query;
        query.axis = u"steps"_s;
        const ScalingReport curves = must(place.store.ask([&](Connection &c) { return scaling(c, query); }));
        QCOMPARE(curves.curves.size(), 1);
        QCOMPARE(curves.curves.first().points.size(), 3);
        QCOMPARE(curves.curves.first().parameters, std::optional(1e6));
        QCOMPARE(curves.curves.first().reason, u"few_clusters"_s); // A single item.
        // Over sizes each checkpoint is a curve of its own.
        const ScalingReport sizes = must(place.store.ask([&](Connection &c) { return scaling(c, {}); }));
        QCOMPARE(sizes.curves.size(), 3);
    }

    void knownItemsAreFound()
    {
        Place place;
        const auto items = place.store.plain(u"mine"_s, 3);
        const auto uuid = must(place.store.ask([&](Connection &c) { return candidateById(c, items[0]); })).candidate.uuid;
        const auto report = place.read(header + "mine," + uuid.toUtf8() + ",,m,f,1000000,,chat,none, Yes,,\n" +
                                       "mine,statement 1,,m,f,1000000,,chat,none, No,1,\n"
                                       "mine,mine question 2,,m,f,1000000,,chat,none, No,0,\n");
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->newDatasets, QStringList());
        const ResultRow row = place.rows().first();
        QCOMPARE(row.n, 3);
        QCOMPARE(row.answered, 2);
        QVERIFY(near(row.chance, 0.5));
        const auto unknown = place.read(header + "mine,nobody knows this,,m,f,1000000,,chat,none,No,0,\n");
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().code, ErrorCode::InvalidInput);
    }

    void aModelKnownOtherwiseIsRefused()
    {
        Place place;
        place.store.model(u"m"_s, u"fam"_s, 1e6);
        const auto other = place.read(header + "d,1,,m,fam,2000000,,chat,none,Yes,1,\n");
        QVERIFY(!other);
        QVERIFY(other.error().message.contains(u"“m”"_s));
        QVERIFY(place.read(header + "d,1,,m,fam,1000000,,chat,none,Yes,1,\n"));
        QCOMPARE(place.count(u"model"_s), 1);
    }

    /// A table of a curve with its control, through to the shift.
    void shiftsAgainstTheControl()
    {
        Place place;
        QByteArray text = header;
        for (int size = 0; size < 3; ++size) {
            for (int item = 0; item < 40; ++item) {
                const QByteArray who = "d," + QByteArray::number(item) + ",c" + QByteArray::number(item % 20) + ",m" +
                                       QByteArray::number(size) + ",f,1e" + QByteArray::number(6 + size) + ",,chat,";
                // With a biography all items match from the second size on; without one half of them.
                text += who + "none,Yes," + (size > 0 || item % 2 == 0 ? "1" : "0") + ",\n";
                text += who + "no-biography,Yes," + (item % 2 == 0 ? "1" : "0") + ",\n";
            }
        }
        QVERIFY(place.read(text));
        ScalingQuery query;
        query.measure = u"shift"_s;
        const ScalingReport report = must(place.store.ask([&](Connection &c) { return scaling(c, query); }));
        QCOMPARE(report.curves.size(), 1);
        const ScalingCurve &curve = report.curves.first();
        QVERIFY(near(curve.points[0].value, 0.0));
        QVERIFY(near(curve.points[1].value, 0.5));
        QVERIFY(near(curve.points[2].value, 0.5));
        const ScalingReport plain = must(place.store.ask([&](Connection &c) { return scaling(c, {}); }));
        QCOMPARE(plain.curves.size(), 1);
        QCOMPARE(plain.curves.first().controls.size(), 1);
        QVERIFY(near(plain.curves.first().controls.first().points[2].value, 0.5));
    }

    /// Packs say what the observations say, whenever they were made.
    void packsAndObservationsAgree()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 12);
        const Model a = store.model(u"a"_s, u"f"_s, 1e6), b = store.model(u"b"_s, u"f"_s, 1e7);
        const Run run = store.run(u"one"_s);
        const auto texts = [&store] {
            nlohmann::json list = nlohmann::json::array();
            for (const ResultRow &row : must(store.ask([](Connection &c) { return results(c, {}); })))
                list.push_back(row.toJson());
            return list.dump();
        };
        store.observe(run, a, items, "110rud01h-10");
        const std::string before = texts();
        must(store.project->writeNow([](Connection &c) { return packAnswers(c); }));
        QCOMPARE(texts(), before);
        // What is newer than the packs counts as well, also of a cell that is packed.
        store.observe(run, b, items, "111111------");
        store.observe(run, a, items, "---------1--");
        const std::string after = texts();
        QVERIFY(after != before);
        must(store.project->writeNow([](Connection &c) { return packAnswers(c); }));
        QCOMPARE(texts(), after);
        must(store.project->writeNow([](Connection &c) { return dropAnswerPacks(c); }));
        QCOMPARE(texts(), after);
    }

    void damagedPacksAreRefused()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 6);
        store.observe(store.run(u"one"_s), store.model(u"a"_s), items, "110011");
        must(store.project->writeNow([](Connection &c) { return packAnswers(c); }));
        const QByteArray whole =
            must(store.ask([](Connection &c) { return c.value(u"SELECT data FROM answer_pack"_s); })).toByteArray();
        for (const QByteArray &data :
             {QByteArray(), whole.left(whole.size() - 1), whole + '\0', QByteArray(whole.size(), '\xff'),
              QByteArray("\0\0\0\1\xff\xff\xff\xff\xff\xff\xff\xff", 12)}) {
            must(store.project->writeNow([&](Connection &c) {
                return c.execute(u"UPDATE answer_pack SET data = ?"_s, {data.isNull() ? QByteArray("") : data});
            }));
            const auto rows = store.ask([](Connection &c) { return results(c, {}); });
            QVERIFY(!rows);
            QCOMPARE(rows.error().code, ErrorCode::Corrupt);
        }
        const auto check = must(repairProject(*store.project));
        const auto isStale = [](const ProjectProblem &problem) { return problem.code == "stale-answers"_L1; };
        QVERIFY(std::ranges::none_of(check.problems, isStale));
        QVERIFY(check.repaired.join(u' ').contains(u"packed answers"_s));
        QCOMPARE(must(store.ask([](Connection &c) { return results(c, {}); })).first().matching, 4);
        // A pack that can be read and says something else is found as well.
        must(store.project->writeNow([](Connection &c) { return c.execute(u"UPDATE observation SET argmax = ' No'"_s); }));
        QVERIFY(std::ranges::any_of(must(store.ask([](Connection &c) { return checkProject(c, {}); })).problems, isStale));
    }
};

QTEST_GUILESS_MAIN(TestObservations)
#include "tst_observations.moc"
