// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/clusternames.h"

#include "core/clock.h"

#include <QSqlError>

namespace evalwright {

using namespace Qt::StringLiterals;

Status addClusterName(Connection &connection, DatasetId dataset, const QString &clustering, int cluster,
                      const ClusterName &name)
{
    EVALWRIGHT_TRY(connection.insert(
        u"INSERT INTO cluster_name (dataset_id, clustering, cluster, name, actor, response_id, created_at) "
        u"VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
        {dataset.value, bound(clustering), cluster, bound(name.name), name.actor, bound(name.responseId),
         isoNow()}));
    return {};
}

Result<QHash<int, ClusterName>> clusterNames(Connection &connection, DatasetId dataset, const QString &clustering)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT cluster, name, actor, response_id FROM cluster_name WHERE dataset_id = "
                                       u"? AND clustering = ? ORDER BY id"_s,
                                       {dataset.value, bound(clustering)}));
    QHash<int, ClusterName> names, byPeople;
    while (rows.next()) {
        const int cluster = rows.value(0).toInt();
        const ClusterName name{rows.value(1).toString(), rows.value(2).toString(),
                               ResponseId{rows.value(3).toLongLong()}};
        (name.actor == "person"_L1 ? byPeople : names).insert(cluster, name);
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the names of clusters"_s));
    for (auto name = byPeople.cbegin(); name != byPeople.cend(); ++name) {
        if (!name->name.isEmpty())
            names.insert(name.key(), *name);
    }
    return names;
}

} // namespace evalwright
