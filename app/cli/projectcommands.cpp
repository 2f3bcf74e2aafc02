// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"
#include "app/cli/projecttools.h"

#include "core/text.h"
#include "storage/projectcheck.h"
#include "storage/projectinfo.h"

#include <QFileInfo>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Result<int> create(Context &context, const QString &path, const QString &name)
{
    const QFileInfo file(path);
    EVALWRIGHT_ASSIGN(const auto project, Project::create(path, name.isEmpty() ? file.completeBaseName() : name));
    const QString absolute = QFileInfo(path).absoluteFilePath();
    context.print({{"path", absolute.toStdString()},
                   {"name", project->name().toStdString()},
                   {"uuid", project->uuid().toStdString()},
                   {"schema", Project::schemaVersion}},
                  u"New project: %1"_s.arg(absolute));
    return Done;
}

Result<int> info(Context &context)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const ProjectInfo info,
                      project->readNow([&](Connection &c) { return projectInfo(c, project->path()); }));
    QString human = u"%1 (%2, schema %3, %4)\n%5 responses, %6 jobs\n"_s.arg(info.name, info.path)
                        .arg(info.schema)
                        .arg(formatBytes(info.bytes))
                        .arg(info.responses)
                        .arg(info.jobs);
    if (!info.datasets.isEmpty()) {
        Table table{{u"data set"_s, u"family"_s, u"candidates"_s, u"items"_s, u"reviewed"_s}, {}, {2, 3, 4}};
        for (const DatasetSummary &d : info.datasets)
            table.rows << QStringList{d.dataset.name, d.dataset.family, QString::number(d.candidates),
                                      QString::number(d.items), QString::number(d.reviewed)};
        human += u'\n' + table.text();
    }
    if (!info.models.isEmpty()) {
        Table table{{u"model"_s, u"family"_s, u"parameters"_s, u"responses"_s}, {}, {2, 3}};
        for (const ProjectInfo::ModelEntry &m : info.models)
            table.rows << QStringList{m.model.name, m.model.family, formatParameters(m.model.parameters),
                                      QString::number(m.responses)};
        human += u'\n' + table.text();
    }
    if (!info.runs.isEmpty()) {
        Table table{{u"run"_s, u"created"_s, u"observations"_s}, {}, {2}};
        for (const ProjectInfo::RunEntry &r : info.runs)
            table.rows << QStringList{r.run.name, r.run.createdAt, QString::number(r.observations)};
        human += u'\n' + table.text();
    }
    context.print(info.toJson(), human);
    return Done;
}

Result<int> check(Context &context, bool repair)
{
    std::shared_ptr<Project> project;
    if (repair || context.projectPath.empty()) {
        EVALWRIGHT_ASSIGN(project, context.openProject(Project::Access::ReadWrite));
    } else {
        EVALWRIGHT_ASSIGN(
            project, Project::open(text(context.projectPath), Project::Access::ReadOnly, Project::Purpose::Inspection));
    }
    ProjectCheck result;
    if (repair) {
        EVALWRIGHT_ASSIGN(result, repairProject(*project));
    } else {
        CheckOptions options;
        options.token = context.token();
        if (const ToolProgressFunction progress = toolProgress(context))
            options.progress = [progress](qint64 done, qint64 total) { progress({u"checking"_s, done, total}); };
        const auto checked = project->readNow([&](Connection &c) { return checkProject(c, options); });
        context.endProgress();
        if (!checked)
            return failure(checked.error());
        result = *checked;
    }
    QString human;
    for (const QString &done : result.repaired)
        human += u"Repaired: %1\n"_s.arg(done);
    for (const ProjectProblem &problem : result.problems)
        human += u"%1: %2 (%3)\n"_s.arg(problem.notice ? u"Notice"_s : u"Problem"_s, problem.text).arg(problem.count);
    human += result.ok
                 ? u"The project is sound."_s
                 : u"The project is not sound. Keep a copy of the file; 'project check --repair' does what is safe."_s;
    context.print(result.toJson(), human);
    return result.ok ? Done : Failed;
}

} // namespace

void addProjectCommands(CLI::App &app, Context &context)
{
    CLI::App *project =
        app.add_subcommand("project", "Project files.\nExample: evalwright-cli project new study.evalwright");
    project->require_subcommand(1);
    auto file = std::make_shared<std::string>(), name = std::make_shared<std::string>();
    auto repair = std::make_shared<bool>(false);

    CLI::App *newCommand = project->add_subcommand(
        "new", "A new, empty project.\nExample: evalwright-cli project new study.evalwright --name \"My study\"");
    newCommand->add_option("FILE", *file)->required();
    newCommand->add_option("--name", *name, "Name for people; the file's name when absent");
    newCommand->callback([&context, file, name] {
        context.command = [&context, file, name] { return create(context, text(*file), text(*name)); };
    });

    CLI::App *infoCommand = project->add_subcommand(
        "info", "What the project holds.\nExample: evalwright-cli -p study.evalwright project info");
    infoCommand->callback([&context] { context.command = [&context] { return info(context); }; });

    CLI::App *checkCommand = project->add_subcommand(
        "check",
        "Look for damage and for items without provenance.\nExample: evalwright-cli -p study.evalwright project check");
    checkCommand->add_flag("--repair", *repair, "Do what is safe; nothing that was produced is deleted");
    checkCommand->callback(
        [&context, repair] { context.command = [&context, repair] { return check(context, *repair); }; });
    addProjectToolCommands(*project, context);
}

} // namespace evalwright::cli
