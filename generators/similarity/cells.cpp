// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/cells.h"

#include "core/statistics/numerics.h"
#include "core/statistics/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<UnitRows> UnitRows::of(const Rows &rows, SimilarityRun &run, double share)
{
    UnitRows unit;
    unit.m_data = rows.data();
    unit.m_stride = static_cast<std::size_t>(rows.outerStride());
    unit.m_dimensions = static_cast<std::size_t>(rows.cols());
    unit.m_inverseLengths.resize(static_cast<std::size_t>(rows.rows()));
    EVALWRIGHT_TRY(run.each(unit.size(), 4096, share, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            unit.m_inverseLengths[i] = evalwright::inverseLength(unit.row(i), unit.m_dimensions);
    }));
    const auto bad = std::ranges::find_if(unit.m_inverseLengths, [](float f) { return !std::isfinite(f); });
    if (bad != unit.m_inverseLengths.end())
        return failure(
            Error(ErrorCode::InvalidInput,
                  u"The embedding of item %1 has a value that is no number, or is far too long or short."_s.arg(
                      bad - unit.m_inverseLengths.begin() + 1),
                  u"Make the embeddings again."_s)
                .withConsequence(u"Items cannot be compared by meaning."_s));
    return unit;
}

FloatMatrix UnitRows::gather(std::span<const std::uint32_t> which) const
{
    FloatMatrix out(static_cast<Eigen::Index>(which.size()), static_cast<Eigen::Index>(m_dimensions));
    for (std::size_t i = 0; i < which.size(); ++i) {
        float *to = out.data() + i * m_dimensions;
        for (std::size_t k = 0; k < m_dimensions; ++k)
            to[k] = row(which[i])[k] * m_inverseLengths[which[i]];
    }
    return out;
}

std::vector<std::uint32_t> drawRows(std::size_t size, std::size_t count, std::uint64_t seed, const char *stream)
{
    std::vector<std::uint32_t> drawn(size);
    if (count < size)
        drawn = statistics::shuffle(seed, stream, size);
    else
        std::iota(drawn.begin(), drawn.end(), 0U);
    drawn.resize(std::min(count, size));
    drawn.shrink_to_fit();
    std::ranges::sort(drawn);
    return drawn;
}

Result<std::vector<std::uint16_t>> nearestCentres(const UnitRows &rows, const FloatMatrix &centres, std::size_t count,
                                                  SimilarityRun &run, double share, std::vector<float> *distances)
{
    const auto k = static_cast<std::size_t>(centres.rows()), d = rows.dimensions();
    count = std::min(count, k);
    PackedRows packed(d);
    std::vector<float> halfSquares(k);
    for (std::size_t c = 0; c < k; ++c) {
        const float *centre = centres.data() + c * d;
        packed.add(centre);
        halfSquares[c] = static_cast<float>(exactProduct(centre, centre, d) / 2);
    }
    std::vector<std::uint16_t> nearest(rows.size() * count);
    if (distances)
        distances->resize(rows.size());
    EVALWRIGHT_TRY(run.each(rows.size(), 240, share, [&](std::size_t begin, std::size_t end) {
        std::vector<float> products(rowsAtOnce * packed.panels() * panelWidth);
        std::vector<std::pair<float, std::uint16_t>> best(count + 1);
        for (std::size_t i = begin; i < end; i += rowsAtOnce) {
            std::array<const float *, rowsAtOnce> block;
            const std::size_t filled = std::min(rowsAtOnce, end - i);
            for (std::size_t r = 0; r < filled; ++r)
                block[r] = rows.row(i + r);
            packed.multiply(std::span(block).first(filled), packed.panels(), products.data());
            for (std::size_t r = 0; r < filled; ++r) {
                // Nearest by |x - c|² = 1 - 2 (x·c - |c|²/2); a short sorted list, as nearly all centres are too far.
                const float *product = products.data() + r * packed.panels() * panelWidth;
                const float scale = rows.inverseLength(i + r);
                std::size_t have = 0;
                for (std::size_t c = 0; c < k; ++c) {
                    const float score = product[c] * scale - halfSquares[c];
                    if (have == count && !(score > best[count - 1].first))
                        continue;
                    std::size_t at = have;
                    for (; at > 0 && best[at - 1].first < score; --at)
                        best[at] = best[at - 1];
                    best[at] = {score, static_cast<std::uint16_t>(c)};
                    have = std::min(have + 1, count);
                }
                for (std::size_t b = 0; b < count; ++b)
                    nearest[(i + r) * count + b] = best[b].second;
                if (distances)
                    (*distances)[i + r] = std::max(0.0F, (rows.isZero(i + r) ? 0.0F : 1.0F) - 2 * best[0].first);
            }
        }
    }));
    return nearest;
}

