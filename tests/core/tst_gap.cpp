// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/gap.h"

#include "core/statistics/clusteredmean.h"
#include "core/statistics/numerics.h"
#include "core/statistics/power.h"
#include "core/statistics/random.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace evalwright::statistics;

namespace {

struct Set
{
    std::vector<double> values;
    std::vector<std::uint32_t> label, cluster;
    GapItems items() const { return {values, label, cluster}; }
    void add(double value, std::uint32_t of, std::uint32_t in)
    {
        values.push_back(value);
        label.push_back(of);
        cluster.push_back(in);
    }
};

/// How a simulated set is made.
struct Plan
{
    int items = 200;
    double yesShare = 0.5;          ///< Of items whose matching answer is Yes.
    double rateYes = 0.5, rateNo = 0.5;
    int clusterSize = 1;
    double icc = 0;
    bool sharedClusters = false; ///< Clusters have the same codes in every set, and keep their effect.
};

/// Draws in order from one stream for each replicate.
class Draws
{
public:
    explicit Draws(std::uint32_t replicate) : m_stream(20261128, "test/gap", replicate) {}
    double uniform() { return (m_stream.word(m_at++) + 0.5) / 4294967296.0; }

private:
    RandomStream m_stream;
    std::uint32_t m_at = 0;
};

/// Clusters are correlated by sharing one draw: an item takes its cluster's answer with probability sqrt(icc), which
/// makes the correlation of two items of a cluster icc and leaves the rate as it is.
Set simulate(const Plan &plan, double shift, std::uint32_t firstCluster, std::vector<double> *common, Draws &draws)
{
    Set set;
    const int clusters = plan.items / plan.clusterSize;
    for (int c = 0; c < clusters; ++c) {
        const double own = draws.uniform();
        double shared = own;
        if (plan.sharedClusters && common) {
            if (static_cast<int>(common->size()) <= c)
                common->push_back(own);
            shared = common->at(static_cast<size_t>(c));
        }
        for (int i = 0; i < plan.clusterSize; ++i) {
            const bool yes = draws.uniform() < plan.yesShare;
            const double rate = (yes ? plan.rateYes : plan.rateNo) + shift;
            const double takes = draws.uniform(), other = draws.uniform();
            const double answer = takes < std::sqrt(plan.icc) ? shared : other;
            set.add(answer < rate ? 1 : 0, yes ? 0 : 1,
                    plan.sharedClusters ? static_cast<std::uint32_t>(c) : firstCluster + static_cast<std::uint32_t>(c));
        }
    }
    return set;
}

/// How often the verdict is "gap" for at least one of `models`.
double shareFound(const Plan &old, const Plan &fresh, double planted, int replicates, int models = 1)
{
    int found = 0;
    for (int r = 0; r < replicates; ++r) {
        Draws draws(static_cast<std::uint32_t>(r));
        std::vector<BalancedGap> gaps;
        for (int m = 0; m < models; ++m) {
            std::vector<double> common;
            const Set a = simulate(old, planted / 2, 0, &common, draws);
            const Set b = simulate(fresh, -planted / 2, 1'000'000, &common, draws);
            const auto gap = balancedGap(a.items(), b.items());
            if (gap)
                gaps.push_back(*gap);
        }
        const auto decisions = decideGaps(gaps);
        found += std::ranges::any_of(*decisions, [](const GapDecision &d) { return d.verdict == GapVerdict::Gap; });
    }
    return static_cast<double>(found) / replicates;
}

/// The same for the difference of two models that answer by chance alike: a reference takes nothing away.
double shareFoundBeside(double rate, int items, int replicates)
{
    int found = 0;
    for (int r = 0; r < replicates; ++r) {
        Draws draws(static_cast<std::uint32_t>(r));
        Set sets[2];
        for (std::uint32_t s = 0; s < 2; ++s) {
            // The second set is harder, for both.
            for (int i = 0; i < items; ++i) {
                const double here = rate - 0.2 * s, first = draws.uniform() < here, second = draws.uniform() < here;
                sets[s].add(first - second, static_cast<std::uint32_t>(i % 2),
                            1'000'000 * s + static_cast<std::uint32_t>(i));
            }
        }
        const std::vector<BalancedGap> gaps{
            *balancedGap(sets[0].items(), sets[1].items(), {.values = GapValues::Differences})};
        found += (*decideGaps(gaps))[0].verdict == GapVerdict::Gap;
    }
    return static_cast<double>(found) / replicates;
}

/// Of a share that is counted in so many replicates. With ten times as many (20,000 and 10,000) the shares were 1.7 to
/// 4.8 %, 5.3 % with eight models, and 80.1 to 80.9 %.
double simulationError(double share, int replicates)
{
    return std::sqrt(share * (1 - share) / replicates);
}

bool near(double got, double want, double tolerance = 1e-12)
{
    return std::abs(got - want) <= tolerance;
}

} // namespace

