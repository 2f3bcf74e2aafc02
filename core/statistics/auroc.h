// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>

namespace evalwright::statistics {

struct Auroc
{
    double value = 0.5;     ///< Mann-Whitney; ties count one half.
    std::int64_t positives = 0, negatives = 0;
    /// DeLong, DeLong & Clarke-Pearson 1988; needs two of each class.
    std::optional<double> se;
    double low = 0, high = 1;
    /// logit: value ± z se on the logit scale. beta: the fallback below. What kind of interval stands in low and high.
    bool fallback = false;
};

/// The area under the ROC curve of `scores` (any finite numbers; only their order counts) for `positive` (1 or 0).
///
/// The interval is DeLong's on the logit scale (Pepe 2003, section 5.2), which stays inside 0..1. It does not exist
/// where the value is 0 or 1 or the standard error is 0 or undefined. With m the smaller class and A the value, the
/// fallback then is the Clopper-Pearson interval of A·m successes in m trials, with real-valued counts. Perfect
/// separation of m = 1 says "0.025 to 1", of m = 50 "0.929 to 1". It treats the items of the smaller class as the only
/// evidence, so it is wider than needed, never "1 to 1".
///
/// LengthMismatch, EmptyInput, NotFinite, OutOfRange (positive neither 0 nor 1), OneCategory.
Stat<Auroc> auroc(std::span<const double> scores, std::span<const int> positive, double confidence = 0.95);

} // namespace evalwright::statistics
