// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/exportjob.h"

#include "core/text.h"
#include "generators/card/datasetcard.h"
#include "generators/lint/lintdataset.h"
#include "generators/publication/repository.h"
#include "review/inspectscores.h"
#include "storage/exchange/lmevaltask.h"
#include "storage/exchange/observations/inspectlogwriter.h"
#include "storage/exchange/observations/lmevalwriter.h"
#include "storage/repositories/controls.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(evalwright::ExportFormat)
};

QList<ExportFormat> makeFormats()
{
    const auto file = [](const QString &name, const QString &keeps, const QString &suffix, bool table) {
        const auto format = fileFormat(name);
        return ExportFormat{name, format ? format->title : name, keeps, suffix, false, true, table, true};
    };
    return {
        file(u"anthropic-evals"_s,
             Words::tr("The published form, which other programs know best. What was imported from it comes out byte for byte; of a "
                       "schema of Winogender the answer is lost."),
             u"jsonl"_s, false),
        file(u"jsonl"_s, Words::tr("Keeps every value: options, clusters and unknown fields too."), u"jsonl"_s, false),
        file(u"csv"_s,
             Words::tr("A table of all fields. Lists and numbers among unknown fields come back as texts; opened in a spreadsheet, it is safe "
                       "unless you write it raw."),
             u"csv"_s, true),
        file(u"tsv"_s, Words::tr("As CSV, with tabs and without quotes. Items with tabs or line ends are refused, not changed."), u"tsv"_s, true),
        file(u"inspect-jsonl"_s, Words::tr("A data set of Inspect: input, choices, target, and the rest as metadata. Keeps every value."),
             u"jsonl"_s, false),
        file(u"inspect-csv"_s,
             Words::tr("The same as a table. Inspect cuts choices at commas, so questions with a comma in a choice stay whole; switch "
                       "spreadsheet safety off for it."),
             u"csv"_s, true),
        file(u"inverse-scaling"_s,
             Words::tr("A table of question and labels for the Inverse Scaling Prize. Statement, confidence and cluster are lost; Winogender "
                       "sentences have no matching label and are refused."),
             u"csv"_s, true),
        {u"lm-eval-task"_s, Words::tr("Task of the LM evaluation harness"),
         Words::tr("A YAML file with its data beside it. Labels stand in an order that says nothing; accuracy is the matching rate. "
                   "Winogender sentences are refused."),
         u"yaml"_s, false, false, false, true},
        {u"hf-repo"_s, Words::tr("Repository to publish"),
         Words::tr("A folder with data, card, Croissant metadata, licence, canaries and recipes, for one data set or several. Keeps every value, "
                   "with an id for each item."),
         {}, true, false, false, true, false, u"-published"_s},
        {u"inspect-scores"_s, Words::tr("What raters said, as scores of Inspect"),
         Words::tr("A file for each question whose answers are numbers, with raters pooled; the items themselves are not in it."), {}, true, false,
         false, false, false, u"-scores"_s, true},
        {u"inspect-log"_s, Words::tr("Answers of a run, as a log of Inspect"),
         Words::tr("The answers of one model and frame. A name that ends in .eval makes a ZIP file, any other JSON. Answers under controls or with "
                   "turned options have no place in it."),
         u"eval"_s, false, false, false, false, true},
        {u"lm-eval-samples"_s, Words::tr("Answers of a run, as a sample log of the LM evaluation harness"),
         Words::tr("The answers of one model and frame with the log-likelihood of every label, and the results beside them. Answers without "
                   "probabilities, repeats, and answers under controls or with turned options have no place in it."),
         {}, true, false, false, false, true, u"-answers"_s, true}};
}

ExportOptions optionsOf(const ExportChoice &choice, const std::function<void(qint64)> &progress)
{
    ExportOptions options;
    options.overwrite = choice.overwrite;
    options.order = choice.order;
    options.trimLabels = choice.trimLabels;
    options.csvSafe = choice.csvSafe;
    options.canary = choice.canary;
    options.progress = progress;
    return options;
}

