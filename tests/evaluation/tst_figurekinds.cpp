// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of figure from a project whose answers are written down here.
#include "../review/reviewed.h"
#include "evaluation/figures.h"
#include "evaluation/winogenderresults.h"

#include "core/statistics/clusteredmean.h"
#include "observed.h"
#include "storage/repositories/validations.h"

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

FigureQuery of(const QString &kind, const QStringList &datasets = {}, const QStringList &models = {})
{
    FigureQuery query;
    query.kind = kind;
    query.datasets = datasets;
    query.models = models;
    return query;
}

struct Setting
{
    Observed store;
    QList<Model> models;

    Setting()
    {
        for (int i = 0; i < 3; ++i)
            models << store.model(u"m%1"_s.arg(i), u"fam"_s, std::pow(10.0, 6 + i), u"base"_s);
    }
    FigureSpec make(const FigureQuery &query)
    {
        return must(store.ask([&](Connection &c) { return makeFigure(c, query); }));
    }
    Error problem(const FigureQuery &query)
    {
        const auto made = store.ask([&](Connection &c) { return makeFigure(c, query); });
        return made ? Error() : made.error();
    }
    /// Two data sets of 40 items in 10 clusters, three models.
    void twoDatasets()
    {
        const Run run = store.run(u"r"_s);
        for (const QString &name : {u"first"_s, u"second"_s}) {
            QList<ItemPlan> plan;
            for (int i = 0; i < 40; ++i)
                plan << ItemPlan{{}, i % 2 == 0, u"c%1"_s.arg(i / 4), 0.9};
            const auto items = store.dataset(name, plan);
            for (int m = 0; m < 3; ++m) {
                QByteArray answers(40, '0');
                for (int i = 0; i < 40; ++i)
                    answers[i] = (i * 7 + 3) % 40 < 10 + 8 * m ? '1' : '0';
                if (m == 1)
                    answers[5] = 'r';
                store.observe(run, models[m], items, answers, u"chat"_s, [m](qsizetype i, Observation &o) {
                    if (o.outcome == "answered"_L1)
                        o.pMatching = 0.1 + 0.2 * m + 0.01 * static_cast<double>(i % 10);
                });
            }
        }
    }
    /// `count` sentences of each of eight occupations; the larger the model the nearer to the statistic.
    void pronouns()
    {
        const Run run = store.run(u"w"_s);
        const QStringList jobs{u"nurse"_s, u"cook"_s, u"welder"_s, u"clerk"_s, u"judge"_s, u"tailor"_s, u"pilot"_s, u"baker"_s};
        must(store.project->writeNow([&](Connection &c) -> Status {
            Dataset dataset;
            dataset.name = u"w"_s;
            dataset.family = u"winogender"_s;
            EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
            for (int i = 0; i < 16; ++i) {
                Candidate item;
                item.datasetId = dataset.id;
                item.ordinal = i;
                item.parseStatus = u"imported"_s;
                item.question = u"The %1 said that _ would wait. %2"_s.arg(jobs[i / 2]).arg(i);
                item.otherLabels = QStringList{u"he"_s, u"she"_s, u"they"_s};
                item.cluster = jobs[i / 2];
                item.fields = QString::fromStdString(
                    i == 15 ? json{{"occupation", "baker"}}.dump()
                            : json{{"occupation", jobs[i / 2].toStdString()}, {"percent_women", 10 + 10 * (i / 2)}}.dump());
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
                for (int m = 0; m < 3; ++m) {
                    const double pull = (m + 1) * 0.008 * (10 * (i / 2) - 35) + 0.02 * ((i * 5) % 3);
                    Observation o;
                    o.runId = run.id;
                    o.candidateId = id;
                    o.modelId = models[m].id;
                    o.frame = u"wino-fill"_s;
                    o.method = u"first-token"_s;
                    o.outcome = u"answered"_s;
                    o.argmax = pull > 0 ? u"she"_s : u"he"_s;
                    o.labels = QString::fromStdString(
                        json::array({{{"label", "he"}, {"p", 0.4 * (1 - pull)}},
                                     {{"label", "she"}, {"p", i == 0 ? 0.0 : 0.4 * (1 + pull)}},
                                     {{"label", "they"}, {"p", 0.2}}})
                            .dump());
                    EVALWRIGHT_TRY(addObservation(c, o));
                }
            }
            return {};
        }));
    }
};

} // namespace

