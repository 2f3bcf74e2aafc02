// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusterbootstrap.h"
#include "core/statistics/clusteredmean.h"
#include "core/statistics/random.h"
#include "core/statistics/slopebootstrap.h"

#include <QTest>

#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>

using namespace evalwright::statistics;

namespace {

/// Answers of `models` models with values that no double adds without rounding.
ClusterTotals uneven(std::size_t clusters, std::size_t models)
{
    const auto draw = drawUniforms(9, "test/bootstrap", 0, clusters * (models + 1));
    ClusterTotals out;
    out.models = models;
    for (std::size_t g = 0; g < clusters; ++g) {
        const auto n = 1 + static_cast<std::int64_t>(draw[g * (models + 1)] * 9);
        out.counts.push_back(n);
        for (std::size_t m = 0; m < models; ++m)
            out.sums.push_back(draw[g * (models + 1) + 1 + m] * static_cast<double>(n));
    }
    return out;
}

BootstrapOptions few(std::uint32_t replicates, unsigned threads = 1)
{
    BootstrapOptions options;
    options.replicates = replicates;
    options.threads = threads;
    return options;
}

bool sameBits(const std::vector<double> &a, const std::vector<double> &b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

} // namespace

class TestBootstrap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anyNumberOfThreadsGivesTheSameBits()
    {
        for (const std::size_t models : {1, 2, 3, 8, 15}) {
            for (const std::size_t clusters : {2, 31, 32, 33, 257}) {
                const ClusterTotals totals = uneven(clusters, models);
                const auto one = bootstrapReplicates(totals, few(1001, 1));
                QVERIFY(one && one->size() == 1001 * models);
                for (const unsigned threads : {2U, 7U, 0U, 5000U})
                    QVERIFY(sameBits(*one, *bootstrapReplicates(totals, few(1001, threads))));
            }
        }
    }

    /// Against the definition, draw by draw.
    void replicatesAreMeansOfTheDrawnClusters()
    {
        const std::size_t models = 7, clusters = 45;
        const ClusterTotals totals = uneven(clusters, models);
        BootstrapOptions options = few(300);
        options.seed = 0xFEDCBA9876543210ULL;
        options.stream = "bootstrap/test";
        const auto got = *bootstrapReplicates(totals, options);
        for (std::uint32_t b = 0; b < options.replicates; ++b) {
            const auto drawn = *drawIndices(options.seed, options.stream, b, clusters, clusters);
            for (std::size_t m = 0; m < models; ++m) {
                double sum = 0;
                std::int64_t items = 0;
                for (const std::uint32_t g : drawn) {
                    sum += totals.sums[g * models + m];
                    items += totals.counts[g];
                }
                QCOMPARE(got[b * models + m], sum / static_cast<double>(items));
            }
        }
        // Another seed or stream is another draw.
        options.seed += std::uint64_t{1} << 32;
        QVERIFY(!sameBits(got, *bootstrapReplicates(totals, options)));
        options.seed -= std::uint64_t{1} << 32;
        options.stream = "bootstrap/other";
        QVERIFY(!sameBits(got, *bootstrapReplicates(totals, options)));
    }

    void severalQuestionsFromOneDraw()
    {
        const ClusterTotals totals = uneven(60, 3);
        const BootstrapOptions options = few(4000);
        const auto replicates = *bootstrapReplicates(totals, options);
        const auto a = *bootstrapContrast(totals, replicates, std::array{1.0, 0.0, 0.0});
        const auto difference = *bootstrapContrast(totals, replicates, std::array{1.0, -1.0, 0.0});
        // One model alone, drawn by itself, is the same column.
        ClusterTotals alone;
        alone.counts = totals.counts;
        for (std::size_t g = 0; g < totals.counts.size(); ++g)
            alone.sums.push_back(totals.sums[3 * g]);
        const auto single = *clusterBootstrap(alone, BootstrapMethod::Percentile, 0.95, options);
        QCOMPARE(a.estimate, single.estimate);
        QCOMPARE(*a.low, *single.low);
        QCOMPARE(*a.high, *single.high);
        // Near the clustered standard error of the same contrast.
        std::vector<double> perItem;
        std::vector<std::uint32_t> cluster;
        for (std::uint32_t g = 0; g < 60; ++g) {
            const auto n = static_cast<double>(totals.counts[g]);
            for (std::int64_t i = 0; i < totals.counts[g]; ++i) {
                perItem.push_back((totals.sums[3 * g] - totals.sums[3 * g + 1]) / n);
                cluster.push_back(g);
            }
        }
        const auto t = *clusteredMean(perItem, cluster);
        QVERIFY(std::abs(difference.estimate - t.mean) < 1e-12);
        QVERIFY(std::abs(*difference.se / t.seClustered - 1) < 0.06);
        const auto bca = *bootstrapContrast(totals, replicates, std::array{1.0, -1.0, 0.0}, BootstrapMethod::Bca);
        QVERIFY(std::abs(*bca.low - *difference.low) < t.seClustered / 2 && bca.acceleration && bca.biasCorrection);
    }

