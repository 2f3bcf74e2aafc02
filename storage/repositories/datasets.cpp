// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/datasets.h"

#include "core/clock.h"
#include "core/hash.h"
#include "core/text.h"

#include <QSqlError>

#include <optional>
#include <vector>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString datasetColumns = u"id, uuid, name, family, behaviour_id, recipe_id, canary, created_at"_s;

Dataset datasetFrom(const QSqlQuery &row)
{
    Dataset dataset;
    dataset.id.value = row.value(0).toLongLong();
    dataset.uuid = row.value(1).toString();
    dataset.name = row.value(2).toString();
    dataset.family = row.value(3).toString();
    dataset.behaviourId.value = row.value(4).toLongLong();
    dataset.recipeId.value = row.value(5).toLongLong();
    dataset.canary = row.value(6).toString();
    dataset.createdAt = row.value(7).toString();
    return dataset;
}

const QString behaviourColumns =
    u"id, uuid, name, category, description, contrast, polarity, guideline, subject, created_at"_s;

Behaviour behaviourFrom(const QSqlQuery &row)
{
    Behaviour behaviour;
    behaviour.id.value = row.value(0).toLongLong();
    behaviour.uuid = row.value(1).toString();
    behaviour.name = row.value(2).toString();
    behaviour.category = row.value(3).toString();
    behaviour.description = row.value(4).toString();
    behaviour.contrast = row.value(5).toString();
    behaviour.polarity = row.value(6).toString();
    behaviour.guideline = row.value(7).toString();
    behaviour.subject = row.value(8).toString();
    behaviour.createdAt = row.value(9).toString();
    return behaviour;
}

/// Whether a candidate's latest decision is “keep”, by its id. Read from the index of decisions alone, once for all data
/// sets: for a million candidates a third of what asking the view about each takes. Nothing for ids that only a strange
/// file has, for which there would be no room.
Result<std::optional<std::vector<bool>>> keptCandidates(Connection &connection)
{
    constexpr qint64 largestId = 1'000'000'000; ///< An eighth of it in bytes.
    EVALWRIGHT_ASSIGN(const QVariant smallest, connection.value(u"SELECT min(id) FROM candidate"_s));
    EVALWRIGHT_ASSIGN(const QVariant largest, connection.value(u"SELECT max(id) FROM candidate"_s));
    if (smallest.toLongLong() < 0 || largest.toLongLong() > largestId)
        return std::nullopt;
    std::vector<bool> kept(static_cast<std::size_t>(largest.toLongLong()) + 1);
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT candidate_id, verdict FROM decision INDEXED BY decision_candidate ORDER BY candidate_id, id"_s, {},
                                         [&](const Statement::Row &row) {
                                             const auto id = static_cast<std::size_t>(row.integer(0));
                                             if (id < kept.size())
                                                 kept[id] = row.bytes(1) == "keep";
                                         }));
    return kept;
}

} // namespace

Result<Behaviour> ensureBehaviour(Connection &connection, Behaviour behaviour)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery found,
        connection.query(u"SELECT %1 FROM behaviour WHERE name = ?"_s.arg(behaviourColumns), {bound(behaviour.name)}));
    if (found.next())
        return behaviourFrom(found);
    behaviour.uuid = newUuid();
    behaviour.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        behaviour.id.value,
        connection.insert(u"INSERT INTO behaviour (uuid, name, category, description, contrast, polarity, guideline, "
                          u"subject, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
                          {behaviour.uuid, bound(behaviour.name), bound(behaviour.category),
                           bound(behaviour.description), bound(behaviour.contrast), behaviour.polarity,
                           bound(behaviour.guideline), behaviour.subject, behaviour.createdAt}));
    return behaviour;
}

Result<Behaviour> behaviourById(Connection &connection, BehaviourId id)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row,
                      connection.query(u"SELECT %1 FROM behaviour WHERE id = ?"_s.arg(behaviourColumns), {id.value}));
    if (row.next())
        return behaviourFrom(row);
    return failure(ErrorCode::NotFound, u"There is no behaviour number %1 in this project."_s.arg(id.value));
}

Result<RecipeRecord> ensureRecipe(Connection &connection, RecipeRecord recipe)
{
    recipe.createdAt = isoNow();
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO recipe (hash, preset, json, created_at) VALUES (?, ?, ?, ?) "
                                      u"ON CONFLICT (hash) DO NOTHING"_s,
                                      {recipe.hash, bound(recipe.preset), recipe.json, recipe.createdAt}));
    EVALWRIGHT_ASSIGN(const QVariant id, connection.value(u"SELECT id FROM recipe WHERE hash = ?"_s, {recipe.hash}));
    recipe.id.value = id.toLongLong();
    return recipe;
}

Result<RecipeRecord> recipeById(Connection &connection, RecipeId id)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT hash, preset, json, created_at FROM recipe WHERE id = ?"_s, {id.value}));
    if (!row.next())
        return failure(ErrorCode::NotFound, u"There is no recipe number %1 in this project."_s.arg(id.value));
    return RecipeRecord{id, row.value(0).toString(), row.value(1).toString(), row.value(2).toString(),
                        row.value(3).toString()};
}

