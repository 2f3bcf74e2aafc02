// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/biography.h"
#include "core/statistics/clusterworth.h"
#include "core/statistics/correlation.h"
#include "core/statistics/diversity.h"
#include "core/statistics/power.h"
#include "core/statistics/proportions.h"
#include "core/statistics/regression.h"
#include "core/statistics/scaling.h"
#include "core/statistics/spearman.h"
#include "core/statistics/winogender.h"

#include <QTest>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

using namespace evalwright::statistics;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

using List = std::vector<double>;

bool near(double a, double b, double tolerance = 1e-9)
{
    return std::abs(a - b) <= tolerance;
}

template <class T>
std::string code(const Stat<T> &result)
{
    return result ? "a value" : codeName(result.error().code);
}

} // namespace

/// Ends and refusals where the golden files are thin. Numbers of other programs (scipy 1.17, statsmodels 0.15) are
/// marked; the rest follows from the definition.
class TestAssociation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void correlationsRefuseInOrder()
    {
        QCOMPARE(code(pearson(List{notANumber, 1}, List{1})), std::string("length_mismatch"));
        QCOMPARE(code(pearson(List{}, List{}, 3)), std::string("empty_input"));
        QCOMPARE(code(pearson(List{1, infinity}, List{1, 2}, 3)), std::string("not_finite"));
        QCOMPARE(code(pearson(List{1, 2}, List{1, 2}, notANumber)), std::string("not_finite"));
        QCOMPARE(code(pearson(List{1, 2}, List{1, 2}, 1)), std::string("out_of_range"));
        QCOMPARE(code(pearson(List{1, 1}, List{1, 2})), std::string("too_few_values"));
        QCOMPARE(code(pearson(List{1, 2, 3}, List{4, 4, 4})), std::string("constant_input"));
        QCOMPARE(code(spearman(List{1, 1}, List{1, 2})), std::string("too_few_values"));
        QCOMPARE(code(spearmanExact(List(10, 1), List(10, 2))), std::string("out_of_range"));
        QCOMPARE(code(spearmanExact(List(9, 1), List(9, 2))), std::string("constant_input"));
        QCOMPARE(code(spearmanExact(List{1, 2}, List{1, 2})), std::string("too_few_values"));
        QCOMPARE(code(fisherInterval(1, 3)), std::string("out_of_range"));
        QCOMPARE(code(fisherInterval(notANumber, 3)), std::string("not_finite"));
        QCOMPARE(code(mannKendall(List{})), std::string("empty_input"));
        QCOMPARE(code(mannKendall(List{1, notANumber})), std::string("not_finite"));
        QCOMPARE(code(independentCorrelations(3, 0.5, 30, 0.5)), std::string("too_few_values"));
        QCOMPARE(code(independentCorrelations(3, 0.5, 30, -1)), std::string("out_of_range"));
    }

    void correlationsAtTheirEnds()
    {
        const auto three = *spearman(List{1, 2, 3}, List{1, 3, 2});
        QVERIFY(near(three.rho, 0.5) && near(three.p, 2.0 / 3) && !three.low && !three.high);
        const auto falling = *spearman(List{1, 2, 3, 4}, List{8, 7, 3, 0});
        QVERIFY(falling.rho == -1 && falling.p == 0 && !falling.low);
        // Sizes that no double squares, and a difference that is all there is.
        const auto huge = *pearson(List{1e300, -1e300, 1e308, 4}, List{1, -2, 3, 0});
        QVERIFY(std::isfinite(huge.r) && huge.r > 0.5 && huge.r < 1);
        const auto small = *pearson(List{1e-300, 3e-300, 2e-300}, List{5, 7, 6});
        QVERIFY(small.r == 1 && small.p == 0);
        const auto offset = *pearson(List{1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4}, List{1.1, 1.9, 3.2, 3.7});
        QVERIFY(near(offset.r, pearson(List{1, 2, 3, 4}, List{1.1, 1.9, 3.2, 3.7})->r, 1e-12));
    }

    /// Ties on both sides make the distribution lopsided: twice the smaller tail, as scipy's permutation_test.
    void exactSpearmanWithTies()
    {
        // All 24 orders of y against x by hand: sums of products of doubled centred ranks.
        const auto got = *spearmanExact(List{1, 1, 1, 2}, List{5, 5, 5, 9});
        QVERIFY(near(got.rho, 1) && near(got.p, 0.5)); // Top meets top in 1 of 4 arrangements.
        const auto other = *spearmanExact(List{1, 1, 1, 2}, List{9, 5, 5, 5});
        QVERIFY(near(other.rho, -1.0 / 3) && near(other.p, 1)); // 2 · 3/4, at most 1.
    }

    void dependentCorrelationsThatCannotBe()
    {
        QCOMPARE(code(dependentCorrelations(50, 0.9, -0.9, 0.9)), std::string("out_of_range"));
        QCOMPARE(code(dependentCorrelations(50, 0.9, 1, 0.9)), std::string("out_of_range"));
        QCOMPARE(code(dependentCorrelations(3, 0.5, 0.4, 0.3)), std::string("too_few_values"));
        const auto same = *dependentCorrelations(50, 0.4, 0.4, 0.2);
        QVERIFY(*same.t == 0 && *same.p == 1 && near(same.low, -same.high));
        // x = y - z with equal variances: the determinant and the mean correlation are both 0.
        const auto degenerate = *dependentCorrelations(50, 0.5, -0.5, 0.5);
        QVERIFY(!degenerate.t || std::isfinite(*degenerate.t));
    }

    void regressionsAtTheirEnds()
    {
        const List x{1, 2, 3, 4, 5};
        const auto exact = *simpleRegression(x, List{2.1, 4.2, 6.3, 8.4, 10.5}, ErrorMethod::Hc3);
        QVERIFY(near(exact.slope, 2.1) && exact.seSlope == 0 && !exact.p && near(*exact.rSquared, 1));
        const auto flat = *simpleRegression(x, List(5, 0.3), ErrorMethod::Classical);
        QVERIFY(flat.slope == 0 && flat.seSlope == 0 && !flat.p && !flat.rSquared && near(flat.intercept, 0.3));
        QCOMPARE(code(simpleRegression(x, x, ErrorMethod::Cluster, std::array{1U, 2U})),
                 std::string("length_mismatch"));
        QCOMPARE(code(simpleRegression(List(5, 1), List{1, 2, 3, 4, 6}, ErrorMethod::Cluster,
                                       std::array{7U, 7U, 7U, 7U, 7U})),
                 std::string("too_few_clusters"));
        // Squares that no double holds are refused; a slope of sizes that fit is found.
        QCOMPARE(code(simpleRegression(List{1, 1e308, -1e308}, List{1e308, -1e308, 1}, ErrorMethod::Hc3)),
                 std::string("not_finite"));
        const auto tiny = *simpleRegression(List{1e-300, 2e-300, 3e-300}, List{1, 3, 2}, ErrorMethod::Classical);
        QVERIFY(near(tiny.slope / 5e299, 1) && near(tiny.seSlope / 8.660254037844386e299, 1));
    }

    void twoLinesAtTheirEnds()
    {
        const List x{1, 2, 3, 4, 5, 6, 7, 8}, y{8, 6, 5, 3, 3, 4, 6, 9};
        QCOMPARE(code(twoLinesRegression(x, y, notANumber)), std::string("not_finite"));
        QCOMPARE(code(twoLinesRegression(x, y, 0.9)), std::string("out_of_range"));
        QCOMPARE(code(twoLinesRegression(x, y, 1)), std::string("too_few_values"));
        QCOMPARE(code(twoLinesRegression(x, y, 2)), std::string("too_few_values")); // One point below the break.
        QCOMPARE(code(twoLinesRegression(List{1, 2, 3, 4, 5}, List{1, 2, 3, 4, 5}, 3)), std::string("too_few_values"));
        QCOMPARE(code(twoLinesRegression(List{1, 2, 3, 4, 5}, List{1, 2, 3, 4, 5}, 6)), std::string("out_of_range"));
        QCOMPARE(code(twoLinesRegression(List{1, 2, 4, 5, 6, 7}, List{1, 5, 3, 4, 5, 7}, 3)),
                 std::string("not_identified")); // Two points on the left: both lie on their line whatever y is.
        const auto got = *twoLinesRegression(x, y, 4.5);
        QVERIFY(near(got.leftSlope, -1.6) && near(got.rightSlope, 2.0) && got.df == 4);
        // An exact line has no error to divide by.
        const auto exact = *twoLinesRegression(List{1, 2, 3, 4, 5, 6}, List{3, 2, 1, 1, 2, 4}, 3.5);
        QVERIFY(exact.leftSe == 0 && !exact.leftP && exact.rightP);
    }

    void pronounsWithANeutralOne()
    {
        const std::map<std::string, double> women{{"a", 10}, {"b", 30}, {"c", 50}, {"d", 90}, {"unused", notANumber}};
        std::vector<PronounSentence> sentences{
            {"c", 0.3, 0.3, 0.4}, {"a", 0.1, 0.4, 0.5}, {"b", 0.2, 0.3, {}}, {"d", 0.6, 0.1, 0.0}, {"a", 0.2, 0.2, 0.1},
        };
        const auto got = *winogenderAssociation(sentences, women);
        QCOMPARE(got.occupations.size(), std::size_t(4));
        QCOMPARE(got.occupations.front().occupation, std::string("c"));
        QVERIFY(near(got.occupations[1].score, -0.3) && near(*got.occupations[1].sd, std::sqrt(0.18)));
        QVERIFY(near(*got.occupations[1].neutralShare, (0.5 + 0.2) / 2) && !got.occupations[2].neutralShare);
        QVERIFY(near(*got.neutralShare, (0.4 + 0.5 + 0 + 0.2) / 4));
        const auto bad = [&](auto change) {
            auto copy = sentences;
            change(copy);
            return code(winogenderAssociation(copy, women));
        };
        QCOMPARE(bad([](auto &s) { s[1].occupation = "other", s[0].female = notANumber; }),
                 std::string("length_mismatch"));
        QCOMPARE(bad([](auto &s) { s[1].female = notANumber, s[0].male = -1; }), std::string("not_finite"));
        QCOMPARE(bad([](auto &s) { s[1].neutral = 1.5; }), std::string("out_of_range"));
        QCOMPARE(bad([](auto &s) { s.erase(s.begin()), s[1].female = s[1].male = 0; }), std::string("too_few_values"));
        QCOMPARE(bad([](auto &s) { s[1].female = s[1].male = 0; }), std::string("zero_mass"));
        QCOMPARE(bad([](auto &s) {
                     for (PronounSentence &sentence : s)
                         sentence.female = sentence.male = 0.25;
                 }),
                 std::string("constant_input"));
        QCOMPARE(code(winogenderAssociation(sentences, {{"a", 3}, {"b", 3}, {"c", 3}, {"d", 3}})),
                 std::string("constant_input"));
        QCOMPARE(code(winogenderAssociation(sentences, {{"a", 3}, {"b", 3}, {"c", 3}, {"d", 4}})),
                 std::string("not_identified"));
        QCOMPARE(code(winogenderAssociation({}, women)), std::string("empty_input"));
    }

    void biographiesAtTheirEnds()
    {
        const std::array cluster{0U, 1U, 2U};
        QCOMPARE(code(controlShift(List{1, 0, 1}, List{1, 0}, cluster)), std::string("length_mismatch"));
        QCOMPARE(code(controlShift({}, {}, {})), std::string("empty_input"));
        QCOMPARE(code(controlShift(List{1, 0, notANumber}, List{1, 0, 1}, cluster)), std::string("not_finite"));
        QCOMPARE(code(controlShift(List{1, 0, 1}, List{1, 0, 1}, cluster, 0)), std::string("out_of_range"));
        QCOMPARE(code(controlShift(List{1, 0, 1}, List{1, 0, 0}, std::array{4U, 4U, 4U})),
                 std::string("too_few_clusters"));
        const auto none = *controlShift(List{1, 0, 1}, List{1, 0, 1}, cluster);
        QVERIFY(none.shift == 0 && none.se == 0 && !none.p);
        const auto both = *oppositeBiographies(List{1, 0.5, 1}, List{0, 0.25, 1}, List{0.5, 0.5, 0}, cluster);
        QVERIFY(near(both.swing.value, both.pullA.value + both.pullB.value));
        QCOMPARE(code(oppositeBiographies(List{1, 0, 1}, List{1, 0, 1}, List{1, 0}, cluster)),
                 std::string("length_mismatch"));
    }

    void pairedIntervalsAtTheirEnds()
    {
        const auto all = *tangoInterval({0, 0, 7, 0}); // Only the second was right, always.
        QVERIFY(all.difference == -1 && all.low == -1 && all.high < 0);
        const auto newcombe = *newcombePaired({0, 0, 7, 0});
        QVERIFY(newcombe.low >= -1 && newcombe.high < 0);
        QCOMPARE(code(tangoInterval({1, 1, 1, 1}, 1)), std::string("out_of_range"));
        QCOMPARE(code(tangoInterval({1, -1, 1, 1}, notANumber)), std::string("not_finite"));
        QCOMPARE(code(newcombePaired({0, 0, 0, 0}, notANumber)), std::string("empty_input"));
        // Swapping the models mirrors the interval.
        const auto one = *tangoInterval({20, 9, 3, 11}, 0.9), other = *tangoInterval({20, 3, 9, 11}, 0.9);
        QVERIFY(near(one.low, -other.high, 1e-11) && near(one.high, -other.low, 1e-11));
        const auto n1 = *newcombePaired({20, 9, 3, 11}, 0.9), n2 = *newcombePaired({20, 3, 9, 11}, 0.9);
        QVERIFY(near(n1.low, -n2.high, 1e-12) && near(n1.high, -n2.low, 1e-12));
        // Counts whose products no 64-bit integer holds.
        const auto big = *newcombePaired({4'000'000'000'000, 3'000'000'000, 2'000'000'000, 4'000'000'000'000});
        QVERIFY(big.low > 0 && big.high < 0.001);
    }

    void plansAtTheirEnds()
    {
        QCOMPARE(code(mdePaired(0, 0.2, notANumber)), std::string("empty_input"));
        QCOMPARE(code(mdePaired(10, 2, notANumber)), std::string("not_finite"));
        QCOMPARE(code(mdePaired(10, 0.2, 5, -0.25)), std::string("out_of_range")); // The design effect is 0.
        QVERIFY(!mdePaired(1000, 0)->mde);                                         // Models that never differ.
        QCOMPARE(code(itemsNeededPaired(0.1, 0.1)), std::string("a value"));
        QCOMPARE(*itemsNeededPaired(1, 1), std::int64_t(1));
        QCOMPARE(code(itemsNeededPaired(1e-300, 0.5)), std::string("out_of_range")); // More than can be counted.
        QCOMPARE(code(itemsNeededResampled(0.1, 0.2, 0.1, 0.5, 1)), std::string("out_of_range"));
        QCOMPARE(code(itemsNeededResampled(-0.1, 0.2, 0.1, 1, 1)), std::string("out_of_range"));
        // n items of the plan find the difference, n - 1 do not.
        const auto n = *itemsNeededPaired(0.05, 0.2);
        QVERIFY(*mdePaired(static_cast<double>(n), 0.2)->mde <= 0.05);
        QVERIFY(*mdePaired(static_cast<double>(n - 1), 0.2)->mde > 0.05);
        const List x{9, 10, 11};
        QCOMPARE(code(mdeTrend({}, 0.2, 0.5, 100)), std::string("empty_input"));
        QCOMPARE(code(mdeTrend(x, 0.2, 0.5, 0)), std::string("empty_input"));
        QCOMPARE(code(mdeTrend(List{9, 9, 11}, 0.2, 0.5, 100)), std::string("out_of_range"));
        QCOMPARE(code(mdeTrend(x, 0.2, -0.6, 100)), std::string("out_of_range")); // Three cannot all differ so.
        QCOMPARE(code(mdeTrend(x, 0.2, 3, 100, 1, 0, notANumber)), std::string("not_finite"));
        QCOMPARE(code(mdeTrend(List{9, 11}, 0.2, 0.5, 100, 1, 0, 2)), std::string("out_of_range"));
        QCOMPARE(code(mdeTrend(List{9, 11}, 0.2, 0.5, 100)), std::string("too_few_sizes"));
        QCOMPARE(code(powerTwoSided(0.1, 0)), std::string("out_of_range"));
        QVERIFY(near(*powerTwoSided(mdeTrend(x, 0.2, 0.5, 100)->mde, mdeTrend(x, 0.2, 0.5, 100)->se), 0.8, 1e-4));
    }

    void trendsRefuseInOrder()
    {
        using Answers = std::vector<std::optional<double>>;
        const List x{9, 10, 11};
        QCOMPARE(code(scalingTrend(Answers{1, 0}, std::array{0U}, x)), std::string("length_mismatch"));
        QCOMPARE(code(scalingTrend({}, {}, x)), std::string("empty_input"));
        QCOMPARE(code(scalingTrend(Answers{1, {}, 0}, std::array{0U}, List{9, notANumber, 11})),
                 std::string("empty_input"));
        QCOMPARE(code(scalingTrend(Answers{1, notANumber, 0}, std::array{0U}, x, 2)), std::string("not_finite"));
        QCOMPARE(code(scalingTrend(Answers{1, 1, 0}, std::array{0U}, x, 2)), std::string("out_of_range"));
        QCOMPARE(code(scalingTrend(Answers{1, 0}, std::array{0U}, List{9, 9})), std::string("too_few_clusters"));
        QCOMPARE(code(scalingTrend(Answers{1, 0, 1, 1}, std::array{0U, 1U}, List{9, 9})), std::string("too_few_sizes"));

        VerdictCurve curve;
        curve.joint = {x, {0.1, 0.2, 0.3}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, 20};
        const auto changed = [&](auto change) {
            VerdictCurve copy = curve;
            change(copy);
            return code(scalingVerdict(std::array{curve, copy}));
        };
        QCOMPARE(changed([](auto &) {}), std::string("a value"));
        QCOMPARE(changed([](auto &c) { c.joint.covariance.pop_back(), c.joint.scores[0] = notANumber; }),
                 std::string("length_mismatch"));
        QCOMPARE(changed([](auto &c) { c.joint = {}; }), std::string("empty_input"));
        QCOMPARE(changed([](auto &c) { c.joint.covariance[4] = infinity, c.joint.x[2] = 1; }),
                 std::string("not_finite"));
        QCOMPARE(changed([](auto &c) { c.joint.x[2] = 1, c.families = {"a", "b", "a"}; }), std::string("out_of_range"));
        QCOMPARE(changed([](auto &c) {
                     c.families = {"a", "b", "a"}, c.joint.clusters = 1;
                 }),
                 std::string("mixed_families"));
        QCOMPARE(changed([](auto &c) { c.joint.clusters = 1; }), std::string("too_few_clusters"));
        QVERIFY(scalingVerdict({})->empty());
    }

    void unequalClustersAreWorthLess()
    {
        const ClusterWorth equal = clusterWorth(List(12, 7.0), 0.3);
        QCOMPARE(equal.clusters, 12.0);
        QCOMPARE(equal.correction, 1.0);
        // tr(C)²/tr(C²) of the matrix itself, C = diag(n_g) - n_g n_h/n.
        const List sizes{1, 2, 3, 4, 30};
        const double n = 40;
        double trace = 0, squares = 0, residual = 0, all = 0;
        for (std::size_t g = 0; g < sizes.size(); ++g) {
            for (std::size_t h = 0; h < sizes.size(); ++h) {
                const double c = (g == h ? sizes[g] : 0) - sizes[g] * sizes[h] / n;
                trace += g == h ? c : 0;
                squares += c * c;
            }
        }
        QVERIFY(near(clusterWorth(sizes, 0).clusters, 1 + trace * trace / squares, 1e-12));
        // True variance over the expected CR1 with a correlation of 0.2, cluster by cluster.
        const auto variance = [](double m) { return m * (1 + 0.2 * (m - 1)); };
        for (const double m : sizes)
            all += variance(m);
        for (const double m : sizes)
            residual += variance(m) * (1 - 2 * m / n) + m * m / (n * n) * all;
        const ClusterWorth worth = clusterWorth(sizes, 0.2);
        QVERIFY(near(worth.correction, all / (5.0 / 4 * residual), 1e-12));
        QVERIFY(worth.correction > 2 && worth.clusters < 4.5);
        QVERIFY(near(clusterWorth(List{1, 1e6}, 1).clusters, 2, 1e-9)); // Residual sums of two are opposite: one degree.
    }

    void verdictsCountUnequalClusters()
    {
        VerdictCurve curve;
        curve.joint = {List{9, 10, 11}, {0.4, 0.5, 0.6}, {1.5e-3, 0, 0, 0, 1.5e-3, 0, 0, 0, 1.5e-3}, 20};
        const auto verdict = [&](double worth, double correction) {
            curve.joint.effectiveClusters = worth;
            curve.joint.correction = correction;
            return scalingVerdict(std::array{curve})->front();
        };
        const CurveVerdict equal = verdict(0, 1), same = verdict(20, 1);
        QCOMPARE(equal.verdict, std::string("positive"));
        QCOMPARE(same.pSlope, equal.pSlope);
        const CurveVerdict fewer = verdict(6, 2.5);
        QCOMPARE(fewer.reason, std::string("not_significant"));
        QVERIFY(fewer.pSlope > equal.pSlope && fewer.slopeLow < equal.slopeLow && fewer.slopeLow < 0);
        QVERIFY(near(fewer.slopeHigh + fewer.slopeLow, 2 * fewer.slope, 1e-12));
        QCOMPARE(verdict(4.9, 1).reason, std::string("few_clusters"));
        QCOMPARE(verdict(4.9, 1).verdict, std::string("undetermined"));
        // No variance at all is a perfect split of what the clusters are worth.
        curve.joint.covariance.assign(9, 0.0);
        QVERIFY(near(verdict(6, 1).pSlope, std::pow(2.0, 1 - 6), 1e-12));
    }

    void correlationInsideClusters()
    {
        // Clusters that differ in nothing, and clusters whose items say the same.
        ScalingRows rows{{9, 10, 11}, {}, {}, 0};
        for (std::uint32_t i = 0; i < 40; ++i) {
            rows.cluster.push_back(i / 10);
            const double y = i % 2;
            rows.values.insert(rows.values.end(), {y, 1 - y, y * 0.5});
        }
        QCOMPARE(differencesIcc(rows), 0.0);
        for (std::uint32_t i = 0; i < 40; ++i) {
            rows.values[3 * i] = rows.cluster[i] % 2;
            rows.values[3 * i + 1] = rows.values[3 * i + 2] = 0;
        }
        QVERIFY(near(differencesIcc(rows), 1, 1e-12));
        std::iota(rows.cluster.begin(), rows.cluster.end(), 0U);
        QCOMPARE(differencesIcc(rows), 0.0);
    }

    void entropyOfAnyNumberOfClusters()
    {
        const std::array<std::uint32_t, 4> assignment{0, 7, 7, 0};
        const auto few = clusterEntropy(assignment, 8);
        const auto many = clusterEntropy(assignment, std::size_t{1} << 52);
        QVERIFY(few && many);
        QVERIFY(near(few->entropyNats, std::log(2.0), 1e-12) && many->entropyNats == few->entropyNats);
        QVERIFY(near(*many->normalised, 1.0 / 52, 1e-12));
        QCOMPARE(code(clusterEntropy(assignment, 7)), std::string("out_of_range"));
    }
};

QTEST_GUILESS_MAIN(TestAssociation)
#include "tst_association.moc"
