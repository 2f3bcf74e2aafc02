// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/wizard/meaningfilter.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString meaning = u"meaning-duplicate"_s;

} // namespace

std::optional<double> ruleThreshold(const Recipe &recipe, const QString &rule)
{
    for (const RecipeStage &stage : recipe.stages) {
        for (const FilterRule &each : stage.rules) {
            if (each.rule == rule)
                return each.threshold;
        }
    }
    return std::nullopt;
}

void setRuleThreshold(Recipe &recipe, const QString &rule, double threshold)
{
    for (RecipeStage &stage : recipe.stages) {
        for (FilterRule &each : stage.rules) {
            if (each.rule == rule)
                each.threshold = threshold;
        }
    }
}

void setMeaningFilter(Recipe &recipe, std::optional<double> threshold)
{
    if (threshold && ruleThreshold(recipe, meaning)) {
        setRuleThreshold(recipe, meaning, *threshold);
        return;
    }
    if (!threshold) {
        for (RecipeStage &stage : recipe.stages)
            stage.rules.removeIf([](const FilterRule &rule) { return rule.rule == meaning; });
        recipe.stages.removeIf([](const RecipeStage &stage) {
            return stage.kind == RecipeStage::Kind::Filter && stage.rules.isEmpty();
        });
        return;
    }
    // The dearest comparison comes last: after what the checks and the cheaper rules have sorted out, and after the
    // stage that composes the candidates.
    RecipeStage stage;
    stage.id = u"not-alike"_s;
    stage.kind = RecipeStage::Kind::Filter;
    stage.rules << FilterRule{meaning, *threshold};
    recipe.stages << stage;
}

} // namespace evalwright
