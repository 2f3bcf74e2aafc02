// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/scaling.h"

#include "core/statistics/clusterworth.h"
#include "core/statistics/multiplicity.h"
#include "core/statistics/numerics.h"
#include "core/statistics/scalingrows.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace evalwright::statistics {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// A contrast w's with its standard error and degrees of freedom.
struct Contrast
{
    double value = 0, se = 0, df = 1;
    bool degenerate = false; ///< No variance: all clusters say the same.
    double zero = 0;         ///< A value this small is rounding.
    double clusters = 2;     ///< What a perfect split counts: 2^(1-G).

    double twoSided() const
    {
        if (degenerate)
            return std::abs(value) <= zero ? 1.0 : std::pow(2.0, 1 - clusters);
        return std::min(1.0, 2 * studentTUpper(std::abs(value / se), df));
    }
    double above() const
    {
        if (degenerate)
            return value > zero ? std::pow(2.0, -clusters) : 1.0;
        return studentTUpper(value / se, df);
    }
    double below() const { return Contrast{-value, se, df, degenerate, zero, clusters}.above(); }
};

class Fit
{
public:
    /// With `sizesCount` what unequal clusters are worth enters errors and degrees of freedom.
    explicit Fit(const JointScores &joint, bool sizesCount)
        : m_joint(joint), m_worth(sizesCount && joint.effectiveClusters > 0
                                      ? ClusterWorth{joint.effectiveClusters, joint.correction}
                                      : ClusterWorth{static_cast<double>(joint.clusters), 1}), m_k(static_cast<Eigen::Index>(joint.scores.size())),
          m_v(Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
              joint.covariance.data(), m_k, m_k)),
          m_s(Eigen::Map<const VectorXd>(joint.scores.data(), m_k)), m_largest(m_s.cwiseAbs().maxCoeff()),
          m_variance(m_v.diagonal().cwiseAbs().maxCoeff())
    {
    }

    Contrast contrast(const VectorXd &w) const
    {
        Contrast out;
        out.value = w.dot(m_s);
        out.clusters = m_worth.clusters;
        out.df = m_worth.clusters - 1;
        const double variance = w.dot(m_v * w);
        if (!std::isfinite(out.value) || !std::isfinite(variance)) {
            m_finite = false;
            return {0, 0, out.df, true, 0, out.clusters};
        }
        // What is left of variances that cancel, or of answers that are all alike, is rounding.
        const double rounding = 1e-13 * m_largest;
        out.degenerate = !(variance > w.squaredNorm() * std::max(1e-12 * m_variance, rounding * rounding));
        out.zero = 10 * rounding * w.lpNorm<1>();
        out.se = out.degenerate ? 0.0 : std::sqrt(m_worth.correction * variance);
        return out;
    }

    /// Weights of the OLS slope over models from … to (inclusive).
    VectorXd slopeWeights(Eigen::Index from, Eigen::Index to) const
    {
        const auto count = static_cast<double>(to - from + 1);
        double mean = 0;
        for (Eigen::Index i = from; i <= to; ++i)
            mean += x(i) / count;
        double sum = 0;
        for (Eigen::Index i = from; i <= to; ++i)
            sum += (x(i) - mean) * (x(i) - mean);
        VectorXd w = VectorXd::Zero(m_k);
        for (Eigen::Index i = from; i <= to; ++i)
            w[i] = (x(i) - mean) / sum;
        return w;
    }
    VectorXd slopeWeights() const { return slopeWeights(0, m_k - 1); }

    double largestScore() const { return m_largest; }
    /// False once a contrast was more than a double holds.
    bool finite() const { return m_finite; }
    double x(Eigen::Index i) const { return m_joint.x[static_cast<std::size_t>(i)]; }
    Eigen::Index models() const { return m_k; }

private:
    const JointScores &m_joint;
    ClusterWorth m_worth;
    Eigen::Index m_k;
    MatrixXd m_v;
    VectorXd m_s;
    double m_largest, m_variance; ///< |score| and variance of the model that has most.
    mutable bool m_finite = true;
};

struct TwoLines
{
    double pU = 1, pInvertedU = 1;
    std::size_t breakU = 1, breakInvertedU = 1;
    double leftU = 0, rightU = 0, leftInvertedU = 0, rightInvertedU = 0;
};

