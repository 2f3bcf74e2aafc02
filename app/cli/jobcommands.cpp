// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"
#include "app/cli/filtercommands.h"
#include "app/cli/mapcommands.h"
#include "app/cli/reports.h"

#include "storage/repositories/batches.h"
#include "storage/repositories/jobs.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Result<int> list(Context &context)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const QList<Job> jobs, project->readNow([](Connection &c) { return listJobs(c); }));
    json all = json::array();
    Table table{{u"id"_s, u"kind"_s, u"state"_s, u"done"_s, u"total"_s, u"errors"_s, u"created"_s, u"title"_s},
                {},
                {0, 3, 4, 5}};
    for (const Job &job : jobs) {
        all.push_back({{"id", job.id.value},
                       {"uuid", job.uuid.toStdString()},
                       {"kind", job.kind.toStdString()},
                       {"title", job.title.toStdString()},
                       {"state", jobStateName(job.state).toStdString()},
                       {"done", job.stepsDone},
                       {"total", job.stepsTotal},
                       {"errors", job.stepsFailed},
                       {"error", orNull(job.error)},
                       {"created_at", orNull(job.createdAt)},
                       {"finished_at", orNull(job.finishedAt)}});
        table.rows << QStringList{QString::number(job.id.value),
                                  job.kind,
                                  jobStateName(job.state),
                                  QString::number(job.stepsDone),
                                  QString::number(job.stepsTotal),
                                  QString::number(job.stepsFailed),
                                  job.createdAt,
                                  job.title};
    }
    context.print({{"jobs", all}}, jobs.isEmpty() ? u"No jobs yet."_s : table.text());
    return Done;
}

/// A trial is looked at while it runs; what it asked is found again by the next one.
bool canGoOn(const Job &job)
{
    return job.kind != u"trial"_s && job.state != JobState::Done && job.state != JobState::Cancelled;
}

Result<int> resume(Context &context, std::optional<qint64> id, std::optional<double> budget, bool wait)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    Job job;
    if (id) {
        EVALWRIGHT_ASSIGN(job, project->readNow([id](Connection &c) { return jobById(c, JobId{*id}); }));
    } else {
        EVALWRIGHT_ASSIGN(const QList<Job> jobs, project->readNow([](Connection &c) { return listJobs(c); }));
        const auto found = std::find_if(jobs.begin(), jobs.end(), canGoOn);
        if (found == jobs.end())
            return failure(ErrorCode::NotFound, u"There is no unfinished job."_s, u"See 'job list'."_s);
        job = *found;
    }
    if (job.kind == u"trial"_s) {
        return failure(ErrorCode::InvalidInput,
                       u"Job %1 is a trial of the wizard; it is not resumed."_s.arg(job.id.value),
                       u"Run 'generate' with the recipe: what the trial asked is not asked again."_s);
    }
    if (job.state == JobState::Budget && !budget) {
        EVALWRIGHT_ASSIGN(const JobSpending spending,
                          project->readNow([job](Connection &c) { return spendingOf(c, job.id); }));
        Error stopped = budgetReached(budgetOf(job).value_or(spending.spent), spending);
        stopped.advice = u"Give it a larger budget: job resume %1 --budget MONEY."_s.arg(job.id.value);
        return failure(stopped);
    }
    // While batches are under way, what failed in one is over.
    if (job.state != JobState::Waiting)
        EVALWRIGHT_TRY(project->writeNow([job](Connection &c) { return replanFailedSteps(c, job.id); }, {Topic::Jobs}));
    context.say(u"Going on with job %1: %2"_s.arg(job.id.value).arg(job.title));
    if (job.kind == u"generate"_s) {
        EVALWRIGHT_ASSIGN(GenerateSpec spec, GenerateSpec::fromJson(job.parameters.toUtf8()));
        if (budget)
            spec.budget = budget;
        return runGenerate(context, spec, wait);
    }
    if (job.kind == u"validate"_s) {
        EVALWRIGHT_ASSIGN(CheckerTrialSpec spec, CheckerTrialSpec::fromJson(job.parameters.toUtf8()));
        if (budget)
            spec.budget = budget;
        return runCheckerTrial(context, spec);
    }
    if (job.kind == u"embed"_s) {
        EVALWRIGHT_ASSIGN(EmbedSpec spec, EmbedSpec::fromJson(job.parameters.toUtf8()));
        if (budget)
            spec.budget = budget;
        return runEmbed(context, spec);
    }
    if (job.kind == u"name-clusters"_s) {
        EVALWRIGHT_ASSIGN(NameClustersSpec spec, NameClustersSpec::fromJson(job.parameters.toUtf8()));
        if (budget)
            spec.budget = budget;
        return runNameClusters(context, spec);
    }
    if (job.kind == u"recheck"_s) {
        EVALWRIGHT_ASSIGN(RecheckSpec spec, RecheckSpec::fromJson(job.parameters.toUtf8()));
        if (budget)
            spec.budget = budget;
        return runRecheck(context, spec);
    }
    EVALWRIGHT_ASSIGN(EvaluateSpec spec, EvaluateSpec::fromText(job.parameters));
    if (budget)
        spec.budget = budget;
    return runEvaluate(context, spec, wait);
}

