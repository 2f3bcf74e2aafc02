// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"

#include "core/foreignjson.h"
#include "core/visibletext.h"
#include "generators/lint/lintdataset.h"
#include "storage/exchange/canary.h"
#include "storage/exchange/exchange.h"
#include "storage/exchange/importfolder.h"
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
    bool strict = false, skipBad = false, lint = false, dryRun = false;
};

/// Names of the formats that can be read.
QStringList formatNames()
{
    QStringList names;
    for (const FileFormat &format : fileFormats()) {
        if (format.reader)
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
    const Result<ObservationImportReport> imported =
        importObservations(project, text(file), *source, options, context.token(), context.counter());
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

/// The files to read; a folder stands for what can be read in it.
Result<ImportFolder> inputsOf(Context &context, const ImportArguments &o)
{
    ImportFolder inputs;
    for (const std::string &file : o.files) {
        if (!QFileInfo(text(file)).isDir()) {
            inputs.files << ImportPath{text(file), {}, text(o.format)};
            continue;
        }
        if (o.format != "auto" && o.format != "hf-repo") {
            return failure(ErrorCode::InvalidInput, u"“%1” is a folder, whose files are told by their content."_s.arg(text(file)),
                           u"Leave --format out, or name the files."_s);
        }
        EVALWRIGHT_ASSIGN(const ImportFolder folder, importFolder(text(file), context.token()));
        if (const QString left = folder.passedOverText(); !left.isEmpty())
            context.say(withVisibleControls(left));
        inputs.files << folder.files;
        inputs.passedOver << folder.passedOver;
    }
    return inputs;
}

/// What became of the files of one command.
struct ImportOutcome
{
    json files = json::array();
    QString human;
    int status = Done;
};

/// Adds a file's report; with a single file, its failure is that of the command.
Status tellImport(Context &context, Project &project, const ImportArguments &o, const QString &path, bool isSingle,
                  const Result<ImportReport> &report, ImportOutcome &outcome)
{
    if (!report) {
        // The files before this one are stored; a single file fails as a whole command.
        if (isSingle)
            return tl::unexpected<Error>(report.error());
        outcome.files.push_back(
            {{"path", path.toStdString()}, {"error", report.error().text().toStdString()}, {"imported", 0}});
        outcome.human += u"%1: %2\n"_s.arg(path, report.error().text());
        outcome.status = Partly;
        return {};
    }
    outcome.files.push_back(report->toJson());
    QString &human = outcome.human;
    if (report->importable)
        human += u"%1: would import %2 of %3 rows into \"%4\" (%5), %6 known before, %7 bad\n"_s.arg(report->path)
                     .arg(*report->importable)
                     .arg(report->rows)
                     .arg(report->dataset, report->format)
                     .arg(report->duplicates)
                     .arg(report->bad);
    else
        human += u"%1: %2 of %3 rows into \"%4\" (%5), %6 known before, %7 bad\n"_s.arg(report->path)
                     .arg(report->imported)
                     .arg(report->rows)
                     .arg(report->dataset, report->format)
                     .arg(report->duplicates)
                     .arg(report->bad);
    if (const QString mapping = mappingInWords(*report); !mapping.isEmpty())
        human += u"  %1\n"_s.arg(mapping);
    if (o.lint && report->imported > 0) {
        EVALWRIGHT_ASSIGN(const LintReport lint, lintAfterImport(project, report->dataset, context.token()));
        outcome.files.back()["lint"] = lintSummary(lint);
        human += lintInWords(lint);
    }
    if (!o.dryRun && report->imported + report->duplicates > 0 && path != "-"_L1) {
        EVALWRIGHT_ASSIGN(const QString origin, noteOrigin(project, report->dataset, path));
        outcome.files.back()["origin"] = orNull(origin);
        human += origin.isEmpty() ? QString() : u"  %1\n"_s.arg(origin);
    }
    human += problemsInWords(*report);
    if (report->refused()) {
        human += u"  Nothing was stored. Correct these rows, or import the others with --skip-bad.\n"_s;
        outcome.status = isSingle ? Failed : Partly;
    } else if (report->bad > 0) {
        outcome.status = Partly;
    }
    return {};
}

Result<int> importFiles(Context &context, const ImportArguments &o)
{
    if (o.format == "openai-batch-output")
        return collectFiles(context, o.files, BatchService::OpenAi);
    if (o.format == "anthropic-batch-output")
        return collectFiles(context, o.files, BatchService::Anthropic);
    EVALWRIGHT_ASSIGN(const auto project,
                      context.openProject(o.dryRun ? Project::Access::ReadOnly : Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const ImportFolder inputs, inputsOf(context, o));
    const bool isSingle = inputs.files.size() == 1;
    ImportOutcome outcome;
    QStringList waiting; // Paths that the line has not told about yet.
    const auto told = [&](const Result<ImportReport> &report) {
        context.endProgress();
        return tellImport(context, *project, o, waiting.takeFirst(), isSingle, report, outcome);
    };
    ImportLine line(*project, told, context.token(),
                    [show = context.counter()](qsizetype, qint64 done, qint64 total) { show(done, total); });
    for (const ImportPath &input : inputs.files) {
        const QString format = input.format;
        QString results = resultFormats().contains(format) ? format : QString();
        if (format == "auto"_L1) {
            EVALWRIGHT_ASSIGN(results, resultFormatOf(input.path));
        }
        if (!results.isEmpty()) {
            if (o.dryRun)
                return failure(ErrorCode::Unsupported, u"“%1” holds answers of models; --dry-run reads items only."_s.arg(input.path));
            EVALWRIGHT_TRY(line.finish());
            EVALWRIGHT_ASSIGN(const int one, importResults(context, *project, o, input.path.toStdString(), results, outcome.files,
                                                           outcome.human));
            outcome.status = one == Done ? outcome.status : isSingle ? one : int(Partly);
            continue;
        }
        ImportOptions options;
        options.dataset = o.dataset.empty() ? input.dataset : text(o.dataset);
        options.format = format;
        options.skipBad = o.skipBad;
        options.strict = o.strict;
        options.csvUnescape = o.csvUnescape == "on";
        options.dryRun = o.dryRun;
        for (const std::string &pair : o.map)
            options.map << text(pair);
        waiting << input.path;
        EVALWRIGHT_TRY(line.add(input.path, options));
    }
    EVALWRIGHT_TRY(line.finish());
    context.print({{"files", outcome.files}, {"dry_run", o.dryRun}, {"passed_over", toJson(inputs.passedOver)}}, outcome.human);
    return outcome.status;
}

} // namespace

void addImportCommand(CLI::App &app, Context &context)
{
    auto i = std::make_shared<ImportArguments>();
    CLI::App *import =
        app.add_subcommand("import", "Read published items; one file is stored whole or not at all.\n"
                                     "Example: evalwright-cli -p study.evalwright import agreeableness.jsonl\n"
                                     "Example: evalwright-cli -p study.evalwright import poll.csv --map question=prompt");
    import->add_option("FILE", i->files, "Files, - for standard input, or folders: of each what can be read in it and below, or the data of a published repository")->required();
    import->add_option("--dataset", i->dataset, "Name of the data set; the file's name when absent");
    import
        ->add_option("--format", i->format,
                     "auto, " + formatNames().join(u", "_s).toStdString() +
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
    import->add_flag("--lint", i->lint, "Check the items afterwards, as “lint DATASET” does");
    import->add_flag("--dry-run", i->dryRun, "Read everything and say what would be stored");
    import->callback([&context, i] { context.command = [&context, i] { return importFiles(context, *i); }; });
}

} // namespace evalwright::cli
