// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/changedservers.h"

#include "core/foreignjson.h"
#include "core/text.h"
#include "lm/capabilities.h"
#include "lm/endpointaddress.h"
#include "lm/ladderfile.h"
#include "lm/plainhttp.h"
#include "lm/probe.h"
#include "storage/repositories/models.h"

#include <QDate>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct AddOptions
{
    std::string name, baseUrl, model, api = "openai", keyEnv, family, training, gguf, local;
    std::string released, rung;
    std::optional<double> parameters, compute, priceIn, priceOut;
    std::optional<qint64> steps;
    std::optional<int> maxInFlight;
    std::optional<double> requestsPerMinute, tokensPerMinute;
    bool allowPlainHttp = false;
};

Result<Model> modelFrom(const AddOptions &o)
{
    const int ways = !o.baseUrl.empty() + !o.gguf.empty() + !o.local.empty();
    if (ways != 1) {
        return failure(ErrorCode::InvalidInput, u"A model needs exactly one of --base-url, --gguf and --local."_s,
                       u"See evalwright-cli model add --help."_s);
    }
    Model model;
    if (!o.local.empty()) {
        EVALWRIGHT_ASSIGN(model, catalogueModel(text(o.name), text(o.local)));
    } else if (!o.gguf.empty()) {
        EVALWRIGHT_ASSIGN(model, ggufModel(text(o.name), text(o.gguf)));
    } else {
        if (o.model.empty())
            return failure(ErrorCode::InvalidInput, u"--base-url needs --model, the id that the server knows."_s);
        const QStringList known{u"openai"_s, u"llama.cpp"_s, u"anthropic"_s, u"ollama"_s};
        if (!known.contains(text(o.api))) {
            return failure(ErrorCode::Unsupported,
                           u"The API \"%1\" is not supported by this version."_s.arg(text(o.api)),
                           u"Known: %1. Most other servers speak openai."_s.arg(known.join(u", "_s)));
        }
        EVALWRIGHT_ASSIGN(model.baseUrl, checkedEndpointAddress(text(o.baseUrl)));
        model.name = text(o.name);
        model.modelId = text(o.model);
        model.api = text(o.api);
    }
    model.keyEnv = text(o.keyEnv);
    if (!o.family.empty())
        model.family = text(o.family);
    if (!o.training.empty())
        model.training = text(o.training);
    if (o.parameters)
        model.parameters = o.parameters;
    if (o.steps)
        model.steps = o.steps;
    model.compute = o.compute;
    model.released = text(o.released);
    model.rung = text(o.rung);
    model.priceIn = o.priceIn;
    model.priceOut = o.priceOut;
    if (o.maxInFlight)
        model.maxInFlight = o.maxInFlight;
    model.requestsPerMinute = o.requestsPerMinute;
    model.tokensPerMinute = o.tokensPerMinute;
    return model;
}

QString modelTable(const QList<Model> &models)
{
    Table table{{u"model"_s, u"family"_s, u"parameters"_s, u"training"_s, u"scoring"_s, u"where"_s}, {}, {2}};
    for (const Model &model : models) {
        table.rows << QStringList{
            model.name, model.family.isEmpty() ? u"—"_s : model.family, formatParameters(model.parameters),
            model.training.isEmpty() ? u"—"_s : model.training, scoringBadge(model),
            model.kind == ModelKind::Endpoint  ? model.baseUrl + u"  "_s + model.modelId
            : model.kind == ModelKind::Results ? u"(results only)"_s
                                               : model.location};
    }
    QString out = table.text();
    for (const Model &model : models) {
        if (const QString change = serverChange(model); !change.isEmpty())
            out +=
                u"%1: the server has changed since the probe (%2). Run 'model probe %1'.\n"_s.arg(model.name, change);
    }
    return out;
}

Result<int> add(Context &context, const AddOptions &options)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const Model wanted, modelFrom(options));
    if (options.allowPlainHttp && isReadableOnTheWay(wanted.baseUrl))
        EVALWRIGHT_TRY(PlainHttpPermissions::standard().allow(wanted.baseUrl));
    EVALWRIGHT_ASSIGN(const Model model,
                      project->writeNow([wanted](Connection &c) { return addModel(c, wanted); }, {Topic::Models}));
    context.print({{"model", toJson(model)}}, modelTable({model}));
    return Done;
}

