// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/calibration.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright::statistics {

namespace {

std::optional<StatError> checkPairs(std::span<const double> confidence, std::span<const int> positive)
{
    if (confidence.size() != positive.size())
        return StatError{StatCode::LengthMismatch};
    if (confidence.empty())
        return StatError{StatCode::EmptyInput};
    std::size_t bad = 0;
    if (!allFinite(confidence, &bad))
        return StatError{StatCode::NotFinite, bad};
    for (std::size_t i = 0; i < confidence.size(); ++i) {
        if (confidence[i] < 0 || confidence[i] > 1 || (positive[i] != 0 && positive[i] != 1))
            return StatError{StatCode::OutOfRange, i};
    }
    return std::nullopt;
}

} // namespace

Stat<Reliability> reliabilityBins(std::span<const double> confidence, std::span<const int> positive, std::size_t bins,
                                  BinStrategy strategy)
{
    if (const auto wrong = checkPairs(confidence, positive))
        return tl::unexpected<StatError>(*wrong);
    constexpr std::size_t mostBins = 1'000'000;
    if (bins == 0 || bins > mostBins)
        return refuse(StatCode::OutOfRange);
    std::vector<double> edges;
    for (std::size_t m = 0; m <= bins; ++m)
        edges.push_back(static_cast<double>(m) / static_cast<double>(bins));
    if (strategy == BinStrategy::Quantile)
        edges = *quantile(confidence, edges);
    struct Sum
    {
        std::vector<double> confidence;
        std::int64_t positives = 0;
    };
    std::vector<Sum> sums(bins);
    for (std::size_t i = 0; i < confidence.size(); ++i) {
        // The first upper edge that is not below: right-closed, and what lies on the lowest edge is in the first bin.
        const auto upper = std::lower_bound(edges.begin() + 1, edges.end() - 1, confidence[i]);
        Sum &sum = sums[static_cast<std::size_t>(upper - edges.begin() - 1)];
        sum.confidence.push_back(confidence[i]);
        sum.positives += positive[i];
    }
    Reliability out;
    const auto n = static_cast<double>(confidence.size());
    for (std::size_t m = 0; m < bins; ++m) {
        if (sums[m].confidence.empty())
            continue;
        ReliabilityBin bin;
        bin.index = static_cast<std::int64_t>(m);
        bin.low = edges[m];
        bin.high = edges[m + 1];
        bin.n = static_cast<std::int64_t>(sums[m].confidence.size());
        bin.positives = sums[m].positives;
        bin.meanConfidence = compensatedSum(sums[m].confidence) / static_cast<double>(bin.n);
        bin.sharePositive = static_cast<double>(bin.positives) / static_cast<double>(bin.n);
        const double gap = std::abs(bin.sharePositive - bin.meanConfidence);
        out.ece += static_cast<double>(bin.n) / n * gap;
        out.mce = std::max(out.mce, gap);
        out.bins.push_back(bin);
    }
    return out;
}

Stat<double> brierScore(std::span<const double> confidence, std::span<const int> positive)
{
    if (const auto wrong = checkPairs(confidence, positive))
        return tl::unexpected<StatError>(*wrong);
    std::vector<double> squares;
    for (std::size_t i = 0; i < confidence.size(); ++i)
        squares.push_back((confidence[i] - positive[i]) * (confidence[i] - positive[i]));
    return compensatedSum(squares) / static_cast<double>(squares.size());
}

Stat<double> brierScoreMulticlass(std::span<const std::vector<double>> probabilities,
                                  std::span<const std::size_t> labels)
{
    if (probabilities.size() != labels.size())
        return refuse(StatCode::LengthMismatch);
    if (probabilities.empty() || probabilities.front().empty())
        return refuse(StatCode::EmptyInput);
    std::vector<double> rows;
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        const auto &p = probabilities[i];
        if (p.size() != probabilities.front().size())
            return refuse(StatCode::LengthMismatch, i);
        if (!allFinite(p))
            return refuse(StatCode::NotFinite, i);
        if (labels[i] >= p.size() || std::abs(compensatedSum(p) - 1) > 1e-6 ||
            std::ranges::any_of(p, [](double v) { return v < 0 || v > 1; }))
            return refuse(StatCode::OutOfRange, i);
        std::vector<double> squares;
        for (std::size_t k = 0; k < p.size(); ++k) {
            const double gap = p[k] - (k == labels[i] ? 1 : 0);
            squares.push_back(gap * gap);
        }
        rows.push_back(compensatedSum(squares));
    }
    return compensatedSum(rows) / static_cast<double>(rows.size());
}

Stat<LogLoss> logLoss(std::span<const double> confidence, std::span<const int> positive)
{
    if (const auto wrong = checkPairs(confidence, positive))
        return tl::unexpected<StatError>(*wrong);
    constexpr double least = 1e-15;
    LogLoss out;
    std::vector<double> terms;
    for (std::size_t i = 0; i < confidence.size(); ++i) {
        const double p = std::clamp(confidence[i], least, 1 - least);
        out.clipped += p != confidence[i] ? 1 : 0;
        terms.push_back(positive[i] == 1 ? -std::log(p) : -std::log1p(-p));
    }
    out.value = compensatedSum(terms) / static_cast<double>(terms.size());
    return out;
}

Stat<AveragePrecision> averagePrecision(std::span<const double> confidence, std::span<const int> positive)
{
    if (confidence.size() != positive.size())
        return refuse(StatCode::LengthMismatch);
    if (confidence.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(confidence, &bad))
        return refuse(StatCode::NotFinite, bad);
    double positives = 0;
    for (std::size_t i = 0; i < positive.size(); ++i) {
        if (positive[i] != 0 && positive[i] != 1)
            return refuse(StatCode::OutOfRange, i);
        positives += positive[i];
    }
    if (positives == 0 || positives == static_cast<double>(positive.size()))
        return refuse(StatCode::OneCategory);
    std::vector<std::size_t> order(confidence.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, std::greater{}, [&](std::size_t i) { return confidence[i]; });
    double seen = 0, hits = 0;
    std::vector<double> steps;
    for (std::size_t at = 0; at < order.size();) {
        const double score = confidence[order[at]], before = hits;
        for (; at < order.size() && confidence[order[at]] == score; ++at) {
            seen += 1;
            hits += positive[order[at]];
        }
        steps.push_back((hits - before) / positives * (hits / seen));
    }
    return AveragePrecision{compensatedSum(steps), positives / static_cast<double>(positive.size())};
}

} // namespace evalwright::statistics
