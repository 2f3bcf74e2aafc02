// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reports.h"
#include "app/cli/reviewoptions.h"
#include "app/cli/reviewtools.h"
#include "core/hash.h"
#include "core/text.h"
#include "review/bundlewriter.h"
#include "review/elsewhere/mergefile.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/wholefile.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <QFileInfo>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using namespace review;
using nlohmann::json;

namespace {

struct FileOptions
{
    ReviewOptions begin;
    std::string review, output, language;
    std::optional<qint64> lists;
    bool force = false;
    TaskOptions tasks; ///< Of an export.
};

Result<Review> namedReview(Project &project, const FileOptions &o)
{
    return project.readNow([&](Connection &c) -> Result<Review> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(o.begin.dataset)));
        return reviewByName(c, dataset.id, text(o.review));
    });
}

Result<int> bundleCommand(Context &context, const FileOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    Review review;
    const QString folder = QFileInfo(text(o.output)).absolutePath();
    if (!QFileInfo(folder).isDir() || !QFileInfo(folder).isWritable()) { // Before a review is begun for it.
        return failure(Error(ErrorCode::Storage, u"Nothing can be written into “%1”."_s.arg(folder), u"Choose another folder."_s)
                           .withConsequence(u"No review was begun."_s));
    }
    EVALWRIGHT_TRY(mayWriteFile(text(o.output), project->path(), o.force));
    if (o.review.empty()) {
        EVALWRIGHT_ASSIGN(const MadeReview made, beginReview(*project, o.begin));
        review = made.review;
    } else {
        EVALWRIGHT_ASSIGN(review, namedReview(*project, o));
    }
    BundleOptions options;
    if (o.lists)
        options.lists = static_cast<int>(*o.lists);
    options.language = text(o.language);
    options.force = o.force;
    EVALWRIGHT_ASSIGN(const WrittenBundle written, writeBundle(project, review.id, text(o.output), options));
    json out = written.toJson();
    out["review"] = review.name.toStdString();
    context.print(out, u"%1: %2 of the review “%3” in %4. Raters open it with “evalwright FILE”, and send their answers "
                       u"back for “review merge”.\n"_s.arg(written.path, counted(written.items, u"item"_s), review.name,
                                                         counted(written.slots.size(), u"list"_s)));
    return Done;
}

struct MergeArguments
{
    QStringList files;
    MergeOptions options;
    bool skipBad = false;
    QString goldTo;
    bool force = false;
};

QString mergeText(const MergeReport &report)
{
    QString human = u"%1: %2 of the rater %3, %4 new, %5 known\n"_s.arg(
        report.path, counted(report.judgementsNew + report.judgementsKnown, u"judgement"_s), report.rater,
        QString::number(report.judgementsNew), QString::number(report.judgementsKnown));
    for (const MergeRow &row : report.rows)
        human += u"  line %1: %2 (item %3)\n"_s.arg(QString::number(row.line), row.reason, row.item);
    if (!report.conflicts.isEmpty())
        human += u"  %1 known with other content; the stored version stays (--json shows both)\n"_s.arg(
            counted(report.conflicts.size(), u"judgement"_s));
    return human;
}

Result<int> mergeCommand(Context &context, const MergeArguments &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    if (!o.goldTo.isEmpty()) {
        EVALWRIGHT_TRY(mayWriteFile(o.goldTo, project->path(), o.force));
        for (const QString &path : o.files) {
            if (QFileInfo(path).canonicalFilePath() == QFileInfo(o.goldTo).canonicalFilePath() && QFileInfo::exists(path))
                return failure(ErrorCode::InvalidInput, u"“%1” is read here, and cannot be written to."_s.arg(o.goldTo), u"Choose another name."_s);
        }
    }
    json all = json::array(), conflicts = json::array();
    qint64 fresh = 0, known = 0;
    int status = Done;
    QString human;
    QByteArray golds;
    for (const QString &path : o.files) {
        const auto merged = mergeFile(project, path, o.options, o.skipBad, context.token());
        if (!merged && o.files.size() == 1)
            return tl::unexpected<Error>(merged.error());
        if (!merged) { // The others are merged all the same; each file is whole or not at all.
            all.push_back({{"path", path.toStdString()},
                           {"error", merged.error().text().toStdString()},
                           {"conflicts", json::array()},
                           {"judgements_new", 0},
                           {"judgements_known", 0}});
            human += u"%1: %2\n"_s.arg(path, merged.error().text());
            status = Partly;
        } else if (merged->tool) {
            all.push_back(merged->tool->toJson());
            human += toolMergeText(*merged->tool);
            for (const json &gold : merged->tool->golds)
                golds += canonicalJson(gold) + '\n';
            if (merged->tool->bad > 0)
                status = merged->tool->refused && o.files.size() == 1 ? Failed : Partly;
        } else {
            all.push_back(merged->report->toJson());
            human += mergeText(*merged->report);
        }
        fresh += all.back()["judgements_new"].get<qint64>();
        known += all.back()["judgements_known"].get<qint64>();
        for (const json &conflict : all.back()["conflicts"])
            conflicts.push_back(conflict);
    }
    if (!o.goldTo.isEmpty())
        EVALWRIGHT_TRY(writeWholeFile(o.goldTo, golds, o.force));
    context.print({{"judgements_new", fresh}, {"judgements_known", known}, {"conflicts", conflicts}, {"files", all}}, human);
    return status;
}

