// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/notes.h"

#include <QMap>

#include <optional>

namespace evalwright {

/// What a data set's overview tells, in the window and in the terminal alike.
struct DatasetFacts
{
    Dataset dataset;
    std::optional<Behaviour> behaviour; ///< Unset: nobody described it.
    std::optional<RecipeRecord> recipe; ///< Unset: imported.
    QList<ReasonCount> reasons;
    QList<ImportSource> sources;
    DatasetModels models;
    QList<DatasetNote> notes; ///< What stays with the data set in words.

    qint64 candidates = 0, items = 0, reviewed = 0; ///< reviewed: candidates that a person has rated.
    QMap<QString, qint64> controls; ///< Different questions of each control (ControlSet).
    QMap<QString, qint64> itemsPerLabel; ///< Labels without the space that published files put before them.
};
Result<DatasetFacts> datasetFacts(Connection &connection, DatasetId dataset);

} // namespace evalwright