    void progressRisesAndACancelledCallGivesNothing()
    {
        const ClusterTotals totals = uneven(50, 2);
        for (const unsigned threads : {1U, 3U}) {
            BootstrapOptions options = few(2000, threads);
            std::vector<double> shares;
            options.progress = [&](double share) { shares.push_back(share); };
            QVERIFY(bootstrapReplicates(totals, options));
            QCOMPARE(shares.size(), std::size_t(8)); // ceil(2000/256)
            QVERIFY(std::ranges::is_sorted(shares));
            QCOMPARE(shares.back(), 1.0);

            shares.clear();
            options.progress = [&](double share) {
                shares.push_back(share);
                options.cancel.cancel();
            };
            const auto stopped = bootstrapReplicates(totals, options);
            QVERIFY(!stopped);
            QCOMPARE(stopped.error().code, StatCode::Cancelled);
            QVERIFY(shares.size() <= threads);
            QCOMPARE(clusterBootstrap({1, {1, 2}, {2, 2}}, BootstrapMethod::Bca, 0.95, options).error().code,
                     StatCode::Cancelled);
        }
    }

    /// What the caller's listener throws reaches the caller, from whatever thread.
    void aThrowingListenerReachesTheCaller()
    {
        for (const unsigned threads : {1U, 4U}) {
            BootstrapOptions options = few(3000, threads);
            options.progress = [](double) { throw std::runtime_error("listener"); };
            bool thrown = false;
            try {
                (void)bootstrapReplicates(uneven(20, 1), options);
            } catch (const std::runtime_error &) {
                thrown = true;
            }
            QVERIFY(thrown);
        }
    }

    void undefinedReplicatesAreLeftOutAndCounted()
    {
        std::vector<std::optional<double>> values;
        for (int i = 0; i < 100; ++i)
            values.emplace_back(i);
        values[3].reset();
        values[50].reset();
        const auto some = *percentileInterval(values);
        QCOMPARE(some.undefined, std::size_t(2));
        QVERIFY(some.low && *some.low > 1 && *some.high < 98 && some.se);
        for (std::size_t i = 60; i < 64; ++i)
            values[i].reset();
        const auto many = *percentileInterval(values); // 6 of 100.
        QVERIFY(!many.low && !many.high && many.se);
        QCOMPARE(percentileInterval(std::vector<std::optional<double>>(5)).error().code, StatCode::EmptyInput);
        const auto one = *percentileInterval(std::vector<std::optional<double>>{2.5});
        QVERIFY(!one.se && *one.low == 2.5 && *one.high == 2.5);
    }

    void bcaWithoutAnIntervalSaysSo()
    {
        // One replicate only: the share below is 0 or 1 unless it hits the estimate.
        BootstrapOptions options = few(1);
        bool undefined = false;
        for (options.seed = 1; options.seed < 20; ++options.seed) {
            const auto got = *clusterBootstrap({1, {0.1, 0.9, 0.35}, {1, 1, 1}}, BootstrapMethod::Bca, 0.95, options);
            if (!got.biasCorrection) {
                undefined = true;
                QVERIFY(!got.low && !got.high && got.acceleration);
            }
        }
        QVERIFY(undefined);
        // Equal rates in clusters of different size: nothing changes when one is left out.
        QCOMPARE(clusterBootstrap({1, {0.1, 0.2, 0.7}, {1, 2, 7}}, BootstrapMethod::Bca).error().code,
                 StatCode::ConstantInput);
        QVERIFY(clusterBootstrap({1, {0.1, 0.2, 0.7}, {1, 2, 7}}));
    }

