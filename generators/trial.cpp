// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "generators/generationstages.h"
#include "storage/repositories/jobs.h"

#include <chrono>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// How many candidates of each group the checks let through.
QMap<QString, qint64> rightPerGroup(const Recipe &recipe, const std::vector<Draft> &candidates)
{
    QMap<QString, qint64> right;
    const bool byCluster = recipe.select.group == "cluster"_L1;
    for (const Draft &draft : candidates) {
        qint64 &count = right[byCluster ? draft.cluster : QString::number(draft.target)];
        count += !draft.isRejected() || draft.stage == "selected"_L1 ? 1 : 0;
    }
    return right;
}

} // namespace

const std::vector<Draft> &TrialReport::written() const
{
    // Biographies are what was written; the items made of them only repeat them.
    const bool composed = made.hasMaterials && !made.materials.empty() && made.materials.front().responseId.isValid();
    return composed ? made.materials : made.candidates;
}

Result<TrialReport> runTrial(const JobServices &services, const GenerateSpec &spec, qint64 perLabel,
                             const CancellationToken &token, const ProgressFunction &progress,
                             const TrialTextFunction &onText)
{
    Project &project = *services.project;
    EVALWRIGHT_ASSIGN(const GenerationStages stages, GenerationStages::open(project, spec));
    const Recipe &recipe = spec.recipe;
    const RecipeStage &writing = recipe.writing();
    const auto started = std::chrono::steady_clock::now();
    Job job;
    job.kind = u"trial"_s;
    job.title = u"Trial: %1"_s.arg(recipe.behaviour.name.isEmpty() ? recipe.behaviour.description
                                                                   : recipe.behaviour.name);
    job.parameters = QString::fromUtf8(canonicalJson(spec.toJson()));
    job.parametersHash = sha256Hex("trial\n" + QByteArray::number(perLabel) + '\n' + canonicalJson(spec.identity()));
    EVALWRIGHT_ASSIGN(job, project.writeNow(
                               [job](Connection &c) mutable -> Result<Job> {
                                   EVALWRIGHT_ASSIGN(job, createJob(c, job));
                                   EVALWRIGHT_TRY(setJobState(c, job.id, JobState::Running));
                                   return job;
                               },
                               {Topic::Jobs}));
    TrialReport report;
    StageReport asked;
    RunnerOptions options;
    options.priority = EndpointGate::Priority::Interactive;
    const QList<RecipeTarget> targets = targetsOf(recipe);
    const qint64 rows = recipe.occupations.isEmpty() ? targets.size() : recipe.occupations.size();
    if (onText) {
        options.onText = [&](qint64 step, const QString &text) {
            const qint64 row = step % rows;
            onText(recipe.occupations.isEmpty() ? targets.at(row).label : recipe.occupations.at(row).title, step / rows,
                   text);
        };
    }
    // A table of occupations is tried with a few rows, each asked once: ten sentences come in one reply.
    auto made = stages.run(services, job.id, perLabel, {}, asked, token, progress, options);
    // A trial is never resumed, so one that was stopped is over.
    const JobState failed = made ? JobState::Partly : stateAfter(made.error());
    const JobState state = made && asked.failed == 0    ? JobState::Done
                           : failed == JobState::Paused ? JobState::Cancelled
                                                        : failed;
    const QString error = made ? asked.firstError : made.error().text();
    EVALWRIGHT_TRY(
        project.writeNow([&](Connection &c) { return setJobState(c, job.id, state, error); }, {Topic::Jobs}));
    if (!made)
        return failure(made.error());
    report.made = std::move(*made);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    report.targets = recipe.occupations.isEmpty() ? rows : std::min(perLabel, rows);
    QSet<qint64> replies;
    for (const Draft &draft : report.written()) {
        replies.insert(draft.ordinal - draft.positionInReply);
        report.parsed += draft.parseStatus == "ok"_L1 ? 1 : 0;
    }
    report.samples = replies.size();
    report.writer = stages.writer.name;
    report.checker = stages.checker.name;
    report.promptKind = promptKindName(promptKindFor(stages.writer, writing.prompt));
    if (asked.asked > 0 && asked.fromCache == 0 && report.samples > 0)
        report.secondsPerSample = report.seconds / static_cast<double>(report.samples);
    for (const Draft &draft : report.made.candidates) {
        report.kept += draft.keep ? 1 : 0;
        report.rightLabel += !draft.isRejected() || draft.stage == "selected"_L1 ? 1 : 0;
    }
    const QMap<QString, qint64> right = rightPerGroup(recipe, report.made.candidates);
    qint64 rarest = right.isEmpty() ? 0 : *std::ranges::min_element(right);
    // Items of one biography are as many as the bank has questions.
    if (rarest > 0 && report.targets > 0) {
        const double each = static_cast<double>(report.samples) / static_cast<double>(report.targets);
        report.samplesNeededPerLabel = static_cast<qint64>(
            std::ceil(static_cast<double>(recipe.select.keepPerLabel) * each / static_cast<double>(rarest)));
        if (report.secondsPerSample)
            report.secondsNeeded = *report.secondsPerSample *
                                   static_cast<double>(report.targets * *report.samplesNeededPerLabel);
    }
    for (int target = 0; target < std::min<qsizetype>(2, targets.size()); ++target) {
        EVALWRIGHT_ASSIGN(const LmRequest request, exampleRequest(recipe, writing, stages.writer, target));
        report.prompts << GeneratePlan::FirstPrompt{targets.at(target).label, readablePrompt(request)};
    }
    report.warnings = stages.warnings();
    report.deviations = deviations(recipe, stages.writer, stages.checker);
    return report;
}

} // namespace evalwright
