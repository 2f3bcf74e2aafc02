// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/labelconfidence.h"

#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace evalwright::statistics {

namespace {

constexpr double mostMass = 1 + 1e-6;

/// Probabilities of one row; minus infinity is legal.
Stat<std::vector<double>> normalised(std::span<const double> scores)
{
    const Stat<double> total = logSumExp(scores);
    if (!total)
        return refuse(total.error().code, total.error().index);
    if (std::isinf(*total))
        return refuse(StatCode::ZeroMass);
    std::vector<double> out;
    out.reserve(scores.size());
    for (const double s : scores)
        out.push_back(std::exp(s - *total));
    return out;
}

void addArgmax(Confidence &out)
{
    const auto &p = out.probabilities;
    const auto best = std::ranges::max_element(p);
    double second = -1;
    for (auto it = p.begin(); it != p.end(); ++it) {
        if (it != best)
            second = std::max(second, *it);
    }
    out.margin = p.size() > 1 ? *best - second : *best;
    if (p.size() == 1 || *best > second)
        out.argmax = static_cast<std::size_t>(best - p.begin());
}

} // namespace

Stat<Confidence> softmax(std::span<const double> scores, double temperature)
{
    if (scores.empty())
        return refuse(StatCode::EmptyInput);
    std::vector<double> scaled(scores.begin(), scores.end());
    if (!std::isfinite(temperature))
        return refuse(StatCode::NotFinite);
    for (std::size_t i = 0; i < scaled.size(); ++i) {
        if (std::isnan(scaled[i]) || scaled[i] == std::numeric_limits<double>::infinity())
            return refuse(StatCode::NotFinite, i);
    }
    if (temperature <= 0)
        return refuse(StatCode::OutOfRange);
    for (double &s : scaled)
        s /= temperature;
    Stat<std::vector<double>> p = normalised(scaled);
    if (!p)
        return refuse(p.error().code, p.error().index);
    Confidence out;
    out.probabilities = std::move(*p);
    addArgmax(out);
    return out;
}

Stat<Confidence> labelConfidence(std::span<const std::vector<double>> scores, Pool pool)
{
    if (scores.empty() || scores.front().empty())
        return refuse(StatCode::EmptyInput);
    const std::size_t labels = scores.front().size();
    std::vector<std::vector<double>> rows;
    bool censored = false;
    for (std::size_t r = 0; r < scores.size(); ++r) {
        if (scores[r].size() != labels)
            return refuse(StatCode::LengthMismatch, r);
        Stat<std::vector<double>> p = normalised(scores[r]);
        if (!p)
            return refuse(p.error().code, r);
        censored = censored || std::ranges::any_of(scores[r], [](double s) { return std::isinf(s); });
        rows.push_back(std::move(*p));
    }
    if (censored && pool == Pool::Log)
        return refuse(StatCode::Censored);
    const auto count = static_cast<double>(rows.size());
    Confidence out;
    std::vector<double> pooled;
    for (std::size_t k = 0; k < labels; ++k) {
        std::vector<double> column, logs;
        for (const auto &row : rows) {
            column.push_back(row[k]);
            logs.push_back(std::log(row[k]));
        }
        pooled.push_back(compensatedSum(pool == Pool::Log ? logs : column) / count);
        const auto [least, most] = std::ranges::minmax_element(column);
        out.spread.push_back(*most - *least);
    }
    if (pool == Pool::Log) {
        // A probability may be so small that it became 0: its logarithm is gone, as if it had not been reported.
        Stat<std::vector<double>> p = normalised(pooled);
        if (!p)
            return refuse(StatCode::Censored);
        pooled = std::move(*p);
    }
    out.probabilities = std::move(pooled);
    addArgmax(out);
    return out;
}

Stat<LabelMass> labelMass(std::span<const double> logProbabilities)
{
    const Stat<double> total = logSumExp(logProbabilities);
    if (!total)
        return refuse(total.error().code, total.error().index);
    const double mass = std::exp(*total);
    if (!std::isfinite(mass)) // No logarithm of a probability is that large.
        return refuse(StatCode::OutOfRange);
    return LabelMass{mass, mass <= mostMass};
}

Stat<double> requirementMean(std::span<const double> probabilities)
{
    if (probabilities.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(probabilities, &bad))
        return refuse(StatCode::NotFinite, bad);
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        if (probabilities[i] < 0 || probabilities[i] > 1)
            return refuse(StatCode::OutOfRange, i);
    }
    return compensatedSum(probabilities) / static_cast<double>(probabilities.size());
}

Stat<SampledConfidence> sampledConfidence(std::int64_t count, std::int64_t samples)
{
    const Stat<Proportion> share = wilsonInterval(count, samples);
    if (!share)
        return refuse(share.error().code);
    return SampledConfidence{static_cast<double>(count + 1) / static_cast<double>(samples + 2), *share};
}

} // namespace evalwright::statistics
