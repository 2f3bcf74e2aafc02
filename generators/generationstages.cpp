// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generationstages.h"

#include "lm/capabilities.h"
#include "lm/stagebudget.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Planning a stage takes a while and cannot be stopped, so a large stage is planned and asked piece by piece.
/// Even, so that both labels of a sample stay together.
constexpr qint64 requestsPerBatch = 10'000;

struct Asking
{
    const GenerateSpec &spec;
    const JobServices &services;
    JobId job;
    const CancellationToken &token;
    const ProgressFunction &progress;
    const RunnerOptions &options;

    /// `make(from, to)` forms the requests from … to-1 of the stage.
    template <class Make>
    Result<StageReport> inBatches(const QString &stage, const Model &model, qint64 count, Make make) const
    {
        std::optional<StageReport> sum;
        qint64 from = 0;
        do {
            const qint64 to = std::min(count, from + requestsPerBatch);
            EVALWRIGHT_ASSIGN(const QList<PlannedRequest> requests, make(from, to));
            const auto forward = [&](const JobProgress &inner) {
                if (!progress)
                    return;
                JobProgress outer = inner;
                outer.total = count;
                outer.done += from;
                if (sum) {
                    outer.failed += sum->failed;
                    outer.fromCache += sum->fromCache;
                    outer.cost =
                        outer.cost && sum->cost ? std::optional<double>(*outer.cost + *sum->cost) : std::nullopt;
                }
                if (outer.secondsLeft && outer.perSecond > 0)
                    outer.secondsLeft = static_cast<double>(outer.total - outer.done) / outer.perSecond;
                progress(outer);
            };
            EVALWRIGHT_ASSIGN(const StageReport part,
                              runStageWithin(spec.budget, services, job, stage, model, requests, token, forward,
                                             options));
            if (sum)
                *sum += part;
            else
                sum = part;
            from = to;
        } while (from < count);
        return *sum;
    }
};

