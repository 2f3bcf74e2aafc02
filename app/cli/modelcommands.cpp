// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/changedservers.h"

#include "core/foreignjson.h"
#include "core/text.h"
#include "lm/capabilities.h"
#include "lm/plainhttp.h"
#include "lm/probe.h"
#include "storage/repositories/models.h"

#include <QUrl>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct AddOptions
{
    std::string name, baseUrl, model, api = "openai", keyEnv, family, training, gguf, local;
    std::optional<double> parameters, priceIn, priceOut;
    std::optional<qint64> steps;
    std::optional<int> maxInFlight;
    std::optional<double> requestsPerMinute, tokensPerMinute;
    bool allowPlainHttp = false;
};

/// The endpoint's address as stored; a key in it would end up in the project file.
Result<QString> checkedUrl(const std::string &given)
{
    const QUrl url(text(given), QUrl::StrictMode);
    // Looked at in the text as well: a key with a slash makes an address that cannot be taken apart, nor repeated here.
    if (given.find_first_of("@?#") != std::string::npos || !url.userInfo().isEmpty() || url.hasQuery() ||
        url.hasFragment()) {
        return failure(ErrorCode::InvalidInput, u"The address holds a user name, a password or parameters."_s,
                       u"Put the key into an environment variable and name it with --key-env."_s);
    }
    if (!url.isValid() || (url.scheme() != u"http"_s && url.scheme() != u"https"_s) || url.host().isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"\"%1\" is not an http or https address."_s.arg(text(given)),
                       u"Give the address up to the version, e.g. https://api.example.org/v1."_s);
    }
    QString address = url.toString();
    while (address.endsWith(u'/'))
        address.chop(1);
    return address;
}

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
        EVALWRIGHT_ASSIGN(model.baseUrl, checkedUrl(o.baseUrl));
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
