// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generationstages.h"

#include "generators/lint/lintdataset.h"
#include "lm/batch/batchstage.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Asks the models, through the job's journal.
class AskedAnswers final : public StageAnswers
{
public:
    AskedAnswers(const GenerationStages &stages, const JobServices &services, JobId job, const Delivery &delivery,
                 StageReport &report, const CancellationToken &token, const ProgressFunction &progress,
                 const RunnerOptions &options)
        : m_stages(stages), m_services(services), m_job(job), m_delivery(delivery), m_report(report), m_token(token),
          m_progress(progress), m_options(options), m_untold(options)
    {
        m_untold.onText = nullptr;
    }

    Result<QList<StepAnswer>> answers(const RecipeStage &stage, const Model &model, StageSource &source) override
    {
        const bool told = stage.id == m_stages.spec.recipe.writing().id;
        EVALWRIGHT_ASSIGN(const StageReport asked,
                          runStageDelivered(m_delivery, m_stages.spec.budget, m_services, m_job, stage.id, model, source,
                                            nullptr, m_token, m_progress, told ? m_options : m_untold));
        if (m_first)
            m_report = asked;
        else
            m_report += asked;
        m_first = false;
        return stageAnswers(*m_services.project, m_job, stage.id);
    }

private:
    const GenerationStages &m_stages;
    const JobServices &m_services;
    JobId m_job;
    const Delivery &m_delivery;
    StageReport &m_report;
    const CancellationToken &m_token;
    const ProgressFunction &m_progress;
    const RunnerOptions &m_options;
    RunnerOptions m_untold;
    bool m_first = true; // A sum starts with the first stage: an unknown price stays unknown.
};

Status checkSize(const GenerateSpec &spec)
{
    const auto &[what, size] = spec.recipe.writing().count > mostSamplesPerLabel
                                   ? std::pair(u"samples"_s, spec.recipe.writing().count)
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

Result<GenerationStages> GenerationStages::open(Project &project, const GenerateSpec &spec)
{
    EVALWRIGHT_TRY(checkSize(spec));
    if (spec.recipe.family == "persona"_L1 && spec.recipe.behaviour.description.trimmed().isEmpty()) {
        return failure(
            ErrorCode::InvalidInput, u"The behaviour has no description."_s,
            u"Say what the person is like, for example --set behaviour.description=\"is very agreeable\"."_s);
    }
    GenerationStages stages{spec, {}, {}, {}, {}};
    EVALWRIGHT_ASSIGN(stages.writer, project.readNow([&](Connection &c) { return modelByName(c, spec.writer); }));
    EVALWRIGHT_ASSIGN(stages.checker,
                      project.readNow([&](Connection &c) { return modelByName(c, spec.checkerName()); }));
    EVALWRIGHT_ASSIGN(stages.trust, project.readNow([&](Connection &c) { return trustOf(c, spec.recipe, stages.checker); }));
    EVALWRIGHT_ASSIGN(stages.severities,
                      project.readNow([](Connection &c) { return projectSeverities(c); }));
    EVALWRIGHT_TRY(budgetCanBeKept(spec.budget, {stages.writer, stages.checker}));
    if (!spec.delivery.isLive()) {
        EVALWRIGHT_TRY(canBeBatched(stages.writer));
        EVALWRIGHT_TRY(canBeBatched(stages.checker));
    }
    return stages;
}

Result<DraftSet> GenerationStages::run(const JobServices &services, JobId job, std::optional<qint64> limit,
                                       const Delivery &delivery, StageReport &report, const CancellationToken &token,
                                       const ProgressFunction &progress, const RunnerOptions &options) const
{
    AskedAnswers answers(*this, services, job, delivery, report, token, progress, options);
    return Pipeline(spec.recipe, writer, checker, limit, answers, token, severities).run();
}

Status GenerationStages::mayTrust() const
{
    return mayUse(trust, spec.trustReason);
}

QStringList GenerationStages::warnings() const
{
    QStringList list;
    if (spec.recipe.family == "persona"_L1)
        list = behaviourWarnings(spec.recipe.behaviour);
    if (const auto shipped = loadPreset(spec.recipe.preset);
        shipped && spec.recipe.family == "persona"_L1 && shipped->behaviour.description == spec.recipe.behaviour.description)
        list << u"The behaviour is the preset's example, “%1”; set behaviour.description for your own."_s.arg(
            spec.recipe.behaviour.description);
    if (trust.state == CheckerTrust::State::Untried || trust.state == CheckerTrust::State::Refused)
        list << trust.text;
    if (const QString warning = familyWarning(writer, checker); !warning.isEmpty())
        list << warning;
    return list;
}

JobState stateAfter(const Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return JobState::Paused;
    if (error.code == ErrorCode::Waiting)
        return JobState::Waiting;
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
