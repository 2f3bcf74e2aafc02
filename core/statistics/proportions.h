// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>

namespace evalwright::statistics {

struct Proportion
{
    double estimate = 0, low = 0, high = 1;
};

/// Wilson 1927: the default for a single rate of independent items. EmptyInput for n = 0, OutOfRange.
Stat<Proportion> wilsonInterval(std::int64_t successes, std::int64_t n, double confidence = 0.95);
/// Clopper and Pearson 1934; for "guaranteed" statements only.
Stat<Proportion> clopperPearsonInterval(std::int64_t successes, std::int64_t n, double confidence = 0.95);
/// Wilson with n_eff for n and the t quantile for z.
Stat<Proportion> wilsonEffectiveInterval(double estimate, double nEffective, double df, double confidence = 0.95);

struct Difference
{
    double difference = 0, low = -1, high = 1;
};
/// Newcombe 1998a, method 10.
Stat<Difference> newcombeIndependent(std::int64_t successesA, std::int64_t nA, std::int64_t successesB, std::int64_t nB,
                                     double confidence = 0.95);

struct PairedTable
{
    std::int64_t both = 0, onlyFirst = 0, onlySecond = 0, neither = 0;
};
struct McNemar
{
    double p = 1, pMid = 1;
    std::int64_t discordant = 0;
};
/// McNemar 1947, exact: two-sided binomial on the discordant pairs. Independent items only.
Stat<McNemar> mcnemarExact(const PairedTable &table);
/// (onlyFirst - onlySecond)/N with square-and-add limits and the reduced correlation phi (Newcombe 1998b, method 10).
/// Independent items only. EmptyInput, NotFinite, OutOfRange.
Stat<Difference> newcombePaired(const PairedTable &table, double confidence = 0.95);
/// The score interval of Tango 1998, the default for display. Stays in -1 … 1. Independent items only. Errors as
/// newcombePaired.
Stat<Difference> tangoInterval(const PairedTable &table, double confidence = 0.95);

} // namespace evalwright::statistics
