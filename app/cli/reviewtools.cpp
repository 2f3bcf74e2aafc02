// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reviewtools.h"

#include "review/bundle.h"
#include "review/ratercode.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using namespace review;
using nlohmann::json;

namespace {

struct CodeOptions
{
    std::string participant, dataset, review, bundle;
};

Result<int> codeCommand(Context &context, const CodeOptions &o)
{
    if (o.bundle.empty() == o.dataset.empty())
        return context.wrongUse(Error(ErrorCode::InvalidInput, u"A code is of one review."_s,
                                      u"Give either --dataset, or --bundle FILE."_s));
    EVALWRIGHT_ASSIGN(const Participant participant, participantFrom(text(o.participant)));
    QByteArray salt;
    if (!o.bundle.empty()) {
        EVALWRIGHT_ASSIGN(const Bundle bundle, readBundle(text(o.bundle)));
        salt = bundleRaterSalt(bundle.id);
    } else {
        EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
        EVALWRIGHT_ASSIGN(salt, project->writeNow([&](Connection &c) -> Result<QByteArray> {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(o.dataset)));
            EVALWRIGHT_ASSIGN(const Review review, reviewByName(c, dataset.id, text(o.review)));
            return raterSalt(c, review);
        }));
    }
    const QString code = raterCode(salt, participant);
    context.print({{"code", code.toStdString()}, {"service", participant.service.toStdString()}}, code + u'\n');
    return Done;
}

} // namespace

void addTaskOptions(CLI::App &command, TaskOptions &options)
{
    command.add_option("--format", options.format, "judgements, or tasks for the tool label-studio or argilla")
        ->check(oneOf(u"format"_s, {u"judgements"_s, u"label-studio"_s, u"argilla"_s}))
        ->capture_default_str();
    command.add_option("--lists", options.lists, "Tasks: so many of the review's free lists [all]")
        ->check(wholeNumber(1, 1000));
    command.add_option("--list", options.list, "Tasks: this list, also when it was given away before")
        ->check(wholeNumber(1, 1'000'000));
    command.add_option("--language", options.language, "Tasks: language of the questions, such as de");
    command.add_flag("--show-predictions", options.showPredictions,
                     "Tasks: raters see the data set's label; what they say is not blind");
}

Result<int> exportTasks(Context &context, const std::shared_ptr<Project> &project, const Review &review,
                        const QString &path, bool force, const TaskOptions &o)
{
    EVALWRIGHT_ASSIGN(const Tool tool, toolFrom(text(o.format)));
    ToolExportOptions options;
    if (o.lists)
        options.lists = static_cast<int>(*o.lists);
    for (const qint64 list : o.list)
        options.slots << static_cast<int>(list - 1);
    options.language = text(o.language);
    options.showPredictions = o.showPredictions;
    options.force = force;
    EVALWRIGHT_ASSIGN(const WrittenTasks written, writeTasks(project, review.id, tool, path, options));
    json out = written.toJson();
    out["review"] = review.name.toStdString();
    QString human = u"%1: %2 of the review “%3” from %4\n%5: how %6 shows them and what it asks\n"_s.arg(
        written.path, counted(written.tasks, u"task"_s), review.name, counted(written.slots.size(), u"list"_s),
        written.settingsPath, toolTitle(tool));
    for (const QString &note : written.notes)
        human += u"Note: %1\n"_s.arg(note);
    if (!written.isBlind)
        human += u"Note: raters see the data set's labels; agreement with them means little\n"_s;
    context.print(out, human + u"What raters say comes back with “review merge”.\n"_s);
    return Done;
}

QString toolMergeText(const ToolMergeReport &report)
{
    QString human = u"%1: %2 of %3, %4 new, %5 known\n"_s.arg(
        report.path, counted(report.judgementsNew + report.judgementsKnown, u"judgement"_s),
        counted(report.raters.size(), u"rater"_s), QString::number(report.judgementsNew),
        QString::number(report.judgementsKnown));
    const auto also = [&](qint64 count, const QString &what) {
        if (count > 0)
            human += u"  %1 %2\n"_s.arg(QString::number(count), what);
    };
    also(report.skipped, u"skipped"_s);
    also(report.drafts, u"not handed in, and left out"_s);
    also(report.changed, u"of a wording that was edited since; not counted"_s);
    also(report.sawPrediction, u"given with the label in sight"_s);
    also(report.golds.size(), u"marked as ground truth (--gold-to FILE keeps them for “review new --gold”)"_s);
    also(report.conflicts.size(), u"known with other content; the stored version stays (--json shows both)"_s);
    if (!report.ignored.isEmpty())
        human += u"  not part of the questionnaire, and left out: %1\n"_s.arg(report.ignored.join(u", "_s));
    constexpr qsizetype most = 20;
    for (const ToolProblem &problem : report.problems.first(std::min(most, report.problems.size()))) {
        human += u"  row %1, %2%3: %4\n"_s.arg(QString::number(problem.row), problem.reason,
                                              problem.field.isEmpty() ? QString() : u" ("_s + problem.field + u')',
                                              problem.message);
    }
    if (report.bad > most)
        human += u"  … and %1 more; see --json\n"_s.arg(report.bad - most);
    if (report.refused)
        human += u"  Nothing was merged. Correct these rows, or merge the others with --skip-bad.\n"_s;
    return human;
}

void addReviewCodeCommand(CLI::App &review, Context &context)
{
    auto o = std::make_shared<CodeOptions>();
    CLI::App *code = review.add_subcommand(
        "code", "The code of a rater who comes from Prolific or Mechanical Turk; the account is not kept.\n"
                "Example: evalwright-cli -p study.evalwright review code 60fd9da2c9a84cd2f2d7a2b4 --dataset agreeableness");
    code->add_option("participant", o->participant, "Link with PROLIFIC_PID or workerId, or an account of Prolific")
        ->required();
    code->add_option("--dataset", o->dataset, "Data set; the code is of its review in this project");
    code->add_option("--review", o->review, "Name of the review [the newest]");
    code->add_option("--bundle", o->bundle, "The code that the account has in this bundle");
    code->callback([&context, o] { context.command = [&context, o] { return codeCommand(context, *o); }; });
}

} // namespace evalwright::cli
