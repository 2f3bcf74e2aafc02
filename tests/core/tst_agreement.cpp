// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/bradleyterry.h"
#include "core/statistics/dawidskene.h"
#include "core/statistics/distributions.h"
#include "core/statistics/kappa.h"
#include "core/statistics/krippendorff.h"
#include "core/statistics/numerics.h"
#include "core/statistics/random.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace evalwright::statistics;

namespace {

constexpr double missing = -1;
const double infinite = std::numeric_limits<double>::infinity(), notANumber = std::numeric_limits<double>::quiet_NaN();

bool close(double got, double want, double tolerance = 1e-9)
{
    const bool ok = std::abs(got - want) <= tolerance * std::max(1.0, std::abs(want));
    if (!ok)
        qInfo("got %.17g want %.17g", got, want);
    return ok;
}

/// Sixty items, four raters (the last one odd), four categories, a seventh of the ratings missing; the numbers that
/// other libraries gave for the same table stand in the tests below.
std::vector<Rating> exampleCodes()
{
    std::vector<Rating> out;
    for (std::uint32_t i = 0; i < 60; ++i) {
        for (std::uint32_t r = 0; r < 4; ++r) {
            const std::uint32_t code =
                (i / 3 + ((i * 13 + r * 7) % 5 == 0 ? 1 : 0) + (r == 3 && i % 4 == 1 ? 2 : 0)) % 4;
            out.push_back((i * 5 + r * 11) % 7 == 0 ? Rating() : Rating(code));
        }
    }
    return out;
}

std::vector<std::optional<double>> valuesOf(const std::vector<Rating> &codes, const std::vector<double> &scale = {})
{
    std::vector<std::optional<double>> out;
    for (const Rating &code : codes)
        out.push_back(code ? std::optional<double>(scale.empty() ? *code : scale[*code]) : std::nullopt);
    return out;
}

std::vector<std::optional<double>> values(std::initializer_list<double> list)
{
    std::vector<std::optional<double>> out;
    for (const double value : list)
        out.push_back(value == missing ? std::nullopt : std::optional<double>(value));
    return out;
}

std::vector<Rating> codes(std::initializer_list<int> list)
{
    std::vector<Rating> out;
    for (const int value : list)
        out.push_back(value < 0 ? Rating() : Rating(static_cast<std::uint32_t>(value)));
    return out;
}

/// Ratings drawn at random: `raters` per item, some missing, agreeing with each other more often than not.
std::vector<Rating> drawn(std::size_t items, std::size_t raters, std::uint32_t categories, std::uint64_t seed)
{
    RandomStream random(seed, "test/ratings");
    std::uint32_t at = 0;
    const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>((random.word(at++) * n) >> 32); };
    std::vector<Rating> out;
    for (std::size_t i = 0; i < items; ++i) {
        const std::uint32_t truth = below(categories);
        for (std::size_t r = 0; r < raters; ++r) {
            const bool absent = below(4) == 0, right = below(3) > 0;
            const std::uint32_t other = below(categories);
            out.push_back(absent ? Rating() : Rating(right ? truth : other));
        }
    }
    return out;
}

/// Alpha by its definition: the coincidence matrix from all ordered pairs of raters, the distances between categories.
std::optional<double> alphaByPairs(const std::vector<std::optional<double>> &ratings, std::size_t raters,
                                   AlphaLevel level)
{
    std::vector<double> scale;
    for (const auto &value : ratings) {
        if (value && std::ranges::find(scale, *value) == scale.end())
            scale.push_back(*value);
    }
    std::ranges::sort(scale);
    const std::size_t q = scale.size();
    std::vector<double> o(q * q), n(q);
    for (std::size_t i = 0; i < ratings.size() / raters; ++i) {
        std::vector<std::size_t> given;
        for (std::size_t r = 0; r < raters; ++r) {
            if (const auto &value = ratings[i * raters + r])
                given.push_back(static_cast<std::size_t>(std::ranges::find(scale, *value) - scale.begin()));
        }
        for (std::size_t a = 0; a < given.size(); ++a) {
            for (std::size_t b = 0; b < given.size(); ++b) {
                if (a != b)
                    o[given[a] * q + given[b]] += 1.0 / (static_cast<double>(given.size()) - 1);
            }
        }
    }
    double total = 0;
    for (std::size_t c = 0; c < q; ++c) {
        for (std::size_t k = 0; k < q; ++k)
            n[c] += o[c * q + k];
        total += n[c];
    }
    double observed = 0, expected = 0;
    for (std::size_t c = 0; c < q; ++c) {
        for (std::size_t k = 0; k < q; ++k) {
            double d = c == k ? 0 : 1;
            if (level == AlphaLevel::Interval)
                d = (scale[c] - scale[k]) * (scale[c] - scale[k]);
            if (level == AlphaLevel::Ordinal) {
                double between = 0;
                for (std::size_t g = std::min(c, k); g <= std::max(c, k); ++g)
                    between += n[g];
                d = std::pow(between - (n[c] + n[k]) / 2, 2);
            }
            observed += o[c * q + k] * d;
            expected += n[c] * n[k] * d;
        }
    }
    if (expected == 0)
        return std::nullopt;
    return 1 - (total - 1) * observed / expected;
}

