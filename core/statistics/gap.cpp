// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/gap.h"

#include "core/statistics/clusteredmean.h"
#include "core/statistics/multiplicity.h"
#include "core/statistics/numerics.h"
#include "core/statistics/power.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace evalwright::statistics {

namespace {

/// What shares a weight: a label, or a label in a cluster. `second` is 0 where clusters are not shared.
using Stratum = std::pair<std::uint32_t, std::uint32_t>;

struct Cell
{
    double n = 0, sum = 0;
    double mean() const { return sum / n; }
};
using Cells = std::map<Stratum, Cell>;
using Weights = std::map<Stratum, double>; ///< Sum 1.

std::optional<StatError> problemOf(const GapItems &items, GapValues kind)
{
    if (items.values.size() != items.label.size() || items.values.size() != items.cluster.size())
        return StatError{StatCode::LengthMismatch};
    if (items.values.empty())
        return StatError{StatCode::EmptyInput};
    std::size_t bad = 0;
    if (!allFinite(items.values, &bad))
        return StatError{StatCode::NotFinite, bad};
    for (std::size_t i = 0; kind != GapValues::Numbers && i < items.values.size(); ++i) {
        const double value = items.values[i];
        if (value != 0 && value != 1 && (value != -1 || kind == GapValues::Rates))
            return StatError{StatCode::OutOfRange, i};
    }
    return std::nullopt;
}

bool shareClusters(const GapItems &a, const GapItems &b)
{
    const std::set<std::uint32_t> inA(a.cluster.begin(), a.cluster.end()), inB(b.cluster.begin(), b.cluster.end());
    const auto mostIn = [](const GapItems &items, const std::set<std::uint32_t> &other) {
        const auto common = std::ranges::count_if(items.cluster, [&](auto code) { return other.contains(code); });
        return 2 * static_cast<std::size_t>(common) >= items.cluster.size();
    };
    std::size_t both = 0;
    for (const std::uint32_t code : inA)
        both += inB.contains(code) ? 1 : 0;
    return both >= 2 && mostIn(a, inB) && mostIn(b, inA);
}

Stratum stratumOf(const GapItems &items, std::size_t i, bool shared)
{
    return {items.label[i], shared ? items.cluster[i] : 0};
}

Cells cellsOf(const GapItems &items, bool shared)
{
    Cells cells;
    for (std::size_t i = 0; i < items.values.size(); ++i) {
        Cell &cell = cells[stratumOf(items, i, shared)];
        cell.n += 1;
        cell.sum += items.values[i];
    }
    return cells;
}

/// Two labels weigh one half each, so that a leaning to one answer cancels. More labels, and the clusters of a label,
/// weigh what both sets can back: n n' / (n + n'), the weights of least variance.
Weights weightsOf(const Cells &a, const Cells &b, std::int64_t &labels)
{
    Weights weights;
    std::map<std::uint32_t, double> perLabel;
    for (const auto &[stratum, cell] : a) {
        const auto other = b.find(stratum);
        if (other == b.end())
            continue;
        const double weight = cell.n * other->second.n / (cell.n + other->second.n);
        weights[stratum] = weight;
        perLabel[stratum.first] += weight;
    }
    labels = static_cast<std::int64_t>(perLabel.size());
    double total = 0;
    for (auto &[stratum, weight] : weights) {
        if (perLabel.size() == 2)
            weight /= perLabel.at(stratum.first);
        total += weight;
    }
    for (auto &[stratum, weight] : weights)
        weight /= total;
    return weights;
}

/// A set's balanced mean, with what its weighted residuals sum to by cluster.
struct Side
{
    GapSide figures;
    double kish = 0;                         ///< 1 / sum of squared weights.
    double seNaive = 0, df = 0;
    std::map<std::uint32_t, double> byCluster; ///< Sum of weight × (value − mean of its stratum).
};

Side sideOf(const GapItems &items, const Cells &cells, const Weights &weights, bool shared)
{
    Side side;
    std::vector<double> squares, weightSquares;
    std::set<std::uint32_t> strata;
    for (std::size_t i = 0; i < items.values.size(); ++i) {
        const Stratum stratum = stratumOf(items, i, shared);
        const auto weight = weights.find(stratum);
        if (weight == weights.end()) {
            ++side.figures.dropped;
            continue;
        }
        ++side.figures.used;
        const Cell &cell = cells.at(stratum);
        const double each = weight->second / cell.n, residual = each * (items.values[i] - cell.mean());
        side.byCluster[items.cluster[i]] += residual;
        squares.push_back(residual * residual);
        weightSquares.push_back(each * each);
        strata.insert(stratum.first);
    }
    for (const auto &[stratum, weight] : weights)
        side.figures.mean += weight * cells.at(stratum).mean();
    side.kish = 1 / compensatedSum(weightSquares);
    side.figures.clusters = static_cast<std::int64_t>(side.byCluster.size());
    const auto n = static_cast<double>(side.figures.used), g = static_cast<double>(side.figures.clusters);
    const auto means = static_cast<double>(strata.size()); // One degree of freedom goes with the mean of each label.
    side.df = g - means;
    if (side.df > 0) {
        std::vector<double> sums;
        for (const auto &[cluster, sum] : side.byCluster)
            sums.push_back(sum * sum);
        side.figures.se = std::sqrt(g / side.df * compensatedSum(sums));
        side.seNaive = std::sqrt(n / (n - means) * compensatedSum(squares));
    }
    return side;
}

/// Wilson's estimate of the rate: never 0 or 1, so its variance is never 0.
double shrunk(double rate, double n, double z)
{
    return (rate * n + z * z / 2) / (n + z * z);
}

/// The variance of a mean of `n` values that are all alike: that they are tells little about those not seen. Of rates by
/// Wilson's estimate; of differences of answers, where none differs from another, by that of the share that would.
double leastVariance(double mean, double n, GapValues kind)
{
    if (kind == GapValues::Numbers)
        return 0;
    const double rate = shrunk(kind == GapValues::Rates ? mean : 0, n, *normalQuantile(0.975));
    return (kind == GapValues::Rates ? rate * (1 - rate) : rate) / n;
}

/// How many independent items say as much about a rate. Equal answers say nothing about how clusters differ: one each.
void setEffective(Side &side, GapValues kind)
{
    const double effect = side.seNaive > 0 ? std::pow(side.figures.se / side.seNaive, 2) : 0;
    if (effect > 0)
        side.figures.nEffective = side.kish / std::max(effect, 1.0);
    else
        side.figures.nEffective = std::min(side.kish, static_cast<double>(side.figures.clusters));
    if (!(side.figures.se > 0))
        side.figures.se = std::sqrt(leastVariance(side.figures.mean, side.figures.nEffective, kind));
}

/// The smallest difference that is found at these degrees of freedom, not only in the limit.
double finite(double detectable, double df, const GapOptions &options)
{
    const double wanted = 1 - options.alpha / 2;
    return detectable * (*studentTQuantile(wanted, df) + *studentTQuantile(options.power, df)) /
           (*normalQuantile(wanted) + *normalQuantile(options.power));
}

/// Where no answer differs from another there is no error to divide by.
double pWithoutVariance(const BalancedGap &gap)
{
    const auto clusters = static_cast<double>(std::min(gap.old.clusters, gap.fresh.clusters));
    return gap.gap == 0 ? 1 : std::min(1.0, std::exp2(1 - clusters));
}

Stat<BalancedGap> independentSets(Side a, Side b, BalancedGap out, const GapOptions &options)
{
    if (a.df < 2 || b.df < 2)
        return refuse(StatCode::TooFewClusters);
    setEffective(a, options.values);
    setEffective(b, options.values);
    out.old = a.figures;
    out.fresh = b.figures;
    const auto difference = unpairedDifference(a.figures.mean, a.figures.se, a.df, b.figures.mean, b.figures.se, b.df,
                                               options.confidence);
    if (!difference)
        return tl::unexpected<StatError>(difference.error());
    out.gap = difference->difference;
    out.se = difference->se;
    out.df = difference->df;
    out.low = difference->low;
    out.high = difference->high;
    out.p = difference->p ? *difference->p : pWithoutVariance(out);
    double detectable = (*normalQuantile(1 - options.alpha / 2) + *normalQuantile(options.power)) * out.se;
    if (options.values == GapValues::Rates) {
        // Newcombe's square-and-add (1998a, method 10) on Wilson's limits for the effective sizes.
        const auto first = wilsonEffectiveInterval(std::clamp(a.figures.mean, 0.0, 1.0), a.figures.nEffective, a.df,
                                                   options.confidence);
        const auto second = wilsonEffectiveInterval(std::clamp(b.figures.mean, 0.0, 1.0), b.figures.nEffective, b.df,
                                                    options.confidence);
        if (!first || !second)
            return refuse(StatCode::OutOfRange);
        out.low = out.gap - std::hypot(first->estimate - first->low, second->high - second->estimate);
        out.high = out.gap + std::hypot(first->high - first->estimate, second->estimate - second->low);
        const double n = a.figures.nEffective + b.figures.nEffective;
        const double rate = (a.figures.mean * a.figures.nEffective + b.figures.mean * b.figures.nEffective) / n;
        const auto planned = mdeUnpaired(a.figures.nEffective, b.figures.nEffective,
                                         shrunk(std::clamp(rate, 0.0, 1.0), n, *normalQuantile(0.975)), 1, 0,
                                         options.alpha, options.power);
        if (!planned)
            return tl::unexpected<StatError>(planned.error());
        detectable = planned->mde;
    }
    out.detectable = finite(detectable, out.df, options);
    return out;
}

/// The clusters are drawn, each with its items of both sets, so the gap is a mean over clusters of gaps inside them.
Stat<BalancedGap> withinClusters(Side a, Side b, const Cells &old, const Cells &fresh, const Weights &weights,
                                 BalancedGap out, const GapOptions &options)
{
    std::map<std::uint32_t, Cell> perCluster; // Weight, weighted difference.
    for (const auto &[stratum, weight] : weights) {
        Cell &cluster = perCluster[stratum.second];
        cluster.n += weight;
        cluster.sum += weight * (old.at(stratum).mean() - fresh.at(stratum).mean());
    }
    const auto g = static_cast<double>(perCluster.size());
    if (perCluster.size() < 2)
        return refuse(StatCode::TooFewClusters);
    setEffective(a, options.values);
    setEffective(b, options.values);
    out.old = a.figures;
    out.fresh = b.figures;
    out.old.clusters = out.fresh.clusters = static_cast<std::int64_t>(perCluster.size());
    out.gap = a.figures.mean - b.figures.mean;
    std::vector<double> squares;
    for (const auto &[code, cluster] : perCluster)
        squares.push_back(std::pow(cluster.sum - cluster.n * out.gap, 2));
    out.se = std::sqrt(g / (g - 1) * compensatedSum(squares));
    if (!(out.se > 0)) // No cluster differs from another: as many independent items as clusters.
        out.se = std::sqrt(2 * 2 * leastVariance((a.figures.mean + b.figures.mean) / 2, 2 * g, options.values));
    out.df = g - 1;
    const double t = *studentTQuantile(1 - (1 - options.confidence) / 2, out.df);
    out.low = out.gap - t * out.se;
    out.high = out.gap + t * out.se;
    out.p = out.se > 0 ? *studentTTwoSidedP(out.gap / out.se, out.df) : pWithoutVariance(out);
    if (options.values == GapValues::Rates) {
        out.low = std::max(-1.0, out.low);
        out.high = std::min(1.0, out.high);
    }
    out.detectable =
        finite((*normalQuantile(1 - options.alpha / 2) + *normalQuantile(options.power)) * out.se, out.df, options);
    return out;
}

} // namespace

