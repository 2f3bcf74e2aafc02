// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/undoimport.h"

#include "core/visibletext.h"
#include "storage/exchange/importundo.h"
#include "storage/repositories/datasets.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct UndoOptions
{
    std::string dataset;
    qint64 import = 0;
    bool dryRun = false;
};

Result<int> imports(Context &context, const UndoOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const QList<ImportListed> list, project->readNow([&](Connection &c) -> Result<QList<ImportListed>> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(o.dataset)));
        return listImports(c, dataset.id);
    }));
    json all = json::array();
    Table table{{u"import"_s, u"when"_s, u"file"_s, u"format"_s, u"candidates"_s, u"kept"_s, u"SHA-256"_s}, {}, {0, 4, 5}};
    for (const ImportListed &one : list) {
        all.push_back({{"import", one.source.id.value},
                       {"file", one.source.fileName.toStdString()},
                       {"format", one.source.format.toStdString()},
                       {"sha256", one.source.sha256.toStdString()},
                       {"at", one.source.importedAt.toStdString()},
                       {"candidates", one.items},
                       {"kept", one.kept}});
        table.rows << QStringList{QString::number(one.source.id.value),  one.source.importedAt,       withVisibleControls(one.source.fileName),
                                  one.source.format,                     QString::number(one.items), QString::number(one.kept),
                                  one.source.sha256};
    }
    context.print({{"dataset", o.dataset}, {"imports", all}},
                  list.isEmpty() ? u"Nothing in “%1” was imported.\n"_s.arg(withVisibleControls(text(o.dataset))) : table.text());
    return Done;
}

Result<int> undo(Context &context, const UndoOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(o.dryRun ? Project::Access::ReadOnly : Project::Access::ReadWrite));
    const ImportSourceId id{o.import};
    const Result<ImportUndone> undone =
        o.dryRun ? project->readNow([id](Connection &c) { return planImportUndo(c, id); }) : undoImport(*project, id, context.token(), context.counter());
    context.endProgress();
    if (!undone && undone.error().code == ErrorCode::NotFound) {
        Error error = undone.error();
        error.advice = u"“dataset imports DATASET” lists them."_s;
        return failure(error);
    }
    if (!undone)
        return failure(undone.error());
    const QString would = o.dryRun ? u"would be "_s : QString();
    QString words = u"%1: %2 %3removed from “%4”"_s.arg(withVisibleControls(undone->source.fileName), counted(undone->removed, u"item"_s), would,
                                                       withVisibleControls(undone->dataset));
    if (undone->rejected > 0)
        words += u", %1 %2rejected, because %3"_s.arg(QString::number(undone->rejected), would,
                                                     undone->hasJobsSince ? u"a job has worked with the data set since"_s
                                                                          : u"something happened to them since"_s);
    if (undone->rejectedBefore > 0)
        words += u", %1 rejected already"_s.arg(undone->rejectedBefore);
    if (undone->datasetGoes)
        words += u"; the data set, which is empty then, %1"_s.arg(o.dryRun ? u"would be removed"_s : u"is removed"_s);
    json out = undone->toJson();
    out["dry_run"] = o.dryRun;
    context.print(out, words + u'\n');
    return Done;
}

} // namespace

void addUndoImport(CLI::App &dataset, Context &context)
{
    auto o = std::make_shared<UndoOptions>();
    CLI::App *list = dataset.add_subcommand("imports", "Files that were imported into a data set, with the numbers by which “undo-import” knows them.\n"
                                                       "Example: evalwright-cli -p study.evalwright dataset imports agreeableness");
    list->add_option("DATASET", o->dataset)->required();
    list->callback([&context, o] { context.command = [&context, o] { return imports(context, *o); }; });

    CLI::App *undoCommand = dataset.add_subcommand(
        "undo-import", "Remove the items that an import brought; those that anything happened to since are rejected and stay.\n"
                       "Example: evalwright-cli -p study.evalwright dataset undo-import 3 --dry-run");
    undoCommand->add_option("IMPORT", o->import, "Number, as “dataset imports” lists it")->required()->check(wholeNumber(1, largestSeed));
    undoCommand->add_flag("--dry-run", o->dryRun, "Say how many it would be; change nothing");
    undoCommand->callback([&context, o] { context.command = [&context, o] { return undo(context, *o); }; });
}

} // namespace evalwright::cli
