// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jsondifference.h"
#include "storage/repositories/datasetfacts.h"

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

/// How one data set came to be, as far as the project knows.
struct DatasetMaking
{
    DatasetFacts facts;
    qint64 imported = 0;       ///< Kept items that came from a file.
    qint64 decidedByPeople = 0; ///< Candidates whose latest decision is a person's.
    QList<double> thresholds;  ///< Of label confidence, that rules decided with last.
};

/// What differs between the making of two data sets: recipe, models, filters, people.
struct DatasetDifference
{
    DatasetMaking first, second;
    bool bothHaveRecipes = false;
    LeafDifferences recipe; ///< With the seed.
    bool sameApartFromSeed() const;
    bool sameSeed() const;
    /// One sentence each, in plain English; the first is about the recipes.
    QStringList sentences() const;
    nlohmann::json toJson() const;
};
Result<DatasetDifference> datasetDifference(Connection &connection, DatasetId first, DatasetId second);

/// Kept items of `second` whose question (with its statement) is that of a kept item of `first`, letter by letter.
Result<qint64> equalQuestions(Connection &connection, DatasetId first, DatasetId second);

} // namespace evalwright
