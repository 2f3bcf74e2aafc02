// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "storage/connection.h"

#include <QSet>

namespace evalwright {

/// Items that are held back when a data set is published: whole clusters, since the other items of a cluster would give
/// them away. An item without a cluster is one of its own.
class PrivateSplit
{
public:
    /// Clusters in an order that `seed` draws (stream export/private), as long as another one brings the number of
    /// items nearer to `share` of all. InvalidInput: `share` is not between 0 and 1, both excluded, or nothing or
    /// everything would be held back.
    static Result<PrivateSplit> draw(Connection &connection, const Dataset &dataset, double share, quint64 seed,
                                     const CancellationToken &token = {});
    bool holdsBack(const Candidate &item) const { return m_clusters.contains(key(item)); }
    qint64 items() const { return m_items; }
    qint64 clusters() const { return m_clusters.size(); }

private:
    static QByteArray key(const Candidate &item);
    QSet<QByteArray> m_clusters;
    qint64 m_items = 0;
};

} // namespace evalwright
