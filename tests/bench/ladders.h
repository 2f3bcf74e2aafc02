// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/numerics.h"
#include "core/statistics/random.h"
#include "core/statistics/scaling.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

/// Simulated ladders whose truth is known: yes/no answers of k models to the same items, made by cutting a latent
/// normal value. Its parts: an item's difficulty, the same for all models; an effect of the cluster that every model
/// has of its own, so that it does not cancel between models; and noise. How much latent correlation gives the wanted
/// correlation of the *answers* follows from the bivariate normal (latentCorrelation).
namespace ladders {

namespace statistics = evalwright::statistics;

/// Correlation of two answers with share `rate` whose latent values correlate by r:
/// (P(both) - rate²)/(rate (1 - rate)), P(both) by integrating the bivariate density over r (Sheppard, Plackett).
inline double answerCorrelation(double rate, double r)
{
    const double cut = *statistics::normalQuantile(1 - rate);
    constexpr int steps = 400;
    double sum = 0;
    for (int i = 0; i < steps; ++i) {
        const double s = r * (i + 0.5) / steps;
        sum += std::exp(-cut * cut / (1 + s)) / std::sqrt(1 - s * s);
    }
    return sum * r / steps / (2 * std::numbers::pi) / (rate * (1 - rate));
}

inline double latentCorrelation(double rate, double wanted)
{
    double low = 0, high = 0.9999;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (answerCorrelation(rate, middle) < wanted ? low : high) = middle;
    }
    return low;
}

struct Design
{
    std::string name;
    std::vector<double> x;
    std::vector<double> rates;           ///< True share of matching answers, per model.
    std::vector<std::uint32_t> cluster;  ///< Per item.
    double icc = 0.1, correlation = 0.5; ///< Of answers: inside a cluster (one model), and between models (one item).
    double middle = 0.5;                 ///< The rate at which these correlations hold.
};

inline std::vector<double> equalSteps(std::size_t sizes)
{
    std::vector<double> x;
    for (std::size_t m = 0; m < sizes; ++m)
        x.push_back(9 + 0.5 * static_cast<double>(m));
    return x;
}

/// `items` over as many clusters as there are weights, in their shares.
inline std::vector<std::uint32_t> clustersBy(std::size_t items, const std::vector<double> &weights)
{
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::uint32_t> out;
    double upTo = 0;
    for (std::uint32_t g = 0; g < weights.size(); ++g) {
        upTo += weights[g];
        const auto end = static_cast<std::size_t>(std::llround(upTo / all * static_cast<double>(items)));
        out.push_back(g); // At least one each.
        while (out.size() < end)
            out.push_back(g);
    }
    out.resize(items, static_cast<std::uint32_t>(weights.size() - 1));
    return out;
}

/// `items` over `clusters`, as equal as can be, or of very different sizes: like exp of a normal with deviation
/// `spread`.
inline std::vector<std::uint32_t> clustersOf(std::size_t items, std::size_t clusters, double spread = 0)
{
    std::vector<double> weights;
    for (std::size_t g = 0; g < clusters; ++g) {
        const double p = (static_cast<double>(g) + 0.5) / static_cast<double>(clusters);
        weights.push_back(std::exp(spread * *statistics::normalQuantile(p)));
    }
    return clustersBy(items, weights);
}

/// One cluster with half of the items, the others alike.
inline std::vector<std::uint32_t> oneWithHalf(std::size_t items, std::size_t clusters)
{
    std::vector<double> weights(clusters, 1.0);
    weights.front() = static_cast<double>(clusters - 1);
    return clustersBy(items, weights);
}

/// A long tail: the r-th cluster has a share like 1/r (Zipf).
inline std::vector<std::uint32_t> longTail(std::size_t items, std::size_t clusters)
{
    std::vector<double> weights;
    for (std::size_t g = 0; g < clusters; ++g)
        weights.push_back(1 / (static_cast<double>(g) + 1));
    return clustersBy(items, weights);
}

/// Items of each cluster.
inline std::vector<double> sizesOf(const std::vector<std::uint32_t> &cluster)
{
    std::vector<double> sizes(*std::ranges::max_element(cluster) + 1, 0.0);
    for (const std::uint32_t g : cluster)
        sizes[g] += 1;
    return sizes;
}

/// Mean over items of their cluster's size.
inline double meanClusterSize(const std::vector<std::uint32_t> &cluster)
{
    double squares = 0;
    for (const double m : sizesOf(cluster))
        squares += m * m;
    return squares / static_cast<double>(cluster.size());
}