Result<int> allowPlainHttp(Context &context, const QString &name)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const Model model, project->readNow([name](Connection &c) { return modelByName(c, name); }));
    if (model.kind != ModelKind::Endpoint || !isReadableOnTheWay(model.baseUrl)) {
        return failure(ErrorCode::InvalidInput, u"%1 needs no such permission."_s.arg(model.name),
                       u"Only keys for http addresses of other computers do."_s);
    }
    const PlainHttpPermissions permissions = PlainHttpPermissions::standard();
    EVALWRIGHT_TRY(permissions.allow(model.baseUrl));
    context.print({{"model", model.name.toStdString()}, {"base_url", model.baseUrl.toStdString()}, {"allowed", true}},
                  u"Keys may go to %1 by plain http, from every project of yours on this computer. "
                  u"To take it back, remove its line from %2."_s.arg(model.baseUrl, permissions.file()));
    return Done;
}

Result<int> list(Context &context)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const QList<Model> models, project->readNow([](Connection &c) { return listModels(c); }));
    json all = json::array();
    for (const Model &model : models)
        all.push_back(toJson(model));
    context.print({{"models", all}},
                  models.isEmpty() ? u"No models yet. Example: evalwright-cli model add small --local smollm2-135m"_s
                                   : modelTable(models));
    return Done;
}

/// Texts of --released: a day or nothing.
CLI::Validator isDay()
{
    return CLI::Validator(
        [](std::string &given) {
            return QDate::fromString(text(given), Qt::ISODate).isValid() ? std::string() : "is not a day such as 2024-05-01";
        },
        "DAY");
}

struct EditOptions
{
    std::string name;
    std::optional<std::string> family, training, released, rung;
    std::optional<double> parameters, compute;
    std::optional<qint64> steps;
};

Result<int> edit(Context &context, const EditOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const Model model, project->writeNow(
                                             [&o](Connection &c) -> Result<Model> {
                                                 EVALWRIGHT_ASSIGN(const Model found, modelByName(c, text(o.name)));
                                                 LadderPlace place = LadderPlace::of(found);
                                                 for (const auto &[given, target] :
                                                      {std::pair(&o.family, &place.family), std::pair(&o.training, &place.training),
                                                       std::pair(&o.released, &place.released), std::pair(&o.rung, &place.rung)}) {
                                                     if (*given)
                                                         *target = text(**given);
                                                 }
                                                 place.parameters = o.parameters ? o.parameters : place.parameters;
                                                 place.compute = o.compute ? o.compute : place.compute;
                                                 place.steps = o.steps ? o.steps : place.steps;
                                                 EVALWRIGHT_TRY(setLadderPlace(c, found.id, place));
                                                 return modelByName(c, found.name);
                                             },
                                             {Topic::Models}));
    context.print({{"model", toJson(model)}}, modelTable({model}));
    return Done;
}

Result<int> ladder(Context &context, const QString &path)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const LadderFile file, readLadderFile(path));
    json problems = json::array();
    QString human;
    for (const RowProblem &problem : file.problems) {
        problems.push_back({{"line", problem.line},
                            {"column", problem.column},
                            {"field", orNull(problem.field)},
                            {"reason", problem.reason.toStdString()},
                            {"message", problem.message.toStdString()}});
        human += u"line %1, column %2: %3\n"_s.arg(problem.line).arg(problem.column).arg(problem.message);
    }
    if (!file.problems.isEmpty()) {
        context.print({{"rejected", problems}}, human + u"Nothing was changed. Correct these rows and import again.\n"_s);
        return Failed;
    }
    EVALWRIGHT_ASSIGN(const LadderReport report,
                      project->writeNow([&file](Connection &c) { return applyLadder(c, file); }, {Topic::Models}));
    human = u"%1 added, %2 changed, %3 as they were.\n"_s.arg(counted(report.added.size(), u"model"_s))
                .arg(report.changed.size())
                .arg(report.unchanged.size());
    if (!report.resultsOnly.isEmpty())
        human += u"Results only, nothing says where to ask them: %1.\n"_s.arg(report.resultsOnly.join(u", "_s));
    if (!file.unread.isEmpty())
        human += u"Columns that were not read: %1.\n"_s.arg(file.unread.join(u", "_s));
    json out = report.toJson();
    out["rejected"] = problems;
    context.print(out, human);
    return Done;
}

