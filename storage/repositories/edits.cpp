// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/edits.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/editcolumns.h"

#include <QSqlError>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct StoredEdit
{
    CandidateEdit edit;
    QString before, after;
};

Result<QList<StoredEdit>> readEdits(Connection &connection, const QString &where, const QVariant &value)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT id, candidate_id, batch, actor, reason, before, after, created_at FROM "
                                       u"candidate_edit WHERE %1 = ? ORDER BY id"_s.arg(where),
                                       {value}));
    QList<StoredEdit> edits;
    while (rows.next()) {
        StoredEdit stored;
        stored.edit.id = rows.value(0).toLongLong();
        stored.edit.candidate.value = rows.value(1).toLongLong();
        stored.edit.batch = rows.value(2).toString();
        stored.edit.actor = rows.value(3).toString();
        stored.edit.reason = rows.value(4).toString();
        stored.before = rows.value(5).toString();
        stored.after = rows.value(6).toString();
        stored.edit.createdAt = rows.value(7).toString();
        edits << stored;
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading edits"_s));
    return edits;
}

} // namespace

CandidateText CandidateText::of(const Candidate &candidate)
{
    return {candidate.statement, candidate.question, candidate.matchingLabel, candidate.otherLabels, candidate.fields};
}

Result<bool> editCandidate(Connection &connection, CandidateId id, const CandidateText &text, const QString &batch,
                           const QString &actor, const QString &reason)
{
    EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, id));
    const CandidateText before = CandidateText::of(row.candidate);
    if (before == text)
        return false;
    if (!storedJson(text.fields).is_object()) {
        return failure(ErrorCode::InvalidInput,
                       u"The further fields of the candidate %1 would be no JSON object."_s.arg(row.candidate.uuid));
    }
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO candidate_edit (candidate_id, batch, actor, reason, before, after, created_at) "
        u"VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
        {id.value, batch, actor, bound(reason), editcolumns::differing(before, text), editcolumns::differing(text, before),
         isoNow()}));
    EVALWRIGHT_TRY(connection.execute(
        u"UPDATE candidate SET statement = ?, question = ?, matching_label = ?, other_labels = ?, fields = ? "
        u"WHERE id = ?"_s,
        {bound(text.statement), bound(text.question), bound(text.matchingLabel),
         QString::fromUtf8(canonicalJson(editcolumns::labelsToJson(text.otherLabels))), text.fields, id.value}));
    return true;
}

Result<QList<CandidateEdit>> editsOf(Connection &connection, CandidateId id)
{
    EVALWRIGHT_ASSIGN(QList<StoredEdit> stored, readEdits(connection, u"candidate_id"_s, id.value));
    EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, id));
    // Only what changed is stored: the newest text is the candidate's own, and each edit leads one step back.
    CandidateText text = CandidateText::of(row.candidate);
    QList<CandidateEdit> edits;
    for (auto it = stored.rbegin(); it != stored.rend(); ++it) {
        it->edit.after = text;
        editcolumns::apply(it->before, text);
        it->edit.before = text;
        edits.prepend(it->edit);
    }
    return edits;
}

Result<QList<EditBatch>> editBatches(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT e.batch, e.actor, e.reason, e.created_at, count(*), min(e.id) AS first "
                                       u"FROM candidate_edit e JOIN candidate c ON c.id = e.candidate_id "
                                       u"WHERE c.dataset_id = ? GROUP BY e.batch ORDER BY first DESC"_s,
                                       {dataset.value}));
    QList<EditBatch> batches;
    while (rows.next()) {
        batches << EditBatch{rows.value(0).toString(), rows.value(1).toString(), rows.value(2).toString(),
                             rows.value(3).toString(), rows.value(4).toLongLong()};
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading edits"_s));
    return batches;
}

} // namespace evalwright
