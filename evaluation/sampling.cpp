// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/random.h"
#include "evaluation/preparation.h"

#include <algorithm>
#include <map>
#include <vector>

namespace evalwright::preparation {

namespace {

/// How many to take of each of the groups: as evenly as their sizes allow, a remainder to the first ones.
std::vector<qsizetype> quotas(const std::vector<std::vector<qsizetype>> &groups, qint64 count)
{
    std::vector<qsizetype> take(groups.size(), 0);
    qint64 left = count;
    bool more = true;
    while (left > 0 && more) {
        more = false;
        for (std::size_t g = 0; g < groups.size() && left > 0; ++g) {
            if (take[g] < static_cast<qsizetype>(groups[g].size())) {
                ++take[g];
                --left;
                more = true;
            }
        }
    }
    return take;
}

} // namespace

QList<PreparedItem> balancedSample(const QList<PreparedItem> &items, qint64 count, qint64 seed)
{
    if (count >= items.size())
        return items;
    // One shuffle for all items: the front of it is the sample, label by label, so a larger limit with the same seed
    // only adds items.
    const auto order =
        statistics::shuffle(static_cast<std::uint64_t>(seed), "shuffle/items", static_cast<std::size_t>(items.size()));
    std::map<QString, std::size_t>
        groupOf; // Sorted by label: the order of items does not decide who gets the remainder.
    for (const PreparedItem &item : items)
        groupOf.emplace(item.candidate.matchingLabel, 0);
    std::size_t next = 0;
    for (auto &[label, group] : groupOf)
        group = next++;
    std::vector<std::vector<qsizetype>> groups(groupOf.size());
    for (const auto index : order)
        groups[groupOf.at(items[static_cast<qsizetype>(index)].candidate.matchingLabel)].push_back(
            static_cast<qsizetype>(index));
    const std::vector<qsizetype> take = quotas(groups, count);
    std::vector<qsizetype> chosen;
    for (std::size_t g = 0; g < groups.size(); ++g)
        chosen.insert(chosen.end(), groups[g].begin(), groups[g].begin() + take[g]);
    std::ranges::sort(chosen);
    QList<PreparedItem> sample;
    for (const qsizetype index : chosen)
        sample << items[index];
    return sample;
}

} // namespace evalwright::preparation
