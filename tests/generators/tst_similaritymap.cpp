// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/clusters.h"
#include "generators/similarity/diversity.h"
#include "generators/similarity/lexicalembedding.h"
#include "generators/similarity/map.h"
#include "generators/similarity/selection.h"

#include "core/statistics/diversity.h"
#include "core/statistics/random.h"

#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

FloatMatrix normals(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed)
{
    const auto u = statistics::drawUniforms(seed, "test/normals", 0, static_cast<std::size_t>(2 * rows * columns));
    FloatMatrix out(rows, columns);
    for (Eigen::Index i = 0; i < out.size(); ++i) {
        const auto at = static_cast<std::size_t>(2 * i);
        out.data()[i] =
            static_cast<float>(std::sqrt(-2 * std::log(1 - u[at])) * std::cos(6.283185307179586 * u[at + 1]));
    }
    return out;
}

/// Around `groups` directions, in turn.
FloatMatrix grouped(Eigen::Index n, Eigen::Index d, Eigen::Index groups, float noise, std::uint64_t seed)
{
    FloatMatrix out = noise * normals(n, d, seed);
    const FloatMatrix centres = normals(groups, d, seed + 1000);
    for (Eigen::Index i = 0; i < n; ++i)
        out.row(i) += centres.row(i % groups);
    return out;
}

/// A rolled-up band, bent a little into a further dimension so that all lengths are about the same.
FloatMatrix swissRoll(Eigen::Index n)
{
    const auto u = statistics::drawUniforms(5, "test/roll", 0, static_cast<std::size_t>(2 * n));
    FloatMatrix out(n, 4);
    for (Eigen::Index i = 0; i < n; ++i) {
        const double t = 4.7 + 9.4 * u[static_cast<std::size_t>(2 * i)],
                     height = 20 * u[static_cast<std::size_t>(2 * i + 1)];
        out.row(i) << static_cast<float>(t * std::cos(t)), static_cast<float>(height),
            static_cast<float>(t * std::sin(t)), 60;
    }
    return out;
}

double between(const MapPoints &points, Eigen::Index i, Eigen::Index j)
{
    return static_cast<double>((points.row(i) - points.row(j)).norm());
}

} // namespace

