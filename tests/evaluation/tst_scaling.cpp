// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figures.h"

#include "../core/golden.h"
#include "core/clock.h"
#include "observed.h"
#include "storage/repositories/verdictsettings.h"

#include <algorithm>
#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

ScalingReport report(Observed &store, const ScalingQuery &query = {})
{
    return must(store.ask([&](Connection &c) { return scaling(c, query); }));
}

ScalingQuery onDatasets(const QStringList &names)
{
    ScalingQuery query;
    query.datasets = names;
    return query;
}

/// The first `matching` items match.
QByteArray firstMatch(int items, int matching)
{
    return QByteArray(matching, '1') + QByteArray(items - matching, '0');
}

/// Models of one family, ten times larger each.
QList<Model> familyOf(Observed &store, const QString &name, int sizes, const QString &training = u"instruct"_s)
{
    QList<Model> models;
    for (int i = 0; i < sizes; ++i)
        models << store.model(u"%1-%2"_s.arg(name).arg(i), name, 1e6 * std::pow(10, i), training);
    return models;
}

/// q values of Benjamini and Hochberg, by the definition: the smallest p_(j) J/j at or above each rank.
std::vector<double> adjusted(const std::vector<double> &p)
{
    std::vector<double> q;
    for (const double value : p) {
        double best = 1;
        for (const double threshold : p) {
            if (threshold < value)
                continue;
            const auto rank = std::ranges::count_if(p, [&](double other) { return other <= threshold; });
            best = std::min(best, threshold * static_cast<double>(p.size()) / static_cast<double>(rank));
        }
        q.push_back(best);
    }
    return q;
}

} // namespace