Result<int> cancel(Context &context, qint64 id)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const Job job, project->readNow([id](Connection &c) { return jobById(c, JobId{id}); }));
    if (!canGoOn(job))
        return failure(ErrorCode::InvalidInput, u"Job %1 is %2 already."_s.arg(id).arg(jobStateName(job.state)));
    EVALWRIGHT_TRY(project->writeNow([id](Connection &c) { return setJobState(c, JobId{id}, JobState::Cancelled); },
                                     {Topic::Jobs}));
    EVALWRIGHT_ASSIGN(const qint64 inBatches,
                      project->readNow([id](Connection &c) { return requestsUnderWay(c, JobId{id}); }));
    QString human = u"Job %1 is cancelled; what it received stays."_s.arg(id);
    if (inBatches > 0)
        human += u" %1 requests are in batches, which go on: stop them with 'job batch ID --cancel'."_s.arg(inBatches);
    context.print({{"id", id}, {"state", "cancelled"}, {"requests_in_batches", inBatches}}, human);
    return Done;
}

} // namespace

void addJobCommands(CLI::App &app, Context &context)
{
    CLI::App *job = app.add_subcommand(
        "job", "Generations and evaluations, finished or not.\nExample: evalwright-cli -p study.evalwright job list");
    job->require_subcommand(1);
    auto id = std::make_shared<std::optional<qint64>>();
    CLI::App *listCommand = job->add_subcommand(
        "list", "All jobs, newest first.\nExample: evalwright-cli -p study.evalwright job list --json");
    listCommand->callback([&context] { context.command = [&context] { return list(context); }; });
    CLI::App *resumeCommand =
        job->add_subcommand("resume", "Go on with a job; the newest unfinished one when no id is given.\nExample: "
                                      "evalwright-cli -p study.evalwright job resume");
    resumeCommand->add_option("ID", *id)->check(wholeNumber(1, mostItems));
    auto budget = std::make_shared<std::optional<double>>();
    resumeCommand
        ->add_option("--budget", *budget,
                     "Stop when the job has spent so much, with what it spent before; its own budget when absent")
        ->check(money());
    resumeCommand->add_flag("--accept-changed-server", context.acceptChangedServer,
                            "Probe a model again when its server is not the one that was probed, then go on");
    auto wait = std::make_shared<bool>(false);
    resumeCommand->add_flag("--wait", *wait, "Stay, and ask until the job's batches have ended");
    resumeCommand->callback([&context, id, budget, wait] {
        context.command = [&context, id, budget, wait] { return resume(context, *id, *budget, *wait); };
    });
    CLI::App *cancelCommand = job->add_subcommand(
        "cancel", "Never go on with a job.\nExample: evalwright-cli -p study.evalwright job cancel 3");
    cancelCommand->add_option("ID", *id)->required()->check(wholeNumber(1, mostItems));
    cancelCommand->callback(
        [&context, id] { context.command = [&context, id] { return cancel(context, id->value_or(0)); }; });
    addBatchCommands(*job, context);
}

} // namespace evalwright::cli
