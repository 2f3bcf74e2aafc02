// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/report.h"

#include "observed.h"

#include <QRegularExpression>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

const QString hostile = u"<script>alert(\"1\")</script>%1&'"_s;

struct Setting
{
    Observed store;
    QList<Model> models;
    QList<CandidateId> items; ///< Of the last data set by name.
    Setting()
    {
        const Run run = store.run(u"r<b>"_s);
        for (int m = 0; m < 3; ++m)
            models << store.model(m == 1 ? hostile : u"m%1"_s.arg(m), u"fam"_s, std::pow(10.0, 6 + m), u"base"_s);
        for (const QString &name : {hostile, u"plain"_s}) {
            items = store.plain(name, 40);
            for (int m = 0; m < 3; ++m) {
                QByteArray answers(40, '0');
                for (int i = 0; i < 40; ++i)
                    answers[i] = (i * 7 + 3) % 40 < 10 + 8 * m ? '1' : '0';
                answers[3] = 'r';
                store.observe(run, models[m], items, answers);
                store.observe(run, models[m], items, QByteArray(20, '1') + QByteArray(20, '0'), u"chat"_s,
                              [](qsizetype, Observation &o) { o.control = u"no-biography"_s; });
            }
        }
    }
    Report report(const ReportQuery &query = {})
    {
        return must(store.ask([&](Connection &c) { return makeReport(c, query, u"p & q"_s); }));
    }
};

} // namespace

class TestReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingIsThere()
    {
        Setting s;
        const Report report = s.report();
        QStringList kinds;
        for (const FigureSpec &figure : report.figures)
            kinds << figure.kind;
        QCOMPARE(kinds, (QStringList{u"grid"_s, u"scores"_s, u"heatmap"_s}));
        QCOMPARE(report.findings.rows.size(), 12);
        QCOMPARE(report.findings.shifts.size(), 6);
        QCOMPARE(report.datasets.size(), 2);
        QCOMPARE(report.runs.size(), 1);
        QVERIFY(report.smallestEffects.contains(u"plain: 5 points (the usual one)"_s));
        const QByteArray html = reportHtml(report, {"<svg/>", "<svg/>", {}});
        for (const FigureSpec &figure : report.figures)
            QVERIFY(html.contains(figure.dataHash.toUtf8()));
        QCOMPARE(html.count("data:image/svg+xml;base64,"), 2);
        QVERIFY(html.contains("could not be drawn")); // The third has no picture.
        for (const ReportedDataset &dataset : report.datasets)
            QVERIFY(dataset.items == 40 && html.contains(dataset.itemsHash.toUtf8()));
        QVERIFY(html.contains(report.runs.first().uuid.toUtf8()));
        QVERIFY(html.contains("no-biography: shift "));
        QVERIFY(html.contains("undetermined") || html.contains("positive"));
    }

    void whatStrangersWroteStaysText()
    {
        Setting s;
        ReportQuery query;
        query.title = hostile;
        const QByteArray html = reportHtml(s.report(query), {"<svg/>", "<svg/>", "<svg/>"});
        QVERIFY(!html.contains("<script"));
        QVERIFY(!html.contains("<b>\""));
        QVERIFY(html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;%1&amp;"));
        QVERIFY(html.contains("p &amp; q"));
        // Nothing is fetched: pictures are inside, and there is no address at all.
        static const QRegularExpression address(u"(src|href)=\"(?!data:)"_s);
        QVERIFY(!QString::fromUtf8(html).contains(address));
        QVERIFY(!html.contains("http:") && !html.contains("https:"));
        QVERIFY(html.contains("default-src 'none'"));
    }

    void theHashIsOfTheItems()
    {
        Setting s;
        const QString before = s.report().datasets.last().itemsHash;
        QCOMPARE(s.report().datasets.last().itemsHash, before);
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            Decision reject;
            reject.candidateId = s.items.last();
            reject.stage = reject.reason = u"review"_s;
            reject.actor = u"person"_s;
            return addDecision(c, reject).map([](const auto &) {});
        }));
        QCOMPARE(s.report().datasets.last().items, 39);
        QVERIFY(s.report().datasets.last().itemsHash != before);
    }

    void keptFiguresAndFilters()
    {
        Setting s;
        FigureQuery figure;
        figure.kind = u"differences"_s;
        figure.datasets << u"plain"_s;
        figure.models = QStringList{u"m0"_s, u"m2"_s};
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const FigureSpec spec, makeFigure(c, figure));
            EVALWRIGHT_TRY(storeFigure(c, spec));
            return {};
        }));
        ReportQuery query;
        query.datasets << u"plain"_s;
        const Report report = s.report(query);
        QCOMPARE(report.title, u"plain"_s);
        QCOMPARE(report.figures.first().kind, u"scaling"_s);
        QCOMPARE(report.figures.last().kind, u"differences"_s);
        query.keptFigures = false;
        QCOMPARE(s.report(query).figures.size(), 2);
        query.family = u"other"_s;
        const auto none = s.store.ask([&](Connection &c) { return makeReport(c, query, {}); });
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::InvalidInput);
        Observed empty;
        QCOMPARE(empty.ask([](Connection &c) { return makeReport(c, {}, {}); }).error().code, ErrorCode::InvalidInput);
    }
};

QTEST_GUILESS_MAIN(TestReport)
#include "tst_report.moc"
