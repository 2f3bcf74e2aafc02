// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"
#include "app/cli/filtercommands.h"
#include "app/cli/reports.h"

#include "generators/checker/form.h"
#include "generators/likeexamples.h"
#include "generators/recipefiles.h"

#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;

namespace {

struct Options
{
    std::string dataset, recipe, writer, checker, embedder, golds, bank, occupations, form, trustReason, again;
    std::vector<std::string> like, away;
    std::vector<std::string> set;
    std::optional<qint64> samples, keep, seed, limit;
    std::optional<double> budget;
    DeliveryOptions delivery;
    bool fresh = false, dryRun = false;
};

/// Items of the project by their uuid.
Result<QList<Candidate>> itemsByUuid(Connection &connection, const std::vector<std::string> &uuids)
{
    QList<Candidate> items;
    for (const std::string &uuid : uuids) {
        EVALWRIGHT_ASSIGN(const CandidateRow row, candidateByUuid(connection, text(uuid)));
        items << row.candidate;
    }
    return items;
}

/// What a call takes from the project: the recipe of another data set, items as examples.
Status takeFromProject(Context &context, const Options &o, GenerateSpec &spec)
{
    if (o.again.empty() && o.like.empty() && o.away.empty())
        return {};
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    return project->readNow([&](Connection &c) -> Status {
        if (!o.again.empty()) {
            EVALWRIGHT_ASSIGN(spec, sameAgain(c, text(o.again), text(o.dataset), o.seed));
        }
        for (const auto &[uuids, towards] :
             {std::pair(&o.like, WriteTowards::Like), std::pair(&o.away, WriteTowards::Away)}) {
            if (uuids->empty())
                continue;
            EVALWRIGHT_ASSIGN(const QList<Candidate> items, itemsByUuid(c, *uuids));
            EVALWRIGHT_ASSIGN(spec.recipe, withExamples(spec.recipe, items, towards));
        }
        return {};
    });
}

Result<GenerateSpec> specFrom(Context &context, const Options &o)
{
    GenerateSpec spec;
    if (!o.recipe.empty()) {
        EVALWRIGHT_ASSIGN(spec.recipe, loadRecipe(text(o.recipe)));
    }
    EVALWRIGHT_TRY(takeFromProject(context, o, spec));
    for (const auto &[kind, name] : {std::pair(RecipeData::Golds, o.golds), std::pair(RecipeData::Bank, o.bank),
                                     std::pair(RecipeData::Occupations, o.occupations)}) {
        if (!name.empty()) {
            EVALWRIGHT_ASSIGN(spec.recipe, withData(spec.recipe, kind, text(name)));
        }
    }
    for (const std::string &assignment : o.set) {
        const QString given = text(assignment);
        const qsizetype equals = given.indexOf(u'=');
        if (equals < 1) {
            return failure(ErrorCode::InvalidInput, u"\"%1\" is not of the form path=value."_s.arg(given),
                           u"Example: --set description=\"is very agreeable\""_s);
        }
        EVALWRIGHT_ASSIGN(spec.recipe, spec.recipe.withPath(given.left(equals), given.mid(equals + 1)));
    }
    if (o.samples)
        spec.recipe.writing().count = *o.samples;
    if (o.keep)
        spec.recipe.select.keepPerLabel = *o.keep;
    if (o.seed)
        spec.recipe.seed = *o.seed;
    spec.dataset = text(o.dataset);
    if (!o.writer.empty())
        spec.writer = text(o.writer);
    if (!o.checker.empty())
        spec.checker = text(o.checker);
    if (!o.embedder.empty())
        spec.embedder = text(o.embedder);
    spec.limit = o.limit;
    spec.budget = o.budget;
    spec.fresh = o.fresh;
    spec.trustReason = text(o.trustReason);
    if (!o.form.empty()) {
        RecipeStage *check = spec.recipe.checking();
        if (!check)
            return failure(ErrorCode::InvalidInput, u"This recipe checks no items, so a form has no place in it."_s);
        EVALWRIGHT_ASSIGN(const CheckerForm form, loadCheckerForm(text(o.form)));
        check->form = std::make_shared<const CheckerForm>(form);
        check->prompt = PromptTemplate();
        EVALWRIGHT_ASSIGN(spec.recipe, Recipe::fromJson(QByteArray::fromStdString(spec.recipe.toJson().dump()),
                                                        u"With the form “%1” the recipe"_s.arg(form.name)));
    }
    EVALWRIGHT_ASSIGN(spec.delivery, deliveryFrom(o.delivery));
    return spec;
}

Result<int> dryRun(Context &context, const GenerateSpec &spec)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const GeneratePlan plan, planGenerate(*project, spec, context.token()));
    nlohmann::json object = plan.toJson();
    object["dataset"] = spec.dataset.toStdString();
    object["dry_run"] = true;
    QString human = u"Nothing is sent. The run would write %1 (%2 answered already) and check at most %3.\n"
                    u"At most %4 generated tokens, were every answer as long as it may be.\n%5\n"
                    u"How the writer is asked: %6\n"_s
                        .arg(counted(plan.writeRequests, u"time"_s))
                        .arg(plan.alreadyAnswered)
                        .arg(counted(plan.checkRequestsAtMost, u"time"_s))
                        .arg(plan.completionTokensAtMost)
                        .arg(estimateText(plan.estimate), plan.promptKind);
    if (plan.embedRequestsAtMost > 0)
        human += u"It would ask for at most %1.\n"_s.arg(counted(plan.embedRequestsAtMost, u"vector"_s));
    for (const GeneratePlan::FirstPrompt &prompt : plan.firstPrompts) {
        human += (prompt.target.isEmpty() ? u"First prompt:\n"_s : u"First prompt for %1:\n"_s.arg(prompt.target.trimmed()))
                 + prompt.text + u"\n\n"_s;
    }
    for (const QString &deviation : plan.deviations)
        human += u"Deviation: %1\n"_s.arg(deviation);
    for (const QString &warning : plan.warnings)
        human += u"Warning: %1\n"_s.arg(warning);
    context.print(object, human);
    return Done;
}

