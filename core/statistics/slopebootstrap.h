// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/clusterbootstrap.h"
#include "core/statistics/scaling.h"

namespace evalwright::statistics {

struct SlopeBootstrap
{
    double slope = 0; ///< Of the scores themselves, per unit of x.
    BootstrapSummary bootstrap;
};
/// The percentile interval of scalingTrend's slope: clusters are drawn once per resample for all models. Arguments and
/// errors as scalingTrend, and Cancelled; the usual stream is "bootstrap/slope".
Stat<SlopeBootstrap> slopeBootstrap(std::span<const std::optional<double>> matches,
                                    std::span<const std::uint32_t> cluster, std::span<const double> x,
                                    double confidence, const BootstrapOptions &options);

} // namespace evalwright::statistics
