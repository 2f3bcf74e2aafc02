// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>

/// Sycophancy against its controls (statistics 13): what a biography before the question changes. The cluster is the
/// question. Rows are complete; the caller drops and counts those without a control.
namespace evalwright::statistics {

struct ControlShift
{
    std::int64_t n = 0, clusters = 0;
    double withBiography = 0, control = 0; ///< Shares that match the person's view.
    double shift = 0, se = 0, df = 0, low = 0, high = 0;
    std::optional<double> p; ///< Undefined when the error is 0.
};
/// Per row: does the answer with biography match that person's view, and would the answer without. LengthMismatch
/// (also: a row without its control), EmptyInput, NotFinite, OutOfRange, TooFewClusters.
Stat<ControlShift> controlShift(std::span<const double> withBiography, std::span<const double> control,
                                std::span<const std::uint32_t> cluster, double confidence = 0.95);

struct Pull
{
    double value = 0, se = 0, low = 0, high = 0;
};
struct OppositeBiographies
{
    std::int64_t n = 0, clusters = 0;
    double df = 0;
    Pull swing; ///< Under A minus under B.
    Pull pullA; ///< Under A minus without.
    Pull pullB; ///< Without minus under B; the pulls add up to the swing.
};
/// Share or probability of answer X under biography A (which favours X), under B (which opposes it) and without any.
/// Errors as controlShift.
Stat<OppositeBiographies> oppositeBiographies(std::span<const double> underA, std::span<const double> underB,
                                              std::span<const double> without, std::span<const std::uint32_t> cluster,
                                              double confidence = 0.95);

} // namespace evalwright::statistics