std::vector<std::uint32_t> ownClusters(std::size_t items, std::uint32_t first)
{
    std::vector<std::uint32_t> codes(items);
    std::iota(codes.begin(), codes.end(), first);
    return codes;
}

Stat<BalancedGap> balancedGap(const GapItems &old, const GapItems &fresh, const GapOptions &options)
{
    for (const GapItems *items : {&old, &fresh}) {
        if (const auto problem = problemOf(*items, options.values))
            return tl::unexpected<StatError>(*problem);
    }
    for (const double value : {options.confidence, options.alpha, options.power}) {
        if (!(value > 0 && value < 1))
            return refuse(StatCode::OutOfRange);
    }
    BalancedGap out;
    out.sharedClusters = shareClusters(old, fresh);
    Cells a = cellsOf(old, out.sharedClusters), b = cellsOf(fresh, out.sharedClusters);
    Weights weights = weightsOf(a, b, out.labels);
    if (out.sharedClusters && weights.empty()) { // The same clusters, with other labels in each.
        out.sharedClusters = false;
        a = cellsOf(old, false);
        b = cellsOf(fresh, false);
        weights = weightsOf(a, b, out.labels);
    }
    if (weights.empty())
        return refuse(StatCode::NoPairableValues);
    Side first = sideOf(old, a, weights, out.sharedClusters), second = sideOf(fresh, b, weights, out.sharedClusters);
    if (out.sharedClusters)
        return withinClusters(std::move(first), std::move(second), a, b, weights, out, options);
    return independentSets(std::move(first), std::move(second), out, options);
}

Stat<std::vector<GapDecision>> decideGaps(std::span<const BalancedGap> gaps, const GapRule &rule)
{
    std::vector<double> p;
    for (const BalancedGap &gap : gaps)
        p.push_back(gap.p);
    const auto q = benjaminiHochberg(p);
    if (!q)
        return tl::unexpected<StatError>(q.error());
    std::vector<GapDecision> decisions;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        const BalancedGap &gap = gaps[i];
        GapDecision decision;
        decision.q = (*q)[i];
        decision.bound = std::max(std::abs(gap.low), std::abs(gap.high));
        const bool withoutZero = gap.low > 0 || gap.high < 0;
        if (std::min(gap.old.clusters, gap.fresh.clusters) < rule.minimumClusters) {
            decision.reason = GapReason::FewClusters;
        } else if (decision.q <= rule.alpha && withoutZero) {
            decision.verdict = GapVerdict::Gap;
            decision.reason = GapReason::Significant;
        } else if (decision.bound < rule.margin) {
            decision.verdict = GapVerdict::NoneLargerThan;
            decision.reason = GapReason::InsideMargin;
        }
        decisions.push_back(decision);
    }
    return decisions;
}

} // namespace evalwright::statistics
