// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "storage/items/itemranks.h"
#include "storage/items/textorder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;

Status sortItems(Connection &connection, const ItemColumns &columns, ItemRows &rows, ItemSort sort, Qt::SortOrder direction,
                 const CancellationToken &token)
{
    const bool down = direction == Qt::DescendingOrder;
    // Rows rise with the number, so that a stable order keeps equal ones by number.
    const auto byRank = [&](const auto &rank) {
        if (down)
            std::ranges::stable_sort(rows, std::ranges::greater(), [&](std::uint32_t row) { return rank[row]; });
        else
            std::ranges::stable_sort(rows, std::ranges::less(), [&](std::uint32_t row) { return rank[row]; });
    };
    // Without a value they come last either way.
    const auto byKnown = [&](const std::vector<double> &value) {
        const auto unknown = std::ranges::stable_partition(rows, [&](std::uint32_t row) { return !std::isnan(value[row]); });
        const std::ranges::subrange known(rows.begin(), unknown.begin());
        if (down)
            std::ranges::stable_sort(known, std::ranges::greater(), [&](std::uint32_t row) { return value[row]; });
        else
            std::ranges::stable_sort(known, std::ranges::less(), [&](std::uint32_t row) { return value[row]; });
    };
    const auto ranksOf = [](const QStringList &names) {
        std::vector<std::uint32_t> order(static_cast<std::size_t>(names.size())), ranks(order.size());
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::sort(order, {}, [&](std::uint32_t i) { return names.at(static_cast<qsizetype>(i)); });
        for (std::uint32_t place = 0; place < order.size(); ++place)
            ranks[order[place]] = place;
        return ranks;
    };
    const auto ranksBy = [](const std::vector<std::uint16_t> &codes, const std::vector<std::uint32_t> &ranks) {
        std::vector<std::uint32_t> rank(codes.size());
        std::ranges::transform(codes, rank.begin(), [&](std::uint16_t code) { return ranks[code]; });
        return rank;
    };
    switch (sort) {
    case ItemSort::Number:
        if (down)
            std::ranges::reverse(rows);
        return {};
    case ItemSort::Label:
        byRank(ranksBy(columns.label, ranksOf(columns.labels)));
        return {};
    case ItemSort::State: {
        const auto ranks = ranksOf(columns.reasons);
        std::vector<std::uint64_t> rank(columns.size());
        for (std::size_t i = 0; i < rank.size(); ++i)
            rank[i] = (static_cast<std::uint64_t>(columns.state[i]) << 32) | ranks[columns.reason[i]];
        byRank(rank);
        return {};
    }
    case ItemSort::Confidence:
        byKnown(columns.confidence);
        return {};
    case ItemSort::Answer:
    case ItemSort::Cluster:
    case ItemSort::Tags:
    case ItemSort::Source:
    case ItemSort::Edited:
    case ItemSort::Mass: {
        EVALWRIGHT_ASSIGN(const ItemRanks ranks, itemRanks(connection, columns, sort, token));
        byKnown(*ranks);
        return {};
    }
    case ItemSort::Reason:
        byRank(ranksBy(columns.reason, ranksOf(columns.reasons)));
        return {};
    case ItemSort::Stage:
        byRank(ranksBy(columns.stage, ranksOf(columns.stages)));
        return {};
    case ItemSort::By: {
        std::vector<std::uint8_t> rank(columns.size());
        for (std::size_t i = 0; i < rank.size(); ++i)
            rank[i] = columns.state[i] == ItemColumns::Undecided ? 0 : columns.byPerson[i] ? 1 : 2;
        byRank(rank);
        return {};
    }
    case ItemSort::Text:
        return sortByText(connection, columns, rows, direction, token);
    }
    return {};
}

const QList<std::pair<QString, ItemSort>> &itemSorts()
{
    static const QList<std::pair<QString, ItemSort>> sorts{
        {u"number"_s, ItemSort::Number},   {u"text"_s, ItemSort::Text},     {u"answer"_s, ItemSort::Answer}, {u"label"_s, ItemSort::Label},
        {u"confidence"_s, ItemSort::Confidence}, {u"state"_s, ItemSort::State}, {u"reason"_s, ItemSort::Reason}, {u"stage"_s, ItemSort::Stage},
        {u"by"_s, ItemSort::By},           {u"cluster"_s, ItemSort::Cluster}, {u"tags"_s, ItemSort::Tags},   {u"source"_s, ItemSort::Source},
        {u"edited"_s, ItemSort::Edited},   {u"mass"_s, ItemSort::Mass}};
    return sorts;
}

Result<ItemSort> itemSortFrom(const QString &name)
{
    QStringList names;
    for (const auto &[each, sort] : itemSorts()) {
        if (each == name)
            return sort;
        names << each;
    }
    return failure(Error(ErrorCode::InvalidInput, u"There is no order “%1”."_s.arg(name), u"Known: %1."_s.arg(names.join(u", "_s)))
                       .withSuggestions(nearestNames(name, names)));
}

} // namespace evalwright
