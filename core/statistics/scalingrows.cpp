// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/scalingrows.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>

namespace evalwright::statistics {

Stat<ScalingRows> scalingRows(std::span<const std::optional<double>> matches, std::span<const std::uint32_t> cluster,
                              std::span<const double> x, double confidence)
{
    const std::size_t models = x.size();
    if (matches.size() != cluster.size() * models)
        return refuse(StatCode::LengthMismatch);
    if (matches.empty())
        return refuse(StatCode::EmptyInput);
    ScalingRows out;
    std::vector<std::size_t> complete;
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        if (std::ranges::all_of(matches.subspan(i * models, models), [](const auto &value) { return bool(value); }))
            complete.push_back(i);
    }
    if (complete.empty())
        return refuse(StatCode::EmptyInput);
    out.dropped = static_cast<std::int64_t>(cluster.size() - complete.size());
    std::size_t bad = 0;
    if (!allFinite(x, &bad))
        return refuse(StatCode::NotFinite, bad);
    for (std::size_t at = 0; at < matches.size(); ++at) {
        if (matches[at] && !std::isfinite(*matches[at]))
            return refuse(StatCode::NotFinite, at / models);
    }
    if (!std::isfinite(confidence))
        return refuse(StatCode::NotFinite);
    if (confidence <= 0 || confidence >= 1)
        return refuse(StatCode::OutOfRange);
    out.sizes.assign(x.begin(), x.end());
    std::ranges::sort(out.sizes);
    out.sizes.erase(std::unique(out.sizes.begin(), out.sizes.end()), out.sizes.end());
    std::vector<std::size_t> place;
    std::vector<double> modelsOf(out.sizes.size(), 0.0);
    for (const double size : x) {
        place.push_back(static_cast<std::size_t>(std::ranges::lower_bound(out.sizes, size) - out.sizes.begin()));
        modelsOf[place.back()] += 1;
    }
    const std::size_t k = out.sizes.size();
    out.values.resize(complete.size() * k, 0.0);
    bool oneCluster = true;
    for (std::size_t row = 0; row < complete.size(); ++row) {
        const std::size_t i = complete[row];
        out.cluster.push_back(cluster[i]);
        oneCluster = oneCluster && cluster[i] == out.cluster.front();
        double *values = out.values.data() + row * k;
        for (std::size_t m = 0; m < models; ++m)
            values[place[m]] += *matches[i * models + m];
        for (std::size_t s = 0; s < k; ++s)
            values[s] /= modelsOf[s];
    }
    if (oneCluster)
        return refuse(StatCode::TooFewClusters);
    if (k < 3)
        return refuse(StatCode::TooFewSizes);
    return out;
}

} // namespace evalwright::statistics