/// For every interior model one line on each side; Bonferroni over corners.
TwoLines twoLines(const Fit &fit)
{
    TwoLines out;
    const Eigen::Index k = fit.models();
    double bestU = std::numeric_limits<double>::infinity(), bestInverted = bestU;
    for (Eigen::Index b = 1; b + 1 < k; ++b) {
        const Contrast left = fit.contrast(fit.slopeWeights(0, b)), right = fit.contrast(fit.slopeWeights(b, k - 1));
        const double leftChange = left.value * (fit.x(b) - fit.x(0)),
                     rightChange = right.value * (fit.x(k - 1) - fit.x(b));
        const double u = std::min(1.0, 2 * std::max(left.below(), right.above()));
        const double inverted = std::min(1.0, 2 * std::max(left.above(), right.below()));
        if (u < bestU) {
            bestU = u;
            out.breakU = static_cast<std::size_t>(b);
            out.leftU = leftChange;
            out.rightU = rightChange;
        }
        if (inverted < bestInverted) {
            bestInverted = inverted;
            out.breakInvertedU = static_cast<std::size_t>(b);
            out.leftInvertedU = leftChange;
            out.rightInvertedU = rightChange;
        }
    }
    const auto corners = static_cast<double>(k - 2);
    out.pU = std::min(1.0, corners * bestU);
    out.pInvertedU = std::min(1.0, corners * bestInverted);
    return out;
}

void fitQuadratic(const Fit &fit, ScalingTrend &out)
{
    const Eigen::Index k = fit.models();
    double mean = 0;
    for (Eigen::Index i = 0; i < k; ++i)
        mean += fit.x(i) / static_cast<double>(k);
    // Scaled to [-1, 1]-like size: steps run to thousands and their squares would spoil the solution.
    double scale = 0;
    for (Eigen::Index i = 0; i < k; ++i)
        scale = std::max(scale, std::abs(fit.x(i) - mean));
    MatrixXd design(k, 3);
    for (Eigen::Index i = 0; i < k; ++i) {
        const double u = (fit.x(i) - mean) / scale;
        design.row(i) << 1, u, u * u;
    }
    const MatrixXd solver = (design.transpose() * design).inverse() * design.transpose();
    const VectorXd linear = solver.row(1).transpose() / scale, quadratic = solver.row(2).transpose() / (scale * scale);
    const Contrast b = fit.contrast(linear), c = fit.contrast(quadratic);
    out.curvature = c.value;
    out.curvatureSe = c.se;
    out.pCurvature = c.twoSided();
    const double vertex = mean - b.value / (2 * c.value);
    if (std::abs(c.value) * scale * scale > 1e-13 * fit.largestScore() && std::isfinite(vertex))
        out.vertex = vertex;
    const Contrast start = fit.contrast(linear + 2 * (fit.x(0) - mean) * quadratic),
                   end = fit.contrast(linear + 2 * (fit.x(k - 1) - mean) * quadratic);
    out.slopeAtStart = start.value;
    out.slopeAtEnd = end.value;
    out.pSasabuchi = c.value >= 0 ? std::max(start.below(), end.above()) : std::max(start.above(), end.below());
}

} // namespace

