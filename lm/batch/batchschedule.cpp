// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchschedule.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

double nextPollSeconds(int polls, std::optional<double> retryAfterSeconds)
{
    constexpr double first = 60, longest = 900, day = 86400;
    constexpr int steps = 4; // 60 · 2^4 is over the longest.
    const double own = std::min(longest, first * std::exp2(std::clamp(polls, 0, steps)));
    if (!retryAfterSeconds || !std::isfinite(*retryAfterSeconds))
        return own;
    return std::clamp(*retryAfterSeconds, own, day);
}

} // namespace evalwright
