// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/map.h"
#include "generators/similarity/cells.h"
#include "generators/similarity/neighbours.h"

#include "core/statistics/random.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace evalwright {

namespace {

constexpr std::size_t sampleRows = 20'000;

/// A graph as lists of neighbours: those of i are edges[begins[i]] … edges[begins[i+1] - 1].
struct Graph
{
    struct Edge
    {
        std::uint32_t to;
        float weight; ///< 0 … 1.
    };
    std::vector<std::size_t> begins;
    std::vector<Edge> edges;
};

/// Weights of one point's edges: exp(-(distance - nearest)/sigma), sigma such that they add up to log2(k).
void smoothWeights(std::span<const float> cosines, std::span<float> weights)
{
    const double target = std::log2(static_cast<double>(cosines.size()) + 1);
    const auto distance = [&](std::size_t i) { return std::max(0.0, 1 - double{cosines[i]}); };
    const double nearest = distance(0);
    double low = 0, high = std::numeric_limits<double>::infinity(), sigma = 1;
    for (int step = 0; step < 64; ++step) {
        double sum = 0;
        for (std::size_t i = 0; i < cosines.size(); ++i)
            sum += std::exp(-(distance(i) - nearest) / sigma);
        if (std::abs(sum - target) < 1e-5)
            break;
        (sum > target ? high : low) = sigma;
        sigma = std::isinf(high) ? 2 * sigma : (low + high) / 2;
    }
    for (std::size_t i = 0; i < cosines.size(); ++i)
        weights[i] = static_cast<float>(std::exp(-(distance(i) - nearest) / std::max(sigma, 1e-9)));
}

/// Both directions of every edge, with the weight a + b - a b.
Graph symmetric(const Neighbours &near, std::size_t n)
{
    struct Half
    {
        std::uint32_t from, to;
        float weight;
    };
    std::vector<Half> halves;
    std::vector<float> weights(near.k);
    for (std::size_t i = 0; i < n; ++i) {
        smoothWeights(std::span(near.cosine).subspan(i * near.k, near.k), weights);
        for (std::size_t f = 0; f < near.k; ++f) {
            const std::uint32_t to = near.index[i * near.k + f];
            if (to == i)
                continue;
            halves.push_back({static_cast<std::uint32_t>(i), to, weights[f]});
            halves.push_back({to, static_cast<std::uint32_t>(i), weights[f]});
        }
    }
    std::ranges::sort(halves, [](const Half &a, const Half &b) {
        return a.from != b.from ? a.from < b.from : a.to != b.to ? a.to < b.to : a.weight < b.weight;
    });
    Graph graph;
    graph.begins.assign(n + 1, 0);
    for (std::size_t h = 0; h < halves.size(); ++h) {
        const bool again = h > 0 && halves[h].from == halves[h - 1].from && halves[h].to == halves[h - 1].to;
        if (again) {
            float &weight = graph.edges.back().weight;
            weight += halves[h].weight - weight * halves[h].weight;
            continue;
        }
        graph.edges.push_back({halves[h].to, halves[h].weight});
        graph.begins[halves[h].from + std::size_t{1}] = graph.edges.size();
    }
    for (std::size_t i = 1; i <= n; ++i)
        graph.begins[i] = std::max(graph.begins[i], graph.begins[i - 1]);
    return graph;
}

constexpr float curve = 1.6F; ///< Likeness on the map is 1 / (1 + curve · distance²).
constexpr float longest = 4;  ///< Of one step along an axis.
constexpr int othersPerEdge = 5;

float limited(float step)
{
    return std::clamp(step, -longest, longest);
}

/// Where one point goes in a round: an edge of weight w acts in a share w of the rounds, and each time 5 drawn others
/// push.
Eigen::RowVector2f moved(const MapPoints &points, const Graph &graph, std::size_t i, std::uint32_t round,
                         std::uint64_t seed, std::uint64_t stream, float rate)
{
    const Eigen::RowVector2f here = points.row(static_cast<Eigen::Index>(i));
    Eigen::RowVector2f step = Eigen::RowVector2f::Zero();
    const auto n = static_cast<std::uint64_t>(points.rows());
    std::array<std::uint32_t, 4> words{};
    std::uint32_t block = 0, used = 4;
    // Counter: block, round, and the point in place of the upper half of the stream.
    const auto draw = [&] {
        if (used == 4) {
            words = statistics::philoxBlock(
                {block++, round, static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(i)},
                {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
            used = 0;
        }
        return words[used++];
    };
    for (std::size_t e = graph.begins[i]; e < graph.begins[i + 1]; ++e) {
        const Graph::Edge &edge = graph.edges[e];
        if (static_cast<float>(draw() >> 8) * 0x1p-24F >= edge.weight)
            continue;
        const Eigen::RowVector2f away = here - points.row(static_cast<Eigen::Index>(edge.to));
        const float pull = -2 * curve / (1 + curve * away.squaredNorm());
        step(0) += limited(pull * away(0));
        step(1) += limited(pull * away(1));
        for (int other = 0; other < othersPerEdge; ++other) {
            const auto j = static_cast<Eigen::Index>((draw() * n) >> 32);
            if (j == static_cast<Eigen::Index>(i))
                continue;
            const Eigen::RowVector2f from = here - points.row(j);
            const float square = from.squaredNorm();
            const float push = 2 / ((0.001F + square) * (1 + curve * square));
            step(0) += limited(push * from(0));
            step(1) += limited(push * from(1));
        }
    }
    return here + rate * step;
}

} // namespace

Result<MapPoints> principalPlane(const Rows &rows, std::uint64_t seed, const SimilarityWork &work)
{
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const UnitRows unit, UnitRows::of(rows, run, 0.1));
    const auto n = static_cast<Eigen::Index>(unit.size()), d = static_cast<Eigen::Index>(unit.dimensions());
    MapPoints points = MapPoints::Zero(n, 2);
    if (n < 2 || d < 1)
        return points;
    const std::vector<std::uint32_t> sample = drawRows(unit.size(), sampleRows, seed, "map/sample");
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(d);
    Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(d, d);
    constexpr std::size_t step = 256;
    for (std::size_t at = 0; at < sample.size(); at += step) {
        EVALWRIGHT_TRY(run.check());
        const Eigen::MatrixXd part =
            unit.gather(std::span(sample).subspan(at, std::min(step, sample.size() - at))).cast<double>();
        mean += part.colwise().sum();
        squares.selfadjointView<Eigen::Lower>().rankUpdate(part.transpose());
        run.advance(0.5 * static_cast<double>(part.rows()) / static_cast<double>(sample.size()));
    }
    mean /= static_cast<double>(sample.size());
    squares.selfadjointView<Eigen::Lower>().rankUpdate(mean.transpose(), -static_cast<double>(sample.size()));
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(squares);
    std::vector<double> axes(static_cast<std::size_t>(2 * d));
    double offset[2] = {};
    for (Eigen::Index axis = 0; axis < std::min<Eigen::Index>(2, d); ++axis) {
        Eigen::VectorXd component = solver.eigenvectors().col(d - 1 - axis);
        Eigen::Index largest = 0;
        component.cwiseAbs().maxCoeff(&largest);
        if (component(largest) < 0)
            component = -component;
        offset[axis] = mean.dot(component);
        std::copy_n(component.data(), d, axes.begin() + static_cast<std::ptrdiff_t>(axis * d));
    }
    EVALWRIGHT_TRY(run.each(unit.size(), 2048, 0.4, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            for (std::size_t axis = 0; axis < 2; ++axis) {
                double sum = 0;
                for (std::size_t k = 0; k < unit.dimensions(); ++k)
                    sum += axes[axis * unit.dimensions() + k] * double{unit.row(i)[k]};
                points(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(axis)) =
                    static_cast<float>(sum * double{unit.inverseLength(i)} - offset[axis]);
            }
        }
    }));
    run.finish();
    return points;
}

