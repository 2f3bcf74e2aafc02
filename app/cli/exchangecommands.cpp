// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"

#include "core/foreignjson.h"
#include "generators/card/datasetcard.h"
#include "generators/lint/lintdataset.h"
#include "generators/publication/repository.h"
#include "review/inspectscores.h"
#include "storage/exchange/canary.h"
#include "storage/exchange/exchange.h"
#include "storage/exchange/lmevaltask.h"
#include "storage/exchange/observations/inspectlogwriter.h"
#include "storage/exchange/observations/observations.h"
#include "storage/exchange/observations/resultformats.h"
#include "storage/exchange/recordsource.h"
#include "storage/exchange/repositoryfolder.h"
#include "storage/repositories/datasets.h"

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

/// The files to read; a folder stands for the data files of the repository that it is, which know their data sets.
Result<QList<RepositoryData>> inputsOf(const ImportArguments &o)
{
    QList<RepositoryData> inputs;
    for (const std::string &file : o.files) {
        if (!QFileInfo(text(file)).isDir()) {
            inputs << RepositoryData{text(file), {}};
            continue;
        }
        if (o.format != "auto" && o.format != "hf-repo")
            return failure(ErrorCode::InvalidInput, u"“%1” is a folder."_s.arg(text(file)), u"Only the format hf-repo is one."_s);
        EVALWRIGHT_ASSIGN(const QList<RepositoryData> data, repositoryData(text(file)));
        inputs << data;
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
    EVALWRIGHT_ASSIGN(const QList<RepositoryData> inputs, inputsOf(o));
    const bool isSingle = inputs.size() == 1;
    ImportOutcome outcome;
    QStringList waiting; // Paths that the line has not told about yet.
    const auto told = [&](const Result<ImportReport> &report) {
        context.endProgress();
        return tellImport(context, *project, o, waiting.takeFirst(), isSingle, report, outcome);
    };
    const auto show = [tell = context.progress()](qint64 done, qint64 total) {
        if (!tell)
            return; // --quiet
        JobProgress progress;
        progress.done = done;
        progress.total = total;
        tell(progress);
    };
    ImportLine line(*project, told, context.token(), show);
    for (const RepositoryData &input : inputs) {
        const QString format = input.dataset.isEmpty() ? text(o.format) : u"jsonl"_s;
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
    context.print({{"files", outcome.files}, {"dry_run", o.dryRun}}, outcome.human);
    return outcome.status;
}

struct ExportArguments
{
    std::vector<std::string> datasets;
    std::string format, output, order, labels = "raw", csvSafe = "on", control, canary = "on", review, run, model, frame, title, url, language = "en";
    std::optional<std::string> licence;
    std::optional<double> privateShare;
    qint64 splitSeed = 0;
    bool force = false, despiteLint = false, controls = false;
    QString dataset() const { return text(datasets.front()); }
};

const QString repositoryFormat = u"hf-repo"_s, taskFormat = u"lm-eval-task"_s, scoresFormat = u"inspect-scores"_s, logFormat = u"inspect-log"_s;

/// A licence is kept in the project, as `dataset card` does.
Status storeLicence(Project &project, const ExportArguments &o)
{
    return project.writeNow(
        [&](Connection &c) -> Status {
            for (const std::string &name : o.datasets) {
                EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(name)));
                EVALWRIGHT_ASSIGN(CardTexts texts, cardTextsOf(c, dataset.id));
                texts.licence = text(*o.licence);
                EVALWRIGHT_TRY(storeCardTexts(c, dataset.id, texts));
            }
            return {};
        },
        {Topic::Datasets});
}

Result<int> exportRepositoryFolder(Context &context, Project &project, const ExportArguments &o)
{
    RepositoryOptions options;
    options.overwrite = o.force;
    options.order = text(o.order);
    options.trimLabels = o.labels == "trimmed";
    options.canaryInRows = o.canary == "rows";
    options.title = text(o.title);
    options.url = text(o.url);
    options.language = text(o.language);
    options.privateShare = o.privateShare;
    options.splitSeed = o.splitSeed;
    EVALWRIGHT_ASSIGN(const RepositoryReport report,
                      exportRepository(project, texts(o.datasets), text(o.output), options, context.token()));
    QString human;
    for (const RepositoryReport::Set &set : report.sets)
        human += u"%1/%2: %3 items of \"%4\", SHA-256 %5\n"_s.arg(report.path, set.file).arg(set.rows).arg(set.dataset, set.sha256);
    if (!report.privatePath.isEmpty())
        human += u"%1: what is held back; keep it off the net\n"_s.arg(report.privatePath);
    for (const QString &warning : report.warnings)
        context.say(warning);
    context.print(report.toJson(), human);
    return Done;
}

