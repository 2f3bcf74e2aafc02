// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/spearman.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>

namespace evalwright::statistics {

Stat<RankCorrelation> spearman(std::span<const double> x, std::span<const double> y, double confidence)
{
    if (x.size() != y.size())
        return refuse(StatCode::LengthMismatch);
    if (x.size() < 4)
        return refuse(StatCode::TooFewValues);
    if (!(confidence > 0 && confidence < 1))
        return refuse(StatCode::OutOfRange);
    const auto rankX = averageRanks(x), rankY = averageRanks(y);
    if (!rankX)
        return tl::unexpected<StatError>(rankX.error());
    if (!rankY)
        return tl::unexpected<StatError>(rankY.error());
    const auto n = static_cast<double>(x.size());
    const double middle = (n + 1) / 2; // Of ranks, ties or not.
    double xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double dx = (*rankX)[i] - middle, dy = (*rankY)[i] - middle;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    if (xx == 0 || yy == 0)
        return refuse(StatCode::ConstantInput);
    RankCorrelation out;
    out.rho = std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
    if (std::abs(out.rho) == 1) {
        out.p = 0;
        out.low = out.high = out.rho;
        return out;
    }
    const auto p = studentTTwoSidedP(out.rho * std::sqrt((n - 2) / (1 - out.rho * out.rho)), n - 2);
    const auto z = normalQuantile((1 + confidence) / 2);
    if (!p)
        return tl::unexpected<StatError>(p.error());
    if (!z)
        return tl::unexpected<StatError>(z.error());
    out.p = *p;
    const double half = *z * std::sqrt((1 + out.rho * out.rho / 2) / (n - 3));
    out.low = std::tanh(std::atanh(out.rho) - half);
    out.high = std::tanh(std::atanh(out.rho) + half);
    return out;
}

} // namespace evalwright::statistics
