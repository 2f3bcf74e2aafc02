// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>

namespace evalwright::statistics {

/// Exact two-sided p of `successes` out of n against the share `p0`: the sum of all outcomes that are at most as
/// likely as the one seen (the "minimum likelihood" rule, as R's binom.test). EmptyInput for n = 0, OutOfRange.
Stat<double> binomialTwoSided(std::int64_t successes, std::int64_t n, double p0);

} // namespace evalwright::statistics
