// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>
#include <vector>

/// How far a stated confidence can be believed: maps fitted on labelled items, and measures of quality
/// (statistics.md section 5). `positive` is 1 where the statement held, else 0.
namespace evalwright::statistics {

struct TemperatureFit
{
    double temperature = 1;
    double nllBefore = 0, nllAfter = 0; ///< Mean negative log-likelihood, nats.
};
/// Minimises mean(logSumExp(b s) - b s[label]) over b = 1/T in [1e-4, 1e3] (Guo et al. 2017). NotIdentified when the
/// scores carry no or reversed information, are separable, or are all equal.
Stat<TemperatureFit> fitTemperature(std::span<const std::vector<double>> scores, std::span<const std::size_t> labels);

struct PlattFit
{
    double slope = 1, intercept = 0; ///< p = sigmoid(slope s + intercept)
};
/// Platt 1999 with the smoothed targets of Lin, Lin and Weng 2007. OneCategory.
Stat<PlattFit> fitPlatt(std::span<const double> scores, std::span<const int> positive);

struct IsotonicFit
{
    std::vector<double> knots, fitted;
    double at(double score) const; ///< Linear between knots, constant outside.
};
/// Pool adjacent violators on tie-averaged scores.
Stat<IsotonicFit> fitIsotonic(std::span<const double> scores, std::span<const int> positive);

enum class BinStrategy { EqualWidth, Quantile };
struct ReliabilityBin
{
    std::int64_t index = 0; ///< Place among all bins; empty ones are left out.
    double low = 0, high = 0;
    std::int64_t n = 0, positives = 0;
    double meanConfidence = 0, sharePositive = 0;
};
struct Reliability
{
    std::vector<ReliabilityBin> bins;
    double ece = 0, mce = 0; ///< Weighted mean and largest gap; ECE is biased upwards for small bins.
};
/// Bin m is (m/M, (m+1)/M], the first closed on both sides; quantile edges are of type 7.
Stat<Reliability> reliabilityBins(std::span<const double> confidence, std::span<const int> positive,
                                  std::size_t bins = 10, BinStrategy strategy = BinStrategy::EqualWidth);

/// Mean (p - y)².
Stat<double> brierScore(std::span<const double> confidence, std::span<const int> positive);
/// Sum over labels, 0..2. Rows must sum to 1 within 1e-6.
Stat<double> brierScoreMulticlass(std::span<const std::vector<double>> probabilities,
                                  std::span<const std::size_t> labels);
struct LogLoss
{
    double value = 0;         ///< Nats per item.
    std::int64_t clipped = 0; ///< Confidences moved to 1e-15 or 1 - 1e-15.
};
Stat<LogLoss> logLoss(std::span<const double> confidence, std::span<const int> positive);

struct AveragePrecision
{
    double value = 0, baseRate = 0;
};
/// Step sum over distinct scores, tied scores enter together. OneCategory.
Stat<AveragePrecision> averagePrecision(std::span<const double> confidence, std::span<const int> positive);

} // namespace evalwright::statistics
