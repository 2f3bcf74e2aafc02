// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/calibration.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright::statistics {

namespace {

constexpr double leastB = 1e-4, mostB = 1e3, relativeStop = 1e-12;
constexpr int mostRounds = 1000;

double sigmoid(double x)
{
    return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

struct Slope
{
    double value = 0, first = 0, second = 0; ///< The mean loss and its derivatives by b.
};

Slope lossAt(double b, std::span<const std::vector<double>> scores, std::span<const std::size_t> labels)
{
    std::vector<double> value, first, second;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const auto &s = scores[i];
        const double most = *std::ranges::max_element(s);
        double total = 0, mean = 0, square = 0;
        for (const double v : s) {
            // Around the largest score, so that nothing cancels.
            const double w = std::exp(b * (v - most));
            total += w;
            mean += w * (v - most);
            square += w * (v - most) * (v - most);
        }
        mean /= total;
        square /= total;
        const double own = s[labels[i]] - most;
        value.push_back(std::log(total) - b * own);
        first.push_back(mean - own);
        second.push_back(square - mean * mean);
    }
    const auto n = static_cast<double>(scores.size());
    return {compensatedSum(value) / n, compensatedSum(first) / n, compensatedSum(second) / n};
}

std::optional<StatError> checkScores(std::span<const std::vector<double>> scores, std::span<const std::size_t> labels)
{
    if (scores.size() != labels.size())
        return StatError{StatCode::LengthMismatch};
    if (scores.empty() || scores.front().empty())
        return StatError{StatCode::EmptyInput};
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (scores[i].size() != scores.front().size())
            return StatError{StatCode::LengthMismatch, i};
        if (!allFinite(scores[i]))
            return StatError{StatCode::NotFinite, i};
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] >= scores[i].size())
            return StatError{StatCode::OutOfRange, i};
    }
    return std::nullopt;
}

} // namespace

Stat<TemperatureFit> fitTemperature(std::span<const std::vector<double>> scores, std::span<const std::size_t> labels)
{
    if (const auto wrong = checkScores(scores, labels))
        return tl::unexpected<StatError>(*wrong);
    const bool allEqual = std::ranges::all_of(scores, [](const std::vector<double> &s) {
        const auto [least, most] = std::ranges::minmax_element(s);
        return *least == *most;
    });
    double low = leastB, high = mostB;
    if (allEqual || lossAt(low, scores, labels).first >= 0 || lossAt(high, scores, labels).first <= 0)
        return refuse(StatCode::NotIdentified);
    double b = 1;
    for (int round = 0; round < mostRounds; ++round) {
        const Slope here = lossAt(b, scores, labels);
        if (here.first == 0)
            break;
        (here.first < 0 ? low : high) = b;
        double next = here.second > 0 ? b - here.first / here.second : low;
        if (!(next > low && next < high))
            next = (low + high) / 2;
        const bool still = std::abs(next - b) <= relativeStop * b;
        b = next;
        if (still)
            break;
        if (round + 1 == mostRounds)
            return refuse(StatCode::DidNotConverge);
    }
    // A separable set has its minimum at infinity; rounding may show a gradient of nothing before the bracket's end.
    if (lossAt(b, scores, labels).value <= 0)
        return refuse(StatCode::NotIdentified);
    const TemperatureFit out{1 / b, lossAt(1, scores, labels).value, lossAt(b, scores, labels).value};
    if (!std::isfinite(out.nllBefore) || !std::isfinite(out.nllAfter)) // Scores whose differences no double holds.
        return refuse(StatCode::NotFinite);
    return out;
}

