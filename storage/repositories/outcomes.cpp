// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/outcomes.h"

#include <QSqlError>

namespace evalwright {

using namespace Qt::StringLiterals;

Status forEachOutcome(Connection &connection, DatasetId dataset,
                      const std::function<Status(const CandidateOutcome &)> &use)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT id, response_id, material_id, cluster, import_source_id IS NOT NULL, verdict, "
                         u"coalesce(decision_stage, ''), coalesce(reason, ''), coalesce(actor, ''), label_confidence, "
                         u"CASE WHEN verdict = 'keep' THEN CASE WHEN statement = '' THEN question ELSE statement END "
                         u"ELSE '' END FROM candidate_state WHERE dataset_id = ? ORDER BY ordinal"_s,
                         {dataset.value}));
    CandidateOutcome outcome;
    while (rows.next()) {
        outcome.id.value = rows.value(0).toLongLong();
        outcome.response.value = rows.value(1).toLongLong();
        outcome.material.value = rows.value(2).toLongLong();
        outcome.cluster = rows.value(3).toString();
        outcome.isImported = rows.value(4).toBool();
        outcome.isDecided = !rows.value(5).isNull();
        outcome.keep = rows.value(5).toString() == "keep"_L1;
        outcome.stage = rows.value(6).toString();
        outcome.reason = rows.value(7).toString();
        outcome.actor = rows.value(8).toString();
        outcome.labelConfidence = optionalValue<double>(rows.value(9));
        outcome.text = rows.value(10).toString();
        EVALWRIGHT_TRY(use(outcome));
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return {};
}

Result<MakingUsage> usageOfMaking(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0), "
                         u"coalesce(sum(prompt_tokens IS NULL OR completion_tokens IS NULL), 0), "
                         u"coalesce(sum(cost), 0.0), coalesce(sum(cost IS NULL), 0) FROM response WHERE id IN "
                         u"(SELECT s.response_id FROM job_step s JOIN job j ON j.id = s.job_id "
                         u"WHERE j.dataset_id = ? AND j.kind = 'generate' AND s.response_id IS NOT NULL)"_s,
                         {dataset.value}));
    MakingUsage usage;
    if (rows.next()) {
        usage.answers = rows.value(0).toLongLong();
        usage.promptTokens = rows.value(1).toLongLong();
        usage.completionTokens = rows.value(2).toLongLong();
        usage.withoutTokens = rows.value(3).toLongLong();
        usage.cost = rows.value(4).toDouble();
        usage.withoutCost = rows.value(5).toLongLong();
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return usage;
}

} // namespace evalwright
