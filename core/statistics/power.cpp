// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/power.h"

#include "core/statistics/numerics.h"

#include <cmath>

namespace evalwright::statistics {

Stat<DetectableDifference> mdeUnpaired(double nA, double nB, double p, double clusterSize, double icc, double alpha,
                                       double power)
{
    if (nA == 0 || nB == 0)
        return refuse(StatCode::EmptyInput);
    for (const double value : {nA, nB, p, clusterSize, icc, alpha, power}) {
        if (!std::isfinite(value))
            return refuse(StatCode::NotFinite);
    }
    DetectableDifference out;
    out.designEffect = 1 + (clusterSize - 1) * icc;
    if (nA < 0 || nB < 0 || p < 0 || p > 1 || clusterSize < 1 || icc > 1 || out.designEffect <= 0 || alpha <= 0 ||
        alpha >= 1 || power <= 0 || power >= 1)
        return refuse(StatCode::OutOfRange);
    out.se = std::sqrt(p * (1 - p) * (1 / nA + 1 / nB) * out.designEffect);
    out.mde = (*normalQuantile(1 - alpha / 2) + *normalQuantile(power)) * out.se;
    return out;
}

} // namespace evalwright::statistics
