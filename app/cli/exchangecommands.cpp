// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"

#include "core/foreignjson.h"
#include "generators/lint/lintdataset.h"
#include "storage/exchange/exchange.h"
#include "storage/exchange/observations/observations.h"
#include "storage/exchange/observations/resultformats.h"
#include "storage/exchange/recordsource.h"

#include <QFileInfo>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct ImportArguments
{
    std::vector<std::string> files, map;
    std::string dataset, format = "auto", model;
    std::string csvUnescape = "auto";
    bool strict = false, skipBad = false;
};

/// Names of the formats that can be read, or written.
QStringList formatNames(bool reading)
{
    QStringList names;
    for (const FileFormat &format : fileFormats()) {
        if (reading ? format.reader != nullptr : format.writer != nullptr)
            names << format.name;
    }
    return names;
}

/// "question from “prompt”, …"; empty when nothing was mapped.
QString mappingInWords(const ImportReport &report)
{
    const json mapping = storedJson(report.mapping);
    QStringList parts;
    for (const auto &[target, source] : mapping.items())
        parts << u"%1 from “%2”"_s.arg(text(target), text(source.get<std::string>()));
    return parts.join(u", "_s);
}

QMap<QString, qint64> findingsPerRule(const LintReport &lint)
{
    QMap<QString, qint64> counts;
    for (const DatasetFinding &finding : lint.findings)
        ++counts[finding.rule->name];
    return counts;
}

json lintSummary(const LintReport &lint)
{
    json rules = json::object();
    const QMap<QString, qint64> counts = findingsPerRule(lint);
    for (auto it = counts.begin(); it != counts.end(); ++it)
        rules[it.key().toStdString()] = it.value();
    return {{"items", lint.items}, {"blocking", lint.blocking}, {"rules", rules}};
}

/// "  lint: 11 folded-duplicate, 66 near-duplicate; items with blocking findings: 0"; empty when nothing was found.
QString lintInWords(const LintReport &lint)
{
    QStringList parts;
    const QMap<QString, qint64> counts = findingsPerRule(lint);
    for (auto it = counts.begin(); it != counts.end(); ++it)
        parts << u"%1 %2"_s.arg(it.value()).arg(it.key());
    return parts.isEmpty() ? QString()
                           : u"  lint: %1; items with blocking findings: %2\n"_s.arg(parts.join(u", "_s)).arg(lint.blocking);
}

/// Rows that could not be read, one a line; at most twenty.
QString problemsInWords(const ImportReport &report)
{
    QString out;
    qsizetype shown = 0;
    for (const RowProblem &problem : report.rejected) {
        if (++shown > 20)
            return out + u"  … and %1 more; see --json\n"_s.arg(report.bad - 20);
        out += u"  line %1, column %2: %3\n"_s.arg(problem.line).arg(problem.column).arg(problem.message);
    }
    return out;
}

Result<int> importResults(Context &context, Project &project, const ImportArguments &o, const std::string &file,
                          const QString &format, json &files, QString &human)
{
    ObservationImportOptions options;
    options.dataset = text(o.dataset);
    options.skipBad = o.skipBad;
    EVALWRIGHT_ASSIGN(const auto source, openResultFile(text(file), format, text(o.model)));
    const auto show = [tell = context.progress()](qint64 done, qint64 total) {
        if (!tell)
            return; // --quiet
        JobProgress progress;
        progress.done = done;
        progress.total = total;
        tell(progress);
    };
    const Result<ObservationImportReport> imported =
        importObservations(project, text(file), *source, options, context.token(), show);
    context.endProgress();
    if (!imported)
        return tl::unexpected<Error>(imported.error());
    const ObservationImportReport &report = *imported;
    files.push_back(report.toJson());
    human += u"%1: %2 of %3 answers to %4 by %5 (%6), %7 known before, %8 bad\n"_s.arg(report.file.path)
                 .arg(report.file.imported)
                 .arg(report.file.rows)
                 .arg(counted(report.datasets.size(), u"data set"_s), counted(report.models.size(), u"model"_s),
                      report.file.format)
                 .arg(report.file.duplicates)
                 .arg(report.file.bad);
    for (const QString &note : report.notes)
        human += u"  %1\n"_s.arg(note);
    human += problemsInWords(report.file);
    if (report.file.refused()) {
        human += u"  Nothing was stored. Correct these rows, or import the others with --skip-bad.\n"_s;
        return Failed;
    }
    return report.file.bad > 0 ? Partly : Done;
}

