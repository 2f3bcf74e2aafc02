// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/materials.h"

#include "core/clock.h"
#include "core/hash.h"

#include <QSqlError>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString materialColumns = u"SELECT id, uuid, dataset_id, job_id, kind, ordinal, target, sample, parse_status, "
                                u"fields, stage, reason, created_at FROM material "_s;

/// A row of materialColumns.
Material materialFrom(const QSqlQuery &row)
{
    Material m;
    m.id.value = row.value(0).toLongLong();
    m.uuid = row.value(1).toString();
    m.datasetId.value = row.value(2).toLongLong();
    m.jobId.value = row.value(3).toLongLong();
    m.kind = row.value(4).toString();
    m.ordinal = row.value(5).toLongLong();
    m.target = row.value(6).toString();
    m.sample = row.value(7).toLongLong();
    m.parseStatus = row.value(8).toString();
    m.fields = row.value(9).toString();
    m.stage = row.value(10).toString();
    m.reason = row.value(11).toString();
    m.createdAt = row.value(12).toString();
    return m;
}

} // namespace

Result<MaterialId> storeMaterial(Connection &connection, const Material &m, const QList<MaterialResponse> &responses)
{
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO material (uuid, dataset_id, job_id, kind, ordinal, target, sample, parse_status, fields, stage, "
        u"reason, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        u"ON CONFLICT (dataset_id, kind, ordinal) DO UPDATE SET parse_status = excluded.parse_status, "
        u"fields = excluded.fields, stage = excluded.stage, reason = excluded.reason"_s,
        {m.uuid.isEmpty() ? newUuid() : m.uuid, m.datasetId.value, bound(m.jobId), bound(m.kind), m.ordinal,
         bound(m.target), m.sample, bound(m.parseStatus), m.fields, bound(m.stage), bound(m.reason),
         m.createdAt.isEmpty() ? isoNow() : m.createdAt}));
    EVALWRIGHT_ASSIGN(const QVariant id,
                      connection.value(u"SELECT id FROM material WHERE dataset_id = ? AND kind = ? AND ordinal = ?"_s,
                                       {m.datasetId.value, bound(m.kind), m.ordinal}));
    for (const MaterialResponse &response : responses) {
        EVALWRIGHT_TRY(connection.execute(
            u"INSERT INTO material_response (material_id, stage, presentation, response_id, p, label_mass) "
            u"VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (material_id, stage, presentation) DO UPDATE SET "
            u"response_id = excluded.response_id, p = excluded.p, label_mass = excluded.label_mass"_s,
            {id, bound(response.stage), bound(response.presentation), response.responseId.value, bound(response.p),
             bound(response.labelMass)}));
    }
    return MaterialId{id.toLongLong()};
}

Result<Material> materialById(Connection &connection, MaterialId id)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row,
                      connection.query(materialColumns + u"WHERE id = ?"_s, {id.value}));
    if (!row.next())
        return failure(ErrorCode::NotFound, u"There is no such material in this project."_s);
    return materialFrom(row);
}
Result<QList<MaterialResponse>> materialResponses(Connection &connection, MaterialId id)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT stage, presentation, response_id, p, label_mass FROM material_response "
                                       u"WHERE material_id = ? ORDER BY stage, presentation"_s,
                                       {id.value}));
    QList<MaterialResponse> list;
    while (rows.next()) {
        list << MaterialResponse{rows.value(0).toString(), rows.value(1).toString(),
                                 ResponseId{rows.value(2).toLongLong()}, optionalValue<double>(rows.value(3)),
                                 optionalValue<double>(rows.value(4))};
    }
    return list;
}

Result<QList<ReasonCount>> materialCounts(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT target, stage, reason, count(*) FROM material WHERE dataset_id = ? "
                                       u"GROUP BY target, stage, reason ORDER BY target, stage, reason"_s,
                                       {dataset.value}));
    QList<ReasonCount> counts;
    while (rows.next()) {
        const QString stage = rows.value(1).toString();
        counts << ReasonCount{rows.value(0).toString(), stage, rows.value(2).toString(), stage.isEmpty(),
                              rows.value(3).toLongLong()};
    }
    return counts;
}

Result<QList<Material>> lostMaterials(Connection &connection, DatasetId dataset, const QString &stage,
                                      const QString &reason, qint64 limit)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(materialColumns + u"WHERE dataset_id = ? AND stage = ? AND reason = ? "
                                                         u"ORDER BY kind, ordinal LIMIT ?"_s,
                                       {dataset.value, stage, reason, limit}));
    QList<Material> list;
    while (rows.next())
        list << materialFrom(rows);
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading what items are made of"_s));
    return list;
}

} // namespace evalwright
