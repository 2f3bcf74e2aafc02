// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/neighbours.h"
#include "generators/similarity/cells.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::int32_t none = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t mostCompared = 8000; ///< Rows of one cell.
constexpr std::size_t blockRows = 1024;    ///< 1.5 MB at 384 dimensions: what a core's cache holds.

/// One cell that everything is in.
Cells oneCell(std::size_t rows)
{
    Grouping all;
    all.begins = {0, rows};
    all.items.resize(rows);
    std::iota(all.items.begin(), all.items.end(), 0U);
    return {all, all};
}

struct Block
{
    std::span<const std::uint32_t> members, visitors;
};

/// Pieces of work of bounded size; those of a cell in ascending order.
std::vector<Block> blocksOf(const Cells &cells, std::size_t most)
{
    std::vector<Block> blocks;
    for (std::size_t cell = 0; cell + 1 < cells.members.begins.size(); ++cell) {
        auto members = cells.members.at(cell);
        members = members.first(std::min(members.size(), most));
        for (std::size_t at = 0; at < members.size(); at += blockRows)
            blocks.push_back({members.subspan(at, std::min(blockRows, members.size() - at)), cells.visitors.at(cell)});
    }
    return blocks;
}

/// Calls `use(query, products)` for the queries, with their products with the members of the block; `panels(query)`
/// says how many panels are needed for this query and those before it, 0: none, leave it out.
template <class Panels, class Use>
void multiplyBlock(const UnitRows &rows, const Block &block, std::span<const std::uint32_t> queries,
                   const SimilarityRun &run, Panels panels, Use use)
{
    PackedRows packed(rows.dimensions());
    packed.reserve(block.members.size());
    for (const std::uint32_t member : block.members)
        packed.add(rows.row(member), rows.inverseLength(member));
    std::vector<float> products(rowsAtOnce * packed.panels() * panelWidth);
    std::array<const float *, rowsAtOnce> at;
    std::array<std::uint32_t, rowsAtOnce> number;
    std::size_t filled = 0, width = 0;
    const auto flush = [&] {
        if (filled == 0)
            return;
        packed.multiply(std::span(at).first(filled), width, products.data());
        for (std::size_t r = 0; r < filled; ++r)
            use(number[r], std::span<const float>(products).subspan(r * width * panelWidth, width * panelWidth));
        filled = width = 0;
    };
    for (const std::uint32_t query : queries) {
        const std::size_t wanted = panels(query);
        if (wanted == 0)
            continue;
        width = std::max(width, wanted);
        at[filled] = rows.row(query);
        number[filled] = query;
        if (++filled == rowsAtOnce) {
            if (run.stopped())
                return;
            flush();
        }
    }
    flush();
}

void findRepeats(const UnitRows &rows, const Block &block, double threshold, const SimilarityRun &run,
                 std::vector<std::int32_t> &best)
{
    const auto first = static_cast<std::int32_t>(block.members.front());
    const auto later = std::ranges::upper_bound(block.visitors, block.members.front());
    const float error = productError(rows.dimensions());
    const float surely = static_cast<float>(threshold) + error, hardly = static_cast<float>(threshold) - error;
    multiplyBlock(
        rows, block, {later, block.visitors.end()}, run,
        [&](std::uint32_t query) -> std::size_t {
            if (sharedValue(best[query]) < first || rows.isZero(query))
                return 0;
            const auto before = std::ranges::lower_bound(block.members, query) - block.members.begin();
            return (static_cast<std::size_t>(before) + panelWidth - 1) / panelWidth;
        },
        [&](std::uint32_t query, std::span<const float> products) {
            const float scale = rows.inverseLength(query);
            for (std::size_t m = 0; m < block.members.size() && block.members[m] < query; ++m) {
                const float cosine = products[m] * scale;
                if (cosine < hardly)
                    continue;
                if (cosine >= surely ||
                    exactCosine(rows.row(query), rows.row(block.members[m]), rows.dimensions()) >= threshold - 1e-12) {
                    lowerTo(best[query], static_cast<std::int32_t>(block.members[m]));
                    break;
                }
            }
        });
}

/// A list of the k best so far, best first, ties by index.
struct Best
{
    std::span<std::uint32_t> index;
    std::span<float> cosine;
    std::size_t have = 0;

