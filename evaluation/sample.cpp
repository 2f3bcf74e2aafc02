// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/random.h"
#include "evaluation/preparation.h"

#include <QMap>

#include <algorithm>

namespace evalwright::preparation {

QList<PreparedItem> balancedSample(const QList<PreparedItem> &items, qint64 count, qint64 seed)
{
    if (count >= items.size())
        return items;
    // One queue for each matching label, in shuffled order; taking turns fills them evenly until one runs dry.
    const std::vector<std::uint32_t> order =
        statistics::shuffle(static_cast<std::uint64_t>(seed), "shuffle/items", static_cast<std::size_t>(items.size()));
    QMap<QString, std::vector<qsizetype>> queues;
    for (const std::uint32_t index : order)
        queues[items[index].candidate.matchingLabel].push_back(index);
    std::vector<qsizetype> drawn;
    for (std::size_t round = 0; static_cast<qint64>(drawn.size()) < count; ++round) {
        for (const std::vector<qsizetype> &queue : std::as_const(queues)) {
            if (round < queue.size() && static_cast<qint64>(drawn.size()) < count)
                drawn.push_back(queue[round]);
        }
    }
    std::sort(drawn.begin(), drawn.end());
    QList<PreparedItem> sample;
    sample.reserve(static_cast<qsizetype>(drawn.size()));
    for (const qsizetype index : drawn)
        sample << items[index];
    return sample;
}

} // namespace evalwright::preparation
