// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/privatesplit.h"

#include "core/hash.h"
#include "core/statistics/random.h"
#include "storage/exchange/fileerror.h"
#include "storage/repositories/candidates.h"

#include <QHash>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

QByteArray PrivateSplit::key(const Candidate &item)
{
    // Half a hash tells a million clusters apart and keeps memory small.
    return sha256(item.cluster.isEmpty() ? 'i' + item.uuid.toUtf8() : 'c' + item.cluster.toUtf8()).left(16);
}

Result<PrivateSplit> PrivateSplit::draw(Connection &connection, const Dataset &dataset, double share, quint64 seed,
                                        const CancellationToken &token)
{
    const auto refused = [](const QString &message, const QString &advice) {
        return failure(Error(ErrorCode::InvalidInput, message, advice).withConsequence(u"Nothing was written."_s));
    };
    if (!(share > 0) || !(share < 1))
        return refused(u"A private share of %1 holds back nothing, or everything."_s.arg(share),
                       u"Give a number between 0 and 1."_s);
    QHash<QByteArray, qsizetype> places;
    std::vector<std::pair<QByteArray, qint64>> clusters;
    qint64 all = 0;
    EVALWRIGHT_TRY(forEachItem(connection, dataset.id, [&](const Candidate &item) -> Status {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        const QByteArray cluster = key(item);
        const auto place = places.constFind(cluster);
        if (place == places.cend()) {
            places.insert(cluster, static_cast<qsizetype>(clusters.size()));
            clusters.emplace_back(cluster, 1);
        } else {
            ++clusters[static_cast<size_t>(*place)].second;
        }
        ++all;
        return {};
    }));
    const double wanted = share * static_cast<double>(all);
    PrivateSplit split;
    for (const std::uint32_t at : statistics::shuffle(seed, "export/private", clusters.size())) {
        const auto &[cluster, size] = clusters[at];
        const double now = std::abs(static_cast<double>(split.m_items) - wanted),
                     then = std::abs(static_cast<double>(split.m_items + size) - wanted);
        if (then > now)
            continue;
        split.m_clusters.insert(cluster);
        split.m_items += size;
    }
    if (split.m_items == 0 || split.m_items == all)
        return refused(
            u"Of the %1 clusters of “%2” none, or all, would be held back."_s.arg(clusters.size()).arg(dataset.name),
            u"Choose another private share, or publish the data set without one."_s);
    return split;
}

} // namespace evalwright
