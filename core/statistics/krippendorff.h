// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/resampling.h"

#include <cstdint>
#include <optional>
#include <span>

/// Krippendorff's alpha (Krippendorff 2011): agreement of any number of raters with missing ratings on a nominal,
/// ordinal or interval scale.
namespace evalwright::statistics {

enum class AlphaLevel { Nominal, Ordinal, Interval };

struct KrippendorffAlpha
{
    double value = 0;
    std::int64_t pairableRatings = 0, items = 0; ///< Of the items with at least two ratings.
};
/// `ratings` is items x raters, row-major by item. The order of a scale is that of its numbers. Perfect agreement on
/// two or more values is exactly 1. LengthMismatch, EmptyInput (also: nothing rated), NotFinite (with its index),
/// NoPairableValues, OneCategory.
Stat<KrippendorffAlpha> krippendorffAlpha(std::span<const std::optional<double>> ratings, std::size_t raters,
                                          AlphaLevel level);

/// Percentile interval over items, or over clusters with one code 0 … G-1 per item; stream bootstrap/alpha. A resample
/// without variation is undefined and counted. Errors of krippendorffAlpha and of resamplePatterns.
Stat<ResampledInterval> krippendorffAlphaBootstrap(std::span<const std::optional<double>> ratings, std::size_t raters,
                                                   AlphaLevel level, std::span<const std::uint32_t> cluster = {},
                                                   const ResamplingSettings &settings = {});

} // namespace evalwright::statistics
