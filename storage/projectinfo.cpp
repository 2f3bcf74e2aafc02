// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/projectinfo.h"

#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/runs.h"

#include <QFileInfo>
#include <QHash>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

nlohmann::json orNull(const QString &text)
{
    return text.isEmpty() ? nlohmann::json() : nlohmann::json(text.toStdString());
}

/// Rows of `table` by the value of `column`. Counted here: SQLite would keep a tree of groups and look every row up in it.
Result<QHash<qint64, qint64>> countsBy(Connection &connection, const QString &table, const QString &column)
{
    QHash<qint64, qint64> counts;
    qint64 value = 0, run = 0; ///< Neighbours mostly have the same.
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT %1 FROM %2"_s.arg(column, table), {}, [&](const Statement::Row &row) {
        if (row.integer(0) != value) {
            counts[value] += run;
            value = row.integer(0);
            run = 0;
        }
        ++run;
    }));
    if (run > 0)
        counts[value] += run;
    counts.remove(0); // Nothing has this number; it only began the first run.
    return counts;
}

} // namespace

nlohmann::json ProjectInfo::toJson() const
{
    nlohmann::json json{{"path", path.toStdString()},
                        {"name", name.toStdString()},
                        {"uuid", uuid.toStdString()},
                        {"created_at", createdAt.toStdString()},
                        {"schema", schema},
                        {"bytes", bytes},
                        {"responses", responses},
                        {"jobs", jobs},
                        {"datasets", nlohmann::json::array()},
                        {"models", nlohmann::json::array()},
                        {"runs", nlohmann::json::array()}};
    for (const DatasetSummary &entry : datasets) {
        json["datasets"].push_back({{"name", entry.dataset.name.toStdString()},
                                    {"family", entry.dataset.family.toStdString()},
                                    {"behaviour", orNull(entry.behaviourName)},
                                    {"category", orNull(entry.category)},
                                    {"candidates", entry.candidates},
                                    {"items", entry.items},
                                    {"reviewed", entry.reviewed}});
    }
    for (const ModelEntry &entry : models) {
        json["models"].push_back(
            {{"name", entry.model.name.toStdString()},
             {"kind", modelKindName(entry.model.kind).toStdString()},
             {"family", orNull(entry.model.family)},
             {"parameters", entry.model.parameters ? nlohmann::json(*entry.model.parameters) : nlohmann::json()},
             {"training", orNull(entry.model.training)},
             {"responses", entry.responses}});
    }
    for (const RunEntry &entry : runs) {
        json["runs"].push_back({{"run", entry.run.uuid.toStdString()},
                                {"name", entry.run.name.toStdString()},
                                {"state", jobStateName(entry.state).toStdString()},
                                {"created_at", entry.run.createdAt.toStdString()},
                                {"observations", entry.observations}});
    }
    return json;
}

Result<ProjectInfo> projectInfo(Connection &connection, const QString &path)
{
    ProjectInfo info;
    info.path = path;
    for (const QString &suffix : {QString(), u"-wal"_s})
        info.bytes += QFileInfo(path + suffix).size();
    EVALWRIGHT_ASSIGN(QSqlQuery identity,
                      connection.query(u"SELECT name, uuid, created_at FROM project WHERE id = 1"_s));
    if (!identity.next())
        return failure(ErrorCode::Corrupt, u"The project file has no identity row."_s, u"Run “project check”."_s);
    info.name = identity.value(0).toString();
    info.uuid = identity.value(1).toString();
    info.createdAt = identity.value(2).toString();
    EVALWRIGHT_ASSIGN(const QVariant schema, connection.value(u"PRAGMA user_version"_s));
    info.schema = schema.toInt();
    EVALWRIGHT_ASSIGN(info.datasets, listDatasets(connection));

    EVALWRIGHT_ASSIGN(const auto replies, countsBy(connection, u"response"_s, u"model_id"_s));
    for (const qint64 count : replies)
        info.responses += count;
    EVALWRIGHT_ASSIGN(const QList<Model> models, listModels(connection));
    for (const Model &model : models)
        info.models << ProjectInfo::ModelEntry{model, replies.value(model.id.value)};

    EVALWRIGHT_ASSIGN(const auto observed, countsBy(connection, u"observation"_s, u"run_id"_s));
    EVALWRIGHT_ASSIGN(const QList<Run> runs, listRuns(connection));
    for (const Run &run : runs) {
        EVALWRIGHT_ASSIGN(const QVariant state,
                          connection.value(u"SELECT state FROM job WHERE id = ?"_s, {run.jobId.value}));
        info.runs << ProjectInfo::RunEntry{run, jobStateFromName(state.toString()), observed.value(run.id.value)};
    }
    EVALWRIGHT_ASSIGN(const QVariant jobs, connection.value(u"SELECT count(*) FROM job"_s));
    info.jobs = jobs.toLongLong();
    return info;
}

} // namespace evalwright
