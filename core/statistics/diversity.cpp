// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/diversity.h"

#include "core/statistics/numerics.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <map>

namespace evalwright::statistics {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Stat<Matrix> unitVectors(std::span<const std::vector<double>> vectors, std::size_t least)
{
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        if (vectors[i].size() != vectors[0].size())
            return refuse(StatCode::LengthMismatch, i);
    }
    if (vectors.empty())
        return refuse(StatCode::EmptyInput);
    Matrix unit(static_cast<Eigen::Index>(vectors.size()), static_cast<Eigen::Index>(vectors[0].size()));
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        if (!std::ranges::all_of(vectors[i], [](double v) { return std::isfinite(v); }))
            return refuse(StatCode::NotFinite, i);
        unit.row(static_cast<Eigen::Index>(i)) =
            Eigen::Map<const Eigen::RowVectorXd>(vectors[i].data(), static_cast<Eigen::Index>(vectors[i].size()));
    }
    if (vectors.size() < least)
        return refuse(StatCode::TooFewValues);
    for (Eigen::Index i = 0; i < unit.rows(); ++i) {
        const double length = unit.row(i).stableNorm();
        if (!(length > 0))
            return refuse(StatCode::ZeroNorm, static_cast<std::size_t>(i));
        unit.row(i) /= length;
    }
    return unit;
}

} // namespace

double vendiOfEigenvalues(std::span<const double> eigenvalues)
{
    std::vector<double> terms;
    for (const double l : eigenvalues) {
        if (l >= 1e-15)
            terms.push_back(-l * std::log(l));
    }
    return std::exp(compensatedSum(terms));
}

Stat<EmbeddingDiversity> embeddingDiversity(std::span<const std::vector<double>> vectors)
{
    const auto unit = unitVectors(vectors, 2);
    if (!unit)
        return tl::unexpected(unit.error());
    const auto n = static_cast<double>(unit->rows());
    EmbeddingDiversity out;
    out.meanPairwiseCosine = (unit->colwise().sum().squaredNorm() - n) / (n * (n - 1));
    const Eigen::MatrixXd gram = (unit->rows() > unit->cols() ? Eigen::MatrixXd(unit->transpose() * *unit)
                                                              : Eigen::MatrixXd(*unit * unit->transpose())) /
                                 n;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram, Eigen::EigenvaluesOnly);
    const Eigen::VectorXd &values = solver.eigenvalues();
    out.vendi = vendiOfEigenvalues(std::span(values.data(), static_cast<std::size_t>(values.size())));
    std::vector<double> distances;
    for (Eigen::Index i = 0; i < unit->rows(); ++i) {
        Eigen::VectorXd cosines = *unit * unit->row(i).transpose();
        cosines(i) = -2;
        distances.push_back(1 - cosines.maxCoeff());
    }
    out.meanNearestDistance = compensatedSum(distances) / n;
    return out;
}

Stat<ClusterEntropy> clusterEntropy(std::span<const std::uint32_t> assignment, std::size_t clusters)
{
    if (assignment.empty())
        return refuse(StatCode::EmptyInput);
    // Clusters that nobody is in say nothing, however many there are said to be.
    std::map<std::uint32_t, double> counts;
    for (std::size_t i = 0; i < assignment.size(); ++i) {
        if (assignment[i] >= clusters)
            return refuse(StatCode::OutOfRange, i);
        ++counts[assignment[i]];
    }
    std::vector<double> terms;
    for (const auto &[cluster, count] : counts) {
        const double share = count / static_cast<double>(assignment.size());
        terms.push_back(-share * std::log(share));
    }
    ClusterEntropy out;
    out.entropyNats = compensatedSum(terms);
    if (clusters > 1)
        out.normalised = out.entropyNats / std::log(static_cast<double>(clusters));
    out.effectiveClusters = std::exp(out.entropyNats);
    return out;
}

Stat<Duplicates> nearDuplicatesByEmbedding(std::span<const std::vector<double>> vectors, double threshold)
{
    const auto unit = unitVectors(vectors, 1);
    if (!unit && unit.error().code <= StatCode::NotFinite)
        return tl::unexpected(unit.error());
    if (!std::isfinite(threshold))
        return refuse(StatCode::NotFinite);
    if (!unit)
        return tl::unexpected(unit.error());
    Duplicates out;
    for (Eigen::Index i = 1; i < unit->rows(); ++i) {
        if ((unit->topRows(i) * unit->row(i).transpose()).maxCoeff() >= threshold - 1e-12)
            out.items.push_back(static_cast<std::size_t>(i));
    }
    out.rate = static_cast<double>(out.items.size()) / static_cast<double>(unit->rows());
    return out;
}

} // namespace evalwright::statistics