Status checkSize(const GenerateSpec &spec)
{
    const auto &[what, size] = spec.recipe.write.count > mostSamplesPerLabel
                                   ? std::pair(u"samples"_s, spec.recipe.write.count)
                                   : std::pair(u"items to keep"_s, spec.recipe.select.keepPerLabel);
    if (size > mostSamplesPerLabel) {
        return failure(Error(ErrorCode::InvalidInput,
                             u"%1 %2 per label are too many; the most is 1,000,000."_s.arg(size).arg(what),
                             u"Ask for fewer, or make several data sets."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    return {};
}

} // namespace

Error stoppedWhilePlanning()
{
    return Error(ErrorCode::Cancelled, u"Stopped as asked."_s, u"Run the same again to go on where it stopped."_s)
        .withConsequence(u"Everything answered so far is kept."_s);
}

Result<GenerationStages> GenerationStages::open(Project &project, const GenerateSpec &spec)
{
    EVALWRIGHT_TRY(checkSize(spec));
    if (spec.recipe.behaviour.description.trimmed().isEmpty()) {
        return failure(
            ErrorCode::InvalidInput, u"The behaviour has no description."_s,
            u"Say what the person is like, for example --set behaviour.description=\"is very agreeable\"."_s);
    }
    GenerationStages stages{spec, {}, {}};
    EVALWRIGHT_ASSIGN(stages.writer, project.readNow([&](Connection &c) { return modelByName(c, spec.writer); }));
    EVALWRIGHT_ASSIGN(stages.checker,
                      project.readNow([&](Connection &c) { return modelByName(c, spec.checkerName()); }));
    EVALWRIGHT_TRY(budgetCanBeKept(spec.budget, {stages.writer, stages.checker}));
    if (capability(stages.checker, u"token_logprobs"_s) == false) {
        return failure(
            Error(ErrorCode::Unsupported, u"The checker %1 gives no log-probabilities."_s.arg(stages.checker.name),
                  u"Choose a checker that does (“model probe” shows token_logprobs), such as a local model."_s)
                .withConsequence(u"Nothing was sent."_s));
    }
    return stages;
}

Result<QList<PlannedRequest>> GenerationStages::writeRequests(qint64 from, qint64 to,
                                                              const CancellationToken &token) const
{
    QList<PlannedRequest> requests;
    requests.reserve((to - from) * 2);
    for (qint64 sample = from; sample < to; ++sample) {
        if (token.isCancelled())
            return failure(stoppedWhilePlanning());
        for (const Label label : bothLabels) {
            EVALWRIGHT_ASSIGN(LmRequest request, writeRequest(spec.recipe, writer, label, sample));
            requests << PlannedRequest{writeStep(sample, label), std::move(request)};
        }
    }
    return requests;
}

Result<QList<PlannedRequest>> GenerationStages::checkRequests(const std::vector<Draft> &drafts,
                                                              const CancellationToken &token) const
{
    QList<PlannedRequest> requests;
    for (const Draft &draft : drafts) {
        if (token.isCancelled())
            return failure(stoppedWhilePlanning());
        if (draft.isRejected())
            continue;
        for (const WordOrder order : {WordOrder::AgreeFirst, WordOrder::DisagreeFirst}) {
            if (order == WordOrder::DisagreeFirst && !spec.recipe.check.bothOrders)
                break;
            EVALWRIGHT_ASSIGN(LmRequest request, checkRequest(spec.recipe, checker, draft.statement, order));
            requests << PlannedRequest{checkStep(draft.ordinal, order), std::move(request)};
        }
    }
    return requests;
}

Result<std::vector<Draft>> GenerationStages::run(const JobServices &services, JobId job, qint64 perLabel,
                                                 StageReport &report, const CancellationToken &token,
                                                 const ProgressFunction &progress,
                                                 const RunnerOptions &options) const
{
    const QString writeStage = u"write"_s, checkStage = u"check-label"_s;
    const Asking asking{spec, services, job, token, progress, options};
    EVALWRIGHT_ASSIGN(report, asking.inBatches(writeStage, writer, perLabel * 2, [&](qint64 from, qint64 to) {
        return writeRequests(from / 2, to / 2, token);
    }));

    EVALWRIGHT_ASSIGN(QList<StepAnswer> answers, stageAnswers(*services.project, job, writeStage));
    EVALWRIGHT_ASSIGN(std::vector<Draft> drafts, draftsFromAnswers(spec.recipe, writer, answers));
    answers.clear();
    rejectDuplicates(drafts);
    rejectLint(spec.recipe, drafts);

    EVALWRIGHT_ASSIGN(const QList<PlannedRequest> checking, checkRequests(drafts, token));
    RunnerOptions untold = options;
    untold.onText = nullptr;
    const Asking askingChecker{spec, services, job, token, progress, untold};
    EVALWRIGHT_ASSIGN(const StageReport checked,
                      askingChecker.inBatches(checkStage, checker, checking.size(),
                                              [&](qint64 from, qint64 to) -> Result<QList<PlannedRequest>> {
                                                  return checking.mid(from, to - from);
                                              }));
    report += checked;
    EVALWRIGHT_ASSIGN(answers, stageAnswers(*services.project, job, checkStage));
    EVALWRIGHT_TRY(applyChecks(spec.recipe, answers, drafts));
    selectDrafts(spec.recipe.select, drafts);
    return drafts;
}

QStringList GenerationStages::warnings() const
{
    QStringList list = behaviourWarnings(spec.recipe.behaviour);
    if (const auto shipped = loadPreset(spec.recipe.preset);
        shipped && shipped->behaviour.description == spec.recipe.behaviour.description)
        list << u"The behaviour is the preset's example, “%1”; set behaviour.description for your own."_s.arg(
            spec.recipe.behaviour.description);
    if (writer.id == checker.id)
        list << u"%1 checks its own statements; its mistakes as a writer and as a checker go together."_s.arg(
            writer.name);
    else if (!writer.family.isEmpty() && writer.family == checker.family)
        list << u"Writer and checker are of the same family (%1)."_s.arg(writer.family);
    return list;
}

JobState stateAfter(const Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return JobState::Paused;
    return error.code == ErrorCode::BudgetReached ? JobState::Budget : JobState::Failed;
}

QString readablePrompt(const LmRequest &request)
{
    if (request.kind == LmRequest::Kind::Completion)
        return request.prompt;
    QStringList parts;
    for (const Turn &turn : request.turns)
        parts << (turn.role == "assistant"_L1 ? u"Assistant: "_s
                  : turn.role == "system"_L1  ? u"System: "_s
                                              : u"Human: "_s) +
                     turn.text;
    return parts.join(u"\n\n"_s);
}

} // namespace evalwright
