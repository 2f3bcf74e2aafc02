// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/answerorigin.h"

#include <QSqlError>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<QHash<ResponseId, AnswerOrigin>> answerOrigins(Connection &connection, const QList<ResponseId> &responses)
{
    QHash<ResponseId, AnswerOrigin> origins;
    for (const ResponseId id : responses) {
        if (!id.isValid() || origins.contains(id))
            continue;
        EVALWRIGHT_ASSIGN(
            QSqlQuery row,
            connection.query(u"SELECT r.received_at, r.attempts, m.name, j.id, j.title FROM response r "
                             u"JOIN model m ON m.id = r.model_id LEFT JOIN job j ON j.id = (SELECT s.job_id FROM "
                             u"job_step s WHERE s.response_id = r.id AND s.from_cache = 0 ORDER BY s.id LIMIT 1) "
                             u"WHERE r.id = ?"_s,
                             {id.value}));
        if (!row.next())
            continue;
        AnswerOrigin origin;
        origin.firstAsked = row.value(0).toString();
        origin.attempts = row.value(1).toInt();
        origin.model = row.value(2).toString();
        origin.job.value = row.value(3).toLongLong();
        origin.jobTitle = row.value(4).toString();
        origins.insert(id, origin);
    }
    return origins;
}

QString originText(const AnswerOrigin &origin)
{
    return u"from cache, first asked on %1 by job %2, “%3” (%4, %5)"_s.arg(origin.firstAsked.left(10))
        .arg(origin.job.value)
        .arg(origin.jobTitle.left(80), origin.model,
             origin.attempts == 1 ? u"1 try"_s : u"%1 tries"_s.arg(origin.attempts));
}

Result<QList<CachedPart>> cachedParts(Connection &connection, RunId run)
{
    // Most runs took nothing, and going through all their answers takes seconds.
    EVALWRIGHT_ASSIGN(const QVariant any,
                      connection.value(u"SELECT EXISTS (SELECT 1 FROM run JOIN job_step s ON s.job_id = run.job_id "
                                       u"WHERE run.id = ? AND s.from_cache = 1)"_s,
                                       {run.value}));
    if (!any.toBool())
        return QList<CachedPart>();
    // Equal questions of one job share an answer that this job asked for: that is not the cache.
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(
            u"SELECT c.dataset_id, o.model_id, o.frame, count(*), min(r.received_at), max(r.received_at), "
            u"o.control "
            u"FROM run JOIN observation o ON o.run_id = run.id JOIN candidate c ON c.id = o.candidate_id "
            u"JOIN response r ON r.id = o.response_id WHERE run.id = ? AND o.option_order = 'stored' AND "
            u"o.repeat = 0 "
            u"AND EXISTS (SELECT 1 FROM job_step s WHERE s.response_id = r.id AND s.job_id = run.job_id) "
            u"AND NOT EXISTS (SELECT 1 FROM job_step s WHERE s.response_id = r.id AND s.job_id = run.job_id AND "
            u"s.from_cache = 0) GROUP BY c.dataset_id, o.model_id, o.frame, o.control"_s,
            {run.value}));
    QList<CachedPart> parts;
    while (rows.next()) {
        CachedPart part;
        part.dataset.value = rows.value(0).toLongLong();
        part.model.value = rows.value(1).toLongLong();
        part.frame = rows.value(2).toString();
        part.answers = rows.value(3).toLongLong();
        part.firstAsked = rows.value(4).toString();
        part.lastAsked = rows.value(5).toString();
        part.control = rows.value(6).toString();
        parts << part;
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the results"_s));
    return parts;
}

} // namespace evalwright