void add(ExportOutcome &outcome, const ExportReport &report)
{
    ExportOutcome::File file;
    file.path = report.path;
    file.sha256 = report.sha256;
    file.equalsImport = report.equalsImport;
    file.text = report.control.isEmpty() ? Words::tr("%Ln item(s) in the order “%1”, %2", nullptr, static_cast<int>(report.rows))
                                               .arg(report.order, formatBytes(report.bytes))
                                         : Words::tr("%Ln row(s) of the control “%1”", nullptr, static_cast<int>(report.rows)).arg(report.control);
    outcome.files << file;
    if (!report.canaryPath.isEmpty())
        outcome.files << ExportOutcome::File{report.canaryPath, Words::tr("asks to keep the data out of training corpora"), {}, false};
    if (!report.warning.isEmpty())
        outcome.warnings << report.warning;
}

Result<ExportOutcome> exportFolder(Project &project, const ExportChoice &choice, const CancellationToken &token)
{
    const QLocale locale;
    RepositoryOptions options;
    options.overwrite = choice.overwrite;
    options.order = choice.order;
    options.trimLabels = choice.trimLabels;
    options.canaryInRows = choice.canary == Canary::InRows;
    options.title = choice.title;
    options.url = choice.url;
    options.language = choice.language;
    options.privateShare = choice.privateShare;
    options.splitSeed = choice.splitSeed;
    EVALWRIGHT_ASSIGN(const RepositoryReport report, exportRepository(project, choice.datasets, choice.path, options, token));
    ExportOutcome outcome;
    for (const RepositoryReport::Set &set : report.sets) {
        QString text = Words::tr("%Ln item(s) of “%1”", nullptr, static_cast<int>(set.rows)).arg(singleLine(set.dataset, 80));
        if (set.heldBack > 0)
            text += Words::tr(", %1 held back").arg(locale.toString(set.heldBack));
        outcome.files << ExportOutcome::File{QDir(report.path).filePath(set.file), text, set.sha256, false};
    }
    if (!report.privatePath.isEmpty())
        outcome.files << ExportOutcome::File{report.privatePath, Words::tr("what is held back; keep it off the net"), {}, false};
    outcome.warnings = report.warnings;
    return outcome;
}

Result<ExportOutcome> exportScores(Project &project, const ExportChoice &choice, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const review::WrittenScores written,
                      review::exportInspectScores(project, choice.datasets.constFirst(), choice.review, choice.path, choice.overwrite, token));
    ExportOutcome outcome;
    for (const review::WrittenScores::File &file : written.files)
        outcome.files << ExportOutcome::File{file.path, Words::tr("%Ln item(s)", nullptr, static_cast<int>(file.rows)), file.sha256, false};
    if (!written.passedOver.isEmpty())
        outcome.warnings << Words::tr("Answers that are no numbers were passed over: %1.").arg(written.passedOver.join(u", "_s));
    return outcome;
}

LogChoice logOf(const ExportChoice &choice)
{
    return {choice.run, choice.datasets.constFirst(), choice.model, choice.frame};
}

Result<ExportOutcome> exportSamples(Project &project, const ExportChoice &choice, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const LmEvalLogReport report, exportLmEvalSamples(project, logOf(choice), choice.path, choice.overwrite, token));
    const QLocale locale;
    ExportOutcome outcome;
    outcome.files << ExportOutcome::File{report.path,
                                         Words::tr("%1 answers of %2 (%3)").arg(locale.toString(report.rows), report.model, report.frame),
                                         report.sha256, false}
                  << ExportOutcome::File{report.resultsPath, Words::tr("the results"), {}, false};
    if (report.passedOver > 0)
        outcome.warnings << Words::tr("%Ln answer(s) without a probability for every label, or repeated, have no place in the log.", nullptr,
                                      static_cast<int>(report.passedOver));
    return outcome;
}

Result<ExportOutcome> exportIntoFolder(Project &project, const ExportChoice &choice, const CancellationToken &token)
{
    const bool made = QDir().mkdir(choice.path); // Where it cannot be made, writing says what is wrong.
    Result<ExportOutcome> outcome =
        choice.format == "inspect-scores"_L1 ? exportScores(project, choice, token) : exportSamples(project, choice, token);
    if (!outcome && made)
        QDir().rmdir(choice.path);
    return outcome;
}

} // namespace

const QList<ExportFormat> &exportFormats()
{
    static const QList<ExportFormat> formats = makeFormats();
    return formats;
}

