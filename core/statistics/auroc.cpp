// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/auroc.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evalwright::statistics {

namespace {

/// Of each value of `own`, the share of `other` below it, ties counting one half (DeLong's placement values).
std::vector<double> placements(const std::vector<double> &own, std::vector<double> other)
{
    std::ranges::sort(other);
    std::vector<double> out;
    out.reserve(own.size());
    for (const double v : own) {
        const auto [first, last] = std::ranges::equal_range(other, v);
        const auto below = static_cast<double>(first - other.begin()), equal = static_cast<double>(last - first);
        out.push_back((below + equal / 2) / static_cast<double>(other.size()));
    }
    return out;
}

/// Both variance terms; undefined with fewer than two of a class.
std::optional<double> delongError(const std::vector<double> &ofPositives, const std::vector<double> &ofNegatives)
{
    const auto p = meanVariance(ofPositives), n = meanVariance(ofNegatives);
    if (!p || !n || !p->variance || !n->variance)
        return std::nullopt;
    return std::sqrt(*p->variance / static_cast<double>(ofPositives.size()) +
                     *n->variance / static_cast<double>(ofNegatives.size()));
}

} // namespace

Stat<Auroc> auroc(std::span<const double> scores, std::span<const int> positive, double confidence)
{
    if (scores.size() != positive.size())
        return refuse(StatCode::LengthMismatch);
    if (scores.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(scores, &bad))
        return refuse(StatCode::NotFinite, bad);
    if (!(confidence > 0 && confidence < 1))
        return refuse(StatCode::OutOfRange);
    std::vector<double> positives, negatives;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (positive[i] != 0 && positive[i] != 1)
            return refuse(StatCode::OutOfRange, i);
        (positive[i] == 1 ? positives : negatives).push_back(scores[i]);
    }
    if (positives.empty() || negatives.empty())
        return refuse(StatCode::OneCategory);

    Auroc out;
    out.positives = static_cast<std::int64_t>(positives.size());
    out.negatives = static_cast<std::int64_t>(negatives.size());
    const std::vector<double> ofPositives = placements(positives, negatives);
    out.value = std::clamp(compensatedSum(ofPositives) / static_cast<double>(positives.size()), 0.0, 1.0);
    out.se = delongError(ofPositives, placements(negatives, positives));
    if (out.value > 0 && out.value < 1 && out.se && *out.se > 0) {
        const double z = *normalQuantile(0.5 + confidence / 2);
        const double logit = std::log(out.value) - std::log1p(-out.value);
        const double half = z * *out.se / (out.value * (1 - out.value));
        out.low = 1 / (1 + std::exp(half - logit));
        out.high = 1 / (1 + std::exp(-half - logit));
        return out;
    }
    out.fallback = true;
    const auto m = static_cast<double>(std::min(positives.size(), negatives.size()));
    const double hits = out.value * m, tail = (1 - confidence) / 2;
    out.low = hits > 0 ? *betaQuantile(tail, hits, m - hits + 1) : 0.0;
    out.high = hits < m ? *betaQuantile(1 - tail, hits + 1, m - hits) : 1.0;
    return out;
}

} // namespace evalwright::statistics
