// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <span>

/// What correlation and regression of two columns share.
namespace evalwright::statistics {

/// LengthMismatch, EmptyInput, NotFinite (with its index), OutOfRange (confidence), TooFewValues, in this order.
std::optional<StatError> pairProblem(std::span<const double> x, std::span<const double> y, double confidence,
                                     std::size_t fewest);

/// Sums of squares and products about the means, each column divided by its largest distance from the mean so that
/// neither overflows nor vanishes.
struct PairMoments
{
    double meanX = 0, meanY = 0, scaleX = 0, scaleY = 0, xx = 0, yy = 0, xy = 0;
    bool constantX = false, constantY = false;

    double correlation() const;                                  ///< Exactly ±1 within rounding of a straight line.
    double slope() const { return xy / xx * (scaleY / scaleX); } ///< Of y on x.
};
/// At least one value, all finite.
PairMoments pairMoments(std::span<const double> x, std::span<const double> y);

} // namespace evalwright::statistics