Result<int> exportScores(Context &context, Project &project, const ExportArguments &o)
{
    EVALWRIGHT_ASSIGN(const review::WrittenScores written,
                      review::exportInspectScores(project, o.dataset(), text(o.review), text(o.output), o.force, context.token()));
    json files = json::array();
    QString human;
    qint64 rows = 0;
    for (const review::WrittenScores::File &file : written.files) {
        rows += file.rows;
        files.push_back({{"path", file.path.toStdString()}, {"rows", file.rows}, {"sha256", file.sha256.toStdString()}});
        human += u"%1: %2 items, SHA-256 %3\n"_s.arg(file.path).arg(file.rows).arg(file.sha256);
    }
    if (!written.passedOver.isEmpty())
        human += u"Answers that are no numbers were passed over: %1\n"_s.arg(written.passedOver.join(u", "_s));
    context.print({{"path", o.output},
                   {"format", scoresFormat.toStdString()},
                   {"dataset", o.dataset().toStdString()},
                   {"review", written.review.toStdString()},
                   {"rows", rows},
                   {"sha256", json()},
                   {"files", files},
                   {"passed_over", toJson(written.passedOver)}},
                  human);
    return Done;
}

Result<int> exportLog(Context &context, Project &project, const ExportArguments &o)
{
    const LogChoice choice{text(o.run), o.dataset(), text(o.model), text(o.frame)};
    EVALWRIGHT_ASSIGN(const InspectLogReport report, exportInspectLog(project, choice, text(o.output), o.force, context.token()));
    context.print(report.toJson(), u"%1: %2 answers of %3 (%4), %5 of them scored, SHA-256 %6\n"_s.arg(report.path)
                                       .arg(report.samples)
                                       .arg(report.model, report.frame)
                                       .arg(report.scored)
                                       .arg(report.sha256));
    return Done;
}

/// What the format does not know is said, not passed over.
Status checkExportOptions(const ExportArguments &o)
{
    const QString format = text(o.format);
    const bool isRepository = format == repositoryFormat;
    const auto wrong = [](const QString &message, const QString &advice) {
        return failure(Error(ErrorCode::InvalidInput, message, advice).withConsequence(u"Nothing was written."_s));
    };
    if (!isRepository && o.datasets.size() > 1)
        return wrong(u"The format %1 holds one data set."_s.arg(format), u"Name one, or use hf-repo."_s);
    if (!isRepository && (o.privateShare || !o.title.empty() || !o.url.empty()))
        return wrong(u"--private-share, --title and --url are options of the format hf-repo."_s, u"Leave them out."_s);
    if (isRepository && o.canary == "off")
        return wrong(u"A repository always carries its canary."_s, u"Leave --canary off out."_s);
    if (!o.review.empty() && format != scoresFormat)
        return wrong(u"--review is an option of the format inspect-scores."_s, u"Leave it out."_s);
    const bool isLog = format == logFormat;
    if (!isLog && (!o.run.empty() || !o.model.empty() || !o.frame.empty()))
        return wrong(u"--run, --model and --frame are options of the format inspect-log."_s, u"Leave them out."_s);
    if (isLog && o.run.empty())
        return wrong(u"A log holds the answers of one run."_s, u"Name it with --run."_s);
    if ((isRepository || isLog || format == scoresFormat) && (o.controls || !o.control.empty()))
        return wrong(u"Controls are not written as %1."_s.arg(format), u"Export them as jsonl."_s);
    return {};
}

