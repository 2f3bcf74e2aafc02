// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/validations.h"

#include "core/clock.h"
#include "core/hash.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString columns = u"v.id, v.uuid, v.job_id, v.dataset_id, v.model_id, v.behaviour_id, v.prompt, v.frame, "
                        u"v.check_json, v.check_hash, v.items, v.result, v.created_at"_s;

CheckerValidation validationFrom(const QSqlQuery &row)
{
    CheckerValidation v;
    v.id.value = row.value(0).toLongLong();
    v.uuid = row.value(1).toString();
    v.jobId.value = row.value(2).toLongLong();
    v.datasetId.value = row.value(3).toLongLong();
    v.modelId.value = row.value(4).toLongLong();
    v.behaviourId.value = row.value(5).toLongLong();
    v.prompt = row.value(6).toString();
    v.frame = row.value(7).toString();
    v.checkJson = row.value(8).toString();
    v.checkHash = row.value(9).toString();
    v.items = row.value(10).toLongLong();
    v.result = row.value(11).toString();
    v.createdAt = row.value(12).toString();
    return v;
}

} // namespace

Result<CheckerValidation> addValidation(Connection &connection, CheckerValidation v)
{
    {
        EVALWRIGHT_ASSIGN(
            QSqlQuery latest,
            connection.query(u"SELECT %1 FROM checker_validation v WHERE v.job_id = ? AND v.dataset_id = ? AND "
                             u"v.model_id = ? AND v.check_hash = ? ORDER BY v.id DESC LIMIT 1"_s.arg(columns),
                             {v.jobId.value, v.datasetId.value, v.modelId.value, v.checkHash}));
        if (latest.next()) {
            CheckerValidation before = validationFrom(latest);
            if (before.result == v.result && before.checkJson == v.checkJson && before.items == v.items)
                return before;
        }
    }
    v.uuid = newUuid();
    v.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        v.id.value,
        connection.insert(u"INSERT INTO checker_validation (uuid, job_id, dataset_id, model_id, behaviour_id, prompt, "
                          u"frame, check_json, check_hash, items, result, created_at) "
                          u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
                          {v.uuid, v.jobId.value, v.datasetId.value, v.modelId.value, bound(v.behaviourId), v.prompt,
                           v.frame, v.checkJson, v.checkHash, v.items, v.result, v.createdAt}));
    return v;
}

Result<QList<ValidationRow>> latestValidations(Connection &connection, const ValidationFilter &filter)
{
    QString where = u"v.id IN (SELECT max(id) FROM checker_validation GROUP BY dataset_id, model_id, check_hash)"_s;
    QVariantList values;
    if (filter.dataset.isValid()) {
        where += u" AND v.dataset_id = ?"_s;
        values << filter.dataset.value;
    }
    if (filter.model.isValid()) {
        where += u" AND v.model_id = ?"_s;
        values << filter.model.value;
    }
    if (!filter.checkHash.isEmpty()) {
        where += u" AND v.check_hash = ?"_s;
        values << filter.checkHash;
    }
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT %1, d.name, m.name FROM checker_validation v JOIN dataset d ON d.id = v.dataset_id "
                         u"JOIN model m ON m.id = v.model_id WHERE %2 "
                         u"ORDER BY d.name, m.name, v.prompt, v.frame, v.id"_s.arg(columns, where),
                         values));
    QList<ValidationRow> list;
    while (rows.next())
        list << ValidationRow{validationFrom(rows), rows.value(13).toString(), rows.value(14).toString()};
    return list;
}

} // namespace evalwright
