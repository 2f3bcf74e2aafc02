// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cardcommand.h"

#include "generators/card/datasetcard.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/wholefile.h"
#include "storage/repositories/datasets.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct CardOptions
{
    std::string dataset, output;
    std::optional<std::string> licence, authors, citation, limits;
    bool force = false;
    bool sets() const { return licence || authors || citation || limits; }
};

Result<int> card(Context &context, const CardOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project,
                      context.openProject(o.sets() ? Project::Access::ReadWrite : Project::Access::ReadOnly));
    if (!o.output.empty())
        EVALWRIGHT_TRY(mayWriteFile(text(o.output), project->path(), o.force));
    EVALWRIGHT_ASSIGN(const Dataset dataset,
                      project->readNow([&](Connection &c) { return datasetByName(c, text(o.dataset)); }));
    if (o.sets()) {
        EVALWRIGHT_TRY(project->writeNow(
            [&](Connection &c) -> Status {
                EVALWRIGHT_ASSIGN(CardTexts texts, cardTextsOf(c, dataset.id));
                const auto take = [](QString &to, const std::optional<std::string> &from) {
                    if (from)
                        to = text(*from);
                };
                take(texts.licence, o.licence);
                take(texts.authors, o.authors);
                take(texts.citation, o.citation);
                take(texts.limits, o.limits);
                return storeCardTexts(c, dataset.id, texts);
            },
            {Topic::Datasets}));
    }
    EVALWRIGHT_ASSIGN(const DatasetCard made,
                      project->readNow([&](Connection &c) { return readDatasetCard(c, dataset.id, context.token()); }));
    const QString markdown = made.markdown();
    json out = made.toJson();
    out["markdown"] = markdown.toStdString();
    out["path"] = o.output.empty() ? json() : json(o.output);
    if (!o.output.empty())
        EVALWRIGHT_TRY(writeWholeFile(text(o.output), markdown.toUtf8(), o.force));
    context.print(out, o.output.empty() ? markdown : u"%1: the card of “%2”\n"_s.arg(text(o.output), dataset.name));
    return Done;
}

} // namespace

void addCardCommand(CLI::App &dataset, Context &context)
{
    auto o = std::make_shared<CardOptions>();
    CLI::App *command = dataset.add_subcommand(
        "card", "The data set card: what it is, how it was made, what people say of it, its limits. Options with texts "
                "keep them in the project.\nExample: evalwright-cli -p study.evalwright dataset card agreeableness "
                "--licence CC-BY-4.0 -o README.md");
    command->add_option("dataset", o->dataset, "Data set")->required();
    command->add_option("-o,--output", o->output, "Markdown file to write [shown]");
    command->add_option("--licence,--license", o->licence, "SPDX identifier, such as CC-BY-4.0");
    command->add_option("--authors", o->authors, "By whom");
    command->add_option("--citation", o->citation, "How to cite it");
    command->add_option("--limits", o->limits, "Known limits, in words");
    command->add_flag("--force", o->force, "Replace the file");
    command->callback([&context, o] { context.command = [&context, o] { return card(context, *o); }; });
}

} // namespace evalwright::cli