Result<int> exportCommand(Context &context, const FileOptions &o)
{
    if (o.tasks.format != "judgements") {
        EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
        EVALWRIGHT_ASSIGN(const Review review, namedReview(*project, o));
        return exportTasks(context, project, review, text(o.output), o.force, o.tasks);
    }
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_TRY(mayWriteFile(text(o.output), project->path(), o.force));
    EVALWRIGHT_ASSIGN(const QByteArray lines, project->readNow([&](Connection &c) -> Result<QByteArray> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(o.begin.dataset)));
        std::optional<ReviewId> review;
        if (!o.review.empty()) {
            EVALWRIGHT_ASSIGN(const Review named, reviewByName(c, dataset.id, text(o.review)));
            review = named.id;
        }
        return exportJudgements(c, dataset.id, review);
    }));
    EVALWRIGHT_TRY(writeWholeFile(text(o.output), lines, o.force));
    const qint64 rows = lines.count('\n');
    context.print({{"path", o.output}, {"rows", rows}}, u"%1: %2\n"_s.arg(text(o.output), counted(rows, u"judgement"_s)));
    return Done;
}

} // namespace

void addReviewFileCommands(CLI::App &review, Context &context)
{
    auto o = std::make_shared<FileOptions>();
    CLI::App *bundle = review.add_subcommand(
        "bundle", "Write work for raters elsewhere into one file: of a new review, or of --review.\n"
                  "Example: evalwright-cli -p study.evalwright review bundle agreeableness -o raters.ewbundle --raters 3");
    addReviewOptions(*bundle, o->begin);
    bundle->add_option("-o,--output", o->output, "File to write, NAME.ewbundle")->required();
    bundle->add_option("--review", o->review, "An earlier review, in place of a new one");
    bundle->add_option("--lists", o->lists, "So many of its free lists [all]")->check(wholeNumber(1, 1000));
    bundle->add_option("--language", o->language, "Language that raters are addressed in, such as de");
    bundle->add_flag("--force", o->force, "Replace the file");
    bundle->callback([&context, o] { context.command = [&context, o] { return bundleCommand(context, *o); }; });

    auto files = std::make_shared<std::vector<std::string>>();
    auto options = std::make_shared<MergeArguments>();
    auto goldTo = std::make_shared<std::string>();
    CLI::App *merge = review.add_subcommand(
        "merge", "Take raters' answers in; the same file twice changes nothing.\n"
                 "Example: evalwright-cli -p study.evalwright review merge raters.anna.ewanswers raters.ben.ewanswers");
    merge->add_option("files", *files, "Files NAME.RATER.ewanswers; exports of Label Studio (JSON, JSON_MIN, CSV, TSV); "
                                       "flattened records of Argilla (JSON)")
        ->required();
    merge->add_flag("--foreign", options->options.foreign, "Also answers to a bundle of another project, if all items are the same");
    merge->add_flag("--accept-changed", options->options.acceptChanged,
                    "Judgements of items that were edited since count for the new wording");
    merge->add_flag("--skip-bad", options->skipBad, "Merge the good rows of a tool's file that has bad ones");
    merge->add_option("--gold-to", *goldTo, "Write annotations marked as ground truth here, for review new --gold");
    merge->add_flag("--force", options->force, "Replace the file of --gold-to");
    merge->callback([&context, files, options, goldTo] {
        context.command = [&context, files, options, goldTo] {
            for (const std::string &file : *files)
                options->files << text(file);
            options->goldTo = text(*goldTo);
            return mergeCommand(context, *options);
        };
    });

    auto e = std::make_shared<FileOptions>();
    CLI::App *write = review.add_subcommand(
        "export", "Write all judgements of a data set as JSON lines; equal judgements give equal bytes. Or lists of a review as\n"
                  "tasks of a tool, with their settings beside them (NAME.config.xml, NAME.settings.json).\n"
                  "Example: evalwright-cli -p study.evalwright review export agreeableness -o judgements.jsonl\n"
                  "Example: evalwright-cli -p study.evalwright review export agreeableness --format label-studio -o tasks.json");
    write->add_option("dataset", e->begin.dataset, "Data set")->required();
    write->add_option("-o,--output", e->output, "File to write")->required();
    write->add_option("--review", e->review, "Of this review alone [judgements: all; tasks: the newest]");
    addTaskOptions(*write, e->tasks);
    write->add_flag("--force", e->force, "Replace the file");
    write->callback([&context, e] { context.command = [&context, e] { return exportCommand(context, *e); }; });
    addReviewCodeCommand(review, context);
}

} // namespace evalwright::cli
