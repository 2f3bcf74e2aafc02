// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/slopebootstrap.h"

#include "core/statistics/numerics.h"
#include "core/statistics/scalingrows.h"

#include <vector>

namespace evalwright::statistics {

Stat<SlopeBootstrap> slopeBootstrap(std::span<const std::optional<double>> matches,
                                    std::span<const std::uint32_t> cluster, std::span<const double> x,
                                    double confidence, const BootstrapOptions &options)
{
    const auto rows = scalingRows(matches, cluster, x, confidence);
    if (!rows)
        return tl::unexpected<StatError>(rows.error());
    // The slope is sum (x - xbar) y / sum (x - xbar)², so one column carries it. Rounded once: a slope that is a simple
    // fraction then is that fraction, not a difference of rounded scores.
    const std::size_t k = rows->sizes.size();
    const double mean = compensatedSum(rows->sizes) / static_cast<double>(k);
    double spread = 0;
    for (const double size : rows->sizes)
        spread += (size - mean) * (size - mean);
    std::vector<double> column(rows->cluster.size(), 0.0);
    for (std::size_t i = 0; i < column.size(); ++i) {
        for (std::size_t m = 0; m < k; ++m)
            column[i] += (rows->sizes[m] - mean) * rows->values[i * k + m];
    }
    auto totals = clusterTotals(column, 1, rows->cluster);
    if (!totals)
        return tl::unexpected<StatError>(totals.error());
    totals->unit = spread;
    const auto interval = clusterBootstrap(*totals, BootstrapMethod::Percentile, confidence, options);
    if (!interval)
        return tl::unexpected<StatError>(interval.error());
    return SlopeBootstrap{interval->estimate, *interval};
}

} // namespace evalwright::statistics