    void refusesInTheOrderOfItsCodes()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const auto code = [](const ClusterTotals &totals, double confidence = 0.95, std::uint32_t replicates = 10) {
            return clusterBootstrap(totals, BootstrapMethod::Bca, confidence, few(replicates)).error().code;
        };
        QCOMPARE(code({1, {nan, 1}, {1}}), StatCode::LengthMismatch);
        QCOMPARE(code({1, {}, {}}, 2), StatCode::EmptyInput);
        QCOMPARE(code({1, {nan}, {0}}), StatCode::NotFinite);
        QCOMPARE(code({1, {1, 1}, {0, 1}}, nan), StatCode::NotFinite);
        QCOMPARE(code({1, {1}, {-1}}), StatCode::OutOfRange);
        QCOMPARE(code({1, {1}, {1}}, 1), StatCode::OutOfRange);
        QCOMPARE(code({1, {1}, {1}}, 0.95, 0), StatCode::OutOfRange);
        QCOMPARE(code({1, {1}, {1}}), StatCode::TooFewClusters);
        QCOMPARE(code({1, {1, 1}, {2, 2}}), StatCode::ConstantInput);
        QCOMPARE(code({1, {1e308, 1e308}, {1, 1}}), StatCode::NotFinite); // Their sum is not.
        QCOMPARE(clusterTotals(std::array{1.0, nan}, 1, std::array{0U, 1U}).error().index, std::size_t(1));
        QCOMPARE(clusterTotals(std::array{1.0}, 1, std::array{0U, 1U}).error().code, StatCode::LengthMismatch);
    }

    void totalsAreCompensated()
    {
        std::vector<double> values{1e16};
        values.resize(1001, 1.0);
        const std::vector<std::uint32_t> cluster(values.size(), 4);
        const auto totals = *clusterTotals(values, 1, cluster);
        QCOMPARE(totals.sums.front(), 1e16 + 1000);
        QCOMPARE(totals.counts.front(), 1001);
    }

    void wildSigns()
    {
        // 13 clusters: random signs. The level holds, and a far mean is found.
        std::vector<double> values;
        std::vector<std::uint32_t> cluster;
        const auto draw = drawUniforms(3, "test/wild", 0, 130);
        for (std::uint32_t i = 0; i < 130; ++i) {
            values.push_back(draw[i]);
            cluster.push_back(i / 10);
        }
        const auto t = *clusteredMean(values, cluster);
        const auto same = *wildClusterTest(values, cluster, t.mean);
        QVERIFY(std::abs(same.t) < 1e-9 && same.p == 1);
        QCOMPARE(same.draws, 9999);
        const auto near = *wildClusterTest(values, cluster, t.mean - t.seClustered);
        QVERIFY(std::abs(near.t - 1) < 1e-9 && near.p > 0.2 && near.p < 0.5);
        const auto far = *wildClusterTest(values, cluster, t.mean - 20 * t.seClustered);
        QVERIFY(far.p > 0 && far.p < 0.01);
        // The name is a stream of its own.
        QVERIFY(wildClusterTest(values, cluster, t.mean - t.seClustered, 1, "other")->p != near.p);
        // Clusters that agree, each with both answers: no error to divide by.
        QCOMPARE(wildClusterTest(std::array{0.0, 1.0, 1.0, 0.0}, std::array{0U, 0U, 1U, 1U}, 0.2).error().code,
                 StatCode::ConstantInput);
        QCOMPARE(wildClusterTest(std::array{0.1, 0.1, 0.1}, std::array{0U, 1U, 2U}, 0.3).error().code,
                 StatCode::ConstantInput);
        QCOMPARE(wildClusterTest({}, {}, 0.3).error().code, StatCode::EmptyInput);
    }

    void slopes()
    {
        std::vector<std::optional<double>> matches;
        std::vector<std::uint32_t> cluster;
        for (std::uint32_t i = 0; i < 30; ++i) {
            cluster.push_back(i);
            for (const double rate : {0.1, 0.5, 0.9})
                matches.emplace_back((i * 7 % 30) / 30.0 < rate ? 1 : 0);
        }
        const std::vector<double> x{9, 10, 11};
        BootstrapOptions options = few(2000);
        options.stream = "bootstrap/slope";
        const auto boot = *slopeBootstrap(matches, cluster, x, 0.95, options);
        const auto trend = *scalingTrend(matches, cluster, x);
        QVERIFY(std::abs(boot.slope - trend.slope) < 1e-12);
        QVERIFY(std::abs(*boot.bootstrap.se / trend.slopeSe - 1) < 0.1);
        // The same draws whatever the number of threads, and models of one size are averaged.
        options.threads = 7;
        QCOMPARE(*slopeBootstrap(matches, cluster, x, 0.95, options)->bootstrap.low, *boot.bootstrap.low);
        const std::vector<double> twoSizes{9, 9, 11};
        QCOMPARE(slopeBootstrap(matches, cluster, twoSizes, 0.95, options).error().code, StatCode::TooFewSizes);
    }
};

QTEST_GUILESS_MAIN(TestBootstrap)
#include "tst_bootstrap.moc"
