// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/random.h"
#include "evaluation/preparation.h"

#include <QMap>

#include <algorithm>

namespace evalwright::preparation {

std::vector<PreparedItem> balancedSample(const std::vector<PreparedItem> &items, const QList<LabelSet> &labelSets,
                                         qint64 count, qint64 seed)
{
    if (count >= static_cast<qint64>(items.size()))
        return items;
    // One queue for each matching label, in shuffled order; taking turns fills them evenly until one runs dry.
    const std::vector<std::uint32_t> order =
        statistics::shuffle(static_cast<std::uint64_t>(seed), "shuffle/items", static_cast<std::size_t>(items.size()));
    QMap<QString, std::vector<std::uint32_t>> queues;
    for (const std::uint32_t index : order)
        queues[labelSets.at(items[index].labelSet).labels.first()].push_back(index);
    std::vector<std::uint32_t> drawn;
    for (std::size_t round = 0; static_cast<qint64>(drawn.size()) < count; ++round) {
        for (const std::vector<std::uint32_t> &queue : std::as_const(queues)) {
            if (round < queue.size() && static_cast<qint64>(drawn.size()) < count)
                drawn.push_back(queue[round]);
        }
    }
    std::sort(drawn.begin(), drawn.end());
    std::vector<PreparedItem> sample;
    sample.reserve(drawn.size());
    for (const std::uint32_t index : drawn)
        sample.push_back(items[index]);
    return sample;
}

} // namespace evalwright::preparation
