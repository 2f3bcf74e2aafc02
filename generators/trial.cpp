// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "generators/generate.h"
#include "generators/generationstages.h"
#include "storage/repositories/jobs.h"

#include <chrono>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<TrialReport> runTrial(const JobServices &services, const GenerateSpec &spec, qint64 perLabel,
                             const CancellationToken &token, const ProgressFunction &progress,
                             const TrialTextFunction &onText)
{
    Project &project = *services.project;
    EVALWRIGHT_ASSIGN(const GenerationStages stages, GenerationStages::open(project, spec));
    const auto started = std::chrono::steady_clock::now();
    Job job;
    job.kind = u"trial"_s;
    job.title = u"Trial: %1"_s.arg(spec.recipe.behaviour.name.isEmpty() ? spec.recipe.behaviour.description
                                                                        : spec.recipe.behaviour.name);
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
    if (onText) {
        options.onText = [&onText](qint64 step, const QString &text) {
            onText(step % 2 == writeStep(0, Label::Yes) ? Label::Yes : Label::No, step / 2, text);
        };
    }
    auto drafts = stages.run(services, job.id, perLabel, {}, asked, token, progress, options);
    // A trial is never resumed, so one that was stopped is over.
    const JobState failed = drafts ? JobState::Partly : stateAfter(drafts.error());
    const JobState state = drafts && asked.failed == 0  ? JobState::Done
                           : failed == JobState::Paused ? JobState::Cancelled
                                                        : failed;
    const QString error = drafts ? asked.firstError : drafts.error().text();
    EVALWRIGHT_TRY(
        project.writeNow([&](Connection &c) { return setJobState(c, job.id, state, error); }, {Topic::Jobs}));
    if (!drafts)
        return failure(drafts.error());
    report.drafts = std::move(*drafts);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    report.samples = perLabel * 2;
    report.writer = stages.writer.name;
    report.checker = stages.checker.name;
    report.promptKind = promptKindName(promptKindFor(stages.writer, spec.recipe.write.prompt));
    if (asked.asked > 0 && asked.fromCache == 0)
        report.secondsPerSample = report.seconds / static_cast<double>(report.samples);
    qint64 rightPerLabel[2] = {0, 0};
    for (const Draft &draft : report.drafts) {
        report.parsed += draft.parseStatus == "ok"_L1 ? 1 : 0;
        report.kept += draft.keep ? 1 : 0;
        if (draft.confidence && *draft.confidence > spec.recipe.select.floor) {
            ++report.rightLabel;
            ++rightPerLabel[draft.label == Label::Yes ? 0 : 1];
        }
    }
    const qint64 rarer = std::min(rightPerLabel[0], rightPerLabel[1]);
    if (rarer > 0) {
        report.samplesNeededPerLabel = static_cast<qint64>(
            std::ceil(static_cast<double>(spec.recipe.select.keepPerLabel * perLabel) / static_cast<double>(rarer)));
        if (report.secondsPerSample)
            report.secondsNeeded = *report.secondsPerSample * static_cast<double>(2 * *report.samplesNeededPerLabel);
    }
    EVALWRIGHT_ASSIGN(const LmRequest yes, writeRequest(spec.recipe, stages.writer, Label::Yes, 0));
    EVALWRIGHT_ASSIGN(const LmRequest no, writeRequest(spec.recipe, stages.writer, Label::No, 0));
    report.promptYes = readablePrompt(yes);
    report.promptNo = readablePrompt(no);
    report.warnings = stages.warnings();
    report.deviations = deviations(spec.recipe, stages.writer, stages.checker);
    return report;
}

} // namespace evalwright