class TestFigureKinds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void queriesAreReadBack()
    {
        FigureQuery query = of(u"differences"_s, {u"d"_s}, {u"a"_s, u"b"_s});
        query.measure = u"probability"_s;
        query.run = u"r"_s;
        query.axis = u"date"_s;
        query.acrossFamilies = true;
        const FigureQuery back = must(FigureQuery::fromJson(query.toJson()));
        QVERIFY(back.toJson() == query.toJson());
        for (const char *wrong : {"{}", "{\"figure\":1}", "{\"figure\":\"grid\",\"models\":[1]}",
                                  "{\"figure\":\"grid\",\"run\":[]}", "[]", "{\"figure\":\"grid\",\"models\":\"a\"}"})
            QVERIFY2(!FigureQuery::fromJson(json::parse(wrong)), wrong);
    }

    void aPanelForEachDataset()
    {
        Setting s;
        s.twoDatasets();
        const FigureSpec grid = s.make(of(u"grid"_s));
        QCOMPARE(grid.panels.size(), 2);
        QCOMPARE(grid.panels[0].title, u"first"_s);
        QCOMPARE(grid.panels[1].series.size(), 1);
        QVERIFY(grid.panels[0].verdict);
        QCOMPARE(grid.panels[0].series.first().name, grid.panels[1].series.first().name);
        QVERIFY(!grid.panels[0].referenceLines.isEmpty());
        // The same curves as alone, with the verdicts adjusted over both.
        const FigureSpec both = s.make(of(u"scaling"_s));
        QCOMPARE(both.series.size(), 2);
        QCOMPARE(grid.panels[1].series.first().points.first().y, both.series[1].points.first().y);
        QCOMPARE(grid.panels[1].verdict->code, both.series[1].verdict->code);
        QVERIFY(grid.notes.join(u' ').contains(u"adjusted over the 2 curves"_s));
    }

    void boundsOfUnansweredItems()
    {
        Setting s;
        s.twoDatasets();
        const FigureSpec curve = s.make(of(u"scaling"_s, {u"first"_s}));
        const QList<FigurePoint> &points = curve.series.first().points;
        QVERIFY(!points[0].boundLow && !points[2].boundHigh); // They answered all.
        QVERIFY(points[1].boundLow && points[1].boundHigh);
        QVERIFY(near(*points[1].boundHigh - *points[1].boundLow, 1.0 / 40));
        QVERIFY(*points[1].boundLow < points[1].y && points[1].y < *points[1].boundHigh);
    }

    void heatMap()
    {
        Setting s;
        s.twoDatasets();
        const FigureSpec heat = s.make(of(u"heatmap"_s));
        QCOMPARE(heat.x.categories, (QStringList{u"m0"_s, u"m1"_s, u"m2"_s}));
        QCOMPARE(heat.y.categories, (QStringList{u"first"_s, u"second"_s}));
        QCOMPARE(heat.cells.size(), 6);
        const FigureSpec dots = s.make(of(u"scores"_s));
        QCOMPARE(dots.series.size(), 3);
        QCOMPARE(dots.x.counts, (QList<qint64>{40, 40}));
        for (const FigureCell &cell : heat.cells) {
            const FigurePoint &point = dots.series[cell.x].points[cell.y];
            QVERIFY(near(cell.value, point.y));
            QVERIFY(near(cell.low, point.low));
        }
        FigureQuery probable = of(u"heatmap"_s);
        probable.measure = u"probability"_s;
        const FigureSpec mean = s.make(probable);
        QVERIFY(near(mean.cells.first().value, 0.145, 1e-9));
        QVERIFY(!mean.cells.first().low); // No interval is known of it here.
        probable.measure = u"shift"_s;
        QCOMPARE(s.problem(probable).code, ErrorCode::InvalidInput);
    }

    void differencesOfModels()
    {
        Setting s;
        s.twoDatasets();
        const FigureSpec figure = s.make(of(u"differences"_s, {u"first"_s}, {u"m0"_s, u"m2"_s}));
        QCOMPARE(figure.series.size(), 1);
        const QList<FigurePoint> &points = figure.series.first().points;
        QCOMPARE(points.size(), 40);
        double sum = 0;
        for (qsizetype i = 0; i < points.size(); ++i) {
            QVERIFY(i == 0 || points[i - 1].y <= points[i].y);
            QCOMPARE(points[i].x, static_cast<double>(i + 1));
            QVERIFY(points[i].label.startsWith(u"statement "_s));
            sum += points[i].y;
        }
        QCOMPARE(figure.referenceLines.size(), 1);
        const FigureReferenceLine &mean = figure.referenceLines.first();
        QVERIFY(near(mean.value, sum / 40));
        QVERIFY(near(mean.value, 0.4));
        QVERIFY(*mean.low < mean.value && mean.value < *mean.high);
        // One that refused has no difference.
        const FigureSpec three = s.make(of(u"differences"_s, {u"first"_s}, {u"m1"_s, u"m0"_s, u"m2"_s}));
        QCOMPARE(three.series.size(), 2);
        QCOMPARE(three.series.last().points.size(), 39);
        FigureQuery probable = of(u"differences"_s, {u"first"_s}, {u"m0"_s, u"m2"_s});
        probable.measure = u"probability"_s;
        QVERIFY(near(s.make(probable).referenceLines.first().value, 0.4, 1e-9));
        QCOMPARE(s.problem(of(u"differences"_s, {u"first"_s}, {u"m0"_s})).code, ErrorCode::InvalidInput);
        QCOMPARE(s.problem(of(u"differences"_s, {}, {u"m0"_s, u"m1"_s})).code, ErrorCode::InvalidInput);
        QCOMPARE(s.problem(of(u"differences"_s, {u"first"_s}, {u"m0"_s, u"nobody"_s})).code, ErrorCode::NotFound);
    }

    void pronounsByOccupation()
    {
        Setting s;
        s.pronouns();
        const auto list = must(s.store.ask([](Connection &c) { return winogenderResults(c, {}); }));
        QCOMPARE(list.size(), 3);
        for (const WinogenderResult &one : list) {
            QVERIFY2(one.association, qPrintable(one.reason));
            // The sentence without a probability of “she” has one of “he”; that without a share of women takes it from
            // the other sentence of its occupation.
            QCOMPARE(one.sentences, 16);
            QCOMPARE(one.withoutProbability, 0);
            QCOMPARE(one.association->occupations.size(), std::size_t{8});
            QVERIFY(one.association->r > 0.8 && one.association->rLow && *one.association->rLow > 0);
            QVERIFY(one.meanLow && *one.meanLow < one.association->meanScore);
            QVERIFY(one.neutralLow && one.association->neutralShare);
        }
        QVERIFY(list[2].association->slope > list[0].association->slope);
        const auto fit = winogenderFit(*list[0].association);
        QVERIFY(fit);
        QVERIFY(near(fit->slope, list[0].association->slope, 1e-12));
        double narrowest = 9;
        for (const WinogenderFit::Point &point : fit->band) {
            const double y = fit->intercept + fit->slope * point.x;
            QVERIFY(point.low < y && y < point.high);
            QVERIFY(near(y - point.low, point.high - y, 1e-9));
            narrowest = std::min(narrowest, point.high - point.low);
        }
        QVERIFY(narrowest < fit->band.front().high - fit->band.front().low);
        QVERIFY(narrowest < fit->band.back().high - fit->band.back().low);

        const FigureSpec scatter = s.make(of(u"winogender"_s, {u"w"_s}, {u"m0"_s, u"m2"_s}));
        QCOMPARE(scatter.series.size(), 2);
        QCOMPARE(scatter.fits.size(), 2);
        QCOMPARE(scatter.series.first().points.size(), 8);
        QCOMPARE(scatter.series.first().points.first().x, 0.1);
        QCOMPARE(scatter.series.first().points.first().label, u"nurse"_s);
        QVERIFY(scatter.fits.first().text.startsWith(u"r = 0."_s));
        const FigureSpec over = s.make(of(u"correlation"_s));
        QCOMPARE(over.series.size(), 1);
        QCOMPARE(over.series.first().points.size(), 3);
        QVERIFY(near(over.series.first().points[1].y, list[1].association->r));
        QCOMPARE(over.series.first().points[1].x, 1e7);
        FigureQuery dates = of(u"correlation"_s);
        dates.axis = u"date"_s;
        QCOMPARE(s.problem(dates).code, ErrorCode::InvalidInput); // No model has one.
        // There is nothing that pronouns match: they are not drawn as scores, and it is said.
        const FigureSpec dots = s.make(of(u"scores"_s));
        QVERIFY(dots.series.isEmpty());
        QVERIFY(dots.notes.first().contains(u"no matching answer"_s));
    }

    void whatIsMissingIsSaid()
    {
        Setting s;
        s.twoDatasets();
        QVERIFY(s.problem(of(u"winogender"_s)).message.contains(u"pronouns"_s));
        QVERIFY(s.problem(of(u"reliability"_s)).message.contains(u"checker"_s));
        QVERIFY(s.problem(of(u"agreement"_s)).message.contains(u"No person"_s));
        QCOMPARE(s.problem(of(u"pie"_s)).code, ErrorCode::InvalidInput);
        FigureQuery query = of(u"scores"_s);
        query.measure = u"probability"_s;
        QCOMPARE(s.problem(query).code, ErrorCode::InvalidInput);
        QCOMPARE(s.problem(of(u"heatmap"_s, {u"third"_s})).code, ErrorCode::NotFound);
    }

    void agreementOfPeople()
    {
        Setting s;
        QList<ItemPlan> plan;
        for (int i = 0; i < 60; ++i)
            plan << ItemPlan{{}, true, i < 20 ? u"c%1"_s.arg(i / 5) : QString(), i < 20 ? 0.55 : 0.95};
        const auto items = s.store.dataset(u"d"_s, plan);
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            for (int i = 0; i < 50; ++i) { // Nobody looked at the last ten.
                Decision decision;
                decision.candidateId = items[i];
                decision.stage = u"reviewed"_s; // As the items view decides.
                decision.reason = u"person"_s;
                decision.keep = i < 20 ? i % 2 == 0 : i != 20;
                decision.actor = u"person"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        }));
        const FigureSpec figure = s.make(of(u"agreement"_s));
        QCOMPARE(figure.series.size(), 1);
        const QList<FigurePoint> &points = figure.series.first().points;
        QCOMPARE(points.size(), 2);
        QVERIFY(near(points[0].x, 0.55, 1e-9) && near(points[0].y, 0.5) && points[0].n == 20);
        QCOMPARE(points[0].clusters, std::optional<qint64>(4));
        QVERIFY(points[0].naiveLow && points[0].low != points[0].naiveLow);
        QVERIFY(near(points[1].y, 29.0 / 30) && points[1].n == 30 && !points[1].clusters);
        QCOMPARE(figure.referenceLines.first().kind, FigureReferenceLine::Kind::Diagonal);
        // What raters' word dropped was not decided by hand, and would count wrong labels alone.
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            for (int i = 50; i < 60; ++i) {
                Decision decision;
                decision.candidateId = items[i];
                decision.stage = u"reviewed"_s;
                decision.reason = u"people-label"_s;
                decision.actor = u"person"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        }));
        QCOMPARE(s.make(of(u"agreement"_s)).dataHash, figure.dataHash);
    }

    void agreementOfRaters()
    {
        Reviewed s(60);
        review::NewReview wanted = s.wanted();
        wanted.plan.sampling = review::Sampling::All;
        wanted.plan.raters = wanted.plan.perItem = 1;
        wanted.plan.repeats = 0;
        const auto sitting = s.sit(s.make(wanted).review, u"r"_s);
        for (const review::Place &place : must(sitting->places(0, 60).result()))
            must(sitting->store(Reviewed::given(place.position, u"Yes"_s)).result()); // Right of every second item.
        const FigureSpec figure = must(s.store.ask([](Connection &c) { return makeFigure(c, of(u"agreement"_s)); }));
        QCOMPARE(figure.series.size(), 1);
        QCOMPARE(figure.series.first().name, u"d, rated"_s);
        QCOMPARE(figure.y.label, u"Label right by people's word"_s);
        qint64 items = 0;
        double right = 0;
        for (const FigurePoint &point : figure.series.first().points) {
            items += point.n;
            right += point.y * static_cast<double>(point.n);
        }
        QCOMPARE(items, 60);
        QVERIFY(near(right, 30));
    }

    void reliabilityOfCheckers()
    {
        Setting s;
        const auto items = s.store.plain(u"d"_s, 4);
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"d"_s));
            Job job;
            job.kind = u"validate"_s;
            job.parameters = u"{}"_s;
            job.parametersHash = u"x"_s;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            CheckerValidation validation;
            validation.jobId = job.id;
            validation.datasetId = dataset.id;
            validation.modelId = s.models[1].id;
            validation.prompt = u"persona"_s;
            validation.frame = u"chat"_s;
            validation.checkJson = u"{}"_s;
            validation.checkHash = u"h"_s;
            validation.items = 50;
            validation.result = QString::fromStdString(
                json{{"ece", 0.07},
                     {"reliability",
                      {{{"n", 30}, {"mean_confidence", 0.7}, {"share", 0.6}, {"low", 0.4}, {"high", 0.78}},
                       {{"n", 20}, {"mean_confidence", 0.95}, {"share", 0.9}, {"low", nullptr}, {"high", nullptr}},
                       {{"n", 1}, {"share", "much"}},
                       7}}}
                    .dump());
            EVALWRIGHT_TRY(addValidation(c, validation));
            return {};
        }));
        const FigureSpec figure = s.make(of(u"reliability"_s));
        QCOMPARE(figure.series.size(), 1);
        QCOMPARE(figure.series.first().points.size(), 2); // What is no bin is not drawn.
        QCOMPARE(figure.series.first().points.first().n, 30);
        QVERIFY(near(figure.series.first().points.first().low, 0.4));
        QVERIFY(!figure.series.first().points.last().low);
        QVERIFY(figure.notes.first().contains(u"0.070"_s));
        QVERIFY(!s.problem(of(u"reliability"_s, {u"d"_s}, {u"m0"_s})).message.isEmpty());
    }

    void manyLeftOutModelsFitIntoAFigure()
    {
        ScalingReport report;
        report.axis = u"parameters"_s;
        for (int d = 0; d < 154; ++d) {
            for (int m = 0; m < 8; ++m)
                report.leftOut << LeftOutModel{u"d%1"_s.arg(d), u"m%1"_s.arg(m), {}, u"no-parameters"_s};
        }
        const FigureSpec figure = scalingFigure(report, {});
        QVERIFY(FigureSpec::fromJson(figure.toJson()));
        QCOMPARE(figure.notes.filter(u"is left out of 154 data sets"_s).size(), 8);
    }

    void theMapHasASeriesForEachLabel()
    {
        const FigureSpec map = mapFigure(u"d"_s, {}, {{u" Yes"_s, u"<b>one</b>\ntwo"_s, 1, 2}, {u" No"_s, u"b"_s, 3, 4}, {u" Yes"_s, u"c"_s, 0, 0}}, 9);
        QCOMPARE(map.series.size(), 2);
        QCOMPARE(map.series[0].name, u"No"_s);
        QCOMPARE(map.series[1].points.size(), 2);
        QCOMPARE(map.series[1].points[0].label, u"<b>one</b> two"_s);
        QVERIFY(map.notes.last().contains(u"3 of 9"_s));
        QVERIFY(FigureSpec::fromJson(map.toJson()));
    }

    void everyKindIsBuiltAgain()
    {
        Setting s;
        s.twoDatasets();
        s.pronouns();
        for (const FigureQuery &query :
             {of(u"scaling"_s), of(u"grid"_s), of(u"scores"_s), of(u"heatmap"_s),
              of(u"differences"_s, {u"first"_s}, {u"m0"_s, u"m1"_s}), of(u"winogender"_s), of(u"correlation"_s)}) {
            const FigureSpec figure = s.make(query);
            const FigureSpec read = must(FigureSpec::fromJson(figure.toJson()));
            const FigureSpec again = must(s.store.ask([&](Connection &c) { return rebuildFigure(c, read); }));
            QVERIFY2(again.dataHash == figure.dataHash, qPrintable(query.kind));
            QVERIFY2(again.toJson() == figure.toJson(), qPrintable(query.kind));
            QVERIFY2(!figure.createdFrom["runs"].empty(), qPrintable(query.kind));
        }
    }
};

QTEST_GUILESS_MAIN(TestFigureKinds)
#include "tst_figurekinds.moc"
