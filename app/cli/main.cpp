// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"
#include "app/cli/figurecommands.h"

#include "core/text.h"
#include "storage/project.h"

#include <QCoreApplication>
#include <QSqlDatabase>

#include <algorithm>
#include <curl/curl.h>
#include <string_view>

using namespace evalwright;
using namespace evalwright::cli;
using namespace Qt::StringLiterals;

namespace {

struct Versions
{
    QString sqlite, qt = QString::fromLatin1(qVersion()),
                    curl = QString::fromLatin1(curl_version_info(CURLVERSION_NOW)->version);
};

Versions versions()
{
    Versions out;
    QString sqlite = u"unknown"_s;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"version"_s);
        database.setDatabaseName(u":memory:"_s);
        if (database.open()) {
            QSqlQuery query(u"SELECT sqlite_version()"_s, database);
            if (query.next())
                sqlite = query.value(0).toString();
        }
    }
    QSqlDatabase::removeDatabase(u"version"_s);
    out.sqlite = sqlite;
    return out;
}

void printVersion(const Context &context)
{
    const Versions v = versions();
    context.print(
        {{"version", EVALWRIGHT_VERSION},
         {"schema", Project::schemaVersion},
         {"qt", v.qt.toStdString()},
         {"sqlite", v.sqlite.toStdString()},
         {"libcurl", v.curl.toStdString()}},
        u"evalwright-cli %1\nproject schema %2\nQt %3\nSQLite %4\nlibcurl %5"_s.arg(QStringLiteral(EVALWRIGHT_VERSION))
            .arg(Project::schemaVersion)
            .arg(v.qt, v.sqlite, v.curl));
}

/// For what ends the reading of the arguments before all are read.
bool asksForJson(int argc, char **argv)
{
    return std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
}

/// The error of a word that should be a command and is none, at whatever level it was typed.
std::optional<Error> unknownCommand(const CLI::App &app, int argc, char **argv)
{
    const CLI::App *level = &app;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "-p" || word == "--project" || word == "--proxy" || word == "--ca-file")
            ++i; // What follows is no command.
        if (word.empty() || word[0] == '-')
            continue;
        QStringList names;
        const CLI::App *next = nullptr;
        for (const CLI::App *sub : level->get_subcommands({})) {
            names << text(sub->get_name());
            if (sub->get_name() == word)
                next = sub;
        }
        if (next) {
            level = next;
            continue;
        }
        if (names.isEmpty())
            return std::nullopt; // An argument of a command.
        const QString typed = level == &app ? text(word) : u"%1 %2"_s.arg(text(level->get_name()), text(word));
        return Error(ErrorCode::InvalidInput, u"There is no command “%1”."_s.arg(typed),
                     u"Known: %1. See --help."_s.arg(names.join(u", "_s)))
            .withSuggestions(nearestNames(text(word), names));
    }
    return std::nullopt;
}

int run(Context &context, int argc, char **argv)
{
    context.watchSignals();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"evalwright-cli"_s);

    CLI::App app(
        "Model-written evaluations from the command line.\nExample: evalwright-cli project new study.evalwright",
        "evalwright-cli");
    app.set_version_flag("--version", std::string());
    app.add_option("-p,--project", context.projectPath, "Project file; also from EVALWRIGHT_PROJECT")
        ->envname("EVALWRIGHT_PROJECT");
    app.add_flag("--json", context.json, "Exactly one JSON object on standard output");
    app.add_flag("--quiet", context.quiet, "No progress and no messages");
    app.add_option("--proxy", context.proxy, "http://host:port for all servers but this machine's own; also from "
                                             "EVALWRIGHT_PROXY, else https_proxy and http_proxy");
    app.add_option("--ca-file", context.caFile, "Certificates to trust, a PEM file; also from EVALWRIGHT_CA_FILE, else "
                                                "the system's");
    app.add_flag("--verbose", context.verbose, "Errors with their raw details");
    app.require_subcommand(1);
    app.fallthrough();
    addProjectCommands(app, context);
    addEngineCommands(app, context);
    addModelCommands(app, context);
    addRecipeCommands(app, context);
    addGenerateCommands(app, context);
    addDatasetCommands(app, context);
    addLintCommand(app, context);
    addImportCommand(app, context);
    addExportCommand(app, context);
    addEvaluateCommands(app, context);
    addFigureCommands(app, context);
    addJobCommands(app, context);
    addCacheCommands(app, context);
    addCheckerCommands(app, context);
    addReviewCommands(app, context);
    addDoctorCommand(app, context);
    // Global options may stand anywhere, also after the command.
    for (CLI::App *sub : app.get_subcommands({})) {
        sub->fallthrough();
        for (CLI::App *inner : sub->get_subcommands({}))
            inner->fallthrough();
    }

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp &e) {
        return app.exit(e);
    } catch (const CLI::CallForAllHelp &e) {
        return app.exit(e);
    } catch (const CLI::CallForVersion &) { // Before the other options are read.
        context.json = asksForJson(argc, argv);
        printVersion(context);
        return context.outputFailed() ? Failed : Done;
    } catch (const CLI::ParseError &e) {
        context.json = asksForJson(argc, argv);
        context.fail(unknownCommand(app, argc, argv)
                         .value_or(Error(ErrorCode::InvalidInput, QString::fromUtf8(e.what()), u"See --help."_s)));
        return Usage;
    }
    if (const Status network = context.networkSettings().check(); !network) {
        context.fail(network.error());
        return Usage;
    }
    const Result<int> done = context.command ? context.command() : Result<int>(Usage);
    context.endProgress();
    if (done && context.outputFailed()) {
        return context.fail(
            Error(ErrorCode::Storage, u"The result could not be written to standard output."_s,
                  u"Check the disk or the program that reads it; what was stored in the project stays."_s));
    }
    return done ? *done : context.fail(done.error());
}

} // namespace

int main(int argc, char **argv)
{
    try {
        Context context;
        try {
            return run(context, argc, argv);
        } catch (const std::exception &e) {
            return context.fail(Error(ErrorCode::Unknown, u"The command line failed: %1."_s.arg(text(e.what())),
                                      u"Please report this with the command that you typed."_s)
                                    .withConsequence(u"What was stored in the project stays."_s));
        }
    } catch (...) { // Not even the error could be printed: there is no memory.
        return Failed;
    }
}
