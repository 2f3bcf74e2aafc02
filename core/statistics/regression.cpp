// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/regression.h"

#include "core/statistics/moments.h"
#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

namespace evalwright::statistics {

namespace {

constexpr double leverageOne = 1 - 1e-10;

/// y on x over some points: all that both regressions here need. x is not constant.
struct Line
{
    PairMoments moments;
    double slope = 0, intercept = 0;
    std::vector<double> u;         ///< (x - mean)/scale.
    std::vector<double> residuals; ///< Of y; exact zeros where they are only rounding.
    bool exact = false;

    Line(std::span<const double> x, std::span<const double> y) : moments(pairMoments(x, y))
    {
        slope = moments.constantY ? 0.0 : moments.slope();
        intercept = moments.meanY - slope * moments.meanX;
        double largest = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            u.push_back((x[i] / 2 - moments.meanX / 2) / (moments.scaleX / 2));
            const double fitted = moments.constantY ? 0.0 : slope * moments.scaleX * u.back();
            residuals.push_back(moments.constantY ? 0.0 : (y[i] - moments.meanY) - fitted);
            largest = std::max(largest, std::abs(residuals.back()));
        }
        const double rounding =
            1e-14 * std::max({std::abs(moments.meanY), moments.scaleY, std::abs(slope * moments.meanX)});
        exact = largest <= rounding;
        if (exact)
            std::ranges::fill(residuals, 0.0);
    }
    double n() const { return static_cast<double>(u.size()); }
    double leverage(std::size_t i) const { return 1 / n() + u[i] * u[i] / moments.xx; }

    /// The slope's and the intercept's variance from sums of squared scores sum over groups of residual and
    /// u · residual: the middle of the sandwich.
    void sandwich(double e, double ue, double uu, double factor, SimpleRegression &out) const
    {
        // Of the line at the mean (a) and the slope in u (b): a = sum r / n, b = sum u r / xx.
        const double varianceB = factor * uu / (moments.xx * moments.xx);
        const double varianceA = factor * e / (n() * n());
        const double covariance = factor * ue / (n() * moments.xx);
        const double at = moments.meanX / moments.scaleX;
        out.seSlope = std::sqrt(varianceB) / moments.scaleX;
        out.seIntercept = std::sqrt(std::max(0.0, varianceA - 2 * at * covariance + at * at * varianceB));
    }
};

struct Meat
{
    std::vector<double> e, ue, uu;
    void add(double residual, double weighted)
    {
        e.push_back(residual * residual);
        ue.push_back(residual * weighted);
        uu.push_back(weighted * weighted);
    }
};

/// One side of the break. The sides share no parameter, so each is a regression of its own; only the
/// degrees of freedom are joint.
struct Side
{
    std::vector<double> x, y;
    void add(double atX, double atY)
    {
        x.push_back(atX);
        y.push_back(atY);
    }
};

/// A slope with its HC3 error; nothing where a point alone decides it.
std::optional<std::pair<double, double>> slopeWithHc3(const Side &side)
{
    const Line line(side.x, side.y);
    if (line.moments.constantX)
        return std::nullopt;
    Meat meat;
    for (std::size_t i = 0; i < side.x.size(); ++i) {
        const double h = line.leverage(i);
        if (h >= leverageOne)
            return std::nullopt;
        const double r = line.residuals[i] / (1 - h);
        meat.add(r, line.u[i] * r);
    }
    SimpleRegression errors;
    line.sandwich(compensatedSum(meat.e), compensatedSum(meat.ue), compensatedSum(meat.uu), 1, errors);
    return std::pair(line.slope, errors.seSlope);
}

} // namespace

