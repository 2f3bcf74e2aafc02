// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"

#include "core/foreignjson.h"
#include "generators/card/datasetcard.h"
#include "generators/lint/lintdataset.h"
#include "generators/publication/repository.h"
#include "review/inspectscores.h"
#include "storage/exchange/exchange.h"
#include "storage/exchange/lmevaltask.h"
#include "storage/exchange/observations/inspectlogwriter.h"
#include "storage/exchange/observations/lmevalwriter.h"
#include "storage/repositories/datasets.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct ExportArguments
{
    std::vector<std::string> datasets;
    std::string format, output, order, where, labels = "raw", csvSafe = "on", control, canary = "on", review, run, model, frame, title, url, language = "en";
    std::optional<std::string> licence;
    std::optional<double> privateShare;
    qint64 splitSeed = 0;
    bool force = false, despiteLint = false, controls = false;
    QString dataset() const { return text(datasets.front()); }
};

const QString repositoryFormat = u"hf-repo"_s, taskFormat = u"lm-eval-task"_s, scoresFormat = u"inspect-scores"_s, logFormat = u"inspect-log"_s,
              samplesFormat = u"lm-eval-samples"_s;

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

Result<int> exportSamples(Context &context, Project &project, const ExportArguments &o)
{
    const LogChoice choice{text(o.run), o.dataset(), text(o.model), text(o.frame)};
    EVALWRIGHT_ASSIGN(const LmEvalLogReport report, exportLmEvalSamples(project, choice, text(o.output), o.force, context.token()));
    if (report.passedOver > 0)
        context.say(u"Passed over, because the log has no place for them: %1 without a probability for every label, or repeated."_s.arg(
            counted(report.passedOver, u"answer"_s)));
    context.print(report.toJson(), u"%1: %2 answers of %3 (%4), SHA-256 %5\n%6: the results\n"_s.arg(report.path)
                                       .arg(report.rows)
                                       .arg(report.model, report.frame, report.sha256, report.resultsPath));
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
    if (!o.where.empty() && (isRepository || format == logFormat || format == samplesFormat || format == scoresFormat))
        return wrong(u"--where is no option of the format %1."_s.arg(format), u"Leave it out."_s);
    if (!o.review.empty() && format != scoresFormat)
        return wrong(u"--review is an option of the format inspect-scores."_s, u"Leave it out."_s);
    const bool isLog = format == logFormat || format == samplesFormat;
    if (!isLog && (!o.run.empty() || !o.model.empty() || !o.frame.empty()))
        return wrong(u"--run, --model and --frame are options of the formats inspect-log and lm-eval-samples."_s, u"Leave them out."_s);
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
    if (text(o.format) == samplesFormat)
        return exportSamples(context, *project, o);
    for (const std::string &dataset : o.datasets) {
        if (const Status released = mayBeReleased(*project, text(dataset), context.token()); !released) {
            if (!o.despiteLint)
                return tl::unexpected<Error>(released.error());
            context.say(u"Exported all the same: "_s + released.error().message);
        }
    }
    if (o.licence)
        EVALWRIGHT_TRY(storeLicence(*project, texts(o.datasets), text(*o.licence))); // As `dataset card` does.
    if (text(o.format) == repositoryFormat)
        return exportRepositoryFolder(context, *project, o);
    ExportOptions options;
    options.overwrite = o.force;
    options.order = text(o.order);
    options.where = text(o.where);
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

/// Formats of files that can be written.
QStringList writtenFormats()
{
    QStringList names;
    for (const FileFormat &format : fileFormats()) {
        if (format.writer)
            names << format.name;
    }
    return names;
}

} // namespace

void addExportCommand(CLI::App &app, Context &context)
{
    auto e = std::make_shared<ExportArguments>();
    CLI::App *exportCommand = app.add_subcommand("export", "Write the items of a data set.\n"
                                                           "Example: evalwright-cli -p study.evalwright export agreeableness "
                                                           "--format anthropic-evals -o agreeableness.jsonl\n"
                                                           "Example: evalwright-cli -p study.evalwright export agreeableness risk "
                                                           "--format hf-repo --licence CC-BY-4.0 --private-share 0.1 -o published");
    exportCommand->add_option("DATASET", e->datasets, "Data set; several for hf-repo")->required();
    exportCommand
        ->add_option("--format", e->format,
                     (writtenFormats().join(u", "_s) + u", lm-eval-task (a YAML file and its data), hf-repo (a folder to publish), "
                                                         "inspect-scores (what raters said, one file for each question, into a folder), "
                                                         "inspect-log and lm-eval-samples (the answers of a run)"_s)
                         .toStdString())
        ->required();
    exportCommand->add_flag("--despite-lint", e->despiteLint, "Write it although lint rules block a release");
    exportCommand->add_option("-o,--output", e->output, "File, or - for standard output")->required();
    exportCommand->add_option("--where", e->where, "Only items that this filter lets through, as in dataset items");
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
