// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusterworth.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace evalwright::statistics {

ClusterWorth clusterWorth(std::span<const double> sizes, double icc)
{
    const auto g = static_cast<double>(sizes.size());
    const auto [least, most] = std::ranges::minmax(sizes);
    if (least == most)
        return {g, 1};
    double n = 0, all = 0;
    for (const double size : sizes) {
        n += size;
        all += size * (1 + (size - 1) * icc);
    }
    // With w and v as shares: sum w², sum w³, sum w v.
    double ww = 0, www = 0, wv = 0;
    for (const double size : sizes) {
        const double w = size / n, v = size * (1 + (size - 1) * icc) / all;
        ww += w * w;
        www += w * w * w;
        wv += w * v;
    }
    ClusterWorth out;
    // Residual sums add up to 0, and rounding must not make less than one degree of freedom of that.
    out.clusters = std::clamp(1 + (1 - ww) * (1 - ww) / (ww - 2 * www + ww * ww), 2.0, g);
    out.correction = (g - 1) / (g * (1 - 2 * wv + ww));
    return out;
}

namespace {

/// Analysis of variance over `width` columns at once; `values`: items × width, row-major.
double icc(std::span<const double> values, std::size_t width, std::span<const std::uint32_t> cluster)
{
    struct Sum
    {
        double items = 0;
        std::vector<double> values;
    };
    std::map<std::uint32_t, Sum> sums;
    std::vector<double> means(width, 0.0);
    const auto n = static_cast<double>(cluster.size());
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        Sum &sum = sums[cluster[i]];
        sum.items += 1;
        sum.values.resize(width, 0.0);
        for (std::size_t c = 0; c < width; ++c) {
            sum.values[c] += values[i * width + c];
            means[c] += values[i * width + c] / n;
        }
    }
    const auto g = static_cast<double>(sums.size());
    if (n <= g)
        return 0;
    double between = 0, within = 0, squares = 0;
    for (const auto &[code, sum] : sums) {
        squares += sum.items * sum.items;
        for (std::size_t c = 0; c < width; ++c)
            between += sum.items * std::pow(sum.values[c] / sum.items - means[c], 2);
    }
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        const Sum &sum = sums[cluster[i]];
        for (std::size_t c = 0; c < width; ++c)
            within += std::pow(values[i * width + c] - sum.values[c] / sum.items, 2);
    }
    between /= g - 1;
    within /= n - g;
    const double size = (n - squares / n) / (g - 1);
    const double all = between + (size - 1) * within;
    return all > 0 ? std::clamp((between - within) / all, 0.0, 1.0) : 0.0;
}

} // namespace

double differencesIcc(const ScalingRows &rows)
{
    const std::size_t k = rows.sizes.size(), items = rows.cluster.size();
    const double middle = compensatedSum(rows.sizes) / static_cast<double>(k);
    std::vector<double> differences(rows.values), slopes(items, 0.0);
    for (std::size_t i = 0; i < items; ++i) {
        double mean = 0;
        for (std::size_t m = 0; m < k; ++m)
            mean += rows.values[i * k + m] / static_cast<double>(k);
        for (std::size_t m = 0; m < k; ++m) {
            differences[i * k + m] -= mean;
            slopes[i] += (rows.sizes[m] - middle) * rows.values[i * k + m];
        }
    }
    return std::max(icc(differences, k, rows.cluster), icc(slopes, 1, rows.cluster));
}

} // namespace evalwright::statistics