Grouping groupBy(std::span<const std::uint16_t> groupsOf, std::size_t each, std::size_t groups)
{
    Grouping grouping;
    grouping.begins.assign(groups + 1, 0);
    for (const std::uint16_t group : groupsOf)
        ++grouping.begins[group + std::size_t{1}];
    std::partial_sum(grouping.begins.begin(), grouping.begins.end(), grouping.begins.begin());
    auto next = grouping.begins;
    grouping.items.resize(groupsOf.size());
    for (std::size_t i = 0; i < groupsOf.size(); ++i)
        grouping.items[next[groupsOf[i]]++] = static_cast<std::uint32_t>(i / each);
    return grouping;
}

Status improveCentres(const UnitRows &rows, FloatMatrix &centres, int steps, SimilarityRun &run, double share)
{
    const auto k = static_cast<std::size_t>(centres.rows()), d = rows.dimensions();
    std::vector<std::uint16_t> before;
    std::vector<float> distances;
    for (int step = 0; step < steps; ++step) {
        EVALWRIGHT_ASSIGN(auto now, nearestCentres(rows, centres, 1, run, share / steps, &distances));
        if (now == before) {
            run.advance(share * (steps - step - 1) / steps);
            break;
        }
        const Grouping groups = groupBy(now, 1, k);
        // Each centre adds its rows in their order: the sum does not depend on who adds.
        EVALWRIGHT_TRY(run.each(k, 1, 0, [&](std::size_t c, std::size_t) {
            const auto members = groups.at(c);
            if (members.empty())
                return;
            std::vector<double> sum(d);
            for (const std::uint32_t i : members) {
                const float *row = rows.row(i);
                const double scale = rows.inverseLength(i);
                for (std::size_t j = 0; j < d; ++j)
                    sum[j] += scale * static_cast<double>(row[j]);
            }
            for (std::size_t j = 0; j < d; ++j)
                centres.data()[c * d + j] = static_cast<float>(sum[j] / static_cast<double>(members.size()));
        }));
        for (std::size_t c = 0; c < k; ++c) {
            if (!groups.at(c).empty())
                continue;
            const auto farthest = std::ranges::max_element(distances);
            if (!(*farthest > 0))
                break; // Fewer different rows than centres.
            const std::uint32_t i[] = {static_cast<std::uint32_t>(farthest - distances.begin())};
            centres.row(static_cast<Eigen::Index>(c)) = rows.gather(i).row(0);
            *farthest = 0;
        }
        before = std::move(now);
    }
    return {};
}

std::size_t cellCount(std::size_t rows)
{
    return std::clamp<std::size_t>(rows / 1000, 1, 4096);
}

Result<Cells> makeCells(const UnitRows &rows, std::size_t visited, std::uint64_t seed, SimilarityRun &run, double share)
{
    const std::size_t k = cellCount(rows.size());
    FloatMatrix centres = rows.gather(drawRows(rows.size(), k, seed, "cells/centres"));
    {
        const FloatMatrix sample = rows.gather(drawRows(rows.size(), 40 * k, seed, "cells/sample"));
        EVALWRIGHT_ASSIGN(const UnitRows unit, UnitRows::of(sample, run, 0));
        EVALWRIGHT_TRY(improveCentres(unit, centres, 4, run, share / 4));
    }
    EVALWRIGHT_ASSIGN(const auto nearest, nearestCentres(rows, centres, visited, run, share * 3 / 4));
    const std::size_t each = nearest.size() / std::max<std::size_t>(1, rows.size());
    Cells cells;
    std::vector<std::uint16_t> own(rows.size());
    for (std::size_t i = 0; i < own.size(); ++i)
        own[i] = nearest[i * each];
    cells.members = groupBy(own, 1, k);
    cells.visitors = groupBy(nearest, each, k);
    return cells;
}

std::size_t cellsToVisit(std::size_t cells, double cosine)
{
    if (cells <= 4)
        return cells;
    const double correlation = std::clamp(cosine, 0.0, 1.0), n = static_cast<double>(cells);
    // The highest of n normal values, and what its score for the other row is with 98% probability at least.
    const double highest = -*statistics::normalQuantile(0.5614 / n); // 0.56 = exp(-Euler's constant).
    const double stillHas = correlation * highest - 2.054 * std::sqrt(1 - correlation * correlation);
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(n * statistics::normalCdf(-stillHas))), 4,
                                   std::min<std::size_t>(cells, 32));
}

} // namespace evalwright
