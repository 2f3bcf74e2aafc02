// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/comparisoncommands.h"
#include "app/cli/context.h"

#include "generators/recipefiles.h"
#include "generators/recipeparse.h"

#include <QFile>
#include <QFileInfo>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Result<int> list(Context &context)
{
    json all = json::array();
    Table table{{u"recipe"_s, u"family"_s, u"title"_s, u"status"_s}, {}, {}};
    for (const PresetInfo &preset : listPresets()) {
        all.push_back({{"name", preset.name.toStdString()},
                       {"title", preset.title.toStdString()},
                       {"family", preset.family.toStdString()},
                       {"status", preset.status.toStdString()}});
        table.rows << QStringList{preset.name, preset.family, preset.title, preset.status};
    }
    context.print({{"recipes", all}}, table.text());
    return Done;
}

Result<int> data(Context &context)
{
    json all = json::array();
    Table table{{u"name"_s, u"kind"_s, u"title"_s, u"about"_s}, {}, {}};
    for (const RecipeData kind : {RecipeData::Golds, RecipeData::Bank, RecipeData::Occupations}) {
        for (const PresetInfo &each : listShippedData(kind)) {
            all.push_back({{"name", each.name.toStdString()},
                           {"kind", each.family.toStdString()},
                           {"title", each.title.toStdString()},
                           {"about", each.status.toStdString()}});
            table.rows << QStringList{each.name, each.family, each.title, each.status};
        }
    }
    context.print({{"data", all}}, table.text());
    return Done;
}

Result<int> show(Context &context, const QString &name)
{
    EVALWRIGHT_ASSIGN(const Recipe recipe, loadRecipe(name));
    const json document = recipe.toJson();
    context.printDocument(document);
    return Done;
}

Result<int> validate(Context &context, const QString &path)
{
    QFile file;
    bool opened = false;
    if (path == u"-"_s) {
        opened = file.open(stdin, QIODevice::ReadOnly);
    } else {
        file.setFileName(path);
        opened = QFileInfo(path).isFile() && file.open(QIODevice::ReadOnly); // A pipe would be waited for.
    }
    if (!opened) {
        return failure(ErrorCode::NotFound, u"The file \"%1\" cannot be read."_s.arg(path),
                       u"Check the path and its permissions; it must be a plain file."_s, file.errorString());
    }
    constexpr qint64 largest = qint64{4} * 1024 * 1024;
    const QByteArray bytes = file.read(largest + 1);
    if (bytes.size() > largest)
        return failure(ErrorCode::InvalidInput, u"\"%1\" is larger than 4 MiB; that is not a recipe."_s.arg(path));
    const QString folder = path == u"-"_s ? QString() : QFileInfo(path).absolutePath();
    const QList<RecipeProblem> problems = readRecipe(bytes, folder).problems;
    json all = json::array();
    QString human;
    for (const RecipeProblem &problem : problems) {
        all.push_back({{"path", problem.path.toStdString()},
                       {"line", problem.line > 0 ? json(problem.line) : json()},
                       {"column", problem.column > 0 ? json(problem.column) : json()},
                       {"message", problem.message.toStdString()}});
        human += u"%1:%2:%3: %4  (%5)\n"_s.arg(path)
                     .arg(problem.line)
                     .arg(problem.column)
                     .arg(problem.message, problem.path);
    }
    context.print({{"ok", problems.isEmpty()}, {"problems", all}},
                  problems.isEmpty() ? u"%1 is a valid recipe."_s.arg(path) : human);
    return problems.isEmpty() ? Done : Failed;
}

} // namespace

void addRecipeCommands(CLI::App &app, Context &context)
{
    CLI::App *recipe = app.add_subcommand("recipe", "How data sets are made.\nExample: evalwright-cli recipe list");
    recipe->require_subcommand(1);
    auto name = std::make_shared<std::string>();

    CLI::App *listCommand = recipe->add_subcommand("list", "Shipped recipes.\nExample: evalwright-cli recipe list");
    listCommand->callback([&context] { context.command = [&context] { return list(context); }; });

    CLI::App *dataCommand = recipe->add_subcommand(
        "data", "Shipped gold examples, question banks and tables of occupations.\nExample: evalwright-cli recipe data");
    dataCommand->callback([&context] { context.command = [&context] { return data(context); }; });

    CLI::App *showCommand = recipe->add_subcommand(
        "show", "A recipe's document.\nExample: evalwright-cli recipe show persona-yes-no > mine.json");
    showCommand->add_option("NAME", *name, "Preset or file")->required();
    showCommand->callback(
        [&context, name] { context.command = [&context, name] { return show(context, text(*name)); }; });

    CLI::App *validateCommand = recipe->add_subcommand(
        "validate", "Check a recipe file, with line and column.\nExample: evalwright-cli recipe validate mine.json");
    validateCommand->add_option("FILE", *name, "File, or - for standard input")->required();
    validateCommand->callback(
        [&context, name] { context.command = [&context, name] { return validate(context, text(*name)); }; });
    addCompareDatasetsCommand(*recipe, context);
}

} // namespace evalwright::cli
