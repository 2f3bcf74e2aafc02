// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Answers of a run as a log of Inspect, and back.
#include "observed.h"

#include "storage/exchange/observations/inspectlogwriter.h"
#include "storage/exchange/observations/observations.h"
#include "storage/exchange/observations/resultformats.h"
#include "storage/exchange/ziparchive.h"

#include <QFile>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QByteArray contentsOf(const QString &file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

} // namespace

class TestInspectLogWriter : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const QString &name) { return m_folder.filePath(name); }

private Q_SLOTS:
    void answersGoOutAndComeBack_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("json") << u"a.json"_s;
        QTest::newRow("eval") << u"a.eval"_s;
    }
    void answersGoOutAndComeBack()
    {
        QFETCH(QString, file);
        Observed store;
        QList<ItemPlan> plan;
        for (int i = 0; i < 6; ++i)
            plan << ItemPlan{i == 0 ? u"\"q\" \n\u202e 😀"_s : QString(), i % 2 == 0, u"c%1"_s.arg(i), {}};
        plan << ItemPlan{u"Which?\n\nChoices:\n (A) x\n (B) y"_s, true, {}, {}};
        const QList<CandidateId> items = store.dataset(u"on: #x"_s, plan);
        const Run run = store.run(u"r"_s);
        const Model model = store.model(u"/srv/models/tiny"_s);
        store.observe(run, model, items, "10rud1h", u"chat"_s, [](qsizetype i, Observation &o) {
            if (i < 2) {
                o.labels = u"[{\"label\": \" Yes\", \"mass\": 0.5}, {\"label\": \" No\", \"mass\": 0.25}]"_s;
                o.labelMass = 0.75;
            }
            if (i == 5)
                o.labels = u"[{\"label\": \" Yes\", \"mass\": 0.5}, {\"label\": \" No\", \"mass\": 0}]"_s;
        });
        const LogChoice choice{u"r"_s, u"on: #x"_s, {}, {}};
        const auto report = exportInspectLog(*store.project, choice, path(file), false);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->samples, 7);
        QCOMPARE(report->scored, 3);
        QCOMPARE(exportInspectLog(*store.project, choice, path(file), false).error().code, ErrorCode::AlreadyExists);
        const QByteArray bytes = contentsOf(path(file));
        QVERIFY(exportInspectLog(*store.project, choice, path(file), true));
        QVERIFY(contentsOf(path(file)) == bytes);

        const QString format = *resultFormatOf(path(file));
        QCOMPARE(format, u"inspect-log"_s);
        const auto source = openResultFile(path(file), format, {});
        QVERIFY2(source, source ? "" : qPrintable(source.error().text()));
        ObservationImportOptions options;
        options.dataset = u"on: #x"_s;
        const auto back = importObservations(*store.project, path(file), **source, options);
        QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
        QVERIFY2(back->file.bad == 0,
                 qPrintable(back->file.rejected.isEmpty() ? QString() : back->file.rejected.first().message));
        QCOMPARE(back->file.imported, 7);
        const auto rows = must(store.ask([](Connection &c) { return observations(c, {}); }));
        QStringList before, after;
        for (const ObservationRow &row : rows) {
            const Observation &o = row.observation;
            const QString right = o.outcome != "answered"_L1                          ? u"-"_s
                                  : o.matches.value_or(o.argmax == row.matchingLabel) ? u"1"_s
                                                                                      : u"0"_s;
            (o.runId == run.id ? before : after) << row.itemUuid + u' ' + o.outcome + u' ' + right;
        }
        QCOMPARE(after, before);
    }

    void theLogSaysWhatIsKnown()
    {
        Observed store;
        const QList<CandidateId> items = store.plain(u"d"_s, 3);
        const Run run = store.run(u"r"_s);
        store.observe(run, store.model(u"m"_s), items, "110", u"chat"_s, [](qsizetype, Observation &o) {
            o.labels = u"[{\"label\": \" Yes\", \"ll\": -1.5}, {\"label\": \" No\", \"ll\": -0.5}]"_s;
        });
        const auto report = exportInspectLog(*store.project, {u"r"_s, u"d"_s, {}, {}}, path(u"b.json"_s), false);
        QVERIFY(report);
        const json log = json::parse(contentsOf(path(u"b.json"_s)).toStdString());
        QCOMPARE(log.at("eval").at("dataset").at("sample_ids").size(), 3U);
        QCOMPARE(log.at("eval").at("created").get<std::string>(), run.createdAt.toStdString());
        const json &metrics = log.at("results").at("scores").at(0).at("metrics");
        QVERIFY(std::abs(metrics.at("accuracy").at("value").get<double>() - 2.0 / 3) < 1e-12);
        QVERIFY(std::abs(metrics.at("stderr").at("value").get<double>() - 1.0 / 3) < 1e-12); // sqrt(2/9 / 2)
        const json &score = log.at("samples").at(0).at("scores").at("matching");
        QCOMPARE(score.at("metadata").at("logprob").at("Yes").get<double>(), -1.5);
        QCOMPARE(score.at("answer").get<std::string>(), "Yes");
        QCOMPARE(log.at("samples").at(2).at("scores").at("matching").at("value").get<int>(), 0);
    }

    void theArchiveHasWhatInspectLists()
    {
        Observed store;
        const QList<CandidateId> items = store.plain(u"d"_s, 2);
        store.observe(store.run(u"r"_s), store.model(u"m"_s), items, "1h");
        QVERIFY(exportInspectLog(*store.project, {u"r"_s, u"d"_s, {}, {}}, path(u"c.eval"_s), false));
        const auto archive = must(ZipArchive::open(path(u"c.eval"_s)));
        QStringList names;
        for (const ZipArchive::Member &member : archive->members())
            names << member.name;
        QCOMPARE(names.size(), 5);
        QCOMPARE(names.first(), u"_journal/start.json"_s);
        QCOMPARE(names.mid(3), (QStringList{u"summaries.json"_s, u"header.json"_s}));
        const json summaries = json::parse(must(archive->read(archive->members()[3])).toStdString());
        QCOMPARE(summaries.size(), 2U);
        const json failed = json::parse(must(archive->read(archive->members()[2])).toStdString());
        QVERIFY(!failed.contains("scores") && failed.contains("error"));
    }

    void oneOfSeveralMustBeNamed()
    {
        Observed store;
        const QList<CandidateId> items = store.plain(u"d"_s, 2);
        const Run run = store.run(u"r"_s);
        const Model one = store.model(u"one"_s), two = store.model(u"two"_s);
        const auto refused = [&](const LogChoice &choice) {
            const auto report = exportInspectLog(*store.project, choice, path(u"d.json"_s), true);
            return report ? ErrorCode::Unknown : report.error().code;
        };
        QCOMPARE(refused({u"r"_s, u"d"_s, {}, {}}), ErrorCode::InvalidInput); // No answers.
        store.observe(run, one, items, "11");
        store.observe(run, two, items, "10");
        store.observe(run, two, items, "00", u"raw"_s);
        QCOMPARE(refused({u"r"_s, u"d"_s, {}, {}}), ErrorCode::InvalidInput);
        QCOMPARE(refused({u"r"_s, u"d"_s, u"two"_s, {}}), ErrorCode::InvalidInput);
        QCOMPARE(refused({u"r"_s, u"d"_s, u"three"_s, {}}), ErrorCode::NotFound);
        QCOMPARE(refused({u"s"_s, u"d"_s, {}, {}}), ErrorCode::NotFound);
        QVERIFY(!QFile::exists(path(u"d.json"_s)));
        QCOMPARE(refused({u"r"_s, u"d"_s, u"one"_s, {}}), ErrorCode::Unknown);
        QCOMPARE(refused({u"r"_s, u"d"_s, u"two"_s, u"raw"_s}), ErrorCode::Unknown);
    }
};

QTEST_GUILESS_MAIN(TestInspectLogWriter)
#include "tst_inspectlogwriter.moc"