/// Normal values, two from two words (Box and Muller).
class Normals
{
public:
    Normals(std::uint64_t seed, const std::string &stream, std::uint32_t replicate) : m_random(seed, stream, replicate)
    {
    }
    double next()
    {
        if (m_kept) {
            m_kept = false;
            return m_second;
        }
        const double u = (m_random.word(m_at) + 0.5) * 0x1p-32, v = (m_random.word(m_at + 1) + 0.5) * 0x1p-32;
        m_at += 2;
        const double radius = std::sqrt(-2 * std::log(u)), angle = 2 * std::numbers::pi * v;
        m_second = radius * std::sin(angle);
        m_kept = true;
        return radius * std::cos(angle);
    }

private:
    statistics::RandomStream m_random;
    std::uint32_t m_at = 0;
    double m_second = 0;
    bool m_kept = false;
};

class Simulation
{
public:
    explicit Simulation(Design design)
        : m_design(std::move(design)), m_item(latentCorrelation(m_design.middle, m_design.correlation)),
          m_cluster(latentCorrelation(m_design.middle, m_design.icc)),
          m_clusters(*std::ranges::max_element(m_design.cluster) + 1)
    {
        for (const double rate : m_design.rates)
            m_cuts.push_back(*statistics::normalQuantile(1 - rate));
        m_matches.resize(m_design.cluster.size() * m_design.x.size());
    }
    /// False when item and cluster together would need more than all of the latent variance.
    bool possible() const { return m_item + m_cluster < 1; }
    double latentItem() const { return m_item; }
    double latentCluster() const { return m_cluster; }

    /// Answers of ladder number `ladder`: items × models.
    const std::vector<std::optional<double>> &draw(std::uint64_t seed, std::uint32_t ladder)
    {
        Normals normal(seed, "ladder/" + m_design.name, ladder);
        const std::size_t k = m_design.x.size();
        const double item = std::sqrt(m_item), cluster = std::sqrt(m_cluster),
                     noise = std::sqrt(1 - m_item - m_cluster);
        std::vector<double> effects(m_clusters * k);
        for (double &effect : effects)
            effect = cluster * normal.next();
        for (std::size_t i = 0; i < m_design.cluster.size(); ++i) {
            const double difficulty = item * normal.next();
            for (std::size_t m = 0; m < k; ++m) {
                const double latent = difficulty + effects[m_design.cluster[i] * k + m] + noise * normal.next();
                m_matches[i * k + m] = latent > m_cuts[m] ? 1.0 : 0.0;
            }
        }
        return m_matches;
    }
    const Design &design() const { return m_design; }

private:
    Design m_design;
    double m_item, m_cluster;
    std::size_t m_clusters;
    std::vector<double> m_cuts;
    std::vector<std::optional<double>> m_matches;
};

/// How often each verdict came, and how often the slope of independent items would have been called significant.
struct Counts
{
    int ladders = 0, positive = 0, inverse = 0, uShaped = 0, invertedU = 0, flat = 0, undetermined = 0;
    int naive = 0;

    double share(int count) const { return ladders > 0 ? static_cast<double>(count) / ladders : 0; }
    double shaped() const { return share(positive + inverse + uShaped + invertedU); }
};

inline Counts judge(Simulation &simulation, std::uint64_t seed, int ladders, double smallestEffect, bool naive)
{
    const Design &design = simulation.design();
    std::vector<std::uint32_t> alone(design.cluster.size());
    std::iota(alone.begin(), alone.end(), 0U);
    Counts out;
    statistics::VerdictSettings settings;
    settings.smallestEffect = smallestEffect;
    for (int ladder = 0; ladder < ladders; ++ladder) {
        const auto &matches = simulation.draw(seed, static_cast<std::uint32_t>(ladder));
        statistics::VerdictCurve curve;
        curve.joint = statistics::scalingTrend(matches, design.cluster, design.x)->joint;
        curve.polarity = statistics::Polarity::HighIsGood;
        const std::string verdict = statistics::scalingVerdict(std::span(&curve, 1), settings)->front().verdict;
        ++out.ladders;
        out.positive += verdict == "positive";
        out.inverse += verdict == "inverse";
        out.uShaped += verdict == "u_shaped";
        out.invertedU += verdict == "inverted_u";
        out.flat += verdict == "flat";
        out.undetermined += verdict == "undetermined";
        if (naive)
            out.naive += statistics::scalingTrend(matches, alone, design.x)->pSlope < 0.05;
    }
    return out;
}

} // namespace ladders
