// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/cells.h"
#include "generators/similarity/neighbours.h"

#include "core/statistics/random.h"

#include <QTest>

#include <bit>
#include <cmath>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Standard normal values (Box and Muller 1958).
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

/// Directions without any order, or around some centres; every fifth row is an earlier one turned by an angle of that
/// cosine.
FloatMatrix spread(Eigen::Index n, Eigen::Index d, double cosine, std::uint64_t seed, const FloatMatrix &centres = {})
{
    FloatMatrix out = normals(n, d, seed);
    for (Eigen::Index i = 0; i < n && centres.rows() > 0; ++i)
        out.row(i) = out.row(i).normalized() + centres.row(i * i % centres.rows()).normalized();
    statistics::RandomStream random(seed, "test/copies");
    for (Eigen::Index i = 5; i < n; i += 5) {
        const auto from = static_cast<Eigen::Index>(
            (std::uint64_t{random.word(static_cast<std::uint32_t>(i))} * static_cast<std::uint64_t>(i)) >> 32);
        const Eigen::RowVectorXf u = out.row(from).normalized();
        Eigen::RowVectorXf v = out.row(i) - out.row(i).dot(u) * u;
        v.normalize();
        out.row(i) = 3 * (static_cast<float>(cosine) * u + static_cast<float>(std::sqrt(1 - cosine * cosine)) * v);
    }
    return out;
}

double cosineOf(const FloatMatrix &rows, Eigen::Index i, Eigen::Index j)
{
    return exactCosine(rows.row(i).data(), rows.row(j).data(), static_cast<std::size_t>(rows.cols()));
}

Repeats byHand(const FloatMatrix &rows, double threshold)
{
    Repeats out(static_cast<std::size_t>(rows.rows()), notRepeated);
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        for (Eigen::Index j = 0; j < i && out[static_cast<std::size_t>(i)] == notRepeated; ++j) {
            if (cosineOf(rows, i, j) >= threshold - 1e-12)
                out[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(j);
        }
    }
    return out;
}

} // namespace

