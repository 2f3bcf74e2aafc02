// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>

#include <optional>

namespace evalwright {

/// Finds the behaviour by name or makes it. A found one keeps its stored description.
Result<Behaviour> ensureBehaviour(Connection &connection, Behaviour behaviour);
Result<Behaviour> behaviourById(Connection &connection, BehaviourId id);

/// Stores the recipe once per hash.
Result<RecipeRecord> ensureRecipe(Connection &connection, RecipeRecord recipe);
Result<RecipeRecord> recipeById(Connection &connection, RecipeId id);

/// Makes an empty data set with a fresh canary; AlreadyExists when the name is taken.
Result<Dataset> createDataset(Connection &connection, Dataset dataset);
/// Unset when there is none of that name.
Result<std::optional<Dataset>> findDataset(Connection &connection, const QString &name);
/// NotFound with the nearest names.
Result<Dataset> datasetByName(Connection &connection, const QString &name);
Result<Dataset> datasetById(Connection &connection, DatasetId id);
/// Data sets that are not removed, with counts, by category and name.
Result<QList<DatasetSummary>> listDatasets(Connection &connection);
/// Hides the data set; its candidates, responses and observations stay in the file.
Status removeDataset(Connection &connection, const QString &name);

/// Names of the models that wrote the candidates of a data set, and of those that scored them; empty for imports.
struct DatasetModels
{
    QStringList writers, checkers;
};
/// `family`: only models of this family; empty: all.
Result<DatasetModels> datasetModels(Connection &connection, DatasetId dataset, const QString &family = {});

} // namespace evalwright