Result<int> importFiles(Context &context, const ImportArguments &o)
{
    if (o.format == "openai-batch-output")
        return collectFiles(context, o.files, BatchService::OpenAi);
    if (o.format == "anthropic-batch-output")
        return collectFiles(context, o.files, BatchService::Anthropic);
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    json files = json::array();
    QString human;
    int status = Done;
    for (const std::string &file : o.files) {
        const QString format = text(o.format);
        QString results = resultFormats().contains(format) ? format : QString();
        if (format == "auto"_L1) {
            EVALWRIGHT_ASSIGN(results, resultFormatOf(text(file)));
        }
        if (!results.isEmpty()) {
            EVALWRIGHT_ASSIGN(const int one, importResults(context, *project, o, file, results, files, human));
            status = one == Done ? status : o.files.size() == 1 ? one : int(Partly);
            continue;
        }
        ImportOptions options;
        options.dataset = text(o.dataset);
        options.format = text(o.format);
        options.skipBad = o.skipBad;
        options.strict = o.strict;
        options.csvUnescape = o.csvUnescape == "on";
        for (const std::string &pair : o.map)
            options.map << text(pair);
        QString lintLine;
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
        if (report->imported > 0) {
            EVALWRIGHT_ASSIGN(const LintReport lint, lintAfterImport(*project, report->dataset, context.token()));
            files.back()["lint"] = lintSummary(lint);
            lintLine = lintInWords(lint);
        }
        human += u"%1: %2 of %3 rows into \"%4\" (%5), %6 known before, %7 bad\n"_s.arg(report->path)
                     .arg(report->imported)
                     .arg(report->rows)
                     .arg(report->dataset, report->format)
                     .arg(report->duplicates)
                     .arg(report->bad);
        if (const QString mapping = mappingInWords(*report); !mapping.isEmpty())
            human += u"  %1\n"_s.arg(mapping);
        human += lintLine;
        human += problemsInWords(*report);
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
    std::string dataset, format, output, order, labels = "raw", csvSafe = "on", control;
    bool force = false, despiteLint = false, controls = false;
};

Result<int> exportFile(Context &context, const ExportArguments &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    if (o.output == "-" && context.json)
        return failure(ErrorCode::InvalidInput, u"--json and an export to standard output cannot share one stream."_s,
                       u"Write to a file."_s);
    if (const Status released = mayBeReleased(*project, text(o.dataset), context.token()); !released) {
        if (!o.despiteLint)
            return tl::unexpected<Error>(released.error());
        context.say(u"Exported all the same: "_s + released.error().message);
    }
    ExportOptions options;
    options.overwrite = o.force;
    options.order = text(o.order);
    options.trimLabels = o.labels == "trimmed";
    options.csvSafe = o.csvSafe == "on";
    options.control = text(o.control);
    QList<ExportReport> reports;
    if (o.controls) {
        if (o.output == "-")
            return failure(ErrorCode::InvalidInput, u"Several files cannot share standard output."_s,
                           u"Write to a file, or ask for one control with --control."_s);
        EVALWRIGHT_ASSIGN(reports, exportWithControls(*project, text(o.dataset), text(o.format), text(o.output), options,
                                                      context.token()));
    } else {
        EVALWRIGHT_ASSIGN(const ExportReport one, exportDataset(*project, text(o.dataset), text(o.format), text(o.output),
                                                                options, context.token()));
        reports << one;
    }
    QString human;
    for (const ExportReport &report : reports)
        human += u"%1: %2 %3 in the order “%4”, SHA-256 %5%6\n"_s.arg(report.path)
                     .arg(report.rows)
                     .arg(report.control.isEmpty() ? u"items"_s : u"rows of the control “%1”"_s.arg(report.control),
                          report.order, report.sha256,
                          report.equalsImport ? u" (byte for byte the imported file)"_s : QString());
    if (o.output == "-") {
        context.say(human.trimmed());
    } else {
        json out = reports.first().toJson();
        out["controls"] = json::array();
        for (const ExportReport &report : reports.mid(1))
            out["controls"].push_back(report.toJson());
        context.print(out, human);
    }
    return Done;
}

} // namespace

