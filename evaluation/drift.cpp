// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/drift.h"

#include "core/foreignjson.h"
#include "core/statistics/numerics.h"
#include "core/statistics/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

std::vector<qint64> driftDraw(const std::vector<qint64> &candidates, qint64 seed)
{
    const auto order =
        statistics::shuffle(static_cast<std::uint64_t>(seed), "shuffle/drift", candidates.size());
    std::vector<qint64> drawn;
    for (const std::uint32_t index : order) {
        if (static_cast<qint64>(drawn.size()) == driftItems)
            break;
        drawn.push_back(candidates[index]);
    }
    std::ranges::sort(drawn);
    return drawn;
}

std::optional<double> marginOf(const QString &labels)
{
    const nlohmann::json list = storedJson(labels);
    if (!list.is_array() || list.size() < 2)
        return std::nullopt;
    std::vector<double> sums;
    for (const nlohmann::json &label : list) {
        if (!label.is_object() || !label.contains("ll") || !label["ll"].is_number())
            return std::nullopt;
        sums.push_back(label["ll"].get<double>());
    }
    std::ranges::sort(sums, std::greater());
    return sums[0] - sums[1];
}

Drift driftOf(const QList<DriftPair> &pairs)
{
    Drift drift;
    std::vector<double> changes;
    for (const DriftPair &pair : pairs) {
        const auto before = marginOf(pair.before), after = marginOf(pair.after);
        if (!before || !after)
            continue;
        const bool flipped = pair.answerBefore != pair.answerAfter;
        drift.flipped += flipped ? 1 : 0;
        // Where the answer is another one, the margin went through zero.
        changes.push_back(flipped ? *before + *after : std::abs(*before - *after));
    }
    drift.items = static_cast<qint64>(changes.size());
    if (changes.empty())
        return drift;
    drift.largest = std::ranges::max(changes);
    if (const auto middle = statistics::quantile(changes, std::array{0.5}))
        drift.median = middle->front();
    return drift;
}

} // namespace evalwright
