// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/draft.h"
#include "generators/recipe.h"
#include "lm/request.h"
#include "storage/repositories/candidates.h"

#include <array>

namespace evalwright {

/// The names that a stage's prompt, or its form's texts, may use: those that Recipe::validate() accepts there.
QStringList promptNames(const Recipe &recipe, const RecipeStage &stage);

/// One of the four texts of a prompt.
enum class PromptPart { User, Prefill, ChatSuffix, Completion };
inline constexpr std::array promptParts{PromptPart::User, PromptPart::Prefill, PromptPart::ChatSuffix, PromptPart::Completion};
QString promptText(const RecipeStage &stage, PromptPart part);
/// Of the form's first wording when the stage has a form, which becomes a copy of its own.
void setPromptText(RecipeStage &stage, PromptPart part, const QString &text);

/// A mistake that Recipe::validate() found, with the place it is in.
struct StudioProblem
{
    int stage = -1; ///< Number of the stage; -1: elsewhere in the recipe.
    std::optional<PromptPart> part;
    TemplateProblem problem; ///< Line and column of the text.
};
QList<StudioProblem> studioProblems(const Recipe &recipe);

/// A stored candidate as a check's row: the texts that its family stored (docs/families.md).
Draft draftFrom(const Recipe &recipe, const Candidate &candidate);
/// What the stage would ask about this row; without one, about a made-up one.
Result<LmRequest> sampleRequest(const Recipe &recipe, const RecipeStage &stage, const Model &model, int target,
                                const std::optional<Candidate> &sample);

} // namespace evalwright
