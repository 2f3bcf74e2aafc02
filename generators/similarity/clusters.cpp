// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/clusters.h"
#include "generators/similarity/cells.h"
#include "generators/similarity/wordsets.h"

#include "core/statistics/random.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t sampleRows = 20'000;

/// k-means++: each further centre is drawn with a probability in proportion to the squared distance to the nearest one.
/// Of a few drawn ones that is taken which leaves the smallest sum of distances, so that rarely two start in one group.
Result<FloatMatrix> firstCentres(const UnitRows &rows, std::size_t k, std::uint64_t seed, SimilarityRun &run,
                                 double share)
{
    const std::size_t tries = k <= 100 ? 2 + static_cast<std::size_t>(std::log(static_cast<double>(k))) : 1;
    const auto draws = statistics::drawUniforms(seed, "clusters/plusplus", 0, k * tries);
    std::vector<double> nearest(rows.size(), std::numeric_limits<double>::infinity());
    std::vector<std::uint32_t> chosen;
    for (std::size_t c = 0; c < k; ++c) {
        const double total = c > 0 ? std::accumulate(nearest.begin(), nearest.end(), 0.0) : 0;
        std::vector<double> best;
        double bestSum = std::numeric_limits<double>::infinity();
        std::size_t taken = 0;
        for (std::size_t t = 0; t < (c > 0 ? tries : 1); ++t) {
            const double draw = draws[c * tries + t];
            auto pick = static_cast<std::size_t>(draw * static_cast<double>(rows.size()));
            double left = draw * total;
            for (std::size_t i = 0; total > 0 && i < nearest.size(); ++i) {
                if (nearest[i] > 0)
                    pick = i;
                if ((left -= nearest[i]) < 0)
                    break;
            }
            const double scale = rows.inverseLength(pick), square = rows.isZero(pick) ? 0 : 1;
            std::vector<double> now(rows.size());
            EVALWRIGHT_TRY(run.each(
                rows.size(), 2048, share / static_cast<double>(k * tries), [&](std::size_t begin, std::size_t end) {
                    for (std::size_t i = begin; i < end; ++i) {
                        const double cosine = exactProduct(rows.row(i), rows.row(pick), rows.dimensions()) * scale *
                                              rows.inverseLength(i);
                        const double distance = square + (rows.isZero(i) ? 0 : 1) - 2 * cosine;
                        // What rounding leaves of equal rows is no distance.
                        now[i] = std::min(nearest[i], distance > 1e-6 ? distance : 0);
                    }
                }));
            if (const double sum = std::accumulate(now.begin(), now.end(), 0.0); sum < bestSum) {
                bestSum = sum;
                best = std::move(now);
                taken = pick;
            }
        }
        nearest = std::move(best);
        chosen.push_back(static_cast<std::uint32_t>(taken));
    }
    return rows.gather(chosen);
}

/// Cluster numbers by falling size; equal sizes keep their order.
void sortBySize(Clusters &clusters)
{
    const std::size_t k = clusters.sizes.size();
    std::vector<std::uint32_t> order(k), rank(k);
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order,
                             [&](std::uint32_t a, std::uint32_t b) { return clusters.sizes[a] > clusters.sizes[b]; });
    const Clusters before = clusters;
    for (std::uint32_t i = 0; i < k; ++i) {
        rank[order[i]] = i;
        clusters.sizes[i] = before.sizes[order[i]];
        clusters.centres.row(i) = before.centres.row(order[i]);
    }
    for (std::uint32_t &cluster : clusters.of)
        cluster = rank[cluster];
}

} // namespace

Result<Clusters> kMeans(const Rows &rows, std::size_t k, std::uint64_t seed, const SimilarityWork &work)
{
    if (k < 1 || k > 1000 || static_cast<Eigen::Index>(k) > rows.rows())
        return failure(ErrorCode::InvalidInput, u"%1 items cannot be put into %2 clusters."_s.arg(rows.rows()).arg(k),
                       u"Choose a number of clusters from 1 to 1,000, and no more than there are items."_s);
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const UnitRows unit, UnitRows::of(rows, run, 0.05));
    const FloatMatrix sample =
        unit.gather(drawRows(unit.size(), std::max(sampleRows, 100 * k), seed, "clusters/sample"));
    EVALWRIGHT_ASSIGN(const UnitRows sampled, UnitRows::of(sample, run, 0));
    Clusters clusters;
    EVALWRIGHT_ASSIGN(clusters.centres, firstCentres(sampled, k, seed, run, 0.25));
    EVALWRIGHT_TRY(improveCentres(sampled, clusters.centres, 25, run, 0.4));
    EVALWRIGHT_ASSIGN(const auto nearest, nearestCentres(unit, clusters.centres, 1, run, 0.3));
    clusters.of.assign(nearest.begin(), nearest.end());
    clusters.sizes.assign(k, 0);
    for (const std::uint32_t cluster : clusters.of)
        ++clusters.sizes[cluster];
    sortBySize(clusters);
    run.finish();
    return clusters;
}

std::size_t clusterCount(std::size_t items)
{
    if (items < 8)
        return 1;
    return static_cast<std::size_t>(std::clamp(std::round(std::sqrt(static_cast<double>(items) / 2)), 2.0, 40.0));
}

Result<QList<QStringList>> distinctiveWords(const QStringList &texts, const std::vector<std::uint32_t> &of,
                                            std::size_t clusters, int most, const SimilarityWork &work)
{
    if (of.size() != static_cast<std::size_t>(texts.size()) ||
        std::ranges::any_of(of, [&](std::uint32_t c) { return c >= clusters; }))
        return failure(ErrorCode::InvalidInput, u"The clusters are not those of these texts."_s,
                       u"Make the clusters again."_s);
    SimilarityRun run(work);
    QHash<QString, double> everywhere;
    std::vector<QHash<QString, double>> inside(clusters);
    std::vector<double> size(clusters);
    double all = 0;
    for (std::size_t i = 0; i < of.size(); ++i) {
        if (i % 1024 == 0) {
            EVALWRIGHT_TRY(run.check());
            run.advance(0.9 * 1024 / static_cast<double>(of.size() + 1024));
        }
        QStringList words = wordsOf(texts[static_cast<qsizetype>(i)], WordRule::Tokens);
        std::ranges::sort(words);
        words.erase(std::unique(words.begin(), words.end()), words.end());
        for (const QString &word : words) {
            ++everywhere[word];
            ++inside[of[i]][word];
        }
        size[of[i]] += static_cast<double>(words.size());
        all += static_cast<double>(words.size());
    }
    constexpr double priorWords = 500; // As if that many words had been seen in each part before.
    QList<QStringList> out;
    for (std::size_t c = 0; c < clusters; ++c) {
        EVALWRIGHT_TRY(run.check());
        std::vector<std::pair<double, QString>> ranked;
        for (auto word = inside[c].cbegin(); word != inside[c].cend(); ++word) {
            const double here = word.value(), total = everywhere.value(word.key()), prior = priorWords * total / all;
            if (here < 2)
                continue;
            const double odds = (here + prior) / (size[c] + priorWords - here - prior);
            const double others = (total - here + prior) / (all - size[c] + priorWords - (total - here) - prior);
            const double z = std::log(odds / others) / std::sqrt(1 / (here + prior) + 1 / (total - here + prior));
            if (z >= 1.96)
                ranked.emplace_back(-z, word.key());
        }
        std::ranges::sort(ranked);
        QStringList &names = out.emplace_back();
        for (const auto &[z, word] : ranked) {
            if (names.size() >= most)
                break;
            names << word;
        }
    }
    run.finish();
    return out;
}

} // namespace evalwright
