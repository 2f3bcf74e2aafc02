// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"

#include "storage/exchange/exchange.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct ImportArguments
{
    std::vector<std::string> files, map;
    std::string dataset, format = "auto";
    bool strict = false, skipBad = false;
};

Result<int> importFiles(Context &context, const ImportArguments &o)
{
    if (o.format == "openai-batch-output")
        return collectFiles(context, o.files, BatchService::OpenAi);
    if (o.format == "anthropic-batch-output")
        return collectFiles(context, o.files, BatchService::Anthropic);
    if (!o.map.empty()) {
        return failure(ErrorCode::Unsupported,
                       u"This version reads files whose columns have their published names; --map is not there yet."_s,
                       u"Rename the columns before the import."_s);
    }
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    json files = json::array();
    QString human;
    int status = Done;
    for (const std::string &file : o.files) {
        ImportOptions options;
        options.dataset = text(o.dataset);
        options.format = text(o.format);
        options.skipBad = o.skipBad;
        options.strict = o.strict;
        const Result<ImportReport> report = importFile(*project, text(file), options, context.token());
        if (!report) {
            // The files before this one are stored; a single file fails as a whole command.
            if (o.files.size() == 1)
                return tl::unexpected<Error>(report.error());
            files.push_back({{"path", file}, {"error", report.error().text().toStdString()}, {"imported", 0}});
            human += u"%1: %2\n"_s.arg(text(file), report.error().text());
            status = Partly;
            continue;
        }
        files.push_back(report->toJson());
        human += u"%1: %2 of %3 rows into \"%4\" (%5), %6 known before, %7 bad\n"_s.arg(report->path)
                     .arg(report->imported)
                     .arg(report->rows)
                     .arg(report->dataset, report->format)
                     .arg(report->duplicates)
                     .arg(report->bad);
        qsizetype shown = 0;
        for (const RowProblem &problem : report->rejected) {
            if (++shown > 20) {
                human += u"  … and %1 more; see --json\n"_s.arg(report->bad - 20);
                break;
            }
            human += u"  line %1, column %2: %3\n"_s.arg(problem.line).arg(problem.column).arg(problem.message);
        }
        if (report->refused()) {
            human += u"  Nothing was stored. Correct these rows, or import the others with --skip-bad.\n"_s;
            status = o.files.size() == 1 ? Failed : Partly;
        } else if (report->bad > 0) {
            status = Partly;
        }
    }
    context.print({{"files", files}}, human);
    return status;
}

struct ExportArguments
{
    std::string dataset, format, output;
    bool force = false;
};

Result<int> exportFile(Context &context, const ExportArguments &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    if (o.output == "-" && context.json)
        return failure(ErrorCode::InvalidInput, u"--json and an export to standard output cannot share one stream."_s,
                       u"Write to a file."_s);
    EVALWRIGHT_ASSIGN(const ExportReport report, exportDataset(*project, text(o.dataset), text(o.format),
                                                               text(o.output), o.force, context.token()));
    const QString human =
        u"%1: %2 items, SHA-256 %3%4"_s.arg(report.path)
            .arg(report.rows)
            .arg(report.sha256, report.equalsImport ? u" (byte for byte the imported file)"_s : QString());
    if (o.output == "-")
        context.say(human);
    else
        context.print(report.toJson(), human);
    return Done;
}

} // namespace

void addExchangeCommands(CLI::App &app, Context &context)
{
    auto i = std::make_shared<ImportArguments>();
    CLI::App *import =
        app.add_subcommand("import", "Read published items; one file is stored whole or not at all.\n"
                                     "Example: evalwright-cli -p study.evalwright import agreeableness.jsonl");
    import->add_option("FILE", i->files, "Files, or - for standard input")->required();
    import->add_option("--dataset", i->dataset, "Name of the data set; the file's name when absent");
    import
        ->add_option("--format", i->format, "auto, anthropic-evals, openai-batch-output or anthropic-batch-output")
        ->capture_default_str();
    import->add_option("--map", i->map, "field=column");
    import->add_flag("--strict", i->strict, "Rows that are only marked count as bad");
    import->add_flag("--skip-bad", i->skipBad, "Store the good rows of a file with bad ones");
    import->callback([&context, i] { context.command = [&context, i] { return importFiles(context, *i);
};
} // namespace evalwright::cli
);

auto e = std::make_shared<ExportArguments>();
CLI::App *exportCommand = app.add_subcommand(
    "export",
    "Write the items of a data set.\n"
    "Example: evalwright-cli -p study.evalwright export agreeableness --format anthropic-evals -o agreeableness.jsonl");
exportCommand->add_option("DATASET", e->dataset)->required();
exportCommand->add_option("--format", e->format, "anthropic-evals")->required();
exportCommand->add_option("-o,--output", e->output, "File, or - for standard output")->required();
exportCommand->add_flag("--force", e->force, "Overwrite the file");
exportCommand->callback([&context, e] { context.command = [&context, e] { return exportFile(context, *e); }; });
}

} // namespace evalwright::cli
