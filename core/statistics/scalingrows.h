// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace evalwright::statistics {

/// Items that every model answered, with models of equal size averaged.
struct ScalingRows
{
    std::vector<double> sizes;          ///< Distinct x, rising.
    std::vector<double> values;         ///< Used items × distinct sizes, row-major.
    std::vector<std::uint32_t> cluster; ///< Of the used items.
    std::int64_t dropped = 0;           ///< Items lacking any model's answer.
};
/// `matches`: items × models, row-major, in order of x. LengthMismatch, EmptyInput (also: no item is complete),
/// NotFinite, OutOfRange (confidence), TooFewClusters (below 2), TooFewSizes (below 3).
Stat<ScalingRows> scalingRows(std::span<const std::optional<double>> matches, std::span<const std::uint32_t> cluster,
                              std::span<const double> x, double confidence);

} // namespace evalwright::statistics
