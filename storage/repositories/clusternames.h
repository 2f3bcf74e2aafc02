// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids.h"
#include "storage/connection.h"

#include <QHash>

namespace evalwright {

/// A name of a cluster. `clustering` says of which clusters, so that a name never goes to others.
struct ClusterName
{
    QString name;
    QString actor = QStringLiteral("person"); ///< model | person
    ResponseId responseId;                    ///< Of a model's.
};

/// Appends a name. A person's latest one of a cluster counts, whatever a model says later; a person's empty name goes
/// back to the model's latest one, or to none.
Status addClusterName(Connection &connection, DatasetId dataset, const QString &clustering, int cluster,
                      const ClusterName &name);
/// The names that count by cluster; those without are absent.
Result<QHash<int, ClusterName>> clusterNames(Connection &connection, DatasetId dataset, const QString &clustering);

} // namespace evalwright