Stat<SimpleRegression> simpleRegression(std::span<const double> x, std::span<const double> y, ErrorMethod method,
                                        std::span<const std::uint32_t> cluster, double confidence)
{
    const bool clustered = method == ErrorMethod::Cluster;
    if (x.size() != y.size() || (clustered && cluster.size() != x.size()))
        return refuse(StatCode::LengthMismatch);
    if (const auto problem = pairProblem(x, y, confidence, 3))
        return tl::unexpected<StatError>(*problem);
    std::unordered_map<std::uint32_t, std::size_t> groups;
    for (const std::uint32_t id : cluster)
        groups.try_emplace(id, groups.size());
    if (clustered && groups.size() < 2)
        return refuse(StatCode::TooFewClusters);
    const Line line(x, y);
    if (line.moments.constantX)
        return refuse(StatCode::ConstantInput);
    if (!std::isfinite(line.slope) || !std::isfinite(line.intercept) || !allFinite(line.residuals))
        return refuse(StatCode::NotFinite); // Values whose products no double holds.

    SimpleRegression out;
    out.slope = line.slope;
    out.intercept = line.intercept;
    const double n = line.n();
    std::vector<double> squares;
    for (const double r : line.residuals)
        squares.push_back(r * r);
    const double rest = compensatedSum(squares);
    if (!line.moments.constantY)
        out.rSquared = std::clamp(1 - rest / (line.moments.yy * line.moments.scaleY * line.moments.scaleY), 0.0, 1.0);
    out.df = clustered ? static_cast<double>(groups.size() - 1) : n - 2;
    if (method == ErrorMethod::Classical) {
        const double variance = rest / (n - 2);
        line.sandwich(n * variance, 0, line.moments.xx * variance, 1, out);
    } else {
        Meat meat;
        double factor = 1;
        if (clustered) {
            const auto g = static_cast<double>(groups.size());
            factor = g / (g - 1) * (n - 1) / (n - 2);
            std::vector<double> sums(groups.size(), 0.0), weighted(groups.size(), 0.0);
            for (std::size_t i = 0; i < x.size(); ++i) {
                const std::size_t group = groups.at(cluster[i]);
                sums[group] += line.residuals[i];
                weighted[group] += line.u[i] * line.residuals[i];
            }
            for (std::size_t group = 0; group < sums.size(); ++group)
                meat.add(sums[group], weighted[group]);
        } else {
            for (std::size_t i = 0; i < x.size(); ++i) {
                const double h = line.leverage(i);
                if (h >= leverageOne)
                    return refuse(StatCode::NotIdentified, i);
                const double r = line.residuals[i] / (1 - h);
                meat.add(r, line.u[i] * r);
            }
        }
        line.sandwich(compensatedSum(meat.e), compensatedSum(meat.ue), compensatedSum(meat.uu), factor, out);
    }
    const double t = *studentTQuantile(1 - (1 - confidence) / 2, out.df);
    out.low = out.slope - t * out.seSlope;
    out.high = out.slope + t * out.seSlope;
    out.p = ratioTwoSidedP(out.slope, out.seSlope, out.df);
    for (const double value : {out.seSlope, out.seIntercept, out.low, out.high}) {
        if (!std::isfinite(value))
            return refuse(StatCode::NotFinite);
    }
    return out;
}

Stat<TwoLinesRegression> twoLinesRegression(std::span<const double> x, std::span<const double> y, double breakAt)
{
    constexpr double anyConfidence = 0.95;
    if (const auto problem = pairProblem(x, y, anyConfidence, 0))
        return tl::unexpected<StatError>(*problem);
    if (!std::isfinite(breakAt))
        return refuse(StatCode::NotFinite);
    const auto [low, high] = std::ranges::minmax(x);
    if (breakAt < low || breakAt > high)
        return refuse(StatCode::OutOfRange);
    Side left, right;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i] <= breakAt)
            left.add(x[i], y[i]);
        if (x[i] >= breakAt)
            right.add(x[i], y[i]);
    }
    // A point at the break is on one side only in each reading, so the other has n minus these.
    if (x.size() < 6 || std::max(left.x.size(), right.x.size()) > x.size() - 2)
        return refuse(StatCode::TooFewValues);
    const auto first = slopeWithHc3(left), second = slopeWithHc3(right);
    if (!first || !second)
        return refuse(StatCode::NotIdentified);
    TwoLinesRegression out;
    out.leftSlope = first->first;
    out.leftSe = first->second;
    out.rightSlope = second->first;
    out.rightSe = second->second;
    out.df = static_cast<double>(x.size()) - 4;
    out.leftP = ratioTwoSidedP(out.leftSlope, out.leftSe, out.df);
    out.rightP = ratioTwoSidedP(out.rightSlope, out.rightSe, out.df);
    for (const double value : {out.leftSlope, out.leftSe, out.rightSlope, out.rightSe}) {
        if (!std::isfinite(value))
            return refuse(StatCode::NotFinite);
    }
    return out;
}

} // namespace evalwright::statistics