Stat<ScalingTrend> scalingTrend(std::span<const std::optional<double>> matches, std::span<const std::uint32_t> cluster,
                                std::span<const double> x, double confidence)
{
    const auto prepared = scalingRows(matches, cluster, x, confidence);
    if (!prepared)
        return tl::unexpected<StatError>(prepared.error());
    const std::vector<double> &sizes = prepared->sizes, &rows = prepared->values;
    const std::vector<std::uint32_t> &used = prepared->cluster;
    ScalingTrend out;
    out.itemsDropped = prepared->dropped;
    out.itemsUsed = static_cast<std::int64_t>(used.size());
    std::vector<std::uint32_t> distinct = used;
    std::ranges::sort(distinct);
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    const std::size_t k = sizes.size();

    const auto n = static_cast<double>(used.size()), g = static_cast<double>(distinct.size());
    JointScores &joint = out.joint;
    joint.x = sizes;
    joint.clusters = static_cast<std::int64_t>(distinct.size());
    for (std::size_t m = 0; m < k; ++m) {
        std::vector<double> column;
        for (std::size_t i = 0; i < used.size(); ++i)
            column.push_back(rows[i * k + m]);
        joint.scores.push_back(compensatedSum(column) / n);
    }
    MatrixXd sums = MatrixXd::Zero(static_cast<Eigen::Index>(distinct.size()), static_cast<Eigen::Index>(k));
    std::vector<double> clusterSizes(distinct.size(), 0.0);
    for (std::size_t i = 0; i < used.size(); ++i) {
        const auto row = std::ranges::lower_bound(distinct, used[i]) - distinct.begin();
        clusterSizes[static_cast<std::size_t>(row)] += 1;
        for (std::size_t m = 0; m < k; ++m)
            sums(row, static_cast<Eigen::Index>(m)) += rows[i * k + m] - joint.scores[m];
    }
    if (clusterWorth(clusterSizes, 0).clusters < nearlyEqual * g) {
        const ClusterWorth worth = clusterWorth(clusterSizes, differencesIcc(*prepared));
        joint.effectiveClusters = worth.clusters;
        joint.correction = worth.correction;
    }
    const MatrixXd v = g / (g - 1) / (n * n) * (sums.transpose() * sums);
    for (Eigen::Index a = 0; a < v.rows(); ++a) {
        for (Eigen::Index b = 0; b < v.cols(); ++b)
            joint.covariance.push_back(v(a, b));
    }
    if (!allFinite(joint.scores) || !allFinite(joint.covariance)) // Sums or squares that no double holds.
        return refuse(StatCode::NotFinite);

    const Fit fit(joint, false);
    out.df = g - 1;
    const double t = *studentTQuantile(1 - (1 - confidence) / 2, out.df);
    const Contrast slope = fit.contrast(fit.slopeWeights());
    const double span = sizes.back() - sizes.front();
    out.slope = slope.value;
    out.slopeSe = slope.se;
    out.slopeLow = slope.value - t * slope.se;
    out.slopeHigh = slope.value + t * slope.se;
    out.pSlope = slope.twoSided();
    out.change = out.slope * span;
    out.changeLow = out.slopeLow * span;
    out.changeHigh = out.slopeHigh * span;
    fitQuadratic(fit, out);
    const TwoLines lines = twoLines(fit);
    out.pU = lines.pU;
    out.pInvertedU = lines.pInvertedU;
    out.breakU = lines.breakU;
    out.breakInvertedU = lines.breakInvertedU;
    out.leftChangeU = lines.leftU;
    out.rightChangeU = lines.rightU;
    out.leftChangeInvertedU = lines.leftInvertedU;
    out.rightChangeInvertedU = lines.rightInvertedU;
    if (!fit.finite() || !allFinite(std::array{out.slopeLow, out.slopeHigh, out.changeLow, out.changeHigh,
                                               out.curvatureSe, out.slopeAtStart, out.slopeAtEnd}))
        return refuse(StatCode::NotFinite);
    return out;
}

namespace {

/// The first problem in the order of codes, whatever curve has it.
std::optional<StatError> problemOf(std::span<const VerdictCurve> curves, const VerdictSettings &settings)
{
    const auto first = [&](StatCode code, auto wrong) -> std::optional<StatError> {
        const auto found = std::ranges::find_if(curves, wrong);
        if (found == curves.end())
            return std::nullopt;
        return StatError{code, static_cast<std::size_t>(found - curves.begin())};
    };
    if (const auto e = first(StatCode::LengthMismatch, [](const VerdictCurve &c) {
            const std::size_t k = c.joint.scores.size();
            return c.joint.x.size() != k || c.joint.covariance.size() != k * k ||
                   (c.families.size() > 1 && c.families.size() != k);
        }))
        return e;
    if (const auto e = first(StatCode::EmptyInput, [](const VerdictCurve &c) { return c.joint.scores.empty(); }))
        return e;
    if (const auto e = first(StatCode::NotFinite, [](const VerdictCurve &c) {
            return !allFinite(c.joint.x) || !allFinite(c.joint.scores) || !allFinite(c.joint.covariance);
        }))
        return e;
    for (const double value : {settings.alpha, settings.smallestEffect, settings.minimumRatio}) {
        if (!std::isfinite(value))
            return StatError{StatCode::NotFinite};
    }
    if (settings.alpha <= 0 || settings.alpha >= 0.5 || settings.smallestEffect < 0 || settings.minimumRatio <= 0)
        return StatError{StatCode::OutOfRange};
    if (const auto e = first(StatCode::OutOfRange, [](const VerdictCurve &c) {
            return std::ranges::adjacent_find(c.joint.x, [](double a, double b) { return !(a < b); }) !=
                   c.joint.x.end();
        }))
        return e;
    if (const auto e = first(StatCode::MixedFamilies, [](const VerdictCurve &c) {
            return std::ranges::any_of(c.families, [&](const std::string &f) { return f != c.families.front(); });
        }))
        return e;
    if (const auto e = first(StatCode::TooFewClusters, [](const VerdictCurve &c) { return c.joint.clusters < 2; }))
        return e;
    return first(StatCode::TooFewSizes, [](const VerdictCurve &c) { return c.joint.scores.size() < 3; });
}

} // namespace

