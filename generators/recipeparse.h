// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/recipe.h"

namespace evalwright {

/// Makes the shipped recipes and their data readable under ":/evalwright".
void initialiseRecipes();

/// A document brought to its whole, present form: references resolved, older stages upgraded. `document` is only
/// meaningful when `problems` is empty.
struct ReadRecipe
{
    nlohmann::json document;
    QList<RecipeProblem> problems;
};
/// `folder`: where prompt and data files may lie; empty: nowhere.
ReadRecipe readRecipe(const QByteArray &bytes, const QString &folder);
/// Recipe::fromJson() for a document that may name files.
Result<Recipe> parseRecipe(const QByteArray &bytes, const QString &source, const QString &folder);
/// From a document without problems.
Recipe recipeFromValid(const nlohmann::json &document);

} // namespace evalwright