constexpr AlphaLevel levels[] = {AlphaLevel::Nominal, AlphaLevel::Ordinal, AlphaLevel::Interval};

} // namespace

/// Agreement, ranking and distributions beyond the golden vectors: other libraries, definitions, edges and refusals.
class TestAgreement : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // Numbers of krippendorff 0.8, irrCAC 0.4.4 and statsmodels 0.15 for exampleCodes().
    void otherLibrariesGiveTheSameAgreement()
    {
        const auto ratings = exampleCodes();
        const auto v = valuesOf(ratings), uneven = valuesOf(ratings, {0, 1, 10, 100});
        QVERIFY(close(krippendorffAlpha(v, 4, AlphaLevel::Nominal)->value, 0.3708231202731862));
        QVERIFY(close(krippendorffAlpha(v, 4, AlphaLevel::Ordinal)->value, 0.4388829242092702));
        QVERIFY(close(krippendorffAlpha(v, 4, AlphaLevel::Interval)->value, 0.4385927954497577));
        QVERIFY(close(krippendorffAlpha(uneven, 4, AlphaLevel::Ordinal)->value, 0.4388829242092702));
        QVERIFY(close(krippendorffAlpha(uneven, 4, AlphaLevel::Interval)->value, 0.3267300769576026));
        const auto fleiss = *fleissKappa({ratings, 4, 4}), ac1 = *gwetAc1({ratings, 4, 4});
        QVERIFY(close(fleiss.value, 0.370224589025) && close(*fleiss.se, 0.054005244835));
        QVERIFY(close(*fleiss.low, 0.262160343774) && close(*fleiss.high, 0.478288834276));
        QVERIFY(close(fleiss.percent, 0.527777777778) && close(fleiss.expectedAgreement, 0.250173611111));
        QVERIFY(close(ac1.value, 0.370418949155) && close(*ac1.se, 0.053882905737));
        QVERIFY(close(gwetAc1({ratings, 4, 5})->value, 0.418834463971));
        QVERIFY(close(*gwetAc1({ratings, 4, 5})->se, 0.049745355542));
        QCOMPARE(fleissKappa({ratings, 4, 5})->value, fleiss.value); // An unused category is no chance.
        std::vector<Rating> first, last;
        for (std::size_t i = 0; i < ratings.size(); i += 4) {
            first.push_back(ratings[i]);
            last.push_back(ratings[i + 3]);
        }
        const auto plain = *cohenKappa(first, last, 4), linear = *cohenKappa(first, last, 4, KappaWeights::Linear),
                   quadratic = *cohenKappa(first, last, 4, KappaWeights::Quadratic);
        QCOMPARE(plain.n, 43);
        QVERIFY(close(plain.kappa, 0.2859205776173285) && close(plain.se, 0.10189176768154068));
        QVERIFY(close(linear.kappa, 0.34135667396061287) && close(linear.se, 0.1129266146757052));
        QVERIFY(close(quadratic.kappa, 0.3820473137298255) && close(quadratic.se, 0.14663401639060383));
    }

    void alphaIsWhatAllPairsOfRatersGive()
    {
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const auto raters = static_cast<std::size_t>(2 + seed % 4);
            const auto ratings =
                valuesOf(drawn(3 + seed * 2, raters, static_cast<std::uint32_t>(2 + seed % 5), seed),
                         seed % 2 == 0 ? std::vector<double>{} : std::vector<double>{-4, 1e6, 1e6 + 1, 2.5, 0.125, 7});
            for (const AlphaLevel level : levels) {
                const auto got = krippendorffAlpha(ratings, raters, level);
                const auto want = alphaByPairs(ratings, raters, level);
                QCOMPARE(got.has_value(), want.has_value());
                QVERIFY(!want || close(got->value, *want, 1e-10));
            }
        }
    }

    void alphaAtTheEdges()
    {
        // Beyond the squares of a double, and next to each other.
        QVERIFY(close(krippendorffAlpha(values({-1e300, -1e300, 1e300, 1e300, 0, 1e300}), 2, AlphaLevel::Interval)->value,
                      *alphaByPairs(values({-5, -5, 5, 5, 0, 5}), 2, AlphaLevel::Interval)));
        const double next = std::nextafter(0.1, 1);
        QCOMPARE(krippendorffAlpha(values({0.1, 0.1, next, next}), 2, AlphaLevel::Interval)->value, 1.0);
        // Three times a value that is no exact double, in many items: agreement is exactly 1.
        QCOMPARE(krippendorffAlpha(values({0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.7, 0.7, missing}), 3, AlphaLevel::Interval)
                     ->value,
                 1.0);
        // A value that only an unpairable item has is not used.
        QCOMPARE(krippendorffAlpha(values({1, 1, 2, missing}), 2, AlphaLevel::Nominal).error().code,
                 StatCode::OneCategory);
        const auto a = *krippendorffAlpha(values({1, 1, 2, missing, 2, 1, missing, missing}), 2, AlphaLevel::Ordinal);
        QCOMPARE(a.items, 2);
        QCOMPARE(a.pairableRatings, 4);
        QCOMPARE(krippendorffAlpha(values({1, 2, 3}), 2, AlphaLevel::Nominal).error().code, StatCode::LengthMismatch);
        QCOMPARE(krippendorffAlpha(values({1, 2}), 0, AlphaLevel::Nominal).error().code, StatCode::LengthMismatch);
        QCOMPARE(krippendorffAlpha({}, 0, AlphaLevel::Nominal).error().code, StatCode::EmptyInput);
        QCOMPARE(krippendorffAlpha(values({missing, missing}), 2, AlphaLevel::Nominal).error().code,
                 StatCode::EmptyInput);
        QCOMPARE(krippendorffAlpha(values({1, missing}), 2, AlphaLevel::Nominal).error().code,
                 StatCode::NoPairableValues);
        const auto bad = krippendorffAlpha(values({1, 1, infinite, 2}), 2, AlphaLevel::Interval);
        QCOMPARE(bad.error().code, StatCode::NotFinite);
        QCOMPARE(bad.error().index, 2U);
        QCOMPARE(krippendorffAlpha(values({notANumber, 1}), 2, AlphaLevel::Nominal).error().code, StatCode::NotFinite);
    }

    /// Each replicate once more by drawing its rows and asking for the coefficient of the drawn table.
    void bootstrapIsTheCoefficientOfDrawnTables_data()
    {
        QTest::addColumn<int>("clusterSize");
        QTest::newRow("items") << 0;
        QTest::newRow("clusters of three") << 3;
    }
    void bootstrapIsTheCoefficientOfDrawnTables()
    {
        QFETCH(const int, clusterSize);
        const std::size_t items = 24, raters = 3;
        const auto ratings = drawn(items, raters, 3, 9);
        std::vector<std::uint32_t> cluster;
        for (std::uint32_t i = 0; clusterSize > 0 && i < items; ++i)
            cluster.push_back(i % (items / static_cast<std::uint32_t>(clusterSize)));
        const std::size_t units = clusterSize > 0 ? items / static_cast<std::size_t>(clusterSize) : items;
        ResamplingSettings settings;
        settings.replicates = 500;
        settings.seed = 11;
        settings.confidence = 0.9;
        const auto drawnTable = [&](const char *stream, std::uint32_t replicate) {
            std::vector<Rating> out;
            const auto drawnUnits = *drawIndices(11, stream, replicate, units, units);
            for (const std::uint32_t unit : drawnUnits) {
                for (std::uint32_t i = 0; i < items; ++i) {
                    if (cluster.empty() ? i == unit : cluster[i] == unit)
                        out.insert(out.end(), ratings.begin() + i * 3, ratings.begin() + i * 3 + 3);
                }
            }
            return out;
        };
        const auto compare = [&](const Stat<ResampledInterval> &got, const char *stream, auto coefficient) {
            std::vector<double> replicates;
            std::int64_t undefined = 0;
            for (std::uint32_t r = 0; r < 500; ++r) {
                if (const std::optional<double> value = coefficient(drawnTable(stream, r)))
                    replicates.push_back(*value);
                else
                    ++undefined;
            }
            const auto want = *quantile(replicates, std::vector{0.05, 0.95});
            QVERIFY(got.has_value());
            QCOMPARE(got->undefinedShare, static_cast<double>(undefined) / 500);
            QCOMPARE(got->units, static_cast<std::int64_t>(units));
            QVERIFY(close(*got->low, want[0], 1e-12) && close(*got->high, want[1], 1e-12));
            QVERIFY(close(*got->se, std::sqrt(*meanVariance(replicates)->variance), 1e-12));
            QVERIFY(close(got->value, *coefficient(ratings), 1e-12));
        };
        for (const AlphaLevel level : levels) {
            compare(krippendorffAlphaBootstrap(valuesOf(ratings), raters, level, cluster, settings), "bootstrap/alpha",
                    [&](const std::vector<Rating> &table) { return alphaByPairs(valuesOf(table), raters, level); });
        }
        compare(fleissKappaBootstrap({ratings, raters, 3}, cluster, settings), "bootstrap/fleiss",
                [&](const std::vector<Rating> &table) {
                    const auto value = fleissKappa({table, raters, 3});
                    return value ? std::optional<double>(value->value) : std::nullopt;
                });
        compare(gwetAc1Bootstrap({ratings, raters, 3}, cluster, settings), "bootstrap/ac1",
                [&](const std::vector<Rating> &table) {
                    const auto value = gwetAc1({table, raters, 3});
                    return value ? std::optional<double>(value->value) : std::nullopt;
                });
        const auto column = [](const std::vector<Rating> &table, std::size_t r) {
            std::vector<Rating> out;
            for (std::size_t at = r; at < table.size(); at += 3)
                out.push_back(table[at]);
            return out;
        };
        for (const KappaWeights weights : {KappaWeights::None, KappaWeights::Linear, KappaWeights::Quadratic}) {
            compare(cohenKappaBootstrap(column(ratings, 0), column(ratings, 1), 3, weights, cluster, settings),
                    "bootstrap/cohen", [&](const std::vector<Rating> &table) {
                        const auto value = cohenKappa(column(table, 0), column(table, 1), 3, weights);
                        return value ? std::optional<double>(value->kappa) : std::nullopt;
                    });
        }
    }

    void bootstrapHasTheSameBitsForAnyNumberOfThreads()
    {
        const auto ratings = valuesOf(drawn(300, 3, 4, 3));
        ResamplingSettings settings;
        settings.replicates = 1000;
        settings.threads = 1;
        const auto one = *krippendorffAlphaBootstrap(ratings, 3, AlphaLevel::Interval, {}, settings);
        for (const int threads : {2, 7}) {
            settings.threads = threads;
            const auto more = *krippendorffAlphaBootstrap(ratings, 3, AlphaLevel::Interval, {}, settings);
            QVERIFY(one.low == more.low && one.high == more.high && one.se == more.se && one.value == more.value);
        }
        settings.seed = 2;
        QVERIFY(krippendorffAlphaBootstrap(ratings, 3, AlphaLevel::Interval, {}, settings)->low != one.low);
    }

    void bootstrapStopsReportsAndRefuses()
    {
        const auto ratings = valuesOf(drawn(200, 3, 4, 3));
        ResamplingSettings settings;
        settings.replicates = 5000;
        std::vector<std::int64_t> seen;
        settings.threads = 1;
        settings.progress = [&](std::int64_t done) { seen.push_back(done); };
        QVERIFY(krippendorffAlphaBootstrap(ratings, 3, AlphaLevel::Nominal, {}, settings).has_value());
        QVERIFY(seen.size() >= 5000 / 256 && seen.back() == 5000 && std::ranges::is_sorted(seen));
        settings.progress = [token = settings.token](std::int64_t done) {
            if (done > 1000)
                token.cancel();
        };
        QCOMPARE(krippendorffAlphaBootstrap(ratings, 3, AlphaLevel::Nominal, {}, settings).error().code,
                 StatCode::Cancelled);

        const auto code = [&](const std::vector<std::uint32_t> &cluster, ResamplingSettings with) {
            const auto got = krippendorffAlphaBootstrap(ratings, 3, AlphaLevel::Nominal, cluster, with);
            return got ? std::string("a value") : codeName(got.error().code);
        };
        QCOMPARE(code({0, 1}, {}), std::string("length_mismatch"));
        QCOMPARE(code(std::vector<std::uint32_t>(200, 0), {}), std::string("too_few_clusters"));
        std::vector<std::uint32_t> gap(200, 0);
        gap[7] = 2;
        QCOMPARE(code(gap, {}), std::string("out_of_range"));
        gap[7] = std::numeric_limits<std::uint32_t>::max();
        QCOMPARE(code(gap, {}), std::string("out_of_range"));
        ResamplingSettings none;
        none.replicates = 0;
        QCOMPARE(code({}, none), std::string("out_of_range"));
        none = {};
        none.confidence = notANumber;
        QCOMPARE(code({}, none), std::string("not_finite"));
        // The order of the codes: too few clusters before a single category.
        QCOMPARE(krippendorffAlphaBootstrap(values({1, 1}), 2, AlphaLevel::Nominal).error().code,
                 StatCode::TooFewClusters);
        QCOMPARE(krippendorffAlphaBootstrap(values({1, 1, 1, 1}), 2, AlphaLevel::Nominal).error().code,
                 StatCode::OneCategory);
        // A quarter of the resamples of two items hold the first one twice, without variation.
        settings = {};
        const auto often = *krippendorffAlphaBootstrap(values({1, 1, 1, 2}), 2, AlphaLevel::Nominal, {}, settings);
        QVERIFY(often.undefinedShare > 0.2 && often.undefinedShare < 0.3);
        QVERIFY(!often.low && !often.high && often.se);
    }

    void kappaAtTheEdges()
    {
        const auto a = codes({0, 1, 2, 1}), b = codes({2, 1, 0, 1});
        QVERIFY(close(cohenKappa(a, b, 3, KappaWeights::Linear)->kappa, -1.0 / 3));
        QCOMPARE(cohenKappa(a, a, 3, KappaWeights::Quadratic)->kappa, 1.0);
        QCOMPARE(cohenKappa(a, a, 3, KappaWeights::Quadratic)->se, 0.0);
        // One category each, not the same: agreement by chance is 0, and so is kappa.
        const auto apart = *cohenKappa(codes({0, 0}), codes({1, 1}), 2);
        QVERIFY(apart.kappa == 0 && apart.se == 0 && apart.percent == 0);
        QCOMPARE(cohenKappa(codes({0, 0}), codes({0, 0}), 1).error().code, StatCode::OneCategory);
        QCOMPARE(cohenKappa(a, codes({0}), 3).error().code, StatCode::LengthMismatch);
        QCOMPARE(cohenKappa({}, {}, 3).error().code, StatCode::EmptyInput);
        QCOMPARE(cohenKappa(codes({-1}), codes({-1}), 3).error().code, StatCode::EmptyInput);
        QCOMPARE(cohenKappa(codes({-1, 5}), codes({0, -1}), 3).error().code, StatCode::OutOfRange);
        QCOMPARE(cohenKappa(codes({-1, 5}), codes({0, -1}), 3).error().index, 1U);
        QCOMPARE(cohenKappa(a, b, 3, KappaWeights::None, 1).error().code, StatCode::OutOfRange);
        QCOMPARE(cohenKappa(a, b, 3, KappaWeights::None, notANumber).error().code, StatCode::NotFinite);

        // One item: a coefficient, but nothing that varies over items.
        const auto single = *fleissKappa({codes({0, 1}), 2, 2});
        QVERIFY(single.value == -1 && !single.se && !single.low && !single.high);
        QCOMPARE(fleissKappa({codes({-1, -1}), 2, 2}).error().code, StatCode::EmptyInput);
        QCOMPARE(gwetAc1({codes({0, -1, -1, 0}), 2, 1}).error().code, StatCode::NoPairableValues);
        QCOMPARE(fleissKappa({codes({0, 2}), 2, 2}).error().code, StatCode::OutOfRange);
        QCOMPARE(fleissKappa({codes({0, 1, 1}), 2, 2}).error().code, StatCode::LengthMismatch);
        QCOMPARE(fleissKappa({codes({0, 1}), 2, 2}, 0).error().code, StatCode::OutOfRange);
        // 0.1 + 0.2 and the like must not make perfect agreement 0.999…
        std::vector<Rating> perfect;
        for (std::uint32_t i = 0; i < 70; ++i)
            perfect.insert(perfect.end(), 3, Rating(i % 7));
        QCOMPARE(fleissKappa({perfect, 3, 7})->value, 1.0);
        QCOMPARE(*fleissKappa({perfect, 3, 7})->high, 1.0);
        QCOMPARE(gwetAc1({perfect, 3, 7})->value, 1.0);
    }

    void mostLikelyLabels()
    {
        // By an EM of plain products in numpy, to the same limit.
        const auto ratings = exampleCodes();
        const auto fit = *dawidSkene({ratings, 4, 4});
        const std::vector<double> prior{0.2655224859772175, 0.23204879249581237, 0.2545327765070415,
                                        0.2478959450199286};
        const std::vector<double> last{0.6286402777946277,    0.06791037844942208, 0.3034493437487982,
                                       7.152051975233407e-12, 0.01254529684911941, 0.5828009238894359,
                                       0.14810003864501156,   0.25655374061643316, 8.166497306812629e-12,
                                       8.166497306812629e-12, 0.7555022119283564,  0.24449778805531064,
                                       0.1487932251973675,    0.29615940234850974, 0.05344042031911878,
                                       0.5016069521350041};
        for (std::size_t k = 0; k < 4; ++k)
            QVERIFY(close(fit.prior[k], prior[k], 1e-8));
        for (std::size_t c = 0; c < 16; ++c)
            QVERIFY(close(fit.confusion[48 + c], last[c], 1e-8));
        QCOMPARE(fit.label[5], Rating(1U));
        // Two raters who contradict each other: nothing decides.
        const auto tie = *dawidSkene({codes({0, 1, 1, 0}), 2, 2});
        QVERIFY(!tie.label[0] && !tie.label[1] && close(tie.posterior[0], 0.5));
        // A category nobody uses stays out, and a rater who rated nothing does not matter.
        const auto unused = *dawidSkene({codes({0, 0, -1, 1, 1, -1, 0, 0, -1}), 3, 3});
        QVERIFY(unused.prior[2] == 0 && unused.posterior[2] == 0 && close(unused.confusion[18], 1.0 / 3));
        QCOMPARE(unused.label, codes({0, 1, 0}));
        QCOMPARE(dawidSkene({codes({-1, -1}), 2, 2}).error().code, StatCode::EmptyInput);
        QCOMPARE(dawidSkene({codes({0, 0, -1, -1}), 2, 2}).error().index, 1U);
        QCOMPARE(dawidSkene({codes({0, 3}), 2, 2}).error().code, StatCode::OutOfRange);
        const evalwright::CancellationToken token;
        token.cancel();
        QCOMPARE(dawidSkene({ratings, 4, 4}, token).error().code, StatCode::Cancelled);
    }

    void countedLabels()
    {
        // A tie, an item without ratings, a plurality that is no majority.
        const auto ratings = codes({0, 1, -1, -1, -1, -1, 0, 1, 1, 2, 2, 0});
        const RatingTable table{ratings, 3, 3};
        const auto majority = *majorityLabel(table);
        QCOMPARE(majority.label, codes({-1, -1, 1, 2}));
        QCOMPARE(majority.tiesOrEmpty, 2);
        QCOMPARE(majorityLabel({codes({0, 0, 1, 2}), 4, 3})->label, codes({0}));
        const std::vector<std::uint32_t> label{0, 0, 1, 0};
        const auto precision = *labelPrecision(table, label);
        QVERIFY(precision.items == 2 && precision.withoutMajority == 2 && precision.precision == 0.5);
        QVERIFY(precision.perLabel[0].items == 1 && precision.perLabel[0].right == 0);
        QVERIFY(precision.perLabel[1].items == 1 && precision.perLabel[1].right == 1 && precision.perLabel[2].items == 0);
        QCOMPARE(labelPrecision(table, std::vector<std::uint32_t>{0}).error().code, StatCode::LengthMismatch);
        QCOMPARE(labelPrecision(table, std::vector<std::uint32_t>{0, 3, 0, 0}).error().code, StatCode::OutOfRange);
        QCOMPARE(labelPrecision({codes({-1}), 1, 2}, std::vector<std::uint32_t>{0}).error().code, StatCode::EmptyInput);
        QCOMPARE(majorityLabel({{}, 0, 2}).error().code, StatCode::EmptyInput);

        const auto rows = *raterTable(table);
        // The first rater: item 0 against 1, item 2 against 1 1, item 3 against a tie of 2 and 0.
        QVERIFY(rows[0].n == 2 && *rows[0].accuracy == 0 && rows[0].confusion[1 * 3 + 0] == 2);
        // The third: items 0 and 1 not rated, item 2 against a tie, item 3 (given 0) against 2 2.
        QVERIFY(rows[2].n == 1 && rows[2].confusion[2 * 3 + 0] == 1);
        const auto gold = codes({-1, 1, -1, -1});
        const auto against = *raterTable(table, gold);
        QVERIFY(against[0].n == 0 && !against[0].accuracy && !against[0].low && !against[0].high);
        QCOMPARE(raterTable(table, codes({0})).error().code, StatCode::LengthMismatch);
        QCOMPARE(raterTable(table, std::vector<Rating>{}).error().code, StatCode::LengthMismatch);
        QCOMPARE(raterTable(table, codes({0, 0, 9, 0})).error().index, 2U);
    }

    void orderOfItemsChangesNothing()
    {
        const std::size_t items = 120, raters = 4;
        const auto ratings = drawn(items, raters, 4, 21);
        std::vector<Rating> shuffled;
        for (const std::uint32_t i : shuffle(4, "test/order", items))
            shuffled.insert(shuffled.end(), ratings.begin() + static_cast<std::ptrdiff_t>(i * raters),
                            ratings.begin() + static_cast<std::ptrdiff_t>((i + 1) * raters));
        const RatingTable a{ratings, raters, 4}, b{shuffled, raters, 4};
        QVERIFY(close(fleissKappa(a)->value, fleissKappa(b)->value, 1e-12));
        QVERIFY(close(*fleissKappa(a)->se, *fleissKappa(b)->se, 1e-12));
        QVERIFY(close(gwetAc1(a)->value, gwetAc1(b)->value, 1e-12));
        for (const AlphaLevel level : levels)
            QVERIFY(close(krippendorffAlpha(valuesOf(ratings), raters, level)->value,
                          krippendorffAlpha(valuesOf(shuffled), raters, level)->value, 1e-12));
        std::vector<Rating> rated, ratedShuffled; // Dawid and Skene want a rating of every item.
        for (std::size_t i = 0; i < items; ++i) {
            const auto add = [&](const RatingTable &table, std::vector<Rating> &to) {
                if (!nothingRated({table.item(i), raters, 4}))
                    to.insert(to.end(), table.item(i).begin(), table.item(i).end());
            };
            add(a, rated);
            add(b, ratedShuffled);
        }
        const auto fit = *dawidSkene({rated, raters, 4}), other = *dawidSkene({ratedShuffled, raters, 4});
        for (std::size_t c = 0; c < fit.confusion.size(); ++c)
            QVERIFY(close(fit.confusion[c], other.confusion[c], 1e-7));
    }

    // choix 0.4 (maximum likelihood) and the errors of statsmodels' logit with one column per model.
    void otherLibrariesGiveTheSameRanking()
    {
        std::vector<Wins> wins;
        for (std::uint32_t i = 0; i < 6; ++i) {
            for (std::uint32_t j = 0; j < 6; ++j) {
                if (i != j)
                    wins.push_back({i, j, static_cast<double>((i * 5 + j * 3) % 7 + (i < j ? 3 : 0))});
            }
        }
        const auto fit = *bradleyTerry(6, wins, 0);
        const double strength[] = {0.4718790793978028,   0.490265313372585,    0.1889547382702976,
                                   -0.24377900764922142, -0.39247989879149714, -0.5148402245999668};
        const double se[] = {0, 65.96268685735168, 63.92612836379864, 71.36427830237888, 66.37429706015946,
                             71.58634654508153};
        for (std::size_t i = 0; i < 6; ++i)
            QVERIFY(close(fit.logStrength[i], strength[i]) && close(fit.se[i], se[i], 1e-8));
        // Entries may repeat, and the anchor moves only the ratings.
        auto twice = wins;
        for (Wins &entry : twice)
            entry.count /= 2;
        twice.insert(twice.end(), twice.begin(), twice.end());
        QVERIFY(close(bradleyTerry(6, twice, 3, 1200)->logStrength[5], strength[5]));
        QCOMPARE(bradleyTerry(6, twice, 3, 1200)->rating[3], 1200.0);
    }

    void rankingAtTheEdges()
    {
        const auto code = [](std::size_t models, std::vector<Wins> wins, std::size_t anchor = 0) {
            const auto got = bradleyTerry(models, wins, anchor);
            return got ? std::string("a value") : codeName(got.error().code);
        };
        QCOMPARE(code(2, {{0, 1, 1}, {1, 0, 1}}), std::string("a value"));
        QCOMPARE(code(2, {{0, 1, 1}, {1, 0, 0}}), std::string("not_connected"));
        QCOMPARE(code(3, {{0, 1, 1}, {1, 0, 1}}), std::string("not_connected"));
        QCOMPARE(code(2, {{0, 1, -1}, {1, 0, 1}}), std::string("out_of_range"));
        QCOMPARE(code(2, {{0, 2, 1}}), std::string("out_of_range"));
        QCOMPARE(code(2, {{0, 1, 1}, {1, 0, 1}}, 2), std::string("out_of_range"));
        QCOMPARE(code(2, {{0, 2, notANumber}}), std::string("not_finite"));
        QCOMPARE(code(0, {}), std::string("empty_input"));
        // A circle of one win each: all alike, the errors of a ring.
        const auto ring = *bradleyTerry(3, std::vector<Wins>{{0, 1, 1}, {1, 2, 1}, {2, 0, 1}}, 0);
        QVERIFY(close(ring.logStrength[1], 0) && close(ring.se[1], ring.se[2]));
        // A chain of lopsided results, far from the start of the search: sums of the log odds.
        std::vector<Wins> chain;
        for (std::uint32_t i = 0; i + 1 < 8; ++i) {
            chain.push_back({i, i + 1, 1e6});
            chain.push_back({i + 1, i, 1});
        }
        const auto far = *bradleyTerry(8, chain, 7);
        QVERIFY(close(far.logStrength[0] - far.logStrength[7], 7 * std::log(1e6), 1e-9));
        QVERIFY(close(*eloWinProbability(0, 1e9), 0) && close(*eloWinProbability(1e9, 0), 1));
        QCOMPARE(eloWinProbability(infinite, 0).error().code, StatCode::NotFinite);
    }

    // scipy 1.17: jensenshannon, entropy, wasserstein_distance, chi2_contingency, association.
    void otherLibrariesGiveTheSameDistances()
    {
        const std::vector<double> p{3, 1, 4, 1, 5}, q{2, 7, 1, 0, 8}, more{3, 8, 2, 1, 9};
        const auto c = *compareDistributions(p, q);
        QVERIFY(close(c.jsDistanceBase2, 0.44640457040854054) && std::isinf(c.klNats));
        QVERIFY(close(c.wasserstein, 0.4206349206349206) && close(c.ordinalSimilarity, 1 - 0.4206349206349206 / 4));
        QVERIFY(close(compareDistributions(more, p)->klNats, 0.39657693787905973));
        const auto chi = *chiSquareIndependence(std::vector<double>{12, 5, 9, 3, 14, 8, 7, 7, 21}, 3);
        QVERIFY(close(chi.statistic, 17.633980917867554) && close(chi.p, 0.0014548159894096186));
        QVERIFY(close(*chi.cramersV, 0.32019235604761553) && close(chi.smallestExpected, 6.395348837209302));
        QVERIFY(!chi.smallExpected && chi.df == 4);
        QVERIFY(chiSquareIndependence(std::vector<double>{2, 1, 1, 2}, 2)->smallExpected);
    }

    void distributionsAtTheEdges()
    {
        // Nearly equal shares are nearly 0 apart, not the square root of a rounding error.
        const std::vector<double> p{1.0 / 3, 1.0 / 3, 1.0 / 3};
        QCOMPARE(compareDistributions(p, std::vector<double>{7, 7, 7})->jsDistanceBase2, 0.0);
        const double d = 1e-9;
        const auto near = *compareDistributions(std::vector<double>{0.5 + d, 0.5 - d}, std::vector<double>{0.5, 0.5});
        QVERIFY(std::abs(near.jsDistanceNats / (d / std::sqrt(2.0)) - 1) < 1e-4);
        const auto apart = *compareDistributions(std::vector<double>{0.1, 0.2, 0, 0}, std::vector<double>{0, 0, 3, 4});
        QVERIFY(close(apart.jsDistanceBase2, 1) && apart.jsDistanceBase2 <= 1 && close(apart.similarity, 0));
        QVERIFY(close(compareDistributions(std::vector<double>{1e308, 1e308}, std::vector<double>{1, 1})->entropyPBits, 1));
        const auto code = [](const std::vector<double> &a, const std::vector<double> &b) {
            const auto got = compareDistributions(a, b);
            return got ? std::string("a value") : codeName(got.error().code);
        };
        QCOMPARE(code({}, {}), std::string("empty_input"));
        QCOMPARE(code({-1, notANumber}, {1, 1}), std::string("not_finite"));
        QCOMPARE(code({-1, 1}, {infinite, 1}), std::string("not_finite"));
        QCOMPARE(code({1, 1}, {0, 0}), std::string("zero_mass"));
        QCOMPARE(code({0}, {0}), std::string("too_few_values"));

        const auto fit = [](const std::vector<double> &observed, const std::vector<double> &shares) {
            const auto got = chiSquareFit(observed, shares);
            return got ? std::string("a value") : codeName(got.error().code);
        };
        QCOMPARE(fit({5, 9, 6}, {1, 2, 1}), std::string("a value"));
        QVERIFY(close(chiSquareFit(std::vector<double>{5, 9, 6}, std::vector<double>{1, 2, 1})->statistic, 0.3));
        QCOMPARE(fit({5, 9}, {1, 2, 1}), std::string("length_mismatch"));
        QCOMPARE(fit({0, 0}, {1, 1}), std::string("zero_mass"));
        QCOMPARE(fit({-1, 1}, {1, 1}), std::string("out_of_range"));
        QCOMPARE(chiSquareFit({}).error().code, StatCode::EmptyInput);
        QCOMPARE(chiSquareIndependence(std::vector<double>{1, 2, 3}, 2).error().code, StatCode::LengthMismatch);
        QCOMPARE(chiSquareIndependence(std::vector<double>{1, 2, 3}, 3).error().code, StatCode::TooFewValues);
        QCOMPARE(chiSquareIndependence(std::vector<double>{1, 0, 3, 0}, 2).error().code, StatCode::ZeroMass);
        QCOMPARE(chiSquareIndependence({}, 0).error().code, StatCode::EmptyInput);
    }
};

QTEST_GUILESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