Stat<std::vector<CurveVerdict>> scalingVerdict(std::span<const VerdictCurve> curves, const VerdictSettings &settings)
{
    std::vector<CurveVerdict> out;
    std::vector<TwoLines> lines;
    std::vector<double> p;
    if (const auto problem = problemOf(curves, settings))
        return tl::unexpected<StatError>(*problem);
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const VerdictCurve &curve = curves[i];
        const Fit fit(curve.joint, true);
        const Contrast slope = fit.contrast(fit.slopeWeights());
        const TwoLines two = twoLines(fit);
        CurveVerdict verdict;
        verdict.name = curve.name;
        verdict.slope = slope.value;
        verdict.change = slope.value * (curve.joint.x.back() - curve.joint.x.front());
        verdict.pSlope = slope.twoSided();
        const double half = *studentTQuantile(1 - settings.alpha / 2, slope.df) * slope.se;
        verdict.slopeLow = slope.value - half;
        verdict.slopeHigh = slope.value + half;
        verdict.shape = two.pInvertedU < two.pU ? "inverted_u" : "u";
        verdict.pShape = std::min(two.pU, two.pInvertedU);
        if (!fit.finite() || !allFinite(std::array{verdict.change, verdict.slopeLow, verdict.slopeHigh}))
            return refuse(StatCode::NotFinite, i);
        p.push_back(verdict.pSlope);
        p.push_back(verdict.pShape);
        out.push_back(verdict);
        lines.push_back(two);
    }
    const auto q = benjaminiHochberg(p);
    if (!q)
        return tl::unexpected<StatError>(q.error());
    for (std::size_t i = 0; i < curves.size(); ++i) {
        CurveVerdict &v = out[i];
        const VerdictCurve &curve = curves[i];
        v.qSlope = (*q)[2 * i];
        v.qShape = (*q)[2 * i + 1];
        const bool flips = curve.polarity == Polarity::HighIsBad;
        const double span = curve.joint.x.back() - curve.joint.x.front();
        const auto decide = [&](const char *verdict, const char *reason) {
            v.verdict = verdict;
            v.reason = reason;
        };
        if (curve.joint.clusters < settings.minimumClusters ||
            (curve.joint.effectiveClusters > 0 && curve.joint.effectiveClusters < settings.minimumEffective)) {
            decide("undetermined", "few_clusters");
            continue;
        }
        if (curve.axis == Axis::Log10 && span < std::log10(settings.minimumRatio)) {
            decide("undetermined", "narrow_range");
            continue;
        }
        const bool isU = v.shape == "u";
        const double left = isU ? lines[i].leftU : lines[i].leftInvertedU,
                     right = isU ? lines[i].rightU : lines[i].rightInvertedU;
        if (v.qShape <= settings.alpha && std::abs(left) >= settings.smallestEffect &&
            std::abs(right) >= settings.smallestEffect) {
            decide(isU != flips ? "u_shaped" : "inverted_u", "two_lines");
            continue;
        }
        if (v.qSlope <= settings.alpha && std::abs(v.change) >= settings.smallestEffect) {
            decide((v.change > 0) != flips ? "positive" : "inverse", "slope");
            continue;
        }
        const Fit fit(curve.joint, true);
        const auto t = studentTQuantile(1 - settings.alpha, fit.contrast(fit.slopeWeights()).df);
        bool equivalent = t.has_value();
        for (Eigen::Index a = 0; equivalent && a < fit.models(); ++a) {
            for (Eigen::Index b = a + 1; equivalent && b < fit.models(); ++b) {
                VectorXd w = VectorXd::Zero(fit.models());
                w[a] = -1;
                w[b] = 1;
                const Contrast difference = fit.contrast(w);
                equivalent = std::abs(difference.value) + *t * difference.se < settings.smallestEffect;
            }
        }
        if (equivalent)
            decide("flat", "equivalent");
        else
            decide("undetermined",
                   std::min(v.qSlope, v.qShape) <= settings.alpha ? "below_smallest_effect" : "not_significant");
    }
    return out;
}

} // namespace evalwright::statistics