const ExportFormat &exportFormatNamed(const QString &name)
{
    const auto found = std::ranges::find(exportFormats(), name, &ExportFormat::name);
    return found == exportFormats().end() ? exportFormats().constFirst() : *found;
}

QString ExportOutcome::text() const
{
    QStringList lines;
    for (const File &file : files) {
        lines << Words::tr("%1: %2").arg(file.path, file.text);
        if (!file.sha256.isEmpty())
            lines << u"    SHA-256 "_s + file.sha256;
        if (file.equalsImport)
            lines << u"    "_s + Words::tr("equals the imported file byte for byte");
    }
    for (const QString &warning : warnings)
        lines << Words::tr("Note: %1").arg(warning);
    return lines.join(u'\n');
}

QStringList alreadyThere(const ExportChoice &choice)
{
    QStringList paths{choice.path};
    if (choice.controls) {
        for (const QString &control : ControlSet::allNames())
            paths << controlPath(choice.path, control);
    }
    if (choice.format == "lm-eval-task"_L1) {
        const QFileInfo file(choice.path);
        paths << file.dir().filePath(file.completeBaseName() + u".jsonl"_s);
    }
    if (choice.privateShare)
        paths << choice.path + u"-private"_s;
    QStringList there;
    for (const QString &path : std::as_const(paths)) {
        const QFileInfo info(path);
        // What goes into a folder that is there says itself what of its own is; an empty folder has nothing to lose.
        const bool harmless =
            info.isDir() && (choice.format == "lm-eval-task"_L1 || exportFormatNamed(choice.format).intoFolder || QDir(path).isEmpty());
        if (info.exists() && !harmless)
            there << info.fileName();
    }
    return there;
}

Result<ExportOutcome> exportAs(Project &project, const ExportChoice &choice, const CancellationToken &token,
                               const std::function<void(qint64 rows)> &progress)
{
    if (exportFormatNamed(choice.format).intoFolder)
        return exportIntoFolder(project, choice, token);
    ExportOutcome outcome;
    if (choice.format == "inspect-log"_L1) {
        EVALWRIGHT_ASSIGN(const InspectLogReport report, exportInspectLog(project, logOf(choice), choice.path, choice.overwrite, token));
        const QLocale locale;
        outcome.files << ExportOutcome::File{report.path,
                                             Words::tr("%1 answers of %2 (%3), %4 of them scored")
                                                 .arg(locale.toString(report.samples), report.model, report.frame, locale.toString(report.scored)),
                                             report.sha256, false};
        return outcome;
    }
    QStringList notes;
    for (const QString &dataset : choice.datasets) {
        if (const Status released = mayBeReleased(project, dataset, token); !released) {
            if (!choice.despiteLint || released.error().code == ErrorCode::Cancelled)
                return failure(released.error());
            notes << Words::tr("exported all the same: %1").arg(released.error().message);
        }
    }
    if (choice.licence)
        EVALWRIGHT_TRY(storeLicence(project, choice.datasets, *choice.licence));
    if (choice.format == "hf-repo"_L1) {
        EVALWRIGHT_ASSIGN(outcome, exportFolder(project, choice, token));
    } else if (choice.format == "lm-eval-task"_L1) {
        EVALWRIGHT_ASSIGN(const LmEvalTaskReport task,
                          exportLmEvalTask(project, choice.datasets.constFirst(), choice.path, optionsOf(choice, progress), token));
        outcome.files << ExportOutcome::File{task.path, Words::tr("the task %1").arg(task.task), {}, false};
        add(outcome, task.data);
    } else if (choice.controls) {
        EVALWRIGHT_ASSIGN(const QList<ExportReport> reports, exportWithControls(project, choice.datasets.constFirst(), choice.format, choice.path,
                                                                                optionsOf(choice, progress), token));
        for (const ExportReport &report : reports)
            add(outcome, report);
    } else {
        EVALWRIGHT_ASSIGN(const ExportReport report, exportDataset(project, choice.datasets.constFirst(), choice.format, choice.path,
                                                                   optionsOf(choice, progress), token));
        add(outcome, report);
    }
    outcome.warnings << notes;
    return outcome;
}

} // namespace evalwright
