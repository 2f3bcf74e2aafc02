// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>

/// Association of two columns, and trends over few points (statistics 15).
namespace evalwright::statistics {

struct Limits
{
    double low = -1, high = 1;
};
/// tanh(atanh r ± z/sqrt(n-3)). NotFinite, OutOfRange (|r| >= 1), TooFewValues (n < 4).
Stat<Limits> fisherInterval(double r, std::int64_t n, double confidence = 0.95);

struct Correlation
{
    std::int64_t n = 0;
    double r = 0, p = 1;             ///< p from t(n-2); 0 when |r| = 1.
    std::optional<double> low, high; ///< Fisher's; undefined for n = 3 and |r| = 1.
};
/// LengthMismatch, EmptyInput, NotFinite, OutOfRange, TooFewValues (n < 3), ConstantInput (a constant side).
Stat<Correlation> pearson(std::span<const double> x, std::span<const double> y, double confidence = 0.95);

struct MannKendall
{
    std::int64_t s = 0;                      ///< Rising pairs minus falling pairs.
    double variance = 0, z = 0, pNormal = 1; ///< Corrected for ties; z with continuity correction.
    std::optional<double> pExact;            ///< Up to 10 values without ties.
    std::optional<double> tauB;              ///< Undefined when all values are equal.
};
/// A trend of values in their order (Mann 1945, Kendall 1975). EmptyInput, NotFinite, TooFewValues (n < 3).
Stat<MannKendall> mannKendall(std::span<const double> values);

struct DependentCorrelations
{
    double difference = 0, df = 0; ///< r_xy - r_xz.
    std::optional<double> t, p;    ///< Undefined where the denominator is 0.
    double low = -2, high = 2;     ///< Zou 2007.
};
/// Two correlations with the same x over the same n: Williams' t (Steiger 1980), df n-3. NotFinite, OutOfRange (|r| >=
/// 1, or three values that no data can have together), TooFewValues (n < 4).
Stat<DependentCorrelations> dependentCorrelations(std::int64_t n, double xy, double xz, double yz,
                                                  double confidence = 0.95);

struct ZTest
{
    double z = 0, p = 1;
};
/// Fisher's z of two correlations over different items. Errors as fisherInterval.
Stat<ZTest> independentCorrelations(std::int64_t nA, double rA, std::int64_t nB, double rB);

} // namespace evalwright::statistics
