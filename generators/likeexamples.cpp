// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/likeexamples.h"

#include "core/foreignjson.h"
#include "storage/repositories/datasets.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype mostExamples = 12; ///< More would crowd out the task.

/// Braces of a statement must not be read as names of the prompt.
Status withoutBraces(const QString &text)
{
    if (!text.contains(u"{{"_s))
        return {};
    return failure(ErrorCode::InvalidInput, u"An item with “{{” in its text cannot be shown to a writer."_s,
                   u"Choose others."_s);
}

Result<QStringList> statementsOf(const QList<Candidate> &chosen, const QString &label)
{
    QStringList list;
    for (const Candidate &candidate : chosen) {
        EVALWRIGHT_TRY(withoutBraces(candidate.statement));
        if ((label.isEmpty() || candidate.matchingLabel == label) && !candidate.statement.isEmpty())
            list << candidate.statement.simplified();
    }
    return list.mid(0, mostExamples);
}

/// The two labels are asked for by one prompt, so each target brings its own examples.
Result<Recipe> personaLike(Recipe recipe, const QList<Candidate> &chosen)
{
    for (RecipeTarget &target : recipe.targets) {
        EVALWRIGHT_ASSIGN(const QStringList statements, statementsOf(chosen, target.label));
        if (statements.isEmpty()) {
            return failure(ErrorCode::InvalidInput,
                           u"None of the chosen items has the label%1, which is asked for, too."_s.arg(target.label),
                           u"Choose items of both labels."_s);
        }
        target.values.insert(u"like"_s, u" "_s + statements.join(u"\n - "_s) + u"\n -"_s);
    }
    PromptTemplate &prompt = recipe.writing().prompt;
    if (!prompt.prefill.endsWith(u" -"_s)) {
        return failure(ErrorCode::InvalidInput, u"This recipe's writer does not begin a list that items could stand in."_s,
                       u"Use a recipe such as persona-yes-no."_s);
    }
    prompt.prefill += u"{{like}}"_s;
    prompt.chatSuffix += u" Go on with this list: -{{like}}"_s;
    return recipe;
}

Result<Recipe> choiceLike(Recipe recipe, const QList<Candidate> &chosen)
{
    QList<GoldItem> golds;
    for (const Candidate &candidate : chosen.mid(0, mostExamples)) {
        const json fields = storedJson(candidate.fields);
        const json none, stem = fields.is_object() ? fields.value("stem", none) : none,
                         options = fields.is_object() ? fields.value("options", none) : none,
                         matching = fields.is_object() ? fields.value("matching_index", json(0)) : none;
        if (!stem.is_string() || !options.is_array() || options.size() != 2 || !options[0].is_string() ||
            !options[1].is_string() || !matching.is_number_integer() || (matching != json(0) && matching != json(1)))
            continue;
        GoldItem gold;
        gold.stem = QString::fromStdString(stem.get<std::string>());
        for (const json &option : options)
            gold.options << QString::fromStdString(option.get<std::string>());
        gold.matchingIndex = matching.get<int>();
        golds << gold;
    }
    const int shown = recipe.writing().examples;
    if (golds.size() < shown) {
        return failure(ErrorCode::InvalidInput,
                       u"%1 of the chosen items can be examples; the recipe shows %2."_s.arg(golds.size()).arg(shown),
                       u"Choose more items with two options, or set stages.%1.examples lower."_s.arg(recipe.writing().id));
    }
    recipe.golds = golds;
    return recipe;
}

Result<Recipe> away(Recipe recipe, const QList<Candidate> &chosen)
{
    QStringList texts;
    for (const Candidate &candidate : chosen.mid(0, mostExamples)) {
        EVALWRIGHT_TRY(withoutBraces(candidate.statement + candidate.question));
        const json fields = storedJson(candidate.fields);
        const QString stem = fields.is_object() && fields.contains("stem") && fields.at("stem").is_string()
                                 ? QString::fromStdString(fields.at("stem").get<std::string>())
                                 : QString();
        texts << (candidate.statement.isEmpty() ? stem : candidate.statement).simplified();
    }
    PromptTemplate &prompt = recipe.writing().prompt;
    const QString differ = u" They must differ in topic and situation from these: “%1”."_s;
    prompt.user += QString(differ).replace(u"%1"_s, texts.join(u"”, “"_s));
    if (!prompt.completion.isEmpty())
        prompt.completion.prepend(QString(differ).trimmed().replace(u"%1"_s, texts.join(u"”, “"_s)) + u"\n\n"_s);
    return recipe;
}

} // namespace

Result<Recipe> withExamples(const Recipe &recipe, const QList<Candidate> &chosen, WriteTowards towards)
{
    const bool persona = recipe.family == "persona"_L1;
    if (!persona && recipe.family != "multiple-choice"_L1) {
        return failure(ErrorCode::InvalidInput, u"Items of the family “%1” are not written after examples."_s.arg(recipe.family),
                       u"Persona statements and multiple-choice questions are."_s);
    }
    if (chosen.isEmpty())
        return failure(ErrorCode::InvalidInput, u"No item was chosen."_s, u"Choose some items first."_s);
    EVALWRIGHT_ASSIGN(const Recipe changed, towards == WriteTowards::Away ? away(recipe, chosen)
                                            : persona                     ? personaLike(recipe, chosen)
                                                                          : choiceLike(recipe, chosen));
    // What does not validate would fail at the next reading.
    return Recipe::fromJson(QByteArray::fromStdString(changed.toJson().dump()), u"With these items the recipe"_s);
}

Result<GenerateSpec> sameAgain(Connection &connection, const QString &dataset, const QString &newName,
                               std::optional<qint64> seed)
{
    EVALWRIGHT_ASSIGN(const Dataset found, datasetByName(connection, dataset));
    EVALWRIGHT_ASSIGN(
        const QVariant parameters,
        connection.value(u"SELECT parameters FROM job WHERE dataset_id = ? AND kind = 'generate' ORDER BY id LIMIT 1"_s,
                         {found.id.value}));
    if (!parameters.isValid()) {
        return failure(ErrorCode::NotFound, u"“%1” was not generated here, so it cannot be made again."_s.arg(dataset),
                       u"Choose a data set that a recipe made."_s);
    }
    EVALWRIGHT_ASSIGN(GenerateSpec spec, GenerateSpec::fromJson(parameters.toString().toUtf8()));
    spec.dataset = newName;
    spec.recipe.seed = seed.value_or(spec.recipe.seed + 1);
    spec.budget.reset();
    spec.delivery = {};
    spec.fresh = false;
    spec.salt.clear();
    return spec;
}

} // namespace evalwright
