// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/gapvalues.h"

#include <algorithm>

namespace evalwright::gapvalues {

using namespace Qt::StringLiterals;

Values beyond(const cells::Cell &model, const cells::Cell &reference, Codes &codes)
{
    QHash<qint64, double> known;
    for (const cells::Answer &answer : reference.answers) {
        if (answer.isAnswered())
            known.insert(answer.item, answer.value);
    }
    return valuesOf(model, codes, [&known](const cells::Answer &answer) -> std::optional<double> {
        const auto found = known.constFind(answer.item);
        return answer.isAnswered() && found != known.cend() ? std::optional(answer.value - *found) : std::nullopt;
    });
}

statistics::Stat<Computed> compute(const Values &old, const Values &fresh, const statistics::GapOptions &options)
{
    const auto gap = statistics::balancedGap(old.items(), fresh.items(), options);
    if (!gap)
        return tl::unexpected<statistics::StatError>(gap.error());
    Computed out;
    out.gap = *gap;
    GapMeasure &m = out.measure;
    m.old = gap->old.mean;
    m.fresh = gap->fresh.mean;
    m.gap = gap->gap;
    m.low = std::max(-1.0, gap->low);
    m.high = std::min(1.0, gap->high);
    m.p = gap->p;
    m.detectable = gap->detectable;
    m.usedOld = gap->old.used;
    m.usedNew = gap->fresh.used;
    m.droppedOld = gap->old.dropped;
    m.droppedNew = gap->fresh.dropped;
    m.clustersOld = gap->old.clusters;
    m.clustersNew = gap->fresh.clusters;
    m.sharedClusters = gap->sharedClusters;
    if (m.sharedClusters || m.clustersOld < m.usedOld || m.clustersNew < m.usedNew) {
        const auto first = statistics::ownClusters(old.values.size(), 0);
        const auto second = statistics::ownClusters(fresh.values.size(), static_cast<std::uint32_t>(first.size()));
        if (const auto naive = statistics::balancedGap(old.items(first), fresh.items(second), options)) {
            m.naiveLow = std::max(-1.0, naive->low);
            m.naiveHigh = std::min(1.0, naive->high);
        }
    }
    return out;
}

QString whyNot(const statistics::StatError &error)
{
    switch (error.code) {
    case statistics::StatCode::EmptyInput:
        return u"it answered no item of one of the two sets"_s;
    case statistics::StatCode::NoPairableValues:
        return u"its answers to the two sets have no matching label in common"_s;
    case statistics::StatCode::TooFewClusters:
        return u"its answers are too few, or in too few clusters, for an interval"_s;
    default:
        return u"its answers cannot be compared (%1)"_s.arg(QString::fromStdString(statistics::codeName(error.code)));
    }
}

} // namespace evalwright::gapvalues