Result<int> exportFile(Context &context, const ExportArguments &o)
{
    EVALWRIGHT_TRY(checkExportOptions(o));
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(o.licence ? Project::Access::ReadWrite : Project::Access::ReadOnly));
    if (o.output == "-" && context.json)
        return failure(ErrorCode::InvalidInput, u"--json and an export to standard output cannot share one stream."_s,
                       u"Write to a file."_s);
    if (text(o.format) == scoresFormat)
        return exportScores(context, *project, o);
    if (text(o.format) == logFormat)
        return exportLog(context, *project, o);
    for (const std::string &dataset : o.datasets) {
        if (const Status released = mayBeReleased(*project, text(dataset), context.token()); !released) {
            if (!o.despiteLint)
                return tl::unexpected<Error>(released.error());
            context.say(u"Exported all the same: "_s + released.error().message);
        }
    }
    if (o.licence)
        EVALWRIGHT_TRY(storeLicence(*project, o));
    if (text(o.format) == repositoryFormat)
        return exportRepositoryFolder(context, *project, o);
    ExportOptions options;
    options.overwrite = o.force;
    options.order = text(o.order);
    options.trimLabels = o.labels == "trimmed";
    options.csvSafe = o.csvSafe == "on";
    options.control = text(o.control);
    options.canary = o.canary == "off" ? Canary::Off : o.canary == "rows" ? Canary::InRows : Canary::Beside;
    if (text(o.format) == taskFormat && !o.controls) {
        EVALWRIGHT_ASSIGN(const LmEvalTaskReport task, exportLmEvalTask(*project, o.dataset(), text(o.output), options, context.token()));
        context.print(task.toJson(), u"%1: the task %2 over %3 items in %4\n"_s.arg(task.path, task.task).arg(task.data.rows).arg(task.data.path));
        return Done;
    }
    QList<ExportReport> reports;
    if (o.controls) {
        if (o.output == "-")
            return failure(ErrorCode::InvalidInput, u"Several files cannot share standard output."_s,
                           u"Write to a file, or ask for one control with --control."_s);
        EVALWRIGHT_ASSIGN(reports, exportWithControls(*project, o.dataset(), text(o.format), text(o.output), options,
                                                      context.token()));
    } else {
        EVALWRIGHT_ASSIGN(const ExportReport one, exportDataset(*project, o.dataset(), text(o.format), text(o.output),
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
    for (const ExportReport &report : reports) {
        if (!report.warning.isEmpty())
            context.say(report.warning);
    }
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
    import->add_option("FILE", i->files, "Files, - for standard input, or the folder of a published repository")->required();
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
    import->add_flag("--lint", i->lint, "Check the items afterwards, as “lint DATASET” does");
    import->add_flag("--dry-run", i->dryRun, "Read everything and say what would be stored");
    import->callback([&context, i] { context.command = [&context, i] { return importFiles(context, *i); }; });

    auto e = std::make_shared<ExportArguments>();
    CLI::App *exportCommand = app.add_subcommand("export", "Write the items of a data set.\n"
                                                           "Example: evalwright-cli -p study.evalwright export agreeableness "
                                                           "--format anthropic-evals -o agreeableness.jsonl\n"
                                                           "Example: evalwright-cli -p study.evalwright export agreeableness risk "
                                                           "--format hf-repo --licence CC-BY-4.0 --private-share 0.1 -o published");
    exportCommand->add_option("DATASET", e->datasets, "Data set; several for hf-repo")->required();
    exportCommand
        ->add_option("--format", e->format,
                     (formatNames(false).join(u", "_s) + u", lm-eval-task (a YAML file and its data), hf-repo (a folder to publish), "
                                                         "inspect-scores (what raters said, one file for each question, into a folder), "
                                                         "inspect-log (the answers of a run)"_s)
                         .toStdString())
        ->required();
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
    exportCommand
        ->add_option("--canary", e->canary,
                     "on: the sentence that asks to keep the data out of training corpora goes where the format has a place for it, "
                     "else into a CANARY.txt beside the file; rows: also into every row; off: nowhere")
        ->check(CLI::IsMember({"on", "off", "rows"}))
        ->capture_default_str();
    exportCommand->add_option("--licence,--license", e->licence, "SPDX identifier, such as CC-BY-4.0; stays with the data set's card");
    exportCommand->add_option("--private-share", e->privateShare,
                              "hf-repo: hold this share of the items back, by whole clusters, in the folder OUTPUT-private");
    exportCommand->add_option("--split-seed", e->splitSeed, "Which items are held back")
        ->check(wholeNumber(0, largestSeed))
        ->capture_default_str();
    exportCommand->add_option("--title", e->title, "hf-repo: its name; the data sets' when absent");
    exportCommand->add_option("--url", e->url, "hf-repo: where it will be found");
    exportCommand->add_option("--language", e->language, "hf-repo: language of the items")->capture_default_str();
    exportCommand->add_option("--run", e->run, "inspect-log: which run");
    exportCommand->add_option("--model", e->model, "inspect-log: which model, of several");
    exportCommand->add_option("--frame", e->frame, "inspect-log: which frame, of several");
    exportCommand->add_option("--review", e->review, "inspect-scores: which review; the newest when absent");
    exportCommand->add_flag("--force", e->force, "Overwrite the file");
    exportCommand->callback([&context, e] { context.command = [&context, e] { return exportFile(context, *e); }; });
}

} // namespace evalwright::cli
