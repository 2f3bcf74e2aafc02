// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/generate.h"

namespace evalwright {

enum class WriteTowards { Like, Away };

/// A recipe whose writer is shown chosen items: "write more like these" puts them before the writer as the beginning of
/// its list (persona) or as its gold examples (multiple choice); "write away from these" names them as what to differ
/// from. What was chosen stands in the prompts, so the data set remembers it. InvalidInput for other families, without
/// items, and when a label that is asked for has none to be like.
Result<Recipe> withExamples(const Recipe &recipe, const QList<Candidate> &chosen, WriteTowards towards);

/// The job that made a data set, for making it again under another name: the recipe as it is stored, the same models;
/// the seed plus one unless `seed` is given. NotFound when the data set was not generated.
Result<GenerateSpec> sameAgain(Connection &connection, const QString &dataset, const QString &newName,
                               std::optional<qint64> seed = {});

} // namespace evalwright
