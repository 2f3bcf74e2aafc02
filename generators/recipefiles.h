// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/recipe.h"

namespace evalwright {

/// Replaces what a recipe names by what it contains, so that the stored document is whole:
///   "user": {"file": "prompts/write.mustache"}     a prompt text beside or below the recipe's file
///   "golds" | "bank" | "occupations": {"shipped": NAME} or {"file": PATH}
/// A gold set or bank may bring its behaviour, topic and sides; they fill what the recipe leaves empty. `folder` is the
/// recipe's own; empty: files cannot be named. Problems have the pointer of what names the file.
QList<RecipeProblem> resolveReferences(nlohmann::json &document, const QString &folder);

/// Documents from before stages had a kind (persona: write and check-label) become whole. Returns whether it was one.
bool upgradeRecipe(nlohmann::json &document);

enum class RecipeData { Golds, Bank, Occupations };
/// What ships with the program, by name and title.
QList<PresetInfo> listShippedData(RecipeData kind);
/// The recipe with another gold set, question bank or occupation table: a shipped name or a path, with the behaviour
/// and sides that it brings.
Result<Recipe> withData(const Recipe &recipe, RecipeData kind, const QString &nameOrPath);

} // namespace evalwright
