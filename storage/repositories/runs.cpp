// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/runs.h"

#include "core/clock.h"
#include "core/hash.h"
#include "storage/repositories/models.h"

#include <QHash>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

Run runFrom(const QSqlQuery &row)
{
    return Run{RunId{row.value(0).toLongLong()}, row.value(1).toString(), row.value(2).toString(),
               JobId{row.value(3).toLongLong()}, row.value(4).toString(), row.value(5).toString()};
}

const QString runColumns = u"id, uuid, name, job_id, parameters, created_at FROM run"_s;

Result<QList<ObservationRow>> rowsOf(Connection &connection, const QString &rest, const QVariantList &values)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(
            u"SELECT o.id, o.run_id, o.candidate_id, o.model_id, o.frame, o.control, o.option_order, o.method, "
            u"o.method_version, o.outcome, o.argmax, o.p_matching, o.label_mass, o.undecided_mass, o.censored, "
            u"o.labels, o.response_id, o.created_at, c.uuid, d.name, c.matching_label, c.cluster, "
            u"json_array_length(c.other_labels) + 1, c.label_confidence, c.statement, o.repeat, o.matches "
            u"FROM observation o JOIN candidate c ON c.id = o.candidate_id JOIN dataset d ON d.id = c.dataset_id "_s +
                rest,
            values));
    QList<ObservationRow> list;
    while (rows.next()) {
        ObservationRow row;
        Observation &o = row.observation;
        o.id.value = rows.value(0).toLongLong();
        o.runId.value = rows.value(1).toLongLong();
        o.candidateId.value = rows.value(2).toLongLong();
        o.modelId.value = rows.value(3).toLongLong();
        o.frame = rows.value(4).toString();
        o.control = rows.value(5).toString();
        o.optionOrder = rows.value(6).toString();
        o.method = rows.value(7).toString();
        o.methodVersion = rows.value(8).toInt();
        o.outcome = rows.value(9).toString();
        o.argmax = rows.value(10).toString();
        o.pMatching = optionalValue<double>(rows.value(11));
        o.labelMass = optionalValue<double>(rows.value(12));
        o.undecidedMass = optionalValue<double>(rows.value(13));
        o.censored = rows.value(14).toBool();
        o.labels = rows.value(15).toString();
        o.responseId.value = rows.value(16).toLongLong();
        o.createdAt = rows.value(17).toString();
        row.itemUuid = rows.value(18).toString();
        row.dataset = rows.value(19).toString();
        row.matchingLabel = rows.value(20).toString();
        row.cluster = rows.value(21).toString();
        row.options = rows.value(22).toInt();
        row.labelConfidence = optionalValue<double>(rows.value(23));
        row.statement = rows.value(24).toString();
        o.repeat = rows.value(25).toLongLong();
        o.matches = optionalValue<bool>(rows.value(26));
        list << row;
    }
    QHash<qint64, Model> models;
    for (ObservationRow &row : list) {
        const ModelId id = row.observation.modelId;
        if (!models.contains(id.value)) {
            EVALWRIGHT_ASSIGN(const Model model, modelById(connection, id));
            models.insert(id.value, model);
        }
        row.model = models.value(id.value);
    }
    return list;
}

} // namespace

Result<Run> createRun(Connection &connection, Run run)
{
    run.uuid = newUuid();
    run.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        run.id.value,
        connection.insert(u"INSERT INTO run (uuid, name, job_id, parameters, created_at) VALUES (?, ?, ?, ?, ?)"_s,
                          {run.uuid, bound(run.name), run.jobId.value, run.parameters, run.createdAt}));
    return run;
}

Result<std::optional<Run>> runByJob(Connection &connection, JobId job)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT %1 WHERE job_id = ? ORDER BY id DESC LIMIT 1"_s.arg(runColumns), {job.value}));
    if (!row.next())
        return std::optional<Run>();
    return std::optional<Run>(runFrom(row));
}

Result<QList<Run>> listRuns(Connection &connection)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT %1 ORDER BY id DESC"_s.arg(runColumns)));
    QList<Run> runs;
    while (rows.next())
        runs << runFrom(rows);
    return runs;
}