Result<MapPoints> neighbourLayout(const Rows &rows, std::uint64_t seed, const SimilarityWork &work,
                                  const LayoutOptions &options)
{
    SimilarityRun run(work);
    const SimilarityWork quiet{work.token, {}, work.threads};
    EVALWRIGHT_ASSIGN(MapPoints points, principalPlane(rows, seed, quiet));
    run.advance(0.05);
    const auto n = static_cast<std::size_t>(rows.rows());
    if (options.positions)
        options.positions(points);
    const std::size_t k =
        std::min<std::size_t>(static_cast<std::size_t>(std::max(1, options.neighbours)), n > 1 ? n - 1 : 0);
    if (k < 1)
        return points;
    EVALWRIGHT_ASSIGN(const Neighbours near, nearestNeighbours(rows, k, seed, run, 0.35));
    const Graph graph = symmetric(near, n);
    // The plane at UMAP's usual size, and a little apart where items are equal.
    const float largest = points.cwiseAbs().maxCoeff();
    const std::vector<double> apart = statistics::drawUniforms(seed, "map/apart", 0, 2 * n);
    for (std::size_t i = 0; i < 2 * n; ++i) {
        float &value = points.data()[i];
        value = (largest > 0 ? 10 * value / largest : 0) + 0.01F * static_cast<float>(apart[i] - 0.5);
    }
    const int rounds = options.rounds > 0 ? options.rounds : std::clamp(static_cast<int>(5'000'000 / n), 200, 500);
    const std::uint64_t stream = statistics::streamId("map/rounds");
    MapPoints next = points;
    for (int round = 0; round < rounds; ++round) {
        const float rate = 1 - static_cast<float>(round) / static_cast<float>(rounds);
        EVALWRIGHT_TRY(run.each(n, 1024, 0.6 / rounds, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                next.row(static_cast<Eigen::Index>(i)) =
                    moved(points, graph, i, static_cast<std::uint32_t>(round), seed, stream, rate);
        }));
        points.swap(next);
        if (options.positions && round % 10 == 9)
            options.positions(points);
    }
    run.finish();
    return points;
}

Result<double> neighboursKept(const Rows &rows, const MapPoints &points, std::size_t k, const SimilarityWork &work)
{
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const Neighbours near, nearestNeighbours(rows, k, 1, run, 0.5));
    const auto n = static_cast<std::size_t>(rows.rows());
    std::vector<std::size_t> kept(n);
    EVALWRIGHT_TRY(run.each(n, 64, 0.5, [&](std::size_t begin, std::size_t end) {
        std::vector<std::pair<float, std::uint32_t>> order(n);
        for (std::size_t i = begin; i < end; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                const Eigen::RowVector2f way =
                    points.row(static_cast<Eigen::Index>(i)) - points.row(static_cast<Eigen::Index>(j));
                order[j] = {j == i ? std::numeric_limits<float>::infinity() : way.squaredNorm(),
                            static_cast<std::uint32_t>(j)};
            }
            std::ranges::nth_element(order, order.begin() + static_cast<std::ptrdiff_t>(k));
            const auto mine = std::span(near.index).subspan(i * k, k);
            for (std::size_t f = 0; f < k; ++f)
                kept[i] += std::ranges::find(mine, order[f].second) != mine.end();
        }
    }));
    std::size_t all = 0;
    for (const std::size_t some : kept)
        all += some;
    return static_cast<double>(all) / static_cast<double>(n * k);
}

} // namespace evalwright
