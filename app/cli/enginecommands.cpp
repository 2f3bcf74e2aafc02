// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"

#include "core/text.h"
#include "lm/engine/installer.h"

#include <chrono>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

json engineJson(const EngineStatus::Engine &engine)
{
    return {{"version", engine.version.toStdString()},
            {"path", orNull(engine.path)},
            {"ok", engine.ok()},
            {"state", installStateName(engine.state).toStdString()}};
}

json modelJson(const EngineStatus::Model &model)
{
    return {{"name", model.name.toStdString()},
            {"title", model.title.toStdString()},
            {"path", orNull(model.path)},
            {"parameters", model.parameters},
            {"sha256", model.sha256.toStdString()},
            {"family", model.family.toStdString()},
            {"training", model.training.toStdString()},
            {"licence", model.licence.toStdString()},
            {"bytes", model.bytes},
            {"download_bytes", model.downloadBytes},
            {"ok", model.ok()},
            {"state", installStateName(model.state).toStdString()},
            {"default", model.isDefault}};
}

json modelsJson(const QList<EngineStatus::Model> &models)
{
    json list = json::array();
    for (const EngineStatus::Model &model : models)
        list.push_back(modelJson(model));
    return list;
}

QString modelTable(const QList<EngineStatus::Model> &models)
{
    Table table{{u"model"_s, u"parameters"_s, u"training"_s, u"licence"_s, u"size"_s, u"state"_s}, {}, {1, 4}};
    for (const EngineStatus::Model &model : models) {
        table.rows << QStringList{model.name,
                                  formatParameters(static_cast<double>(model.parameters)),
                                  model.training,
                                  model.licence,
                                  formatBytes(model.bytes),
                                  installStateName(model.state)};
    }
    return table.text();
}

QString phaseText(InstallPhase phase)
{
    switch (phase) {
    case InstallPhase::Checking:
        return u"checking"_s;
    case InstallPhase::Downloading:
        return u"downloading"_s;
    case InstallPhase::Unpacking:
        return u"unpacking"_s;
    case InstallPhase::Done:
        return u"done"_s;
    }
    return {};
}

Result<int> install(Context &context, const QStringList &models, bool acceptTerms)
{
    EVALWRIGHT_ASSIGN(const EngineInstaller installer, EngineInstaller::open());
    EVALWRIGHT_ASSIGN(const InstallPlan plan, installer.plan(models));
    for (const InstallPlan::Item &item : plan.items) {
        context.say(u"%1: %2 to download, %3 on disk, licence %4 (%5)"_s.arg(
            item.title, formatBytes(item.downloadBytes), formatBytes(item.diskBytes), item.licence, item.licenceUrl));
        if (item.termsMustBeAccepted)
            context.say(u"  %1"_s.arg(item.licenceNotice));
    }
    if (!plan.items.isEmpty()) {
        context.say(u"In all %1 to download, %2 on disk, in %3."_s.arg(
            formatBytes(plan.downloadBytes()), formatBytes(plan.diskBytes()), installer.folder().root));
    }
    InstallOptions options;
    options.acceptTerms = acceptTerms;
    options.token = context.token();
    auto last = std::make_shared<std::chrono::steady_clock::time_point>();
    options.progress = [&context, last](const InstallProgress &p) {
        const auto now = std::chrono::steady_clock::now();
        if (now - *last < std::chrono::seconds(3))
            return;
        *last = now;
        context.say(u"%1: %2 part %3 of %4, %5 of %6"_s.arg(p.item, phaseText(p.phase))
                        .arg(p.part)
                        .arg(p.parts)
                        .arg(formatBytes(p.doneBytes), formatBytes(p.totalBytes)));
    };
    EVALWRIGHT_ASSIGN(const InstallReport report, installer.install(models, options));
    context.print(
        {{"engine", engineJson(report.engine)},
         {"models", modelsJson(report.models)},
         {"downloaded_bytes", report.downloadedBytes},
         {"seconds", report.seconds},
         {"replaced", toJson(report.replaced)}},
        u"Engine %1 is ready in %2.\n%3"_s.arg(report.engine.version, report.engine.path, modelTable(report.models)));
    return Done;
}

Result<int> status(Context &context, bool full)
{
    EVALWRIGHT_ASSIGN(const EngineInstaller installer, EngineInstaller::open());
    EVALWRIGHT_ASSIGN(const EngineStatus status,
                      installer.status(full ? Verify::Full : Verify::Quick, context.token()));
    QString human = u"Engine %1: %2\nFolder: %3\n"_s.arg(status.engine.version, installStateName(status.engine.state),
                                                         status.folder);
    if (!status.llamaServer.isEmpty())
        human += u"llama-server on the PATH: %1\n"_s.arg(status.llamaServer);
    if (status.partialBytes > 0)
        human +=
            u"Unfinished downloads: %1; 'engine install' goes on with them.\n"_s.arg(formatBytes(status.partialBytes));
    human += u'\n' + modelTable(status.models);
    context.print({{"engine", engineJson(status.engine)},
                   {"models", modelsJson(status.models)},
                   {"folder", status.folder.toStdString()},
                   {"partial_bytes", status.partialBytes},
                   {"llama_server", orNull(status.llamaServer)}},
                  human);
    return Done;
}

Result<int> removeEngine(Context &context, const QStringList &models)
{
    EVALWRIGHT_ASSIGN(const EngineInstaller installer, EngineInstaller::open());
    EVALWRIGHT_ASSIGN(const qint64 freed, installer.remove(models));
    context.print({{"freed_bytes", freed}, {"models", toJson(models)}},
                  u"Removed; %1 freed."_s.arg(formatBytes(freed)));
    return Done;
}

} // namespace

void addEngineCommands(CLI::App &app, Context &context)
{
    CLI::App *engine = app.add_subcommand(
        "engine", "The engine for local models, and models of the catalogue.\nExample: evalwright-cli engine install");
    engine->require_subcommand(1);
    auto models = std::make_shared<std::vector<std::string>>();
    auto accept = std::make_shared<bool>(false);
    auto full = std::make_shared<bool>(false);

    CLI::App *install = engine->add_subcommand(
        "install", "Download the pinned engine and models, checked by SHA-256; goes on after an interruption.\n"
                   "Example: evalwright-cli engine install --models smollm2-135m,qwen2.5-coder-0.5b");
    install->add_option("--models", *models, "Catalogue names, comma-separated; the default model when absent")
        ->delimiter(',');
    install->add_flag("--accept-terms", *accept, "I have read and accept the terms of the models that ask for it");
    install->callback([&context, models, accept] {
        context.command = [&context, models, accept] { return cli::install(context, texts(*models), *accept); };
    });

    CLI::App *status =
        engine->add_subcommand("status", "What is installed.\nExample: evalwright-cli engine status --verify");
    status->add_flag("--verify", *full, "Read every byte and compare the hashes");
    status->callback([&context, full] { context.command = [&context, full] { return cli::status(context, *full); }; });

    CLI::App *remove = engine->add_subcommand("remove", "Remove engine and models, or only the named models.\nExample: "
                                                        "evalwright-cli engine remove --models gemma3-270m");
    remove->add_option("--models", *models, "Only these models")->delimiter(',');
    remove->callback(
        [&context, models] { context.command = [&context, models] { return removeEngine(context, texts(*models)); }; });
}

} // namespace evalwright::cli
