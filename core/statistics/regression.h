// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>

/// Least squares of one column on another (statistics 15), and the two-lines test over models as points (statistics
/// 16).
namespace evalwright::statistics {

enum class ErrorMethod {
    Classical, ///< Equal variance; t(n-2).
    Hc3,       ///< residual/(1-h) (MacKinnon and White 1985); t(n-2).
    Cluster,   ///< CR1 with G/(G-1) · (n-1)/(n-2); t(G-1).
};

struct SimpleRegression
{
    double intercept = 0, slope = 0, seIntercept = 0, seSlope = 0;
    double df = 0, low = 0, high = 0; ///< Of the slope.
    std::optional<double> p;          ///< Undefined when the error is 0.
    std::optional<double> rSquared;   ///< Undefined when y is constant.
};
/// y = intercept + slope · x. `cluster` is read for ErrorMethod::Cluster only. LengthMismatch, EmptyInput, NotFinite,
/// OutOfRange, TooFewValues (n < 3), TooFewClusters, ConstantInput (x), NotIdentified (a leverage of 1 under Hc3).
Stat<SimpleRegression> simpleRegression(std::span<const double> x, std::span<const double> y, ErrorMethod method,
                                        std::span<const std::uint32_t> cluster = {}, double confidence = 0.95);

struct TwoLinesRegression
{
    double leftSlope = 0, leftSe = 0, rightSlope = 0, rightSe = 0, df = 0; ///< t(n-4), HC3.
    std::optional<double> leftP, rightP; ///< Two-sided; undefined when the error is 0.
};
/// Simonsohn 2018: intercept, x - break on each side and a jump. A point at the break belongs to the left line when the
/// left slope is read and to the right line for the right slope. LengthMismatch, EmptyInput, NotFinite, OutOfRange
/// (break outside the range of x), TooFewValues (n < 6, or fewer than 2 points on a side), NotIdentified (a side with
/// one x only, or a point that alone decides its line).
Stat<TwoLinesRegression> twoLinesRegression(std::span<const double> x, std::span<const double> y, double breakAt);

} // namespace evalwright::statistics
