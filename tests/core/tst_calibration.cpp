// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/power.h"
#include "core/statistics/trendplan.h"
#include "tests/bench/ladders.h"

#include <QTest>

using namespace evalwright::statistics;

namespace {

constexpr std::uint64_t seed = 7;

ladders::Design usual(const char *name)
{
    return {name, ladders::equalSteps(5), std::vector<double>(5, 0.5), ladders::clustersOf(1000, 50), 0.1, 0.5};
}

TrendDesign planned()
{
    return {.x = ladders::equalSteps(5),
            .itemVariance = 0.25,
            .correlation = 0.5,
            .items = 1000,
            .clusters = 50,
            .clusterSize = 20,
            .icc = 0.2};
}

} // namespace

/// Small runs of bench_calibration with bounds that a wrong rule does not keep. Seeds are fixed.
class TestCalibration : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// 2/pi · asin(r) at a share of one half.
    void latentCorrelationsGiveTheWantedAnswers()
    {
        QVERIFY(std::abs(ladders::answerCorrelation(0.5, 0.3) - 2 / std::numbers::pi * std::asin(0.3)) < 1e-5);
        ladders::Simulation simulation(usual("moments"));
        double same = 0, other = 0, models = 0, mean = 0;
        constexpr int count = 300;
        for (std::uint32_t ladder = 0; ladder < count; ++ladder) {
            const auto &m = simulation.draw(seed, ladder);
            for (std::size_t i = 0; i + 1 < 1000; i += 20) { // Two items of a cluster, and two of different ones.
                same += (*m[i * 5] - 0.5) * (*m[(i + 1) * 5] - 0.5) * 4 / 50 / count;
                other += (*m[i * 5] - 0.5) * (*m[((i + 20) % 1000) * 5] - 0.5) * 4 / 50 / count;
                models += (*m[i * 5] - 0.5) * (*m[i * 5 + 1] - 0.5) * 4 / 50 / count;
                mean += *m[i * 5 + 4] / 50 / count;
            }
        }
        // Standard error about 0.008.
        QVERIFY2(std::abs(same - 0.1) < 0.03, qPrintable(QString::number(same)));
        QVERIFY2(std::abs(other) < 0.03, qPrintable(QString::number(other)));
        QVERIFY2(std::abs(models - 0.5) < 0.03, qPrintable(QString::number(models)));
        QVERIFY2(std::abs(mean - 0.5) < 0.02, qPrintable(QString::number(mean)));
    }

    void noTrendIsSeldomCalledOne()
    {
        for (const auto &[name, clusters] : {std::pair("smoke", 50), std::pair("smoke-few", 12)}) {
            ladders::Design design = usual(name);
            design.cluster = ladders::clustersOf(1000, static_cast<std::size_t>(clusters));
            ladders::Simulation simulation(design);
            const auto counts = ladders::judge(simulation, seed, 400, 0, true);
            // Expected at most 0.05: 20 of 400, and 12 more for luck (three standard errors).
            QVERIFY2(counts.shaped() <= 0.08, qPrintable(QString::number(counts.shaped())));
            // Taken as independent, the same answers mislead in every third ladder or more.
            QVERIFY2(counts.share(counts.naive) > 0.28, qPrintable(QString::number(counts.share(counts.naive))));
        }
    }

    void noTrendIsSeldomCalledOneWithUnequalClusters()
    {
        // Counted as equal, these would be wrong in 8 and 18 of 100 ladders (docs/statistics.md).
        for (const auto &[name, cluster] : {std::pair("smoke-unequal", ladders::clustersOf(1000, 12, 1)),
                                            std::pair("smoke-half", ladders::oneWithHalf(1000, 20))}) {
            ladders::Design design = usual(name);
            design.cluster = cluster;
            ladders::Simulation simulation(design);
            const auto counts = ladders::judge(simulation, seed, 400, 0, false);
            QVERIFY2(counts.shaped() <= 0.05, qPrintable(QString::number(counts.shaped())));
        }
    }

    void thePromisedChangeIsFound()
    {
        VerdictSettings settings;
        settings.smallestEffect = 0.001;
        const TrendPromise promise = *mdeTrendClustered(planned(), settings);
        ladders::Design design = usual("promise");
        for (std::size_t m = 0; m < 5; ++m)
            design.rates[m] = 0.5 + *promise.change * (static_cast<double>(m) / 4 - 0.5);
        ladders::Simulation simulation(design);
        const auto counts = ladders::judge(simulation, seed, 400, *promise.change / 2, false);
        QVERIFY2(counts.share(counts.positive) > 0.74, qPrintable(QString::number(counts.positive)));
        QVERIFY2(counts.share(counts.positive) < 0.90,
                 qPrintable(QString::number(counts.positive))); // Not dearer than needed.
        for (std::size_t m = 0; m < 5; ++m)
            design.rates[m] = 0.5 + *promise.armChange * (std::abs(static_cast<double>(m) - 2) / 2 - 0.5);
        ladders::Simulation valley(design);
        const auto shapes = ladders::judge(valley, seed, 400, *promise.armChange / 2, false);
        QVERIFY2(shapes.share(shapes.uShaped) > 0.74, qPrintable(QString::number(shapes.uShaped)));
    }

    void promisesFollowTheRule()
    {
        const auto change = [](auto edit, double smallestEffect = 0, double power = 0.8) {
            TrendDesign design = planned();
            edit(design);
            VerdictSettings settings;
            settings.smallestEffect = smallestEffect;
            return *mdeTrendClustered(design, settings, power)->change;
        };
        const auto nothing = [](TrendDesign &) {};
        const double usualChange = change(nothing);
        // With many clusters it is the textbook's at half of alpha, and the three per cent; at few it is more.
        const double many = change([](TrendDesign &d) { d.clusters = d.items = 100'000, d.clusterSize = 1; });
        QVERIFY(std::abs(many / mdeTrend(planned().x, 0.25, 0.5, 100'000, 1, 0, 0.025)->mde - 1.03) < 0.002);
        QVERIFY(change([](TrendDesign &d) { d.clusters = 10; }) > 1.08 * usualChange);
        QVERIFY(change([](TrendDesign &d) { d.curves = 154; }) > 1.4 * usualChange);
        QVERIFY(change(nothing, 0, 0.9) > usualChange);
        // A change is not found more often than its estimate reaches the smallest effect: half the time at equality.
        QVERIFY(change(nothing, 0.2) > 0.2 && std::abs(change(nothing, 0.2, 0.5) - 1.03 * 0.2) < 1e-3);
        const TrendPromise promise = *mdeTrendClustered(planned());
        QCOMPARE(promise.designEffect, 4.8);
        QCOMPARE(promise.df, 49.0);
        QVERIFY(*promise.armChange > *promise.change);

        TrendDesign few = planned();
        few.clusters = 9;
        const TrendPromise none = *mdeTrendClustered(few);
        QVERIFY(!none.change && !none.armChange && none.reason == "few_clusters");
        QVERIFY(change([](TrendDesign &d) { d.effectiveClusters = 8; }) > 1.1 * usualChange);
        QCOMPARE(change([](TrendDesign &d) { d.effectiveClusters = 50; }), usualChange);
        TrendDesign unequal = planned();
        unequal.effectiveClusters = 4;
        QVERIFY(mdeTrendClustered(unequal)->reason == "few_clusters");
        TrendDesign narrow = planned();
        narrow.x = {9, 9.1, 9.2};
        QCOMPARE(mdeTrendClustered(narrow)->reason, std::string("narrow_range"));
        narrow.axis = Axis::Linear;
        QVERIFY(mdeTrendClustered(narrow)->change);
        TrendDesign same = planned();
        same.correlation = 1;
        QCOMPARE(*mdeTrendClustered(same)->change, 0.05); // The smallest effect.
    }

    void promisesRefuseInOrder()
    {
        const auto code = [](auto edit, VerdictSettings settings = {}, double power = 0.8) {
            TrendDesign design = planned();
            edit(design);
            const auto got = mdeTrendClustered(design, settings, power);
            return got ? std::string("a value") : codeName(got.error().code);
        };
        const double infinity = std::numeric_limits<double>::infinity();
        QCOMPARE(code([](TrendDesign &d) { d.x.clear(), d.icc = 7; }), std::string("empty_input"));
        QCOMPARE(code([=](TrendDesign &d) { d.clusters = infinity, d.icc = 7; }), std::string("not_finite"));
        QCOMPARE(code([](TrendDesign &d) { d.icc = 7; }), std::string("out_of_range"));
        QCOMPARE(code([](TrendDesign &d) { d.clusters = 1; }), std::string("out_of_range"));
        QCOMPARE(code([](TrendDesign &d) { d.clusters = 1001; }), std::string("out_of_range"));
        QCOMPARE(code([](TrendDesign &d) { d.effectiveClusters = 51; }), std::string("out_of_range"));
        QCOMPARE(code([](TrendDesign &d) { d.curves = 0, d.x.pop_back(); }), std::string("out_of_range"));
        QCOMPARE(code([](TrendDesign &d) { d.x = {9, 10}; }, {}, 1), std::string("out_of_range"));
        QCOMPARE(code([](TrendDesign &d) { d.x = {9, 10}; }), std::string("too_few_sizes"));
    }
};

QTEST_GUILESS_MAIN(TestCalibration)
#include "tst_calibration.moc"