Stat<PlattFit> fitPlatt(std::span<const double> scores, std::span<const int> positive)
{
    if (scores.size() != positive.size())
        return refuse(StatCode::LengthMismatch);
    if (scores.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(scores, &bad))
        return refuse(StatCode::NotFinite, bad);
    double positives = 0;
    for (std::size_t i = 0; i < positive.size(); ++i) {
        if (positive[i] != 0 && positive[i] != 1)
            return refuse(StatCode::OutOfRange, i);
        positives += positive[i];
    }
    const double negatives = static_cast<double>(positive.size()) - positives;
    if (positives == 0 || negatives == 0)
        return refuse(StatCode::OneCategory);
    const double targetOne = (positives + 1) / (positives + 2), targetZero = 1 / (negatives + 2);
    const auto target = [&](std::size_t i) { return positive[i] == 1 ? targetOne : targetZero; };
    const auto loss = [&](double slope, double intercept) {
        std::vector<double> terms;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const double x = slope * scores[i] + intercept;
            // ln(1 + e^x) - t x without overflow.
            terms.push_back(std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))) - target(i) * x);
        }
        return compensatedSum(terms);
    };
    PlattFit fit{0, std::log((positives + 1) / (negatives + 1))};
    for (int round = 0; round < mostRounds; ++round) {
        std::vector<double> g1, g2, h11, h21, h22;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const double p = sigmoid(fit.slope * scores[i] + fit.intercept), w = p * (1 - p), d = p - target(i);
            g1.push_back(scores[i] * d);
            g2.push_back(d);
            h11.push_back(scores[i] * scores[i] * w);
            h21.push_back(scores[i] * w);
            h22.push_back(w);
        }
        // The ridge of Lin, Lin and Weng keeps equal scores solvable.
        const double a = compensatedSum(h11) + 1e-12, b = compensatedSum(h21), c = compensatedSum(h22) + 1e-12;
        const double ga = compensatedSum(g1), gb = compensatedSum(g2), determinant = a * c - b * b;
        if (!(determinant > 0))
            return refuse(StatCode::NotIdentified);
        const double stepA = -(c * ga - b * gb) / determinant, stepB = -(a * gb - b * ga) / determinant;
        const double before = loss(fit.slope, fit.intercept);
        double share = 1;
        while (share > 1e-10 && loss(fit.slope + share * stepA, fit.intercept + share * stepB) > before)
            share /= 2;
        if (share <= 1e-10)
            return fit; // No better point along the way: this is the minimum up to rounding.
        fit.slope += share * stepA;
        fit.intercept += share * stepB;
        if (std::hypot(stepA, stepB) <= 1e-12 * (1 + std::hypot(fit.slope, fit.intercept)))
            return fit;
    }
    return refuse(StatCode::DidNotConverge);
}

double IsotonicFit::at(double score) const
{
    if (score <= knots.front())
        return fitted.front();
    if (score >= knots.back())
        return fitted.back();
    const auto above = static_cast<std::size_t>(std::ranges::upper_bound(knots, score) - knots.begin());
    const double share = (score - knots[above - 1]) / (knots[above] - knots[above - 1]);
    return fitted[above - 1] + share * (fitted[above] - fitted[above - 1]);
}

Stat<IsotonicFit> fitIsotonic(std::span<const double> scores, std::span<const int> positive)
{
    if (scores.size() != positive.size())
        return refuse(StatCode::LengthMismatch);
    if (scores.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(scores, &bad))
        return refuse(StatCode::NotFinite, bad);
    for (std::size_t i = 0; i < positive.size(); ++i) {
        if (positive[i] != 0 && positive[i] != 1)
            return refuse(StatCode::OutOfRange, i);
    }
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return scores[i]; });
    struct Block
    {
        double sum = 0, weight = 0;
        std::size_t knots = 0;
    };
    IsotonicFit fit;
    std::vector<Block> blocks;
    for (std::size_t at = 0; at < order.size();) {
        Block block{0, 0, 1};
        const double score = scores[order[at]];
        for (; at < order.size() && scores[order[at]] == score; ++at) {
            block.sum += positive[order[at]];
            block.weight += 1;
        }
        fit.knots.push_back(score);
        while (!blocks.empty() && blocks.back().sum * block.weight >= block.sum * blocks.back().weight) {
            block.sum += blocks.back().sum;
            block.weight += blocks.back().weight;
            block.knots += blocks.back().knots;
            blocks.pop_back();
        }
        blocks.push_back(block);
    }
    for (const Block &block : blocks)
        fit.fitted.insert(fit.fitted.end(), block.knots, block.sum / block.weight);
    return fit;
}

} // namespace evalwright::statistics