Result<int> remove(Context &context, const QString &name)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_TRY(project->writeNow([name](Connection &c) { return removeModel(c, name); }, {Topic::Models}));
    context.print({{"removed", name.toStdString()}}, u"Removed %1. What it answered stays in the project."_s.arg(name));
    return Done;
}

Result<int> probe(Context &context, const QString &name)
{
    EVALWRIGHT_ASSIGN(const JobServices services, context.services());
    EVALWRIGHT_ASSIGN(const Model model,
                      services.project->readNow([name](Connection &c) { return modelByName(c, name); }));
    EVALWRIGHT_ASSIGN(const ProbeReport report, probeModel(services, model, context.token()));
    EVALWRIGHT_TRY(storeProbe(*services.project, model, report));
    context.print(report.toJson(), report.text());
    return Done;
}

} // namespace

json toJson(const Model &model)
{
    const auto identity = storedIdentity(model);
    return {{"name", model.name.toStdString()},
            {"uuid", model.uuid.toStdString()},
            {"kind", modelKindName(model.kind).toStdString()},
            {"api", model.api.toStdString()},
            {"base_url", orNull(model.baseUrl)},
            {"model", orNull(model.modelId)},
            {"location", orNull(model.location)},
            {"key_env", orNull(model.keyEnv)},
            {"family", orNull(model.family)},
            {"parameters", orNull(model.parameters)},
            {"training", orNull(model.training)},
            {"steps", orNull(model.steps)},
            {"compute", orNull(model.compute)},
            {"released", orNull(model.released)},
            {"rung", orNull(model.rung)},
            {"price_in", orNull(model.priceIn)},
            {"price_out", orNull(model.priceOut)},
            {"max_in_flight", orNull(model.maxInFlight)},
            {"requests_per_minute", orNull(model.requestsPerMinute)},
            {"tokens_per_minute", orNull(model.tokensPerMinute)},
            {"capabilities", storedJson(model.capabilities)},
            {"identity", identity ? identity->toJson() : json()},
            {"probed_at", orNull(probedAt(model))},
            {"server_changed", orNull(serverChange(model))},
            {"scoring", scoringBadge(model).toStdString()},
            {"fingerprint", orNull(model.fingerprint)},
            {"created_at", orNull(model.createdAt)}};
}