Result<Run> runByUuidOrName(Connection &connection, const QString &uuidOrName)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT %1 WHERE uuid = ? OR name = ? ORDER BY id DESC LIMIT 1"_s.arg(runColumns),
                         {uuidOrName, uuidOrName}));
    if (row.next())
        return runFrom(row);
    EVALWRIGHT_ASSIGN(const QList<Run> runs, listRuns(connection));
    QStringList names;
    for (const Run &run : runs.mid(0, 5))
        names << run.name;
    return failure(Error(ErrorCode::NotFound, u"There is no run “%1” in this project."_s.arg(uuidOrName),
                         u"“project info” lists the runs."_s)
                       .withSuggestions(names));
}

Status addObservation(Connection &connection, const Observation &o)
{
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO observation (run_id, candidate_id, model_id, frame, control, option_order, method, "
        u"method_version, outcome, argmax, "
        u"p_matching, label_mass, undecided_mass, censored, labels, response_id, created_at, repeat, matches) "
        u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        u"ON CONFLICT (run_id, candidate_id, model_id, frame, control, option_order, repeat) DO NOTHING"_s,
        {o.runId.value, o.candidateId.value, o.modelId.value, o.frame, o.control, o.optionOrder, o.method,
         o.methodVersion, o.outcome, bound(o.argmax), bound(o.pMatching), bound(o.labelMass), bound(o.undecidedMass),
         o.censored ? 1 : 0, o.labels, bound(o.responseId), o.createdAt.isEmpty() ? isoNow() : o.createdAt,
         o.repeat, o.matches ? QVariant(*o.matches ? 1 : 0) : QVariant()}));
    return {};
}

Result<QSet<qint64>> observedItems(Connection &connection, RunId run, ModelId model, const QString &frame, qint64 first,
                                   qint64 last, const QString &control, const QString &order, qint64 repeat)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT candidate_id FROM observation WHERE run_id = ? AND candidate_id BETWEEN "
                         u"? AND ? AND model_id = ? AND frame = ? AND control = ? AND option_order = ? AND repeat = ?"_s,
                         {run.value, first, last, model.value, frame, control, order, repeat}));
    QSet<qint64> items;
    while (rows.next())
        items << rows.value(0).toLongLong();
    return items;
}

namespace {

struct Selection
{
    QString where;
    QVariantList values;
};

Selection selectionOf(const ObservationFilter &filter)
{
    Selection selection;
    selection.where = u"WHERE 1 = 1"_s;
    const auto add = [&selection](auto id, const QString &column) {
        if (id.isValid()) {
            selection.where += u" AND %1 = ?"_s.arg(column);
            selection.values << id.value;
        }
    };
    add(filter.run, u"o.run_id"_s);
    add(filter.dataset, u"c.dataset_id"_s);
    add(filter.model, u"o.model_id"_s);
    selection.where += u" ORDER BY o.run_id, c.dataset_id, o.model_id, o.frame, o.control, c.ordinal"_s;
    return selection;
}

} // namespace

Result<QList<ObservationRow>> observations(Connection &connection, const ObservationFilter &filter)
{
    const Selection selection = selectionOf(filter);
    return rowsOf(connection, selection.where, selection.values);
}

Status forEachObservation(Connection &connection, const ObservationFilter &filter,
                          const std::function<void(const ObservationRow &)> &use)
{
    const Selection selection = selectionOf(filter);
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT o.run_id, o.candidate_id, o.model_id, o.frame, o.control, o.method, "
                                       u"o.outcome, o.argmax, o.p_matching, o.label_mass, o.censored, "
                                       u"c.matching_label, c.cluster, json_array_length(c.other_labels) + 1, "
                                       u"c.label_confidence, o.option_order FROM observation o JOIN candidate c ON "
                                       u"c.id = o.candidate_id "_s +
                                           selection.where,
                                       selection.values));
    ObservationRow row;
    while (rows.next()) {
        Observation &o = row.observation;
        o.runId.value = rows.value(0).toLongLong();
        o.candidateId.value = rows.value(1).toLongLong();
        o.modelId.value = rows.value(2).toLongLong();
        o.frame = rows.value(3).toString();
        o.control = rows.value(4).toString();
        o.method = rows.value(5).toString();
        o.outcome = rows.value(6).toString();
        o.argmax = rows.value(7).toString();
        o.pMatching = optionalValue<double>(rows.value(8));
        o.labelMass = optionalValue<double>(rows.value(9));
        o.censored = rows.value(10).toBool();
        row.matchingLabel = rows.value(11).toString();
        row.cluster = rows.value(12).toString();
        row.options = rows.value(13).toInt();
        row.labelConfidence = optionalValue<double>(rows.value(14));
        o.optionOrder = rows.value(15).toString();
        use(row);
    }
    return {};
}