class TestScaling : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void twoSizesAreUndetermined()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 40);
        const auto models = familyOf(store, u"fam"_s, 2);
        const Model twin = store.model(u"fam-twin"_s, u"fam"_s, models[1].parameters,
                                       u"instruct"_s); // A third model, not a third size.
        const Run run = store.run(u"one"_s);
        store.observe(run, models[0], items, firstMatch(40, 4));
        store.observe(run, models[1], items, firstMatch(40, 36));
        store.observe(run, twin, items, firstMatch(40, 40));
        const ScalingReport got = report(store);
        QCOMPARE(got.curves.size(), 1);
        const ScalingCurve &curve = got.curves.first();
        QCOMPARE(curve.points.size(), 3);
        QCOMPARE(curve.verdict, u"undetermined"_s);
        QCOMPARE(curve.reason, u"too_few_sizes"_s);
        QVERIFY(!curve.slope && !curve.slopeLow && !curve.slopeHigh && !curve.p && !curve.pAdjusted && !curve.change &&
                !curve.items);
        QCOMPARE(got.curvesTested, 0);
        QVERIFY(curve.text.startsWith(u"Undetermined"_s));
        const json out = got.toJson();
        const json &first = out["curves"][0];
        for (const char *name : {"slope", "slope_low", "slope_high", "p", "p_adjusted"})
            QVERIFY2(first.contains(name) && first[name].is_null(), name);
        QCOMPARE(first["verdict"].get<std::string>(), std::string("undetermined"));
        for (const char *name : {"model", "x", "n", "score", "low", "high"})
            QVERIFY2(first["points"][0].contains(name), name);
        QCOMPARE(first["points"][0]["x"].get<double>(), 1e6);
    }

    /// The golden trends, with parameters 10^x, through the whole path.
    void trendsAgreeWithGolden()
    {
        QFile source(QStringLiteral(EVALWRIGHT_TEST_DATA "/golden/scaling_trend.json"));
        QVERIFY(source.open(QIODevice::ReadOnly));
        const json document = json::parse(source.readAll().toStdString());
        Observed store;
        const Run run = store.run(u"one"_s);
        int compared = 0;
        for (const json &entry : document["cases"]) {
            if (entry["function"] != "scaling_trend" || entry.contains("expected_error"))
                continue;
            const json &input = entry["input"];
            const auto x = input["x"].get<std::vector<double>>();
            if (x.back() > 20)
                continue; // Steps, not parameters.
            const QString name = QString::fromStdString(entry["id"].get<std::string>());
            QList<ItemPlan> plan;
            for (const json &cluster : input["cluster"])
                plan << ItemPlan{{}, true, QString::fromStdString(cluster.get<std::string>()), {}};
            const auto items = store.dataset(name, plan);
            for (std::size_t m = 0; m < x.size(); ++m) {
                QByteArray letters;
                for (const json &row : input["matches"])
                    letters += row[m].is_null() ? 'r' : row[m].get<double>() > 0 ? '1' : '0';
                store.observe(run,
                              store.model(u"%1 %2"_s.arg(name).arg(m), u"family of %1"_s.arg(name), std::pow(10, x[m])),
                              items, letters);
            }
            const ScalingReport got = report(store, onDatasets({name}));
            QCOMPARE(got.curves.size(), 1);
            const ScalingCurve &curve = got.curves.first();
            const json &want = entry["expected"];
            const auto is = [&](const std::optional<double> &value, const char *member) {
                return near(value, want[member].get<double>(), 1e-9);
            };
            QVERIFY2(is(curve.slope, "slope"), qPrintable(name));
            QVERIFY2(is(curve.slopeLow, "slope_low"), qPrintable(name));
            QVERIFY2(is(curve.slopeHigh, "slope_high"), qPrintable(name));
            QVERIFY2(is(curve.p, "p_slope"), qPrintable(name));
            QVERIFY2(is(curve.change, "change"), qPrintable(name));
            QCOMPARE(curve.items, std::optional<qint64>(want["items_used"].get<qint64>()));
            QCOMPARE(curve.clusters, std::optional<qint64>(want["clusters"].get<qint64>()));
            // One curve has two tests, so its slope's p is at most doubled.
            QVERIFY(*curve.pAdjusted >= *curve.p && *curve.pAdjusted <= 2 * *curve.p + 1e-12);
            ++compared;
        }
        QVERIFY(compared >= 3);
    }

    void nothingDifferentSharesACurve()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 20), others = store.plain(u"e"_s, 20);
        const Run run = store.run(u"one"_s);
        const auto a = familyOf(store, u"a"_s, 3), b = familyOf(store, u"b"_s, 3);
        for (int i = 0; i < 3; ++i) {
            store.observe(run, a[i], items, firstMatch(20, 5 + i));
            store.observe(run, a[i], items, firstMatch(20, 6 + i), u"ha"_s);
            store.observe(run, a[i], others, firstMatch(20, 7 + i));
            store.observe(run, b[i], items, firstMatch(20, 8 + i));
        }
        // The same family in another stage of training.
        for (int i = 0; i < 3; ++i) {
            const Model model = store.model(u"a-before-%1"_s.arg(i), u"a"_s, a[i].parameters, u"base"_s);
            store.observe(run, model, items, firstMatch(20, 9 + i));
        }
        const ScalingReport got = report(store);
        QCOMPARE(got.curves.size(), 5);
        QSet<QString> keys;
        for (const ScalingCurve &curve : got.curves) {
            QCOMPARE(curve.points.size(), 3);
            keys << u"%1/%2/%3/%4"_s.arg(curve.dataset, curve.family, curve.training, curve.frame);
            for (const ScalingPoint &point : curve.points) {
                QCOMPARE(point.row.dataset, curve.dataset);
                QCOMPARE(point.row.family, curve.family);
                QCOMPARE(point.row.training, curve.training);
                QCOMPARE(point.row.frame, curve.frame);
            }
            QVERIFY(std::ranges::is_sorted(curve.points, {}, &ScalingPoint::x));
        }
        QCOMPARE(keys, (QSet<QString>{u"d/a/base/chat"_s, u"d/a/instruct/chat"_s, u"d/a/instruct/ha"_s,
                                      u"d/b/instruct/chat"_s, u"e/a/instruct/chat"_s}));
        ScalingQuery query = onDatasets({u"d"_s});
        query.family = u"a"_s;
        query.frame = u"chat"_s;
        QCOMPARE(report(store, query).curves.size(), 2);

        // In the figure every curve has a name of its own and its own verdict.
        const FigureSpec figure = scalingFigure(got, {});
        QSet<QString> names;
        for (const FigureSeries &series : figure.series) {
            names << series.name;
            QVERIFY(series.verdict);
        }
        QCOMPARE(names.size(), 5);
        QVERIFY(!figure.verdict);
        QVERIFY(figure.referenceLines.isEmpty()); // Two data sets have no common ceiling.
    }

    void verdictFollowsPolarity()
    {
        Observed store;
        const Run run = store.run(u"one"_s);
        const auto models = familyOf(store, u"fam"_s, 3);
        const auto verdictOf = [&](const QString &polarity, const QList<int> &matching) {
            const QString name = u"%1 %2"_s.arg(polarity).arg(matching.first());
            const auto items = store.plain(name, 60, polarity);
            for (int i = 0; i < 3; ++i)
                store.observe(run, models[i], items, firstMatch(60, matching[i]));
            const ScalingReport got = report(store, onDatasets({name}));
            return got.curves.first();
        };
        const ScalingCurve bad = verdictOf(u"bad-if-high"_s, {10, 30, 50});
        QCOMPARE(bad.verdict, u"inverse"_s);
        QCOMPARE(bad.reason, u"slope"_s);
        QVERIFY(bad.text.startsWith(u"Inverse scaling: the score rises"_s));
        QVERIFY(near(bad.slope, 20.0 / 60));
        QVERIFY(near(bad.change, 40.0 / 60));
        QCOMPARE(bad.clusters, std::optional<qint64>()); // Items without clusters.
        const ScalingCurve good = verdictOf(u"bad-if-low"_s, {10, 30, 50});
        QCOMPARE(good.verdict, u"positive"_s);
        const ScalingCurve neutral = verdictOf(u"neutral"_s, {50, 30, 10});
        QCOMPARE(neutral.verdict, u"inverse"_s);
        QVERIFY(neutral.text.startsWith(u"Falling"_s));
        const ScalingCurve u = verdictOf(u"neutral"_s, {55, 5, 54});
        QCOMPARE(u.verdict, u"u-shaped"_s);
        QCOMPARE(verdictOf(u"bad-if-high"_s, {55, 5, 54}).verdict, u"inverted-u"_s);
        const ScalingCurve flat = verdictOf(u"neutral"_s, {31, 31, 31});
        QCOMPARE(flat.verdict, u"flat"_s);
        QCOMPARE(flat.reason, u"equivalent"_s);
    }

    void unsureCurvesSayWhy()
    {
        Observed store;
        const Run run = store.run(u"one"_s);
        const auto models = familyOf(store, u"fam"_s, 3);
        QList<ItemPlan> plan;
        for (int i = 0; i < 40; ++i)
            plan << ItemPlan{{}, true, u"c%1"_s.arg(i % 4), {}};
        const auto few = store.dataset(u"few"_s, plan);
        for (int i = 0; i < 3; ++i)
            store.observe(run, models[i], few, firstMatch(40, 10 + 10 * i));
        QCOMPARE(report(store, onDatasets({u"few"_s})).curves.first().reason, u"few_clusters"_s);

        // Clusters enough, but nearly all items in one of them, or in a few.
        const auto inClusters = [&](const QString &name, int shared) {
            QList<ItemPlan> items;
            for (int i = 0; i < 60; ++i)
                items << ItemPlan{{}, true, u"c%1"_s.arg(i < 48 ? i % shared : i), {}};
            const auto dataset = store.dataset(name, items);
            for (int i = 0; i < 3; ++i)
                store.observe(run, models[i], dataset, firstMatch(60, 10 + 10 * i));
            return report(store, onDatasets({name})).curves.first();
        };
        const ScalingCurve most = inClusters(u"most"_s, 2);
        QCOMPARE(most.verdict, u"undetermined"_s);
        QCOMPARE(most.reason, u"few_clusters"_s);
        QVERIFY2(most.text.contains(u"a few of the 14 clusters hold most of the items"_s), qPrintable(most.text));
        QVERIFY(*most.worthClusters < 5);
        const ScalingCurve some = inClusters(u"some"_s, 8);
        QVERIFY(some.reason != u"few_clusters"_s);
        QVERIFY2(some.details.join(u'\n').contains(
                     u"20 clusters, worth about %1 equal ones"_s.arg(QString::number(*some.worthClusters, 'f', 1))),
                 qPrintable(some.details.join(u'\n')));
        // The interval and the p shown are those that the verdict stands on.
        QCOMPARE(*some.slopeLow <= 0 && *some.slopeHigh >= 0, *some.p > 0.05);

        // Each model answered other items: nothing to pair.
        const auto apart = store.plain(u"apart"_s, 30);
        for (int i = 0; i < 3; ++i)
            store.observe(run, models[i], apart,
                          QByteArrayList{"1", "-", "-"}[i].repeated(10) +
                              QByteArrayList{"-", "1", "-"}[i].repeated(10) +
                              QByteArrayList{"-", "-", "1"}[i].repeated(10));
        const ScalingCurve none = report(store, onDatasets({u"apart"_s})).curves.first();
        QCOMPARE(none.verdict, u"undetermined"_s);
        QCOMPARE(none.reason, u"no_common_items"_s);
        QVERIFY(!none.slope);

        const auto close = store.plain(u"close"_s, 30);
        for (int i = 0; i < 3; ++i)
            store.observe(run, store.model(u"near-%1"_s.arg(i), u"near"_s, 1e9 * (1 + 0.2 * i)), close,
                          firstMatch(30, 5 + 10 * i));
        QCOMPARE(report(store, onDatasets({u"close"_s})).curves.first().reason, u"narrow_range"_s);
    }

    void adjustmentCoversAllCurves()
    {
        Observed store;
        const Run run = store.run(u"one"_s);
        const auto models = familyOf(store, u"fam"_s, 3);
        const QList<QList<int>> scores{{20, 26, 31}, {20, 21, 20}, {22, 19, 23}, {10, 25, 40}};
        QStringList names;
        for (const QList<int> &counts : scores) {
            names << u"d%1"_s.arg(names.size());
            const auto items = store.plain(names.last(), 60);
            for (int i = 0; i < 3; ++i) {
                // Shifted by the model, so that items differ between models.
                QByteArray letters = firstMatch(60, counts[i]);
                std::rotate(letters.begin(), letters.begin() + QList<qsizetype>{0, 7, 14}[i], letters.end());
                store.observe(run, models[i], items, letters);
            }
        }
        std::vector<double> slopes;
        for (const QString &name : std::as_const(names)) {
            const ScalingReport alone = report(store, onDatasets({name}));
            QCOMPARE(alone.curvesTested, 1);
            slopes.push_back(*alone.curves.first().p);
        }
        const ScalingReport together = report(store);
        QCOMPARE(together.curvesTested, 4);
        QCOMPARE(together.curves.size(), 4);
        std::vector<double> family;
        for (std::size_t i = 0; i < slopes.size(); ++i) {
            const ScalingCurve &curve = together.curves[static_cast<qsizetype>(i)];
            QVERIFY(near(curve.p, slopes[i])); // The raw p does not know of the other curves.
            family.push_back(slopes[i]);
        }
        // Shape tests take part too. Here three sizes leave one corner, where the test's p is 1 or large; the adjusted
        // slopes must lie between those over the four slopes alone and those with four more tests of p = 1.
        const auto least = adjusted(family);
        std::vector<double> padded = family;
        padded.insert(padded.end(), 4, 1.0);
        const auto most = adjusted(padded);
        for (std::size_t i = 0; i < slopes.size(); ++i) {
            const double got = *together.curves[static_cast<qsizetype>(i)].pAdjusted;
            QVERIFY(got >= least[i] - 1e-12);
            QVERIFY(got <= most[i] + 1e-12);
            QVERIFY(got >= slopes[i]);
        }
        QVERIFY(!together.curves.first().details.filter(u"4 curves"_s).isEmpty());
    }

    void leftOutModelsAreNamed()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 4);
        const Run run = store.run(u"one"_s);
        store.observe(run, store.model(u"sizeless"_s, u"fam"_s), items, "1100");
        store.observe(run, store.model(u"zero"_s, u"fam"_s, 0.0), items, "1100");
        store.observe(run, store.model(u"orphan"_s, {}, 1e6), items, "1100");
        store.observe(run, store.model(u"mute"_s, u"fam"_s, 1e7), items, "rrru");
        store.observe(run, store.model(u"fine"_s, u"fam"_s, 1e8), items, "1100");
        const ScalingReport got = report(store);
        QHash<QString, QString> reasons;
        for (const LeftOutModel &model : got.leftOut)
            reasons.insert(model.model, model.reason);
        QCOMPARE(reasons, (QHash<QString, QString>{{u"sizeless"_s, u"no-parameters"_s},
                                                   {u"zero"_s, u"no-parameters"_s},
                                                   {u"orphan"_s, u"no-family"_s},
                                                   {u"mute"_s, u"no-answers"_s}}));
        QCOMPARE(got.curves.size(), 1);
        QCOMPARE(got.curves.first().points.size(), 1);
        QCOMPARE(got.toJson()["left_out"].size(), 4U);
        const FigureSpec figure = scalingFigure(got, {});
        for (const QString &name : reasons.keys())
            QVERIFY2(!figure.notes.filter(name).isEmpty(), qPrintable(name));
    }

    /// What was said of a data set counts, and when it was said is told.
    void verdictSettingsCount()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 200);
        const auto models = familyOf(store, u"fam"_s, 3);
        const auto say = [&](const QString &name, const QString &value, bool ofDataset) {
            return store.project->writeNow([&](Connection &c) -> Status {
                VerdictSetting setting;
                setting.name = name;
                setting.value = value;
                if (ofDataset) {
                    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"d"_s));
                    setting.dataset = dataset.id;
                }
                return addVerdictSetting(c, setting);
            });
        };
        QVERIFY(!say(u"smallest-effect"_s, u"5"_s, true));
        QVERIFY(!say(u"direction"_s, u"up"_s, true));
        QVERIFY(say(u"smallest-effect"_s, u"0.5"_s, false)); // Before the run, of the whole project.
        const Run run = store.run(u"one"_s);
        for (int i = 0; i < 3; ++i)
            store.observe(run, models[i], items, firstMatch(200, 80 + 20 * i));
        const ScalingCurve strict = report(store).curves.first();
        QCOMPARE(strict.verdict, u"flat"_s); // Twenty points are nothing, where half of all is the least that matters.
        QCOMPARE(strict.reason, u"equivalent"_s);
        QCOMPARE(strict.smallestEffect, 0.5);
        QVERIFY(!strict.smallestEffectSaid.isEmpty());
        // Its own word counts more, but it comes late: the clock of the file has whole seconds.
        QTRY_VERIFY_WITH_TIMEOUT(isoNow() > run.createdAt, 5000);
        QVERIFY(say(u"smallest-effect"_s, u"0.1"_s, true));
        QVERIFY(say(u"direction"_s, u"bad-if-high"_s, true));
        const ScalingCurve late = report(store).curves.first();
        QCOMPARE(late.verdict, u"inverse"_s);
        QVERIFY(late.saidAfterwards);
        QVERIFY(!late.details.filter(u"after the run had begun"_s).isEmpty());
    }

    /// Several endpoints of one model are one point; several families in one curve get no verdict.
    void rungsAndFamilies()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 100);
        const Run run = store.run(u"one"_s);
        const auto twin = [&](const QString &name, const QString &family, double size, const QString &rung) {
            Model model;
            model.name = model.modelId = name;
            model.family = family;
            model.parameters = size;
            model.rung = rung;
            return must(store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
        };
        store.observe(run, twin(u"s"_s, u"f"_s, 1e6, {}), items, firstMatch(100, 20));
        store.observe(run, twin(u"m here"_s, u"f"_s, 1e7, u"m"_s), items, firstMatch(100, 50));
        store.observe(run, twin(u"m there"_s, u"f"_s, 1e7, u"m"_s), items, QByteArray(100, '1').replace(0, 60, QByteArray(60, '-')));
        store.observe(run, twin(u"l"_s, u"f"_s, 1e8, {}), items, firstMatch(100, 80));
        store.observe(run, twin(u"other"_s, u"g"_s, 1e9, {}), items, firstMatch(100, 90));
        const ScalingReport got = report(store);
        QCOMPARE(got.curves.size(), 2);
        const ScalingCurve &curve = got.curves.first();
        QCOMPARE(curve.points.size(), 3);
        QCOMPARE(curve.points[1].row.model, u"m here"_s);
        QVERIFY(!curve.details.filter(u"more than one endpoint"_s).isEmpty());
        QVERIFY(!curve.details.filter(u"+50.0 pp"_s).isEmpty());
        QCOMPARE(curve.items, std::optional<qint64>(100));
        ScalingQuery across;
        across.acrossFamilies = true;
        const ScalingReport mixed = report(store, across);
        QCOMPARE(mixed.curves.size(), 1);
        QCOMPARE(mixed.curves.first().points.size(), 4);
        QCOMPARE(mixed.curves.first().verdict, u"undetermined"_s);
        QCOMPARE(mixed.curves.first().reason, u"mixed_families"_s);
        QVERIFY(mixed.curves.first().slope);
        QCOMPARE(mixed.curvesTested, 0);
    }

    /// Compute and dates are axes, too; a model without is left out and told of.
    void otherAxes()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 60);
        const Run run = store.run(u"one"_s);
        for (int i = 0; i < 4; ++i) {
            Model model;
            model.name = model.modelId = u"m%1"_s.arg(i);
            model.family = u"f"_s;
            if (i < 3) {
                model.compute = 1e20 * std::pow(10, i);
                model.released = u"202%1-01-01"_s.arg(i);
            }
            const Model added = must(store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
            store.observe(run, added, items, firstMatch(60, 10 + 20 * std::min(i, 2)));
        }
        for (const auto &[axis, reason, slope] : {std::tuple(u"flops"_s, u"no-compute"_s, 1.0 / 3),
                                                  std::tuple(u"date"_s, u"no-date"_s, 1.0 / 3)}) {
            ScalingQuery query;
            query.axis = axis;
            const ScalingReport got = report(store, query);
            QCOMPARE(got.curves.size(), 1);
            QCOMPARE(got.curves.first().points.size(), 3);
            QVERIFY2(near(got.curves.first().slope, slope, 1e-3), qPrintable(axis)); // A year is 365.25 days.
            QCOMPARE(got.curves.first().verdict, u"positive"_s);
            QVERIFY(got.curves.first().text.startsWith(u"Rising"_s));
            QCOMPARE(got.leftOut.size(), 1);
            QCOMPARE(got.leftOut.first().reason, reason);
            const FigureSpec figure = scalingFigure(got, query);
            QCOMPARE(figure.x.unit, axis);
            if (axis == "date"_L1) // Days on the curve, seconds in the figure.
                QCOMPARE(figure.series.first().points.first().x, got.curves.first().points.first().x * 86'400);
        }
    }

    void wrongQueries()
    {
        Observed store;
        const auto empty = store.ask([](Connection &c) { return scaling(c, {}); });
        QVERIFY(!empty);
        QCOMPARE(empty.error().code, ErrorCode::InvalidInput);
        store.observe(store.run(u"one"_s), store.model(u"m"_s, u"smollm2"_s, 1e6), store.plain(u"d"_s, 2), "10");
        ScalingQuery colour;
        colour.axis = u"colour"_s;
        QCOMPARE(store.ask([&](Connection &c) { return scaling(c, colour); }).error().code, ErrorCode::Unsupported);
        ScalingQuery steps;
        steps.axis = u"steps"_s; // Nothing is known of them: no curve, and the reason why.
        const ScalingReport without = must(store.ask([&](Connection &c) { return scaling(c, steps); }));
        QVERIFY(without.curves.isEmpty());
        QCOMPARE(without.leftOut.first().reason, u"no-steps"_s);
        ScalingQuery family;
        family.family = u"smolm2"_s;
        const auto unknown = store.ask([&](Connection &c) { return scaling(c, family); });
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        QCOMPARE(unknown.error().suggestions, QStringList{u"smollm2"_s});
        QCOMPARE(store.ask([](Connection &c) { return scaling(c, onDatasets({u"x"_s})); }).error().code,
                 ErrorCode::NotFound);
    }

    void queryRoundTrip()
    {
        ScalingQuery query = onDatasets({u"a, \"b\""_s, u"c"_s});
        query.family = u"f"_s;
        query.frame = u"ha"_s;
        const auto back = ScalingQuery::fromJson(query.toJson());
        QVERIFY(back);
        QVERIFY(back->toJson() == query.toJson());
        QCOMPARE(ScalingQuery::fromJson(json::object())->axis, u"parameters"_s);
        for (const char *text : {"[]", "{\"datasets\":\"d\"}", "{\"datasets\":[1]}", "{\"family\":3}"})
            QVERIFY2(!ScalingQuery::fromJson(json::parse(text)), text);
    }

    void figuresAreStoredAndBuiltAgain()
    {
        Observed store;
        const auto models = familyOf(store, u"fam"_s, 3);
        QList<ItemPlan> plan;
        for (int i = 0; i < 60; ++i)
            plan << ItemPlan{{}, i % 2 == 0, u"c%1"_s.arg(i % 20), 0.8};
        const auto items = store.dataset(u"d"_s, plan);
        const Run first = store.run(u"first"_s);
        for (int i = 0; i < 3; ++i)
            store.observe(first, models[i], items, firstMatch(58, 10 + 15 * i) + (i == 0 ? "rr" : "00"));
        const ScalingQuery query = onDatasets({u"d"_s});
        const FigureSpec curve = scalingFigure(report(store, query), query);
        QCOMPARE(curve.series.size(), 1);
        QVERIFY(curve.verdict);
        QVERIFY(!curve.series.first().verdict);
        QCOMPARE(curve.x.scale, FigureAxis::Scale::Log);
        const FigurePoint &point = curve.series.first().points.first();
        QCOMPARE(point.x, 1e6); // The quantity, not its logarithm.
        QVERIFY(near(point.y, 10.0 / 58));
        QCOMPARE(point.n, 58);
        QCOMPARE(point.asked, 60);
        QCOMPARE(point.clusters, std::optional<qint64>(20));
        QVERIFY(point.naiveLow && point.low && point.naiveLow != point.low);
        QCOMPARE(point.note, u"2 refused"_s);
        QCOMPARE(curve.referenceLines.size(), 3);
        QVERIFY(near(curve.referenceLines[0].value, 0.8, 1e-9));
        QVERIFY(near(curve.referenceLines[1].value, 0.5));
        QVERIFY(near(curve.referenceLines[2].value, 0.2, 1e-9));

        FigureQuery dots;
        dots.kind = u"scores"_s;
        dots.datasets << u"d"_s;
        const FigureSpec scores = must(store.ask([&](Connection &c) { return makeFigure(c, dots); }));
        QCOMPARE(scores.series.size(), 3);
        QCOMPARE(scores.x.categories, QStringList{u"d"_s});

        for (const FigureSpec &spec : {curve, scores}) {
            const FigureRecord record =
                must(store.project->writeNow([&](Connection &c) { return storeFigure(c, spec); }));
            QCOMPARE(record.kind, spec.kind);
            const auto stored = must(store.ask([](Connection &c) { return listFigures(c); }));
            const FigureSpec back = must(FigureSpec::fromText(stored.first().spec));
            QVERIFY(back.toJson() == spec.toJson());
            const FigureSpec again = must(store.ask([&](Connection &c) { return rebuildFigure(c, back); }));
            QCOMPARE(again.dataHash, spec.dataHash);
        }
        // A newer run changes what is shown, and the hash says so.
        store.observe(store.run(u"second"_s), models[1], items, firstMatch(60, 1));
        for (const FigureSpec &spec : {curve, scores})
            QVERIFY(must(store.ask([&](Connection &c) { return rebuildFigure(c, spec); })).dataHash != spec.dataHash);
        FigureSpec lost = curve;
        lost.createdFrom = nullptr;
        QCOMPARE(store.ask([&](Connection &c) { return rebuildFigure(c, lost); }).error().code, ErrorCode::Parse);
    }
};

QTEST_GUILESS_MAIN(TestScaling)
#include "tst_scaling.moc"
