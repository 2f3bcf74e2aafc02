// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/checker/sampled.h"
#include "generators/pipeline.h"

namespace evalwright {

/// How a recipe's check is asked of this model.
CheckMethod checkMethodOf(const RecipeStage &check, const Model &checker);
/// Requests for one row: presentations, each as often as the method samples.
qint64 requestsPerRow(const RecipeStage &check, const Model &checker);

/// Asks a check about the rows with these indices, notes in each what was said (Draft::checks), and decides about it:
/// its requirement's probability, or why it is lost. A request's ordinal depends on the row's own ordinal alone.
Status askCheck(const Recipe &recipe, const RecipeStage &check, const Model &checker, std::vector<Draft> &rows,
                const std::vector<size_t> &which, StageAnswers &answers);

} // namespace evalwright