Result<QList<CheckedLabels>> checkedLabels(Connection &connection, const CellPlace &place, const QString &control)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(
            u"SELECT a.candidate_id, a.labels, b.labels, a.argmax, b.argmax FROM observation b "
            u"JOIN candidate c ON c.id = b.candidate_id AND c.dataset_id = ? "
            u"JOIN observation a ON a.run_id = b.run_id AND a.candidate_id = b.candidate_id AND "
            u"a.model_id = b.model_id AND a.frame = b.frame AND a.control = 'none' AND "
            u"a.option_order = b.option_order AND a.repeat = b.repeat WHERE b.run_id = ? AND b.model_id = ? AND b.frame = ? AND "
            u"b.control = ? AND a.outcome = 'answered' AND b.outcome = 'answered' ORDER BY c.ordinal"_s,
            {place.dataset.value, place.run.value, place.model.value, place.frame, control}));
    QList<CheckedLabels> list;
    while (rows.next()) {
        list << CheckedLabels{CandidateId{rows.value(0).toLongLong()}, rows.value(1).toString(),
                              rows.value(2).toString(), rows.value(3).toString(), rows.value(4).toString()};
    }
    return list;
}

Status forEachLabels(Connection &connection, const CellPlace &place, double nearest,
                     const std::function<void(const QString &itemUuid, const QString &labels)> &use)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(
            u"SELECT c.uuid, o.labels FROM observation o JOIN candidate c ON c.id = o.candidate_id "
            u"WHERE o.run_id = ? AND c.dataset_id = ? AND o.model_id = ? AND o.frame = ? AND o.control = 'none' AND "
            u"o.option_order = 'stored' AND o.repeat = 0 AND o.outcome = 'answered' AND (json_array_length(c.other_labels) > 1 OR "
            u"o.p_matching BETWEEN ? AND ?) ORDER BY c.ordinal"_s,
            {place.run.value, place.dataset.value, place.model.value, place.frame, 1 - nearest, nearest}));
    while (rows.next())
        use(rows.value(0).toString(), rows.value(1).toString());
    return {};
}

Result<QList<ObservationRow>> observationsOfItem(Connection &connection, CandidateId item)
{
    return rowsOf(connection, u"WHERE o.candidate_id = ? ORDER BY o.run_id DESC, o.model_id"_s, {item.value});
}

Result<FigureRecord> addFigure(Connection &connection, FigureRecord figure)
{
    figure.uuid = newUuid();
    figure.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        figure.id.value,
        connection.insert(
            u"INSERT INTO figure (uuid, kind, title, parameters, spec, created_at) VALUES (?, ?, ?, ?, ?, ?)"_s,
            {figure.uuid, figure.kind, bound(figure.title), figure.parameters, figure.spec, figure.createdAt}));
    return figure;
}

Result<QList<FigureRecord>> listFigures(Connection &connection)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT id, uuid, kind, title, parameters, spec, created_at FROM figure ORDER BY id DESC"_s));
    QList<FigureRecord> figures;
    while (rows.next()) {
        figures << FigureRecord{FigureId{rows.value(0).toLongLong()},
                                rows.value(1).toString(),
                                rows.value(2).toString(),
                                rows.value(3).toString(),
                                rows.value(4).toString(),
                                rows.value(5).toString(),
                                rows.value(6).toString()};
    }
    return figures;
}

} // namespace evalwright