class TestSimilarityMap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void principalPlaneOfAKnownSpread()
    {
        // Two large, one small direction; the plane is the first two whatever their order in the rows.
        FloatMatrix rows = 0.01F * normals(500, 6, 1);
        const FloatMatrix large = normals(500, 2, 2);
        for (Eigen::Index i = 0; i < 500; ++i) {
            rows(i, 4) += 10;
            rows(i, 1) += large(i, 0);
            rows(i, 3) += 0.3F * large(i, 1);
        }
        const MapPoints points = *principalPlane(rows);
        QCOMPARE(points.rows(), 500);
        QVERIFY(points.colwise().mean().cwiseAbs().maxCoeff() < 1e-5F);
        const auto likeness = [&](Eigen::Index axis, Eigen::Index column) {
            Eigen::VectorXf a = points.col(axis), b = rows.col(column).cwiseQuotient(rows.rowwise().norm());
            a.array() -= a.mean();
            b.array() -= b.mean();
            return std::abs(a.dot(b)) / a.norm() / b.norm();
        };
        QVERIFY(likeness(0, 1) > 0.999F);
        QVERIFY(likeness(1, 3) > 0.99F);
        QVERIFY(likeness(0, 3) < 0.15F);
        QVERIFY(*principalPlane(rows, 1, {{}, {}, 3}) == points);
        QCOMPARE(principalPlane(FloatMatrix::Ones(1, 3))->rows(), 1);
        QVERIFY(principalPlane(FloatMatrix::Ones(5, 1))->isZero());
        QCOMPARE(principalPlane(FloatMatrix(0, 4))->rows(), 0);
    }
    void twoFarGroupsStayApart()
    {
        const FloatMatrix rows = grouped(400, 20, 2, 0.2F, 3);
        const MapPoints points = *neighbourLayout(rows, 7, {{}, {}, 1});
        double inside = 0, outside = std::numeric_limits<double>::infinity();
        for (Eigen::Index i = 0; i < 400; ++i) {
            double nearestOwn = std::numeric_limits<double>::infinity();
            for (Eigen::Index j = 0; j < 400; ++j) {
                if (i % 2 != j % 2)
                    outside = std::min(outside, between(points, i, j));
                else if (i != j)
                    nearestOwn = std::min(nearestOwn, between(points, i, j));
            }
            inside = std::max(inside, nearestOwn);
        }
        QVERIFY2(outside > 2 * inside, qPrintable(u"%1 %2"_s.arg(outside).arg(inside)));
    }
    void theSameSeedGivesTheSameMap()
    {
        const FloatMatrix rows = grouped(300, 10, 5, 0.5F, 4);
        const MapPoints one = *neighbourLayout(rows, 7, {{}, {}, 1});
        QVERIFY(*neighbourLayout(rows, 7, {{}, {}, 4}) == one);
        QVERIFY(!(*neighbourLayout(rows, 8, {{}, {}, 1}) == one));
        QVERIFY(one.allFinite());
    }
    void neighboursAreKeptBetterThanInThePlane()
    {
        const FloatMatrix rows = swissRoll(1500);
        const MapPoints plane = *principalPlane(rows), map = *neighbourLayout(rows, 1);
        const double inPlane = *neighboursKept(rows, plane, 10), onMap = *neighboursKept(rows, map, 10);
        QVERIFY2(onMap > inPlane + 0.15, qPrintable(u"%1 %2"_s.arg(onMap).arg(inPlane)));
        QVERIFY(*neighboursKept(rows, plane, 1499) == 1);
    }
    void mapsOfFewOrEqualItems()
    {
        QCOMPARE(neighbourLayout(FloatMatrix(0, 3))->rows(), 0);
        QCOMPARE(neighbourLayout(FloatMatrix::Ones(1, 3))->rows(), 1);
        QVERIFY(neighbourLayout(FloatMatrix::Ones(3, 3))->allFinite());
        QVERIFY(neighbourLayout(FloatMatrix::Zero(50, 3))->allFinite());
    }
    void positionsOnTheWayAndCancel()
    {
        const FloatMatrix rows = grouped(300, 10, 3, 0.5F, 4);
        const CancellationToken token;
        int seen = 0;
        LayoutOptions options;
        options.positions = [&](const MapPoints &points) {
            QCOMPARE(points.rows(), 300);
            if (++seen == 5)
                token.cancel();
        };
        const auto stopped = neighbourLayout(rows, 1, {token, {}, 2}, options);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(seen, 5);
    }
    void clustersAreFound()
    {
        const FloatMatrix rows = grouped(600, 30, 4, 0.3F, 6);
        const Clusters clusters = *kMeans(rows, 4, 2, {{}, {}, 1});
        for (Eigen::Index i = 0; i < 600; ++i)
            QCOMPARE(clusters.of[static_cast<std::size_t>(i)], clusters.of[static_cast<std::size_t>(i % 4)]);
        QCOMPARE(clusters.sizes, std::vector<std::int64_t>(4, 150));
        const Clusters again = *kMeans(rows, 4, 2, {{}, {}, 5});
        QVERIFY(again.of == clusters.of && again.centres == clusters.centres);

        const FloatMatrix many = grouped(21'000, 8, 7, 0.1F, 7); // More than the sample.
        const Clusters most = *kMeans(many, 7);
        QCOMPARE(most.sizes, std::vector<std::int64_t>(7, 3000));
        QVERIFY(std::ranges::is_sorted(kMeans(grouped(500, 8, 3, 2, 8), 6)->sizes, std::greater()));
    }
    void clustersOfFewDifferentRows()
    {
        const Clusters clusters = *kMeans(FloatMatrix::Ones(9, 3), 4);
        QCOMPARE(clusters.sizes, std::vector<std::int64_t>({9, 0, 0, 0}));
        QCOMPARE(kMeans(FloatMatrix::Ones(2, 3), 3).error().code, ErrorCode::InvalidInput);
        QCOMPARE(kMeans(FloatMatrix::Ones(2, 3), 0).error().code, ErrorCode::InvalidInput);
        QCOMPARE(clusterCount(7), 1U);
        QCOMPARE(clusterCount(1000), 22U);
        QCOMPARE(clusterCount(1'000'000), 40U);
    }
    void wordsThatNameAClusters()
    {
        QStringList texts;
        std::vector<std::uint32_t> of;
        for (int i = 0; i < 30; ++i) {
            texts << u"I want more power over people, number %1"_s.arg(i)
                  << u"I like my tea with milk, please %1"_s.arg(i);
            of.insert(of.end(), {1, 0});
        }
        const auto words = *distinctiveWords(texts, of, 3, 3);
        QCOMPARE(words.size(), 3);
        QCOMPARE(words[0], QStringList({u"like"_s, u"milk"_s, u"my"_s}));
        QVERIFY(words[1].contains(u"more"_s) && !words[1].contains(u"i"_s));
        QVERIFY(words[2].isEmpty());
        QCOMPARE(distinctiveWords(texts, of, 1).error().code, ErrorCode::InvalidInput);
        of.pop_back();
        QCOMPARE(distinctiveWords(texts, of, 3).error().code, ErrorCode::InvalidInput);
    }
    void lexicalLikeness()
    {
        QStringList texts{u"I would like to have more power over people"_s,
                          u"I would have liked more power over people!"_s, u"The weather in Lisbon is warm today"_s,
                          u" ... "_s, u"ＴＨＥ weather in LISBON is warm, today"_s};
        for (int i = 0; i < 200; ++i)
            texts << u"I would like to see the %1th lake"_s.arg(i);
        const LexicalEmbedding embedding = *LexicalEmbedding::fit(texts, 3, {{}, {}, 2});
        const FloatMatrix rows = *embedding.embed(texts, {{}, {}, 2});
        QCOMPARE(rows.cols(), 384);
        const auto cosine = [&](Eigen::Index i, Eigen::Index j) { return double{rows.row(i).dot(rows.row(j))}; };
        QVERIFY(std::abs(cosine(0, 0) - 1) < 1e-5);
        QVERIFY(rows.row(3).isZero());
        QVERIFY(std::abs(cosine(2, 4) - 1) < 1e-5);
        QVERIFY2(cosine(0, 1) > 0.6, qPrintable(QString::number(cosine(0, 1))));
        QVERIFY2(std::abs(cosine(0, 2)) < 0.25, qPrintable(QString::number(cosine(0, 2))));
        QVERIFY(cosine(0, 1) > cosine(0, 10)); // Rare words tell more than common ones.
        QVERIFY(*LexicalEmbedding::fit(texts, 3, {{}, {}, 5})->embed(texts, {{}, {}, 3}) == rows);
        QVERIFY(!(*LexicalEmbedding::fit(texts, 4)->embed(texts) == rows));
        QCOMPARE(LexicalEmbedding::fit({})->embed({u"any"_s})->rows(), 1);
    }
    void diverseSelection()
    {
        const FloatMatrix rows = grouped(300, 8, 6, 0.4F, 9);
        const std::vector<double> scores = statistics::drawUniforms(1, "test/scores", 0, 300);
        const FloatMatrix unit = rows.rowwise().normalized();
        for (const double weight : {0.0, 0.3, 0.7, 1.0}) {
            const auto got = *selectDiverse(scores, rows, 40, weight);
            // By the rule, each with each.
            std::vector<std::uint32_t> want{
                static_cast<std::uint32_t>(std::ranges::max_element(scores) - scores.begin())};
            while (want.size() < 40) {
                std::uint32_t best = 0;
                double bestValue = -10;
                for (std::uint32_t i = 0; i < 300; ++i) {
                    if (std::ranges::find(want, i) != want.end())
                        continue;
                    double closest = 0;
                    for (const std::uint32_t j : want)
                        closest = std::max(closest, double{unit.row(i).dot(unit.row(j))});
                    if (const double value = weight * scores[i] - (1 - weight) * closest; value > bestValue + 1e-7) {
                        best = i;
                        bestValue = value;
                    }
                }
                want.push_back(best);
            }
            QCOMPARE(got, want);
        }
        QCOMPARE(selectDiverse(scores, rows, 1000, 0.5)->size(), 300U);
        QCOMPARE(*selectDiverse(std::vector<double>(4, 1), FloatMatrix::Ones(4, 2), 4, 0.5),
                 std::vector<std::uint32_t>({0, 1, 2, 3}));
        QVERIFY(selectDiverse({}, FloatMatrix(0, 2), 4, 0.5)->empty());
        QCOMPARE(selectDiverse({}, rows, 4, 0.5).error().code, ErrorCode::InvalidInput);
        QCOMPARE(selectDiverse(scores, rows, 4, 2).error().code, ErrorCode::InvalidInput);
    }
    void itemsLikeExamples()
    {
        FloatMatrix rows(5, 2);
        rows << 1, 0, 1, 0.1F, 0, 3, -1, 0, 1, 0;
        const std::uint32_t chosen[] = {0};
        const auto like = *likeExamples(rows, chosen, 2);
        QCOMPARE(like.size(), 2U);
        QCOMPARE(like[0].index, 4U);
        QCOMPARE(like[1].index, 1U);
        QVERIFY(std::abs(like[0].cosine - 1) < 1e-6);
        const auto away = *likeExamples(rows, chosen, 10, Towards::Away);
        QCOMPARE(away.size(), 4U);
        QCOMPARE(away[0].index, 3U);
        QVERIFY(std::abs(away[0].cosine + 1) < 1e-6);
        const std::uint32_t both[] = {0, 2};
        const auto mean = *likeExamples(rows, both, 3);
        QCOMPARE(mean[0].index, 1U);
        QVERIFY(std::abs(mean[0].cosine - (1 + 0.1) / 2 / std::sqrt(1.01)) < 1e-6);
        const std::uint32_t none[] = {9};
        QCOMPARE(likeExamples(rows, none, 1).error().code, ErrorCode::InvalidInput);
        QCOMPARE(likeExamples(rows, {}, 1).error().code, ErrorCode::InvalidInput);
    }
    void diversityAsDefined()
    {
        FloatMatrix rows = grouped(500, 12, 5, 0.5F, 12);
        std::vector<std::vector<double>> vectors;
        for (Eigen::Index i = 0; i < 500; ++i) {
            const float *row = rows.row(i).data();
            vectors.emplace_back(row, row + 12);
        }
        const auto want = *statistics::embeddingDiversity(vectors);
        rows.conservativeResize(501, 12);
        rows.row(500).setZero();
        const DiversityFigures got = *measureDiversity(rows, 1, {{}, {}, 3});
        QCOMPARE(got.items, 500);
        QCOMPARE(got.nearestOf, 500);
        QVERIFY(std::abs(*got.meanPairwiseCosine - want.meanPairwiseCosine) < 1e-6);
        QVERIFY(std::abs(*got.meanNearestDistance - want.meanNearestDistance) < 1e-5);
        QVERIFY(std::abs(*got.vendi - want.vendi) < 1e-4);
        QVERIFY(!measureDiversity(rows.topRows(1))->meanPairwiseCosine);

        const FloatMatrix many = grouped(5000, 12, 5, 0.5F, 13);
        const DiversityFigures drawn = *measureDiversity(many, 1, {{}, {}, 2});
        QCOMPARE(drawn.nearestOf, 2000);
        QCOMPARE(*measureDiversity(many, 1, {{}, {}, 5})->meanNearestDistance, *drawn.meanNearestDistance);
    }
};

QTEST_GUILESS_MAIN(TestSimilarityMap)
#include "tst_similaritymap.moc"
