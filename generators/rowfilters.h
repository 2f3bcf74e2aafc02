// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/draft.h"

namespace evalwright {

/// Applies one rule of a Filter stage to the rows that are still in; what it rejects says why.
Status applyRule(const Recipe &recipe, const RecipeStage &stage, const FilterRule &rule, std::vector<Draft> &rows,
                 const CancellationToken &token);

/// What two rows are compared by: the statement, the question, the biography or the sentence.
QString comparedText(const Recipe &recipe, const Draft &draft);

} // namespace evalwright