void addModelCommands(CLI::App &app, Context &context)
{
    CLI::App *model =
        app.add_subcommand("model", "Models of this project.\nExample: evalwright-cli -p study.evalwright model list");
    model->require_subcommand(1);

    auto o = std::make_shared<AddOptions>();
    CLI::App *addModelCommand = model->add_subcommand(
        "add", "Add a model on an endpoint, a GGUF file, or a model of the catalogue.\n"
               "Example: evalwright-cli -p study.evalwright model add small --local smollm2-135m");
    addModelCommand->add_option("NAME", o->name, "Name in this project")->required();
    addModelCommand->add_option("--base-url", o->baseUrl, "Address of the server, e.g. https://api.example.org/v1");
    addModelCommand->add_option("--model", o->model, "The server's id of the model");
    addModelCommand->add_option("--api", o->api, "openai, llama.cpp, anthropic or ollama")->capture_default_str();
    addModelCommand->add_option("--key-env", o->keyEnv,
                                "Environment variable that holds the key; the key itself is never stored");
    addModelCommand->add_option("--gguf", o->gguf, "A GGUF file, used in place");
    addModelCommand->add_option("--local", o->local, "A catalogue model, see 'engine status'");
    addModelCommand->add_option("--family", o->family, "Models of one family and training form a scaling curve");
    addModelCommand->add_option("--parameters", o->parameters, "Number of parameters, e.g. 1.5e9")
        ->check(CLI::PositiveNumber);
    addModelCommand->add_option("--training", o->training, "base, instruct or rlhf")
        ->check(CLI::IsMember({"base", "instruct", "rlhf"}));
    addModelCommand->add_option("--steps", o->steps, "Training steps")->check(CLI::NonNegativeNumber);
    addModelCommand->add_option("--compute", o->compute, "Compute of its training in FLOPs, e.g. 1.2e21")
        ->check(CLI::PositiveNumber);
    addModelCommand->add_option("--released", o->released, "Day of release, e.g. 2024-05-01")
        ->check(isDay());
    addModelCommand->add_option("--rung", o->rung,
                                "Name on the ladder that several endpoints of one model share; they are one point of a curve");
    addModelCommand->add_option("--price-in", o->priceIn, "Money per million prompt tokens")
        ->check(CLI::NonNegativeNumber);
    addModelCommand->add_option("--price-out", o->priceOut, "Money per million generated tokens")
        ->check(CLI::NonNegativeNumber);
    addModelCommand->add_option("--max-in-flight", o->maxInFlight, "Most requests at the same time; found out when left out")
        ->check(CLI::Range(1, 4096));
    addModelCommand->add_option("--requests-per-minute", o->requestsPerMinute, "Most requests a minute")
        ->check(CLI::PositiveNumber);
    addModelCommand->add_option("--tokens-per-minute", o->tokensPerMinute, "Most tokens a minute, both ways")
        ->check(CLI::PositiveNumber);
    addModelCommand->add_flag("--allow-plain-http", o->allowPlainHttp,
                              "Let the key go to this server without encryption, from this computer");
    addModelCommand->callback([&context, o] { context.command = [&context, o] { return add(context, *o); }; });

    CLI::App *listCommand =
        model->add_subcommand("list", "All models.\nExample: evalwright-cli -p study.evalwright model list --json");
    listCommand->callback([&context] { context.command = [&context] { return list(context); }; });

    auto e = std::make_shared<EditOptions>();
    CLI::App *editCommand = model->add_subcommand(
        "edit", "Say where a model stands on its ladder; what is not given stays, an empty text takes it away.\n"
                "Example: evalwright-cli -p study.evalwright model edit small --family smollm2 --parameters 135e6");
    editCommand->add_option("NAME", e->name)->required();
    editCommand->add_option("--family", e->family, "Models of one family and training form a scaling curve");
    editCommand->add_option("--training", e->training, "base, instruct or rlhf")
        ->check(CLI::IsMember({"", "base", "instruct", "rlhf"}));
    editCommand->add_option("--parameters", e->parameters, "Number of parameters")->check(CLI::PositiveNumber);
    editCommand->add_option("--steps", e->steps, "Training steps")->check(CLI::NonNegativeNumber);
    editCommand->add_option("--compute", e->compute, "Compute of its training in FLOPs")->check(CLI::PositiveNumber);
    editCommand->add_option("--released", e->released, "Day of release, e.g. 2024-05-01");
    editCommand->add_option("--rung", e->rung, "Name on the ladder that several endpoints of one model share");
    editCommand->callback([&context, e] { context.command = [&context, e] { return edit(context, *e); }; });

    auto path = std::make_shared<std::string>();
    CLI::App *ladderCommand = model->add_subcommand(
        "ladder", "Read a ladder from a table: name, family, parameters, training, steps, compute, released, rung, and "
                  "where to ask the model.\nExample: evalwright-cli -p study.evalwright model ladder models.csv");
    ladderCommand->add_option("FILE", *path, "CSV, TSV or JSON Lines")->required();
    ladderCommand->callback(
        [&context, path] { context.command = [&context, path] { return ladder(context, text(*path)); }; });

    auto name = std::make_shared<std::string>();
    CLI::App *removeCommand = model->add_subcommand(
        "remove", "Hide a model; its answers stay.\nExample: evalwright-cli -p study.evalwright model remove small");
    removeCommand->add_option("NAME", *name)->required();
    removeCommand->callback(
        [&context, name] { context.command = [&context, name] { return remove(context, text(*name)); }; });

    CLI::App *allowCommand = model->add_subcommand(
        "allow-plain-http", "Let keys go to a model's server without encryption, from this computer.\nExample: "
                            "evalwright-cli -p study.evalwright model allow-plain-http small");
    allowCommand->add_option("NAME", *name)->required();
    allowCommand->callback(
        [&context, name] { context.command = [&context, name] { return allowPlainHttp(context, text(*name)); }; });

    CLI::App *probeCommand = model->add_subcommand(
        "probe",
        "Ask the model's server what it can really do.\nExample: evalwright-cli -p study.evalwright model probe small");
    probeCommand->add_option("NAME", *name)->required();
    probeCommand->callback(
        [&context, name] { context.command = [&context, name] { return probe(context, text(*name)); }; });
}

} // namespace evalwright::cli
