// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/projecttools.h"

#include "core/text.h"
#include "storage/tools/projectbackup.h"
#include "storage/tools/projectmerge.h"
#include "storage/tools/projectrecover.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct ToolOptions
{
    std::string dataset, other, as, file, output;
    std::vector<std::string> names;
    bool dryRun = false, force = false;
};

QString stateWords(const MergeReport::DatasetEntry &entry)
{
    using State = MergeReport::DatasetEntry::State;
    const QString state = entry.state == State::New           ? u"new"_s
                          : entry.state == State::SameContent ? u"same content"_s
                                                              : u"known"_s;
    return entry.removedHere ? state + u", removed here"_s : state;
}

QString mergeText(const MergeReport &report)
{
    QString out;
    Table sets{{u"data set"_s, u"here"_s, u"new"_s, u"known"_s, u"changed here"_s, u"updated"_s, u"state"_s}, {}, {2, 3, 4, 5}};
    for (const MergeReport::DatasetEntry &entry : report.datasets)
        sets.rows << QStringList{entry.name,
                                 entry.here,
                                 QString::number(entry.added),
                                 QString::number(entry.known),
                                 QString::number(entry.changed),
                                 QString::number(entry.updated),
                                 stateWords(entry)};
    if (!sets.rows.isEmpty())
        out += sets.text() + u'\n';
    Table models{{u"model"_s, u"here"_s, u"state"_s, u"address"_s, u"key variable"_s}, {}, {}};
    for (const MergeReport::ModelEntry &entry : report.models)
        models.rows << QStringList{entry.name, entry.here, entry.isNew ? u"new"_s : u"known"_s, entry.baseUrl, entry.keyEnv};
    if (!models.rows.isEmpty())
        out += models.text() + u'\n';
    Table rows{{u"rows"_s, u"new"_s, u"known"_s}, {}, {1, 2}};
    for (const MergeReport::RowCount &row : report.rows) {
        if (row.added + row.known > 0)
            rows.rows << QStringList{row.table, QString::number(row.added), QString::number(row.known)};
    }
    if (!rows.rows.isEmpty())
        out += rows.text();
    if (report.stoppedJobs > 0)
        out += u"%1 not finished there; go on with them there, they are stopped here.\n"_s.arg(
            report.stoppedJobs == 1 ? u"1 job was"_s : u"%1 jobs were"_s.arg(report.stoppedJobs));
    if (report.otherAnswers > 0)
        out += u"%1 to requests that have another answer here: both are kept, the one here counts.\n"_s.arg(
            counted(report.otherAnswers, u"answer"_s));
    if (report.changedNothing())
        out += u"Nothing is new.\n"_s;
    if (report.dryRun)
        out += u"This was a dry run: nothing was changed.\n"_s;
    return out;
}

Result<int> bringIn(Context &context, const QString &from, const MergeOptions &options)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    const auto report = mergeProject(*project, from, options, context.token(), toolProgress(context));
    context.endProgress();
    if (!report)
        return failure(report.error());
    context.print(report->toJson(), mergeText(*report));
    return Done;
}

Result<int> copyDataset(Context &context, const ToolOptions &o)
{
    MergeOptions options;
    options.dataset = text(o.dataset);
    options.dryRun = o.dryRun;
    if (!o.as.empty())
        options.names.insert(options.dataset, text(o.as));
    return bringIn(context, text(o.other), options);
}

Result<int> merge(Context &context, const ToolOptions &o)
{
    MergeOptions options;
    options.dryRun = o.dryRun;
    for (const std::string &pair : o.names) {
        const QString given = text(pair);
        const qsizetype sign = given.indexOf(u'=');
        if (sign <= 0 || sign + 1 == given.size())
            return context.wrongUse(Error(ErrorCode::InvalidInput, u"“%1” does not say which data set gets which name."_s.arg(given),
                                          u"Write OLD=NEW."_s));
        options.names.insert(given.left(sign), given.mid(sign + 1));
    }
    return bringIn(context, text(o.file), options);
}

Result<int> backUp(Context &context, const ToolOptions &o)
{
    if (context.projectPath.empty()) {
        return failure(ErrorCode::InvalidInput, u"No project was named."_s,
                       u"Give it with -p FILE or in the environment variable EVALWRIGHT_PROJECT."_s);
    }
    const auto report = backUpProject(text(context.projectPath), text(o.file), o.force, context.token(), toolProgress(context));
    context.endProgress();
    if (!report)
        return failure(report.error());
    context.print({{"path", report->path.toStdString()}, {"bytes", report->bytes}, {"sha256", report->sha256.toStdString()}},
                  u"Backup: %1 (%2)\nSHA-256: %3"_s.arg(report->path, formatBytes(report->bytes), report->sha256));
    return Done;
}

Result<int> compact(Context &context)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    const auto report = compactProject(*project, context.token(), toolProgress(context));
    context.endProgress();
    if (!report)
        return failure(report.error());
    context.print({{"bytes_before", report->bytesBefore}, {"bytes_after", report->bytesAfter}},
                  u"%1 before, %2 now."_s.arg(formatBytes(report->bytesBefore), formatBytes(report->bytesAfter)));
    return Done;
}