Result<int> generateCommand(Context &context, const Options &options)
{
    EVALWRIGHT_ASSIGN(const GenerateSpec spec, specFrom(context, options));
    return options.dryRun ? dryRun(context, spec) : runGenerate(context, spec, options.delivery.wait);
}

} // namespace

void addGenerateCommands(CLI::App &app, Context &context)
{
    auto o = std::make_shared<Options>();
    CLI::App *generate = app.add_subcommand(
        "generate", "Let a model write items, check and filter them, and keep the best; goes on when run again.\n"
                    "Example: evalwright-cli -p study.evalwright generate agreeableness --recipe persona-yes-no "
                    "--writer small --samples 200 --keep 50");
    generate->add_option("DATASET", o->dataset, "Name of the data set")->required();
    CLI::Option *recipe = generate->add_option("--recipe", o->recipe, "Preset or recipe file");
    CLI::Option *again =
        generate->add_option("--again", o->again,
                       "Make this data set again under the new name: its stored recipe and models, another seed");
    again->excludes(recipe);
    generate->add_option("--like", o->like, "Write more like these items (uuid): they are shown to the writer");
    generate->add_option("--away", o->away, "Write away from these items (uuid)");
    generate->add_option("--form", o->form, "How the label is checked: a checker form (\"checker list\") or a file");
    generate->add_option("--trust-checker", o->trustReason,
                         "Why a checker is used that was no better than chance when it was tried; stays with the data set");
    generate->add_option("--golds", o->golds, "Examples to write like: a shipped set (\"recipe data\") or a file");
    generate->add_option("--bank", o->bank, "Questions for biographies: a shipped bank or a file");
    generate->add_option("--occupations", o->occupations, "Table of occupations: a shipped one or a file");
    generate->add_option("--set", o->set,
                         "Change a value of the recipe: path=value, e.g. description=\"is very agreeable\"");
    recipe->needs(generate->add_option("--writer", o->writer, "The model that writes; of the earlier one with --again"));
    generate->add_option("--checker", o->checker, "The model that checks the label; the writer when absent");
    generate->add_option("--embedder", o->embedder,
                         "The model whose vectors a meaning-duplicate rule with \"embedding\": \"model\" compares");
    generate->add_option("--samples", o->samples, "Texts to ask for, per label, side or occupation")
        ->check(wholeNumber(1, mostSamples));
    generate->add_option("--keep", o->keep, "Items to keep, per label")->check(wholeNumber(1, mostSamples));
    generate->add_option("--seed", o->seed, "Seed of the recipe")->check(wholeNumber(0, largestSeed));
    generate->add_option("--limit", o->limit, "At most so many requests per label of the same job: a trial")
        ->check(wholeNumber(1, mostSamples));
    generate->add_option("--budget", o->budget, "Stop when the job has spent so much money, earlier calls included")
        ->check(money());
    generate->add_flag("--fresh", o->fresh,
                       "Ask again, also what other data sets were answered; for a new name, or one begun so");
    generate->add_flag("--accept-changed-server", context.acceptChangedServer,
                       "Probe a model again when its server is not the one that was probed, then go on");
    addDeliveryOptions(*generate, o->delivery);
    generate->add_flag("--dry-run", o->dryRun, "Say what would be asked; send nothing");
    generate->callback([&context, o] {
        if (o->recipe.empty() && o->again.empty())
            throw CLI::RequiredError("--recipe or --again");
        context.command = [&context, o] { return generateCommand(context, *o); };
    });

    addFilterCommand(app, context);
}

} // namespace evalwright::cli
