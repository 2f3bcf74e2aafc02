// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/positionbias.h"

#include "core/statistics/clusteredmean.h"
#include "core/statistics/numerics.h"

#include <algorithm>

namespace evalwright::statistics {

namespace {

Stat<MeanInterval> interval(std::span<const double> values, std::span<const std::uint32_t> cluster, double confidence)
{
    const auto mean = clusteredMean(values, cluster, confidence);
    if (!mean)
        return tl::unexpected<StatError>(mean.error());
    return MeanInterval{mean->mean, mean->seClustered, mean->low, mean->high};
}

bool isPermutation(const std::vector<std::size_t> &order, std::size_t options)
{
    std::vector<bool> seen(options, false);
    for (const std::size_t option : order) {
        if (option >= options || seen[option])
            return false;
        seen[option] = true;
    }
    return order.size() == options;
}

} // namespace

Stat<PositionBias> positionBias(std::span<const std::vector<std::vector<std::size_t>>> order,
                                std::span<const std::vector<std::size_t>> chosen,
                                std::span<const std::size_t> matchingOption, std::span<const std::uint32_t> cluster,
                                double confidence)
{
    const std::size_t n = order.size();
    if (chosen.size() != n || matchingOption.size() != n || cluster.size() != n)
        return refuse(StatCode::LengthMismatch);
    if (n == 0 || order[0].empty() || order[0][0].empty())
        return refuse(StatCode::EmptyInput);
    const std::size_t rotations = order[0].size(), options = order[0][0].size();
    for (std::size_t i = 0; i < n; ++i) {
        if (order[i].size() != rotations || chosen[i].size() != rotations)
            return refuse(StatCode::LengthMismatch, i);
        for (std::size_t r = 0; r < rotations; ++r) {
            if (!isPermutation(order[i][r], options) || chosen[i][r] >= options || matchingOption[i] >= options)
                return refuse(StatCode::OutOfRange, i);
        }
    }
    if (rotations < 2)
        return refuse(StatCode::TooFewValues);

    std::vector<double> flips;
    std::vector<std::vector<double>> atPosition(options), matches(rotations), shifts(rotations);
    for (std::size_t i = 0; i < n; ++i) {
        bool flipped = false;
        std::vector<double> places(options, 0), own;
        for (std::size_t r = 0; r < rotations; ++r) {
            const std::size_t content = order[i][r][chosen[i][r]];
            flipped = flipped || content != order[i][0][chosen[i][0]];
            places[chosen[i][r]] += 1.0 / static_cast<double>(rotations);
            own.push_back(content == matchingOption[i] ? 1 : 0);
        }
        flips.push_back(flipped ? 1 : 0);
        const double mean = compensatedSum(own) / static_cast<double>(rotations);
        for (std::size_t j = 0; j < options; ++j)
            atPosition[j].push_back(places[j]);
        for (std::size_t r = 0; r < rotations; ++r) {
            matches[r].push_back(own[r]);
            shifts[r].push_back(own[r] - mean);
        }
    }
    const auto flip = clusteredScoreInterval(flips, cluster, confidence);
    if (!flip)
        return tl::unexpected<StatError>(flip.error());
    PositionBias out;
    out.flipRate = flip->score;
    out.flipLow = flip->low;
    out.flipHigh = flip->high;
    for (const auto &share : atPosition) {
        const auto mean = interval(share, cluster, confidence);
        if (!mean)
            return tl::unexpected<StatError>(mean.error());
        out.positions.push_back(*mean);
    }
    for (std::size_t r = 0; r < rotations; ++r) {
        const auto shift = interval(shifts[r], cluster, confidence);
        if (!shift)
            return tl::unexpected<StatError>(shift.error());
        out.rotations.push_back({compensatedSum(matches[r]) / static_cast<double>(n), *shift});
        out.score += out.rotations.back().score / static_cast<double>(rotations);
    }
    out.scoreFirstOrder = out.rotations.front().score;
    return out;
}

Stat<MeanInterval> firstPositionBias(std::span<const double> firstMinusSecondOrder1,
                                     std::span<const double> firstMinusSecondOrder2,
                                     std::span<const std::uint32_t> cluster, double confidence)
{
    if (firstMinusSecondOrder1.size() != firstMinusSecondOrder2.size())
        return refuse(StatCode::LengthMismatch);
    std::vector<double> halves;
    for (std::size_t i = 0; i < firstMinusSecondOrder1.size(); ++i)
        halves.push_back((firstMinusSecondOrder1[i] + firstMinusSecondOrder2[i]) / 2);
    return interval(halves, cluster, confidence);
}

} // namespace evalwright::statistics
