// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generationstages.h"

#include "lm/capabilities.h"
#include "storage/repositories/models.h"

namespace evalwright {

using namespace Qt::StringLiterals;

Result<GenerationStages> GenerationStages::open(Project &project, const GenerateSpec &spec)
{
    if (spec.recipe.behaviour.description.trimmed().isEmpty()) {
        return failure(
            ErrorCode::InvalidInput, u"The behaviour has no description."_s,
            u"Say what the person is like, for example --set behaviour.description=\"is very agreeable\"."_s);
    }
    GenerationStages stages{spec, {}, {}};
    EVALWRIGHT_ASSIGN(stages.writer, project.readNow([&](Connection &c) { return modelByName(c, spec.writer); }));
    EVALWRIGHT_ASSIGN(stages.checker,
                      project.readNow([&](Connection &c) { return modelByName(c, spec.checkerName()); }));
    if (capability(stages.checker, u"token_logprobs"_s) == false) {
        return failure(
            Error(ErrorCode::Unsupported, u"The checker %1 gives no log-probabilities."_s.arg(stages.checker.name),
                  u"Choose a checker that does (“model probe” shows token_logprobs), such as a local model."_s)
                .withConsequence(u"Nothing was sent."_s));
    }
    return stages;
}

Result<QList<PlannedRequest>> GenerationStages::writeRequests(qint64 perLabel) const
{
    QList<PlannedRequest> requests;
    requests.reserve(perLabel * 2);
    for (qint64 sample = 0; sample < perLabel; ++sample) {
        for (const Label label : bothLabels) {
            EVALWRIGHT_ASSIGN(LmRequest request, writeRequest(spec.recipe, writer, label, sample));
            requests << PlannedRequest{writeStep(sample, label), std::move(request)};
        }
    }
    return requests;
}

Result<QList<PlannedRequest>> GenerationStages::checkRequests(const std::vector<Draft> &drafts) const
{
    QList<PlannedRequest> requests;
    for (const Draft &draft : drafts) {
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
                                                 const ProgressFunction &progress) const
{
    RunnerOptions options;
    options.budget = spec.budget;
    const QString writeStage = u"write"_s, checkStage = u"check-label"_s;
    EVALWRIGHT_ASSIGN(const QList<PlannedRequest> writing, writeRequests(perLabel));
    EVALWRIGHT_ASSIGN(report, runStage(services, job, writeStage, writer, writing, options, token, progress));

    EVALWRIGHT_ASSIGN(QList<StepAnswer> answers, stageAnswers(*services.project, job, writeStage));
    EVALWRIGHT_ASSIGN(std::vector<Draft> drafts, draftsFromAnswers(spec.recipe, writer, answers));
    answers.clear();
    rejectDuplicates(drafts);
    rejectLint(spec.recipe, drafts);

    if (options.budget && report.cost)
        options.budget = std::max(0.0, *options.budget - *report.cost);
    EVALWRIGHT_ASSIGN(const QList<PlannedRequest> checking, checkRequests(drafts));
    EVALWRIGHT_ASSIGN(const StageReport checked,
                      runStage(services, job, checkStage, checker, checking, options, token, progress));
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
