// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

/// What a size can show, before it is paid for or beside what was found (statistics 18).
namespace evalwright::statistics {

struct DetectableDifference
{
    double designEffect = 1;
    double se = 0;  ///< Of the difference, at the rate given.
    double mde = 0; ///< Found with probability `power` by a two-sided test at `alpha`.
};
/// Two rates near `p` on different items, nA and nB of them: (z(1−alpha/2) + z(power)) · se with
/// se = sqrt(p(1−p)(1/nA + 1/nB) D), D = 1 + (clusterSize − 1) icc. EmptyInput (a size of 0), NotFinite, OutOfRange.
Stat<DetectableDifference> mdeUnpaired(double nA, double nB, double p, double clusterSize = 1, double icc = 0,
                                       double alpha = 0.05, double power = 0.8);

} // namespace evalwright::statistics