class TestSimilarityMeaning : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void productsAreTheSameOnEveryProcessor()
    {
        for (const Eigen::Index d : {1, 7, 384}) {
            const FloatMatrix rows = normals(6, d, 1), columns = normals(16, d, 2);
            std::vector<float> panel(static_cast<std::size_t>(d) * panelWidth);
            for (Eigen::Index k = 0; k < d; ++k) {
                for (Eigen::Index c = 0; c < 16; ++c)
                    panel[static_cast<std::size_t>(16 * k + c)] = columns(c, k);
            }
            std::array<const float *, 6> at;
            for (Eigen::Index r = 0; r < 6; ++r)
                at[static_cast<std::size_t>(r)] = rows.row(r).data();
            for (const ProductKernel kernel : productKernels()) {
                std::vector<float> out(6 * 20, -1);
                kernel(at.data(), panel.data(), static_cast<std::size_t>(d), out.data(), 20);
                for (Eigen::Index r = 0; r < 6; ++r) {
                    for (Eigen::Index c = 0; c < 16; ++c) {
                        volatile float sum = 0; // No wider registers, no fused steps.
                        for (Eigen::Index k = 0; k < d; ++k) {
                            volatile float product = rows(r, k) * columns(c, k);
                            sum = sum + product;
                        }
                        QCOMPARE(std::bit_cast<std::uint32_t>(out[static_cast<std::size_t>(20 * r + c)]),
                                 std::bit_cast<std::uint32_t>(float(sum)));
                    }
                    QCOMPARE(out[static_cast<std::size_t>(20 * r + 16)], -1);
                }
            }
        }
    }
    void packedRowsOfAnyNumber()
    {
        const FloatMatrix columns = normals(37, 9, 3), rows = normals(4, 9, 4);
        PackedRows packed(9);
        for (Eigen::Index c = 0; c < 37; ++c)
            packed.add(columns.row(c).data(), 2);
        std::vector<const float *> at;
        for (Eigen::Index r = 0; r < 4; ++r)
            at.push_back(rows.row(r).data());
        std::vector<float> out(4 * 48);
        packed.multiply(at, packed.panels(), out.data());
        for (Eigen::Index r = 0; r < 4; ++r) {
            for (Eigen::Index c = 0; c < 48; ++c) {
                const float want = c < 37 ? 2 * rows.row(r).dot(columns.row(c)) : 0;
                QVERIFY(std::abs(out[static_cast<std::size_t>(48 * r + c)] - want) < 1e-4F);
            }
        }
    }
    void exactForFew()
    {
        const FloatMatrix rows = spread(3000, 24, 0.951, 5);
        for (const double threshold : {0.95, 0.7}) {
            const Repeats want = byHand(rows, threshold);
            QVERIFY(std::ranges::count(want, notRepeated) < 2600);
            for (const int threads : {1, 2, 5})
                QCOMPARE(*meaningDuplicates(rows, threshold, 1, {{}, {}, threads}), want);
        }
    }
    void edges()
    {
        FloatMatrix rows(6, 2);
        rows << 1, 0, 2, 0, 0, 0, 0, 0, 1, 1, -1, 0;
        QCOMPARE(*meaningDuplicates(rows, 1), Repeats({-1, 0, -1, -1, -1, -1}));
        QCOMPARE(*meaningDuplicates(rows, 0.7), Repeats({-1, 0, -1, -1, 0, -1}));
        QCOMPARE(*meaningDuplicates(FloatMatrix(0, 2), 0.9), Repeats());
        QCOMPARE(meaningDuplicates(rows, 0).error().code, ErrorCode::InvalidInput);
        QCOMPARE(meaningDuplicates(rows, 1.5).error().code, ErrorCode::InvalidInput);
        rows(4, 1) = std::nanf("");
        const auto refused = meaningDuplicates(rows, 0.9);
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY(refused.error().message.contains(u"item 5"_s));
        for (const float value : {3e38F, 1e-35F, std::numeric_limits<float>::infinity()}) {
            rows.row(4) << value, value;
            QCOMPARE(meaningDuplicates(rows, 0.9).error().code, ErrorCode::InvalidInput);
        }
    }
    void rightAtTheThreshold()
    {
        // Cosines one step of a float apart, decided as the exact product says.
        FloatMatrix rows = FloatMatrix::Zero(400, 400);
        rows.row(0)(0) = 1;
        for (Eigen::Index i = 1; i < 400; ++i) {
            rows(i, 0) = 1;
            rows(i, i) = 0.75F + static_cast<float>(i - 200) * 1e-7F;
        }
        const Repeats got = *meaningDuplicates(rows, 0.8);
        for (Eigen::Index i = 1; i < 400; ++i) {
            const bool like = exactCosine(rows.row(i).data(), rows.row(0).data(), 400) >= 0.8 - 1e-12;
            QCOMPARE(got[static_cast<std::size_t>(i)] == 0, like);
        }
        QCOMPARE(got[201], -1);
        QCOMPARE(got[199], 0);
    }
    void manyRows_data()
    {
        QTest::addColumn<FloatMatrix>("rows");
        QTest::addColumn<double>("threshold");
        QTest::newRow("spread") << spread(24'000, 32, 0.951, 6) << 0.95;
        QTest::newRow("spread, lower") << spread(24'000, 32, 0.901, 7) << 0.9;
        QTest::newRow("clustered") << spread(24'000, 32, 0.951, 8, normals(40, 32, 9)) << 0.95;
    }
    void manyRows()
    {
        QFETCH(const FloatMatrix, rows);
        QFETCH(const double, threshold);
        QVERIFY(static_cast<std::size_t>(rows.rows()) > comparedExactly);
        // Only every fifth row can repeat one, so that comparing by hand stays short.
        const Repeats got = *meaningDuplicates(rows, threshold, 3, {{}, {}, 2});
        double found = 0, all = 0;
        for (Eigen::Index i = 5; i < rows.rows(); i += 50) {
            double most = 0;
            for (Eigen::Index j = 0; j < i && most < threshold; ++j)
                most = std::max(most, cosineOf(rows, i, j));
            const std::int32_t named = got[static_cast<std::size_t>(i)];
            all += most >= threshold;
            found += most >= threshold && named != notRepeated;
            if (named != notRepeated)
                QVERIFY(cosineOf(rows, i, named) >= threshold - 1e-12);
        }
        QVERIFY(all > 400);
        QVERIFY2(found >= 0.95 * all, qPrintable(u"%1 of %2"_s.arg(found).arg(all)));
        QCOMPARE(*meaningDuplicates(rows, threshold, 3, {{}, {}, 5}), got);
    }
    void allInOneCell()
    {
        FloatMatrix rows = FloatMatrix::Ones(30'000, 16);
        Repeats want(30'000, 0);
        want[0] = notRepeated;
        QCOMPARE(*meaningDuplicates(rows, 0.99, 1, {{}, {}, 2}), want);
        QCOMPARE(*meaningDuplicates(FloatMatrix::Zero(30'000, 16), 0.99), Repeats(30'000, notRepeated));
    }
    void neighbours()
    {
        const FloatMatrix rows = spread(700, 12, 0.9, 10);
        const SimilarityWork work;
        SimilarityRun run(work);
        const Neighbours got = *nearestNeighbours(rows, 5, 1, run, 1);
        for (Eigen::Index i = 0; i < 700; ++i) {
            std::vector<float> others;
            for (Eigen::Index j = 0; j < 700; ++j) {
                if (i != j)
                    others.push_back(static_cast<float>(cosineOf(rows, i, j)));
            }
            std::ranges::sort(others, std::greater());
            for (std::size_t f = 0; f < 5; ++f) {
                const auto at = static_cast<std::size_t>(i) * 5 + f;
                QVERIFY(got.index[at] != static_cast<std::uint32_t>(i));
                QVERIFY(std::abs(got.cosine[at] - others[f]) < 1e-5F);
                QVERIFY(std::abs(got.cosine[at] - cosineOf(rows, i, static_cast<Eigen::Index>(got.index[at]))) < 1e-5);
            }
        }
        const FloatMatrix many = spread(21'000, 16, 0.9, 12, normals(30, 16, 13));
        const Neighbours some = *nearestNeighbours(many, 10, 1, run, 1);
        const SimilarityWork alone{{}, {}, 1};
        SimilarityRun runAlone(alone);
        const Neighbours again = *nearestNeighbours(many, 10, 1, runAlone, 1);
        QVERIFY(again.index == some.index && again.cosine == some.cosine);
        double found = 0;
        for (Eigen::Index i = 0; i < 21'000; i += 210) {
            std::vector<std::pair<double, std::uint32_t>> order;
            for (Eigen::Index j = 0; j < 21'000; ++j)
                order.emplace_back(i == j ? 2 : -cosineOf(many, i, j), static_cast<std::uint32_t>(j));
            std::ranges::nth_element(order, order.begin() + 10);
            const auto mine = std::span(some.index).subspan(static_cast<std::size_t>(i) * 10, 10);
            for (std::size_t f = 0; f < 10; ++f)
                found += std::ranges::find(mine, order[f].second) != mine.end();
        }
        QVERIFY2(found > 950, qPrintable(QString::number(found)));

        QCOMPARE(nearestNeighbours(rows, 700, 1, run, 1).error().code, ErrorCode::InvalidInput);
    }
    void cancelStops()
    {
        const FloatMatrix rows = normals(21'000, 32, 11);
        const CancellationToken token;
        std::vector<double> seen;
        const auto stopped = meaningDuplicates(rows, 0.95, 1,
                                               {token,
                                                [&](double share) {
                                                    seen.push_back(share);
                                                    if (share > 0.2)
                                                        token.cancel();
                                                },
                                                2});
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QVERIFY(std::ranges::is_sorted(seen));
        QVERIFY(seen.back() < 1);
    }
    void cellsForACosine()
    {
        QCOMPARE(cellsToVisit(3, 0.95), 3U);
        QVERIFY(cellsToVisit(1000, 0.95) < cellsToVisit(1000, 0.9));
        QVERIFY(cellsToVisit(1000, 0.95) >= 6 && cellsToVisit(1000, 0.95) <= 12);
        QCOMPARE(cellsToVisit(1000, 0.5), 32U);
    }
};

Q_DECLARE_METATYPE(FloatMatrix)
QTEST_GUILESS_MAIN(TestSimilarityMeaning)
#include "tst_similaritymeaning.moc"
