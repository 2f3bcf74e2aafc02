// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/bradleyterry.h"

#include "core/statistics/numerics.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>
#include <numbers>

namespace evalwright::statistics {

namespace {

constexpr double pointsPerNat = 400 / std::numbers::ln10;
constexpr int mostSteps = 200, mostHalvings = 60;

double sigmoid(double x)
{
    return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

/// ln sigmoid(x) without losing the small values.
double logSigmoid(double x)
{
    return x >= 0 ? -std::log1p(std::exp(-x)) : x - std::log1p(std::exp(x));
}

/// True when every model reaches every other one along `beats(i, j)`.
bool stronglyConnected(const Eigen::MatrixXd &beats)
{
    const auto reachesAll = [&](bool forward) {
        std::vector<bool> seen(static_cast<std::size_t>(beats.rows()));
        std::vector<Eigen::Index> open{0};
        seen[0] = true;
        Eigen::Index found = 1;
        while (!open.empty()) {
            const Eigen::Index i = open.back();
            open.pop_back();
            for (Eigen::Index j = 0; j < beats.rows(); ++j) {
                if (!seen[static_cast<std::size_t>(j)] && (forward ? beats(i, j) : beats(j, i)) > 0) {
                    seen[static_cast<std::size_t>(j)] = true;
                    open.push_back(j);
                    ++found;
                }
            }
        }
        return found == beats.rows();
    };
    return reachesAll(true) && reachesAll(false);
}

double logLikelihood(const Eigen::MatrixXd &beats, const Eigen::VectorXd &theta)
{
    double out = 0;
    for (Eigen::Index i = 0; i < beats.rows(); ++i) {
        for (Eigen::Index j = 0; j < beats.rows(); ++j) {
            if (beats(i, j) > 0)
                out += beats(i, j) * logSigmoid(theta(i) - theta(j));
        }
    }
    return out;
}

/// The slope of the log-likelihood, and its information matrix plus a constant that makes it regular on vectors of
/// equal entries, the one direction that the likelihood does not see.
void derivatives(const Eigen::MatrixXd &beats, const Eigen::VectorXd &theta, Eigen::VectorXd &slope,
                 Eigen::MatrixXd &information)
{
    const Eigen::Index k = beats.rows();
    slope.setZero(k);
    information.setZero(k, k);
    double largest = 0;
    for (Eigen::Index i = 0; i < k; ++i) {
        for (Eigen::Index j = i + 1; j < k; ++j) {
            const double games = beats(i, j) + beats(j, i);
            if (games == 0)
                continue;
            const double wins = sigmoid(theta(i) - theta(j)), losses = sigmoid(theta(j) - theta(i));
            const double push = beats(i, j) * losses - beats(j, i) * wins;
            slope(i) += push;
            slope(j) -= push;
            const double weight = games * wins * losses;
            information(i, i) += weight;
            information(j, j) += weight;
            information(i, j) -= weight;
            information(j, i) -= weight;
            largest = std::max(largest, weight);
        }
    }
    information.array() += largest / static_cast<double>(k);
}

Stat<Eigen::MatrixXd> tableOf(std::size_t models, std::span<const Wins> wins, std::size_t anchor, double anchorRating,
                              double confidence)
{
    if (models == 0 || wins.empty())
        return refuse(StatCode::EmptyInput);
    double games = 0;
    for (std::size_t i = 0; i < wins.size(); ++i) {
        if (!std::isfinite(wins[i].count))
            return refuse(StatCode::NotFinite, i);
        games += wins[i].count;
    }
    if (!std::isfinite(anchorRating) || !std::isfinite(confidence) || !std::isfinite(games))
        return refuse(StatCode::NotFinite);
    for (std::size_t i = 0; i < wins.size(); ++i) {
        if (wins[i].winner >= models || wins[i].loser >= models || wins[i].winner == wins[i].loser || wins[i].count < 0)
            return refuse(StatCode::OutOfRange, i);
    }
    if (anchor >= models || !(confidence > 0 && confidence < 1))
        return refuse(StatCode::OutOfRange);
    const auto k = static_cast<Eigen::Index>(models);
    Eigen::MatrixXd beats = Eigen::MatrixXd::Zero(k, k);
    for (const Wins &entry : wins)
        beats(static_cast<Eigen::Index>(entry.winner), static_cast<Eigen::Index>(entry.loser)) += entry.count;
    if (!stronglyConnected(beats))
        return refuse(StatCode::NotConnected);
    return beats;
}

} // namespace

Stat<BradleyTerry> bradleyTerry(std::size_t models, std::span<const Wins> wins, std::size_t anchor, double anchorRating,
                                double confidence)
{
    const auto beats = tableOf(models, wins, anchor, anchorRating, confidence);
    if (!beats)
        return tl::unexpected(beats.error());
    const Eigen::Index k = beats->rows();
    Eigen::VectorXd theta = Eigen::VectorXd::Zero(k), slope;
    Eigen::MatrixXd information;
    double likelihood = logLikelihood(*beats, theta);
    bool converged = k == 1;
    for (int step = 0; step < mostSteps && !converged; ++step) {
        derivatives(*beats, theta, slope, information);
        Eigen::VectorXd move = information.ldlt().solve(slope);
        move.array() -= move.mean();
        if (!move.allFinite())
            return refuse(StatCode::DidNotConverge);
        // Far from the top a full step overshoots; close to it the likelihood no longer tells steps apart.
        for (int halving = 0; halving < mostHalvings && move.cwiseAbs().maxCoeff() > 1e-6; ++halving) {
            if (logLikelihood(*beats, theta + move) >= likelihood)
                break;
            move /= 2;
        }
        theta += move;
        theta.array() -= theta.mean();
        likelihood = logLikelihood(*beats, theta);
        converged = move.cwiseAbs().maxCoeff() <= 1e-12 * std::max(1.0, theta.cwiseAbs().maxCoeff());
    }
    if (!converged)
        return refuse(StatCode::DidNotConverge);

    derivatives(*beats, theta, slope, information);
    const Eigen::MatrixXd covariance = information.ldlt().solve(Eigen::MatrixXd::Identity(k, k));
    const auto z = normalQuantile((1 + confidence) / 2);
    if (!z)
        return tl::unexpected(z.error());
    BradleyTerry out;
    const auto a = static_cast<Eigen::Index>(anchor);
    for (Eigen::Index i = 0; i < k; ++i) {
        // What makes the matrix regular adds the same to every entry and leaves a difference alone.
        const double variance = covariance(i, i) + covariance(a, a) - 2 * covariance(i, a);
        const double se = i == a ? 0 : pointsPerNat * std::sqrt(std::max(0.0, variance));
        const double rating = i == a ? anchorRating : anchorRating + pointsPerNat * (theta(i) - theta(a));
        if (!std::isfinite(se) || !std::isfinite(rating))
            return refuse(StatCode::DidNotConverge);
        out.logStrength.push_back(theta(i));
        out.rating.push_back(rating);
        out.se.push_back(se);
        out.low.push_back(rating - *z * se);
        out.high.push_back(rating + *z * se);
    }
    return out;
}

Stat<double> eloWinProbability(double ratingA, double ratingB)
{
    if (!std::isfinite(ratingA) || !std::isfinite(ratingB))
        return refuse(StatCode::NotFinite);
    return 1 / (1 + std::pow(10, (ratingB - ratingA) / 400));
}

} // namespace evalwright::statistics
