// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/recipe.h"

namespace evalwright {

/// "check-label" → "Check label".
QString stageTitle(const RecipeStage &stage);
/// What the stage does, in a sentence or two.
QString stageExplanation(const RecipeStage &stage);
/// "/stages/3/sampling/temperature" → "check-label: sampling, temperature".
QString readablePath(const Recipe &recipe, const QString &pointer);

} // namespace evalwright
