// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/answerrows.h"

#include <QSqlError>

namespace evalwright {

using namespace Qt::StringLiterals;

Status forEachAnswer(Connection &connection, const CellPlace &place,
                     const std::function<Status(const AnswerRow &)> &use)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(
            u"SELECT o.id, o.candidate_id, o.repeat, o.method, o.method_version, o.outcome, o.argmax, o.matches, "
            u"o.p_matching, o.label_mass, o.censored, o.labels FROM observation o "
            u"JOIN candidate c ON c.id = o.candidate_id WHERE o.run_id = ? AND c.dataset_id = ? AND "
            u"o.model_id = ? AND o.frame = ? AND o.control = 'none' AND o.option_order = 'stored' "
            u"ORDER BY c.ordinal, o.repeat"_s,
            {place.run.value, place.dataset.value, place.model.value, place.frame}));
    AnswerRow row;
    Observation &o = row.observation;
    o.runId = place.run;
    o.modelId = place.model;
    o.frame = place.frame;
    while (rows.next()) {
        o.id.value = rows.value(0).toLongLong();
        o.candidateId.value = rows.value(1).toLongLong();
        o.repeat = rows.value(2).toLongLong();
        o.method = rows.value(3).toString();
        o.methodVersion = rows.value(4).toInt();
        o.outcome = rows.value(5).toString();
        o.argmax = rows.value(6).toString();
        const auto matches = optionalValue<int>(rows.value(7));
        o.matches = matches ? std::optional(*matches != 0) : std::nullopt;
        o.pMatching = optionalValue<double>(rows.value(8));
        o.labelMass = optionalValue<double>(rows.value(9));
        o.censored = rows.value(10).toBool();
        o.labels = rows.value(11).toString();
        if (row.item.id.value != o.candidateId.value) {
            EVALWRIGHT_ASSIGN(const CandidateRow found, candidateById(connection, o.candidateId));
            row.item = found.candidate;
        }
        EVALWRIGHT_TRY(use(row));
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return {};
}

Result<QList<AnswerCell>> answerCells(Connection &connection, RunId run, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(
            u"SELECT o.model_id, m.name, o.frame, count(*) FROM observation o "
            u"JOIN candidate c ON c.id = o.candidate_id JOIN model m ON m.id = o.model_id "
            u"WHERE o.run_id = ? AND c.dataset_id = ? AND o.control = 'none' AND o.option_order = 'stored' "
            u"GROUP BY o.model_id, o.frame ORDER BY m.name, o.frame"_s,
            {run.value, dataset.value}));
    QList<AnswerCell> cells;
    while (rows.next()) {
        cells << AnswerCell{{run, dataset, ModelId{rows.value(0).toLongLong()}, rows.value(2).toString()},
                            rows.value(1).toString(),
                            rows.value(3).toLongLong()};
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return cells;
}

} // namespace evalwright
