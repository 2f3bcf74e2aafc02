// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"
#include "storage/repositories/candidates.h"

namespace evalwright {

/// What items are made of before they are items: a biography, an occupation with its clean names.
struct Material
{
    MaterialId id;
    QString uuid;
    DatasetId datasetId;
    JobId jobId;
    QString kind; ///< biography | occupation | the name of the stage that gave it
    qint64 ordinal = 0;
    QString target; ///< Label, side or letter it was asked for.
    qint64 sample = 0;
    QString parseStatus;
    QString fields = QStringLiteral("{}"); ///< Its texts, as JSON.
    QString stage, reason;                 ///< Where and why it was lost; empty: it is in.
    QString createdAt;
};

/// A reply that filled a part of a material or was read as a check of it.
struct MaterialResponse
{
    QString stage, presentation;
    ResponseId responseId;
    std::optional<double> p, labelMass;
};

/// Stores a material with the replies it rests on. One with the same data set, kind and ordinal gets the new content
/// and keeps its id.
Result<MaterialId> storeMaterial(Connection &connection, const Material &material,
                                 const QList<MaterialResponse> &responses);
Result<Material> materialById(Connection &connection, MaterialId id);
Result<QList<MaterialResponse>> materialResponses(Connection &connection, MaterialId id);
/// (target, stage, reason) → number of materials.
Result<QList<ReasonCount>> materialCounts(Connection &connection, DatasetId dataset);

/// Those that were lost at a stage for a reason, by ordinal, at most `limit`.
Result<QList<Material>> lostMaterials(Connection &connection, DatasetId dataset, const QString &stage,
                                      const QString &reason, qint64 limit);

} // namespace evalwright