QString recoverText(const RecoverReport &report)
{
    Table table{{u"table"_s, u"salvaged"_s, u"broken"_s, u"expected"_s, u"lost pages"_s, u"left out"_s, u"mended"_s, u"stand-ins"_s},
                {},
                {1, 2, 3, 4, 5, 6, 7}};
    for (const RecoverReport::Table &t : report.tables) {
        if (t.salvaged + t.broken + t.lostPages + t.dropped + t.placeholders == 0 && t.expected <= 0)
            continue;
        table.rows << QStringList{t.name,
                                  QString::number(t.salvaged),
                                  QString::number(t.broken),
                                  t.expected < 0 ? u"—"_s : QString::number(t.expected),
                                  QString::number(t.lostPages),
                                  QString::number(t.dropped),
                                  QString::number(t.mended),
                                  QString::number(t.placeholders)};
    }
    QString out = table.text();
    if (report.strayRows > 0)
        out += u"%1 found apart from their table and put back by their looks.\n"_s.arg(report.strayRows == 1 ? u"1 row was"_s : u"%1 rows were"_s.arg(report.strayRows));
    if (report.unknownRows > 0)
        out += u"%1 found whose place is not known; they are not in the new project.\n"_s.arg(report.unknownRows == 1 ? u"1 row was"_s : u"%1 rows were"_s.arg(report.unknownRows));
    for (const ProjectProblem &problem : report.check.problems)
        out += u"%1: %2 (%3)\n"_s.arg(problem.notice ? u"Notice"_s : u"Problem"_s, problem.text).arg(problem.count);
    out += report.lostNothing() ? u"Nothing is known to be lost.\n"_s : u"Not everything could be saved; the table says what.\n"_s;
    return out + u"New project: %1"_s.arg(report.path);
}

Result<int> recover(Context &context, const ToolOptions &o)
{
    const auto report = recoverProject(text(o.file), text(o.output), context.token(), toolProgress(context));
    context.endProgress();
    if (!report)
        return failure(report.error());
    context.print(report->toJson(), recoverText(*report));
    return report->lostNothing() && report->check.ok ? Done : Partly;
}

} // namespace

ToolProgressFunction toolProgress(Context &context)
{
    const ProgressFunction progress = context.progress();
    if (!progress)
        return {};
    return [progress](const ToolProgress &p) {
        JobProgress shown;
        shown.stage = p.stage;
        shown.done = p.done;
        shown.total = p.total;
        shown.message = p.total > 0 ? u"%1%"_s.arg(100 * p.done / p.total) : u"…"_s;
        progress(shown);
    };
}

void addProjectToolCommands(CLI::App &project, Context &context)
{
    auto o = std::make_shared<ToolOptions>();
    CLI::App *copy = project.add_subcommand("copy-dataset",
                                            "A data set of another project, with everything it rests on. Again: what is new there.\n"
                                            "Example: evalwright-cli -p study.evalwright project copy-dataset agreeableness --from "
                                            "pilot.evalwright --as pilot");
    copy->add_option("DATASET", o->dataset, "Its name in the other project")->required();
    copy->add_option("--from", o->other, "The other project; it is only read")->required();
    copy->add_option("--as", o->as, "Its name here; “NAME (2)” when absent and taken");
    copy->add_flag("--dry-run", o->dryRun, "Say what would come");
    copy->callback([&context, o] { context.command = [&context, o] { return copyDataset(context, *o); }; });

    CLI::App *mergeCommand = project.add_subcommand("merge",
                                                    "Everything of another project. Again: what is new there.\n"
                                                    "Example: evalwright-cli -p study.evalwright project merge colleague.evalwright --dry-run");
    mergeCommand->add_option("OTHER", o->file, "The other project; it is only read")->required();
    mergeCommand->add_option("--as", o->names, "OLD=NEW: what a data set of the other project is called here");
    mergeCommand->add_flag("--dry-run", o->dryRun, "Say what would come");
    mergeCommand->callback([&context, o] { context.command = [&context, o] { return merge(context, *o); }; });

    CLI::App *backup = project.add_subcommand("backup",
                                              "A copy of the project as it is now, also while another process works on it.\n"
                                              "Example: evalwright-cli -p study.evalwright project backup /backups/study.evalwright");
    backup->add_option("FILE", o->file)->required();
    backup->add_flag("--force", o->force, "Replace FILE");
    backup->callback([&context, o] { context.command = [&context, o] { return backUp(context, *o); }; });

    CLI::App *compactCommand = project.add_subcommand("compact", "Write the file anew without its holes; needs space for two more of it.\n"
                                                                 "Example: evalwright-cli -p study.evalwright project compact");
    compactCommand->callback([&context] { context.command = [&context] { return compact(context); }; });

    CLI::App *recoverCommand = project.add_subcommand("recover",
                                                      "A new project of what can be read of a damaged one, which stays as it is.\n"
                                                      "Example: evalwright-cli project recover damaged.evalwright -o saved.evalwright");
    recoverCommand->add_option("DAMAGED", o->file)->required();
    recoverCommand->add_option("-o,--output", o->output, "The new project")->required();
    recoverCommand->callback([&context, o] { context.command = [&context, o] { return recover(context, *o); }; });
}

} // namespace evalwright::cli