class TestGap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// With one label and no shared clusters it is the unpaired difference of section 8.
    void oneLabelIsTheUnpairedDifference()
    {
        Set a, b;
        for (int i = 0; i < 40; ++i)
            a.add(i % 3 == 0 ? 0.8 : 0.3 + 0.01 * i, 7, static_cast<std::uint32_t>(i / 4));
        for (int i = 0; i < 30; ++i)
            b.add(i % 5 == 0 ? 0.1 : 0.4 + 0.005 * i, 7, static_cast<std::uint32_t>(100 + i / 3));
        GapOptions options;
        options.values = GapValues::Numbers;
        const auto gap = balancedGap(a.items(), b.items(), options);
        const auto want = unpairedDifference(a.values, a.cluster, b.values, b.cluster);
        QVERIFY(gap && want);
        QVERIFY(!gap->sharedClusters);
        QVERIFY(near(gap->gap, want->difference));
        QVERIFY(near(gap->se, want->se));
        QVERIFY(near(gap->df, want->df, 1e-9));
        QVERIFY(near(gap->low, want->low));
        QVERIFY(near(gap->p, *want->p));
        QCOMPARE(gap->old.clusters, 10);
        QCOMPARE(gap->fresh.clusters, 10);
    }

    /// A model that always says Yes scores by the share of Yes items; the balanced gap does not see that.
    void labelSharesDoNotMakeAGap()
    {
        Set a, b;
        for (std::uint32_t i = 0; i < 100; ++i) {
            a.add(i < 80 ? 1 : 0, i < 80 ? 0 : 1, i);
            b.add(i < 30 ? 1 : 0, i < 30 ? 0 : 1, 1000 + i);
        }
        const auto gap = balancedGap(a.items(), b.items());
        QVERIFY(gap);
        QVERIFY(near(gap->old.mean, 0.5) && near(gap->fresh.mean, 0.5) && near(gap->gap, 0));
        QVERIFY2(gap->high - gap->low > 0.1, "answers that are all alike must not give a narrow interval");
    }

    /// Stratified by hand: half (3/4 − 1/2) + half (1/2 − 1/4).
    void weightsAreHalfEach()
    {
        Set a, b;
        for (std::uint32_t i = 0; i < 4; ++i) {
            a.add(i < 3 ? 1 : 0, 0, i);
            a.add(i < 2 ? 1 : 0, 1, 10 + i);
        }
        for (std::uint32_t i = 0; i < 8; ++i)
            b.add(i < 4 ? 1 : 0, 0, 100 + i);
        for (std::uint32_t i = 0; i < 4; ++i)
            b.add(i < 1 ? 1 : 0, 1, 200 + i);
        const auto gap = balancedGap(a.items(), b.items());
        QVERIFY(gap);
        QVERIFY(near(gap->old.mean, 0.625) && near(gap->fresh.mean, 0.375) && near(gap->gap, 0.25));
        // Old: (8/6) × (1/8)² × (3/4 + 1); the residuals of 1110 square to 3/4, those of 1100 to 1.
        QVERIFY(near(gap->old.se, std::sqrt(8.0 / 6 / 64 * 1.75)));
        QVERIFY(gap->low >= -1 && gap->high <= 1 && gap->low < gap->gap && gap->high > gap->gap);
    }

    /// Clusters that both have weigh alike in both, and the error is that of the differences inside them.
    void sharedClustersAreCompensated()
    {
        Set a, b;
        // Cluster c is hard (0.2) or easy (0.9); the old set has more of the easy ones. No cluster has a gap.
        for (std::uint32_t c = 0; c < 12; ++c) {
            const bool easy = c % 2 == 0;
            for (int i = 0; i < (easy ? 20 : 10); ++i)
                a.add(easy ? (i % 10 < 9) : (i % 10 < 2), 0, c);
            for (int i = 0; i < (easy ? 10 : 20); ++i)
                b.add(easy ? (i % 10 < 9) : (i % 10 < 2), 0, c);
        }
        a.add(1, 0, 500); // A question that only one set has.
        const auto gap = balancedGap(a.items(), b.items());
        QVERIFY(gap);
        QVERIFY(gap->sharedClusters);
        QVERIFY(near(gap->gap, 0));
        QCOMPARE(gap->old.dropped, 1);
        QCOMPARE(gap->old.clusters, 12);
        QCOMPARE(gap->df, 11.0);
        QVERIFY(gap->se > 0); // As of 12 independent pairs, since no cluster differs from another.
        const double rawOld = std::accumulate(a.values.begin(), a.values.end(), 0.0) / double(a.values.size());
        const double rawNew = std::accumulate(b.values.begin(), b.values.end(), 0.0) / double(b.values.size());
        QVERIFY2(rawOld - rawNew > 0.2, "without the weights there would be a large gap");
    }

    /// Clusters of one size: the mean of the differences inside them, with its usual error.
    void equalSharedClustersAreAPairedTest()
    {
        Set a, b;
        std::vector<double> differences;
        std::vector<std::uint32_t> clusters;
        for (std::uint32_t c = 0; c < 15; ++c) {
            const int yes = static_cast<int>(c % 5) + 3, less = static_cast<int>(c % 3) + 1;
            for (int i = 0; i < 8; ++i)
                a.add(i < yes ? 1 : 0, 0, c);
            for (int i = 0; i < 8; ++i)
                b.add(i < yes - less ? 1 : 0, 0, c);
            differences.push_back(less / 8.0);
            clusters.push_back(c);
        }
        const auto gap = balancedGap(a.items(), b.items());
        const auto want = clusteredMean(differences, clusters);
        QVERIFY(gap && want && gap->sharedClusters);
        QVERIFY(near(gap->gap, want->mean) && near(gap->se, want->seClustered) && near(gap->low, want->low));
        QCOMPARE(gap->df, want->df);
    }

    void refusesWhatMakesNoSense()
    {
        const auto code = [](const Set &a, const Set &b, const GapOptions &options = {}) {
            const auto gap = balancedGap(a.items(), b.items(), options);
            return gap ? std::string("value") : codeName(gap.error().code);
        };
        Set none, one, other, half;
        for (std::uint32_t i = 0; i < 5; ++i) {
            one.add(i % 2, 0, i);
            other.add(i % 2, 1, 10 + i);
            half.add(0.5, 0, 20 + i);
        }
        QCOMPARE(code(none, one), std::string("empty_input"));
        QCOMPARE(code(one, other), std::string("no_pairable_values"));
        QCOMPARE(code(one, half), std::string("out_of_range"));
        Set broken = one;
        broken.label.pop_back();
        QCOMPARE(code(broken, one), std::string("length_mismatch"));
        broken = one;
        broken.values[2] = std::nan("");
        QCOMPARE(code(broken, one), std::string("not_finite"));
        Set single;
        single.add(1, 0, 1);
        single.add(0, 0, 1);
        QCOMPARE(code(single, half, {.values = GapValues::Numbers}), std::string("too_few_clusters"));
        QCOMPARE(code(one, one, {.alpha = 0}), std::string("out_of_range"));
    }

    void nothingVaries()
    {
        Set a, b;
        for (std::uint32_t i = 0; i < 50; ++i) {
            a.add(1, i % 2, i);
            b.add(1, i % 2, 100 + i);
        }
        const auto same = balancedGap(a.items(), b.items());
        QVERIFY(same && near(same->gap, 0) && near(same->p, 1));
        QVERIFY(same->high > 0.03 && same->low < -0.03 && same->detectable > 0);
        for (double &value : b.values)
            value = 0;
        const auto apart = balancedGap(a.items(), b.items());
        QVERIFY(apart && near(apart->gap, 1) && apart->p < 1e-6 && apart->low > 0.8);
        // Two models that answered every item alike differ in no answer seen; others may come.
        for (double &value : a.values)
            value = 0;
        const auto alike = balancedGap(a.items(), b.items(), {.values = GapValues::Differences});
        QVERIFY(alike && near(alike->gap, 0) && near(alike->p, 1));
        QVERIFY2(alike->high > 0.03 && alike->high < 0.1 && alike->detectable > 0.04, "a width of about 3/50 each");
        a.values[0] = b.values[3] = -1;
        QVERIFY(balancedGap(a.items(), b.items(), {.values = GapValues::Differences}));
        QVERIFY(!balancedGap(a.items(), b.items()));
    }

    void theRuleInItsOrder()
    {
        BalancedGap clear, tight, wide;
        for (BalancedGap *gap : {&clear, &tight, &wide})
            gap->old.clusters = gap->fresh.clusters = 100;
        clear.gap = 0.2, clear.low = 0.1, clear.high = 0.3, clear.p = 0.001;
        tight.gap = 0.01, tight.low = -0.05, tight.high = 0.07, tight.p = 0.7;
        wide.gap = 0.05, wide.low = -0.07, wide.high = 0.17, wide.p = 0.4;
        BalancedGap few = clear;
        few.fresh.clusters = 9;
        const std::vector<BalancedGap> gaps{clear, tight, wide, few};
        const auto decisions = decideGaps(gaps);
        QVERIFY(decisions);
        QVERIFY((*decisions)[0].verdict == GapVerdict::Gap);
        QVERIFY(near((*decisions)[0].q, 0.002)); // Two of four at 0.001.
        QVERIFY((*decisions)[1].verdict == GapVerdict::NoneLargerThan);
        QVERIFY(near((*decisions)[1].bound, 0.07));
        QVERIFY((*decisions)[2].verdict == GapVerdict::Undetermined);
        QVERIFY((*decisions)[3].verdict == GapVerdict::Undetermined);
        QVERIFY((*decisions)[3].reason == GapReason::FewClusters);
        QVERIFY(decideGaps({})->empty());
    }

    void withoutAGapFalseVerdictsAreRare_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("models");
        const char *names[] = {"singletons",       "near-one",       "yes-leaning, other shares",
                               "clusters of ten",  "shared clusters", "few items"};
        for (int kind = 0; kind < 6; ++kind)
            QTest::newRow(names[kind]) << kind << 1;
        QTest::newRow("eight models") << 0 << 8;
    }
    void withoutAGapFalseVerdictsAreRare()
    {
        QFETCH(int, kind);
        QFETCH(int, models);
        Plan old, fresh;
        switch (kind) {
        case 1:
            old.rateYes = old.rateNo = 0.95;
            fresh = old;
            break;
        case 2:
            old.rateYes = 0.9;
            old.rateNo = 0.3;
            fresh = old;
            old.yesShare = 0.7;
            break;
        case 3:
            old = {.items = 300, .clusterSize = 10, .icc = 0.2};
            fresh = old;
            break;
        case 4:
            old = {.items = 300, .clusterSize = 15, .icc = 0.3, .sharedClusters = true};
            fresh = old;
            break;
        case 5:
            old.items = fresh.items = 30;
            break;
        default:
            break;
        }
        const int replicates = models == 1 ? 3000 : 1000;
        const double found = shareFound(old, fresh, 0, replicates, models);
        qInfo("false verdicts: %.2f %%", 100 * found);
        QVERIFY2(found <= 0.05 + 2 * simulationError(0.05, replicates), qPrintable(QString::number(found)));
        QVERIFY2(found >= 0.005, "a test that never finds anything finds no gap either");
    }

    void aHarderSetIsNoGapBesideAReference()
    {
        constexpr int replicates = 3000;
        for (const double rate : {0.9, 0.6}) {
            const double found = shareFoundBeside(rate, 200, replicates);
            qInfo("false verdicts beside a reference: %.2f %%", 100 * found);
            QVERIFY2(found <= 0.05 + 2 * simulationError(0.05, replicates), qPrintable(QString::number(found)));
            QVERIFY(found >= 0.02);
        }
    }

    void aPlantedGapIsFoundAtThePromisedSize_data()
    {
        QTest::addColumn<int>("items");
        QTest::addColumn<int>("clusterSize");
        QTest::addColumn<double>("icc");
        QTest::addColumn<double>("rate");
        QTest::newRow("singletons") << 400 << 1 << 0.0 << 0.5;
        QTest::newRow("singletons, 0.8") << 400 << 1 << 0.0 << 0.8;
        QTest::newRow("clusters") << 1200 << 10 << 0.1 << 0.5;
    }
    void aPlantedGapIsFoundAtThePromisedSize()
    {
        QFETCH(int, items);
        QFETCH(int, clusterSize);
        QFETCH(double, icc);
        QFETCH(double, rate);
        Plan plan{.items = items, .rateYes = rate, .rateNo = rate, .clusterSize = clusterSize, .icc = icc};
        // What the report of a run without a gap promises, over some runs.
        double promised = 0;
        constexpr int runs = 50;
        for (std::uint32_t r = 0; r < runs; ++r) {
            Draws draws(100'000 + r);
            const Set a = simulate(plan, 0, 0, nullptr, draws), b = simulate(plan, 0, 1'000'000, nullptr, draws);
            promised += balancedGap(a.items(), b.items())->detectable / runs;
        }
        const double formula = mdeUnpaired(items, items, rate, clusterSize, icc)->mde;
        QVERIFY2(std::abs(promised - formula) < 0.1 * formula,
                 qPrintable(QStringLiteral("promised %1, formula %2").arg(promised).arg(formula)));
        constexpr int replicates = 2000;
        const double found = shareFound(plan, plan, promised, replicates);
        qInfo("gap of %.4f found: %.1f %%", promised, 100 * found);
        QVERIFY2(found >= 0.80 - 2 * simulationError(0.80, replicates), qPrintable(QString::number(found)));
        QVERIFY2(shareFound(plan, plan, promised / 3, 300) < 0.5, "a third of it must be hard to find");
    }
};

QTEST_GUILESS_MAIN(TestGap)
#include "tst_gap.moc"
