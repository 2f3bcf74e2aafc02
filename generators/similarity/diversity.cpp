// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/diversity.h"
#include "generators/similarity/cells.h"

#include "core/statistics/diversity.h"

#include <Eigen/Eigenvalues>

#include <algorithm>

namespace evalwright {

namespace {

constexpr std::size_t nearestSample = 2000, vendiSample = 20'000;

Result<double> vendi(const UnitRows &unit, std::span<const std::uint32_t> which, SimilarityRun &run, double share)
{
    const auto d = static_cast<Eigen::Index>(unit.dimensions());
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(d, d);
    constexpr std::size_t step = 256;
    for (std::size_t at = 0; at < which.size(); at += step) {
        EVALWRIGHT_TRY(run.check());
        const Eigen::MatrixXd part = unit.gather(which.subspan(at, std::min(step, which.size() - at))).cast<double>();
        gram.selfadjointView<Eigen::Lower>().rankUpdate(part.transpose(), 1.0 / static_cast<double>(which.size()));
        run.advance(share * static_cast<double>(part.rows()) / static_cast<double>(which.size()));
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram, Eigen::EigenvaluesOnly);
    return statistics::vendiOfEigenvalues(std::span(solver.eigenvalues().data(), static_cast<std::size_t>(d)));
}

/// The drawn rows are few: they are packed, and all others pass by.
Result<double> meanNearest(const UnitRows &unit, std::span<const std::uint32_t> items,
                           std::span<const std::uint32_t> drawn, SimilarityRun &run, double share)
{
    PackedRows packed(unit.dimensions());
    for (const std::uint32_t i : drawn)
        packed.add(unit.row(i), unit.inverseLength(i));
    const std::size_t width = packed.panels() * panelWidth;
    constexpr std::size_t grain = 120;
    // One list per part, so that nothing depends on who is first; the largest of all is the same in any order.
    std::vector<float> largest(drawn.size(), -2);
    EVALWRIGHT_TRY(run.each(items.size(), grain, share, [&](std::size_t begin, std::size_t end) {
        std::vector<float> products(rowsAtOnce * width), mine(drawn.size(), -2);
        for (std::size_t at = begin; at < end; at += rowsAtOnce) {
            std::array<const float *, rowsAtOnce> block;
            const std::size_t filled = std::min(rowsAtOnce, end - at);
            for (std::size_t r = 0; r < filled; ++r)
                block[r] = unit.row(items[at + r]);
            packed.multiply(std::span(block).first(filled), packed.panels(), products.data());
            for (std::size_t r = 0; r < filled; ++r) {
                const std::uint32_t item = items[at + r];
                for (std::size_t q = 0; q < drawn.size(); ++q) {
                    if (drawn[q] != item)
                        mine[q] = std::max(mine[q], products[r * width + q] * unit.inverseLength(item));
                }
            }
        }
        for (std::size_t q = 0; q < drawn.size(); ++q) {
            const std::atomic_ref<float> shared(largest[q]);
            float now = shared.load(std::memory_order_relaxed);
            while (mine[q] > now && !shared.compare_exchange_weak(now, mine[q], std::memory_order_relaxed)) {
            }
        }
    }));
    double sum = 0;
    for (const float cosine : largest)
        sum += 1 - std::min(1.0, double{cosine});
    return sum / static_cast<double>(drawn.size());
}

} // namespace

Result<DiversityFigures> measureDiversity(const Rows &rows, std::uint64_t seed, const SimilarityWork &work)
{
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const UnitRows unit, UnitRows::of(rows, run, 0.1));
    std::vector<std::uint32_t> items;
    std::vector<double> sum(unit.dimensions());
    for (std::size_t i = 0; i < unit.size(); ++i) {
        if (i % 4096 == 0)
            EVALWRIGHT_TRY(run.check());
        if (unit.isZero(i))
            continue;
        items.push_back(static_cast<std::uint32_t>(i));
        for (std::size_t k = 0; k < sum.size(); ++k)
            sum[k] += double{unit.row(i)[k]} * double{unit.inverseLength(i)};
    }
    DiversityFigures figures;
    figures.items = static_cast<std::int64_t>(items.size());
    if (items.size() < 2)
        return figures;
    double square = 0;
    for (const double s : sum)
        square += s * s;
    const auto n = static_cast<double>(items.size());
    figures.meanPairwiseCosine = (square - n) / (n * (n - 1));
    const auto draw = [&](std::size_t count, const char *stream) {
        std::vector<std::uint32_t> which = drawRows(items.size(), count, seed, stream);
        for (std::uint32_t &i : which)
            i = items[i];
        return which;
    };
    const auto spectrum = draw(vendiSample, "diversity/vendi"), nearest = draw(nearestSample, "diversity/nearest");
    figures.vendiOf = static_cast<std::int64_t>(spectrum.size());
    figures.nearestOf = static_cast<std::int64_t>(nearest.size());
    EVALWRIGHT_ASSIGN(figures.vendi, vendi(unit, spectrum, run, 0.3));
    EVALWRIGHT_ASSIGN(figures.meanNearestDistance, meanNearest(unit, items, nearest, run, 0.5));
    run.finish();
    return figures;
}

} // namespace evalwright