    void offer(std::uint32_t i, float c)
    {
        const auto worse = [&](std::size_t at) { return cosine[at] < c || (cosine[at] == c && index[at] > i); };
        if (have == index.size() && !worse(have - 1))
            return;
        std::size_t at = have == index.size() ? have - 1 : have++;
        for (; at > 0 && worse(at - 1); --at) {
            index[at] = index[at - 1];
            cosine[at] = cosine[at - 1];
        }
        index[at] = i;
        cosine[at] = c;
    }
};

} // namespace

Result<Repeats> meaningDuplicates(const Rows &rows, double threshold, std::uint64_t seed, const SimilarityWork &work)
{
    if (!(threshold > 0 && threshold <= 1))
        return failure(ErrorCode::InvalidInput, u"%1 is no cosine at which items mean the same."_s.arg(threshold),
                       u"Choose a number above 0 and up to 1; 0.95 is usual."_s);
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const UnitRows unit, UnitRows::of(rows, run, 0.01));
    Cells cells;
    if (unit.size() <= comparedExactly) {
        cells = oneCell(unit.size());
    } else {
        EVALWRIGHT_ASSIGN(cells, makeCells(unit, cellsToVisit(cellCount(unit.size()), threshold), seed, run, 0.3));
    }
    const bool exact = unit.size() <= comparedExactly;
    const auto blocks = blocksOf(cells, exact ? comparedExactly : mostCompared);
    Repeats best(unit.size(), none);
    EVALWRIGHT_TRY(run.each(blocks.size(), 1, 0.69,
                            [&](std::size_t i, std::size_t) { findRepeats(unit, blocks[i], threshold, run, best); }));
    std::ranges::replace(best, none, notRepeated);
    run.finish();
    return best;
}

Result<Neighbours> nearestNeighbours(const Rows &rows, std::size_t k, std::uint64_t seed, SimilarityRun &run,
                                     double share)
{
    if (k < 1 || static_cast<Eigen::Index>(k) >= rows.rows())
        return failure(ErrorCode::InvalidInput, u"%1 items do not have %2 neighbours each."_s.arg(rows.rows()).arg(k),
                       u"Ask for fewer neighbours."_s);
    EVALWRIGHT_ASSIGN(const UnitRows unit, UnitRows::of(rows, run, 0.02 * share));
    Cells cells;
    if (unit.size() <= comparedExactly) {
        cells = oneCell(unit.size());
    } else {
        EVALWRIGHT_ASSIGN(cells, makeCells(unit, 8, seed, run, 0.3 * share));
    }
    Neighbours out;
    out.k = k;
    out.index.resize(unit.size() * k);
    out.cosine.resize(unit.size() * k);
    std::vector<std::uint32_t> have(unit.size());
    const auto listOf = [&](std::size_t row) {
        return Best{std::span(out.index).subspan(row * k, k), std::span(out.cosine).subspan(row * k, k), have[row]};
    };
    const auto blocks = blocksOf(cells, comparedExactly);
    // Rows meet several blocks at once; which order their finds come in makes no difference to the list.
    std::vector<std::mutex> locks(1024);
    EVALWRIGHT_TRY(run.each(blocks.size(), 1, 0.68 * share, [&](std::size_t i, std::size_t) {
        const Block &block = blocks[i];
        std::vector<std::uint32_t> index(k);
        std::vector<float> cosine(k);
        multiplyBlock(
            unit, block, block.visitors, run,
            [&](std::uint32_t) { return (block.members.size() + panelWidth - 1) / panelWidth; },
            [&](std::uint32_t query, std::span<const float> products) {
                Best found{index, cosine};
                for (std::size_t m = 0; m < block.members.size(); ++m) {
                    if (block.members[m] != query)
                        found.offer(block.members[m], products[m] * unit.inverseLength(query));
                }
                const std::lock_guard lock(locks[query % locks.size()]);
                Best all = listOf(query);
                for (std::size_t f = 0; f < found.have; ++f)
                    all.offer(index[f], cosine[f]);
                have[query] = static_cast<std::uint32_t>(all.have);
            });
    }));
    for (std::size_t row = 0; row < unit.size(); ++row) {
        for (std::size_t f = have[row]; f < k; ++f) {
            out.index[row * k + f] = static_cast<std::uint32_t>(row);
            out.cosine[row * k + f] = 0;
        }
    }
    return out;
}

} // namespace evalwright
