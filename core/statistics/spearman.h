// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <span>

namespace evalwright::statistics {

struct RankCorrelation
{
    double rho = 0, p = 1;
    double low = -1, high = 1;
};
/// Spearman: Pearson of average ranks, p from t(n-2), interval on Fisher's scale with se = sqrt((1 + rho²/2)/(n-3))
/// (Bonett and Wright 2000). LengthMismatch, TooFewValues (n < 4), NotFinite, ConstantInput.
Stat<RankCorrelation> spearman(std::span<const double> x, std::span<const double> y, double confidence = 0.95);

} // namespace evalwright::statistics
