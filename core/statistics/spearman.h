// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <span>

namespace evalwright::statistics {

struct RankCorrelation
{
    double rho = 0, p = 1;
    std::optional<double> low, high; ///< Undefined for n = 3 and |rho| = 1.
};
/// Spearman: Pearson of average ranks, p from t(n-2), interval on Fisher's scale with se = sqrt((1 + rho²/2)/(n-3))
/// (Bonett and Wright 2000). LengthMismatch, EmptyInput, NotFinite, OutOfRange, TooFewValues (n < 3), ConstantInput.
Stat<RankCorrelation> spearman(std::span<const double> x, std::span<const double> y, double confidence = 0.95);

struct ExactRankCorrelation
{
    double rho = 0, p = 1;
};
/// For trends over few sizes: p from all orders of the ranks, twice the smaller tail and at most 1. Errors as spearman,
/// and OutOfRange for more than 9 values.
Stat<ExactRankCorrelation> spearmanExact(std::span<const double> x, std::span<const double> y);

} // namespace evalwright::statistics
