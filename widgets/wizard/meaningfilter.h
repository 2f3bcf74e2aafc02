// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/recipe.h"

namespace evalwright {

/// The threshold of the first filter rule of this kind; unset: the recipe has none.
std::optional<double> ruleThreshold(const Recipe &recipe, const QString &rule);
/// Sets it where the recipe has the rule.
void setRuleThreshold(Recipe &recipe, const QString &rule, double threshold);
/// Candidates that say the same in other words: a stage “not-alike” after the last check (and what filters follow it),
/// or none.
void setMeaningFilter(Recipe &recipe, std::optional<double> threshold);

} // namespace evalwright