void addExchangeCommands(CLI::App &app, Context &context)
{
    auto i = std::make_shared<ImportArguments>();
    CLI::App *import =
        app.add_subcommand("import", "Read published items; one file is stored whole or not at all.\n"
                                     "Example: evalwright-cli -p study.evalwright import agreeableness.jsonl\n"
                                     "Example: evalwright-cli -p study.evalwright import poll.csv --map question=prompt");
    import->add_option("FILE", i->files, "Files, or - for standard input")->required();
    import->add_option("--dataset", i->dataset, "Name of the data set; the file's name when absent");
    import
        ->add_option("--format", i->format,
                     "auto, " + formatNames(true).join(u", "_s).toStdString() +
                         "; for results of others observations (one row for each answer), lm-eval-samples or inspect-log; "
                         "openai-batch-output or anthropic-batch-output")
        ->capture_default_str();
    import->add_option("--model", i->model, "Results of others: the model that answered, where the file does not say it");
    import->add_option("--map", i->map,
                       "field=column for jsonl, csv and tsv; a column may be a JSON pointer (/a/b/0). Fields: question, "
                       "matching, not_matching, statement, options, option_a ..., matching_index, confidence, id, "
                       "cluster, category, user_affiliation, split, meta.NAME. The rest is guessed by name.");
    import
        ->add_option("--csv-unescape", i->csvUnescape,
                     "on: take the apostrophe off cells that were made safe for spreadsheets; auto: if the file says so")
        ->check(CLI::IsMember({"auto", "on"}))
        ->capture_default_str();
    import->add_flag("--strict", i->strict, "Rows that are only marked count as bad");
    import->add_flag("--skip-bad", i->skipBad, "Store the good rows of a file with bad ones");
    import->callback([&context, i] { context.command = [&context, i] { return importFiles(context, *i); }; });

    auto e = std::make_shared<ExportArguments>();
    CLI::App *exportCommand = app.add_subcommand("export", "Write the items of a data set.\n"
                                                           "Example: evalwright-cli -p study.evalwright export agreeableness "
                                                           "--format anthropic-evals -o agreeableness.jsonl");
    exportCommand->add_option("DATASET", e->dataset)->required();
    exportCommand->add_option("--format", e->format, formatNames(false).join(u", "_s).toStdString())->required();
    exportCommand->add_flag("--despite-lint", e->despiteLint, "Write it although lint rules block a release");
    exportCommand->add_option("-o,--output", e->output, "File, or - for standard output")->required();
    exportCommand->add_option("--order", e->order,
                              "stored, paper (labels take turns, the most certain first) or shuffle:SEED; when absent, "
                              "stored for imported data sets and shuffle:0 for generated ones");
    exportCommand->add_option("--labels", e->labels, "raw: as they are stored (\" Yes\"); trimmed: \"Yes\"")
        ->check(CLI::IsMember({"raw", "trimmed"}))
        ->capture_default_str();
    exportCommand
        ->add_option("--csv-safe", e->csvSafe,
                     "on: cells that a spreadsheet would take for a formula get an apostrophe; off: raw")
        ->check(CLI::IsMember({"on", "off"}))
        ->capture_default_str();
    CLI::Option *controls = exportCommand->add_flag(
        "--controls", e->controls,
        "Also each control in a file beside it: NAME.no-biography.jsonl, NAME.swapped-biography.jsonl");
    exportCommand->add_option("--control", e->control, "Instead of the items: no-biography or swapped-biography")
        ->excludes(controls);
    exportCommand->add_flag("--force", e->force, "Overwrite the file");
    exportCommand->callback([&context, e] { context.command = [&context, e] { return exportFile(context, *e); }; });
}

} // namespace evalwright::cli
