// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/lintcontext.h"

#include "core/foreignjson.h"
#include "generators/lint/lintdataset.h"
#include "storage/repositories/datasets.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// What a recipe says about its items: the frame of statements and the examples that the writer was shown.
Status readRecipe(Connection &connection, const Dataset &dataset, LintContext &context)
{
    if (!dataset.recipeId.isValid())
        return {};
    EVALWRIGHT_ASSIGN(const RecipeRecord recipe, recipeById(connection, dataset.recipeId));
    const nlohmann::json json = storedJson(recipe.json);
    const auto textOf = [](const nlohmann::json &object, const char *name) {
        return object.is_object() && object.contains(name) && object.at(name).is_string()
                   ? QString::fromStdString(object.at(name).get<std::string>())
                   : QString();
    };
    if (const QString frame = textOf(json, "frame"); frame.contains(u"{{statement}}"_s))
        context.frame = frame;
    if (!json.is_object() || !json.contains("golds") || !json.at("golds").is_array())
        return {};
    for (const nlohmann::json &gold : json.at("golds")) {
        if (const QString stem = textOf(gold, "stem"); !stem.isEmpty())
            context.goldQuestions << stem;
    }
    return {};
}

} // namespace

Result<LintContext> lintContextOf(Connection &connection, const Dataset &dataset, const QStringList &rules)
{
    LintContext context;
    EVALWRIGHT_ASSIGN(context.severities, projectSeverities(connection));
    context.only = QSet<QString>(rules.cbegin(), rules.cend());
    EVALWRIGHT_TRY(readRecipe(connection, dataset, context));
    if (dataset.behaviourId.isValid()) {
        EVALWRIGHT_ASSIGN(const Behaviour behaviour, behaviourById(connection, dataset.behaviourId));
        context.behaviourName = behaviour.name;
        context.description = behaviour.description;
        context.subject = behaviour.subject;
    }
    return context;
}

} // namespace evalwright
