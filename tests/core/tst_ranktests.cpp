// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/binomialtest.h"
#include "core/statistics/spearman.h"

#include <QFile>
#include <QTest>

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

using namespace evalwright::statistics;
using nlohmann::json;

class TestRankTests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spearmanByHand()
    {
        const std::vector<double> up{1, 2, 3, 4, 5}, down{9, 7, 5, 3, 1}, some{1, 3, 2, 5, 4};
        QCOMPARE(spearman(up, down)->rho, -1.0);
        QCOMPARE(spearman(up, up)->rho, 1.0);
        QVERIFY(std::abs(spearman(up, some)->rho - 0.8) < 1e-12); // 1 - 6·4/(5·24)
        const std::vector<double> flat{1, 1, 1, 1, 1}, few{1, 2};
        QCOMPARE(spearman(up, flat).error().code, StatCode::ConstantInput);
        QCOMPARE(spearman(few, few).error().code, StatCode::TooFewValues);
        QCOMPARE(spearman(up, few).error().code, StatCode::LengthMismatch);
    }

    void spearmanAsTheReferenceSays()
    {
        QFile in(QStringLiteral(EVALWRIGHT_SHARED_DIR "/golden/correlation.json"));
        if (!in.open(QIODevice::ReadOnly))
            QSKIP("The reference values are not beside this checkout (../shared/golden).");
        int compared = 0;
        const json reference = json::parse(in.readAll().toStdString());
        for (const json &one : reference.at("cases")) {
            if (one.at("function") != "spearman" || one.at("expected").contains("error"))
                continue;
            const auto x = one["input"]["x"].get<std::vector<double>>();
            const auto y = one["input"]["y"].get<std::vector<double>>();
            const auto found = spearman(x, y, one["input"]["confidence"].get<double>());
            QVERIFY(found);
            const json &wanted = one["expected"];
            QVERIFY(std::abs(found->rho - wanted["rho"].get<double>()) < 1e-12);
            QVERIFY(std::abs(found->p - wanted["p"].get<double>()) < 1e-10);
            QVERIFY(std::abs(*found->low - wanted["low"].get<double>()) < 1e-9);
            QVERIFY(std::abs(*found->high - wanted["high"].get<double>()) < 1e-9);
            ++compared;
        }
        QVERIFY(compared >= 3);
    }

    /// Against the definition: the sum of all outcomes that are at most as likely.
    void binomialAsDefined()
    {
        for (const int n : {1, 2, 7, 20, 61}) {
            for (const double p0 : {0.1, 0.25, 0.5, 0.62, 0.99}) {
                std::vector<double> mass;
                for (int k = 0; k <= n; ++k)
                    mass.push_back(std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) +
                                            k * std::log(p0) + (n - k) * std::log1p(-p0)));
                for (int k = 0; k <= n; ++k) {
                    double sum = 0;
                    for (const double m : mass)
                        sum += m <= mass[size_t(k)] * (1 + 1e-7) ? m : 0;
                    const auto found = binomialTwoSided(k, n, p0);
                    QVERIFY(found);
                    QVERIFY2(std::abs(*found - std::min(1.0, sum)) < 1e-9,
                             qPrintable(QStringLiteral("%1 of %2 at %3").arg(k).arg(n).arg(p0)));
                }
            }
        }
        QCOMPARE(*binomialTwoSided(0, 5, 0), 1.0);
        QCOMPARE(*binomialTwoSided(1, 5, 0), 0.0);
        QCOMPARE(*binomialTwoSided(5, 5, 1), 1.0);
        QCOMPARE(*binomialTwoSided(4, 5, 1), 0.0);
        QCOMPARE(binomialTwoSided(0, 0, 0.5).error().code, StatCode::EmptyInput);
        QCOMPARE(binomialTwoSided(6, 5, 0.5).error().code, StatCode::OutOfRange);
    }
};

QTEST_GUILESS_MAIN(TestRankTests)
#include "tst_ranktests.moc"