Result<Dataset> createDataset(Connection &connection, Dataset dataset)
{
    if (dataset.name.trimmed().isEmpty())
        return failure(ErrorCode::InvalidInput, u"A data set needs a name."_s, u"Give it a short name."_s);
    EVALWRIGHT_ASSIGN(
        const QVariant taken,
        connection.value(u"SELECT 1 FROM dataset WHERE name = ? AND removed_at IS NULL"_s, {dataset.name}));
    if (taken.isValid()) {
        return failure(ErrorCode::AlreadyExists, u"There is already a data set named “%1”."_s.arg(dataset.name),
                       u"Choose another name, or remove that one first."_s);
    }
    dataset.uuid = newUuid();
    dataset.createdAt = isoNow();
    dataset.canary =
        u"evalwright canary GUID %1. This data is for evaluation only; please keep it out of training corpora."_s.arg(
            newUuid());
    EVALWRIGHT_ASSIGN(
        dataset.id.value,
        connection.insert(u"INSERT INTO dataset (uuid, name, family, behaviour_id, recipe_id, canary, created_at) "
                          u"VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
                          {dataset.uuid, dataset.name, dataset.family, bound(dataset.behaviourId),
                           bound(dataset.recipeId), dataset.canary, dataset.createdAt}));
    return dataset;
}

Result<std::optional<Dataset>> findDataset(Connection &connection, const QString &name)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT %1 FROM dataset WHERE name = ? AND removed_at IS NULL"_s.arg(datasetColumns),
                         {bound(name)}));
    return row.next() ? std::optional(datasetFrom(row)) : std::nullopt;
}

Result<Dataset> datasetByName(Connection &connection, const QString &name)
{
    EVALWRIGHT_ASSIGN(const std::optional<Dataset> found, findDataset(connection, name));
    if (found)
        return *found;
    QStringList names;
    EVALWRIGHT_ASSIGN(QSqlQuery all, connection.query(u"SELECT name FROM dataset WHERE removed_at IS NULL"_s));
    while (all.next())
        names << all.value(0).toString();
    return failure(Error(ErrorCode::NotFound, u"There is no data set named “%1” in this project."_s.arg(name),
                         u"Choose one of “dataset list”."_s)
                       .withSuggestions(nearestNames(name, names)));
}

Result<Dataset> datasetById(Connection &connection, DatasetId id)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row,
                      connection.query(u"SELECT %1 FROM dataset WHERE id = ?"_s.arg(datasetColumns), {id.value}));
    if (row.next())
        return datasetFrom(row);
    return failure(ErrorCode::NotFound, u"There is no data set number %1 in this project."_s.arg(id.value));
}

Result<QList<DatasetSummary>> listDatasets(Connection &connection)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT s.id, s.uuid, s.name, s.family, s.behaviour_id, s.recipe_id, s.canary, s.created_at, "
                         u"coalesce(b.name, ''), coalesce(b.category, ''), "
                         u"(SELECT count(DISTINCT j.candidate_id) FROM review v JOIN judgement_current j ON "
                         u"j.review_id = v.id WHERE v.dataset_id = s.id AND j.state = 'submitted') "
                         u"FROM dataset s LEFT JOIN behaviour b ON b.id = s.behaviour_id "
                         u"WHERE s.removed_at IS NULL ORDER BY b.category, s.name"_s));
    QList<DatasetSummary> list;
    while (rows.next()) {
        DatasetSummary summary;
        summary.dataset = datasetFrom(rows);
        summary.behaviourName = rows.value(8).toString();
        summary.category = rows.value(9).toString();
        summary.reviewed = rows.value(10).toLongLong();
        list << summary;
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    if (list.isEmpty())
        return list;
    EVALWRIGHT_ASSIGN(const std::optional<std::vector<bool>> known, keptCandidates(connection));
    for (DatasetSummary &summary : list) {
        if (!known) {
            EVALWRIGHT_ASSIGN(const QVariant items, connection.value(u"SELECT count(*) FROM item WHERE dataset_id = ?"_s, {summary.dataset.id.value}));
            summary.items = items.toLongLong();
        }
        EVALWRIGHT_TRY(connection.forEachRow(u"SELECT id FROM candidate INDEXED BY candidate_columns WHERE dataset_id = ?"_s,
                                             {summary.dataset.id.value}, [&](const Statement::Row &row) {
                                                 const auto id = static_cast<std::size_t>(row.integer(0));
                                                 ++summary.candidates;
                                                 summary.items += known && id < known->size() && (*known)[id] ? 1 : 0;
                                             }));
    }
    return list;
}

Status removeDataset(Connection &connection, const QString &name)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(connection, name));
    EVALWRIGHT_TRY(connection.execute(u"UPDATE dataset SET removed_at = ? WHERE id = ?"_s, {isoNow(), dataset.id.value}));
    return {};
}

Result<DatasetModels> datasetModels(Connection &connection, DatasetId dataset, const QString &family)
{
    const auto names = [&](const QString &from) -> Result<QStringList> {
        EVALWRIGHT_ASSIGN(
            QSqlQuery rows,
            connection.query(u"SELECT DISTINCT m.name FROM candidate c "_s + from +
                                 u" WHERE c.dataset_id = ? AND (? = '' OR m.family = ?) ORDER BY m.name"_s,
                             {dataset.value, bound(family), bound(family)}));
        QStringList list;
        while (rows.next())
            list << rows.value(0).toString();
        if (rows.lastError().isValid())
            return failure(sqlError(rows.lastError(), u"Reading the project"_s));
        return list;
    };
    DatasetModels models;
    EVALWRIGHT_ASSIGN(models.writers,
                      names(u"JOIN response r ON r.id = c.response_id JOIN model m ON m.id = r.model_id"_s));
    EVALWRIGHT_ASSIGN(models.checkers,
                      names(u"JOIN score s ON s.candidate_id = c.id JOIN model m ON m.id = s.checker_model_id"_s));
    return models;
}

} // namespace evalwright
