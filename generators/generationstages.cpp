// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generationstages.h"

#include "generators/lint/lintdataset.h"
#include "generators/map/embed.h"
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
        add(asked);
        return stageAnswers(*m_services.project, m_job, stage.id);
    }

    /// Vectors are asked for live, also by a job whose texts go in batches.
    Status eachAnswer(const RecipeStage &stage, const Model &model, StageSource &source,
                      const std::function<Status(const StepAnswer &)> &use) override
    {
        RunnerOptions options = m_untold;
        options.use = ModelUse::Embeddings;
        options.budget = m_stages.spec.budget;
        EVALWRIGHT_ASSIGN(const StageReport asked, runStage(m_services, m_job, stage.id, model, source, nullptr,
                                                            options, m_token, m_progress));
        add(asked);
        constexpr qint64 piece = 100;
        for (qint64 from = 0; from < source.size(); from += piece) {
            if (m_token.isCancelled())
                return failure(stoppedWhilePlanning());
            EVALWRIGHT_ASSIGN(const QList<StepAnswer> some, m_services.project->readNow([&](Connection &c) {
                return answersOf(c, stage.id, source, from, std::min(source.size(), from + piece));
            }));
            for (const StepAnswer &answer : some)
                EVALWRIGHT_TRY(use(answer));
        }
        return {};
    }

private:
    /// A step without an answer is missing.
    Result<QList<StepAnswer>> answersOf(Connection &connection, const QString &stage, StageSource &source, qint64 from,
                                        qint64 to)
    {
        QList<StepAnswer> list;
        for (qint64 i = from; i < to; ++i) {
            auto answer = stepAnswer(connection, m_job, stage, source.ordinal(i));
            if (answer)
                list << std::move(*answer);
            else if (answer.error().code != ErrorCode::NotFound)
                return failure(answer.error());
        }
        return list;
    }
    void add(const StageReport &asked)
    {
        if (m_first)
            m_report = asked;
        else
            m_report += asked;
        m_first = false;
    }

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

/// Neither a rule without its model nor a model that nothing needs goes by in silence.
Result<Model> embedderOf(Project &project, const GenerateSpec &spec)
{
    if (spec.recipe.embeds() == !spec.embedder.isEmpty()) {
        if (spec.embedder.isEmpty())
            return Model();
        EVALWRIGHT_ASSIGN(const Model embedder,
                          project.readNow([&](Connection &c) { return modelByName(c, spec.embedder); }));
        EVALWRIGHT_TRY(canEmbed(embedder));
        return embedder;
    }
    const auto missing = std::ranges::find_if(spec.recipe.stages, &RecipeStage::embeds);
    if (missing != spec.recipe.stages.end()) {
        return failure(Error(ErrorCode::InvalidInput,
                             u"The recipe's stage “%1” compares by a model's embedding, and no model is named for it."_s
                                 .arg(missing->id),
                             u"Name one (--embedder MODEL), or take “embedding” out of the rule: it then compares by "
                             u"words."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    return failure(Error(ErrorCode::InvalidInput,
                         u"The recipe has no rule that compares by a model's embedding, so %1 has nothing to do."_s.arg(
                             spec.embedder),
                         u"Leave it out, or give a “meaning-duplicate” rule \"embedding\": \"model\"."_s)
                       .withConsequence(u"Nothing was sent."_s));
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
    GenerationStages stages{spec, {}, {}, {}, {}, {}};
    EVALWRIGHT_ASSIGN(stages.embedder, embedderOf(project, spec));
    EVALWRIGHT_ASSIGN(stages.writer, project.readNow([&](Connection &c) { return modelByName(c, spec.writer); }));
    EVALWRIGHT_ASSIGN(stages.checker,
                      project.readNow([&](Connection &c) { return modelByName(c, spec.checkerName()); }));
    EVALWRIGHT_ASSIGN(stages.trust, project.readNow([&](Connection &c) { return trustOf(c, spec.recipe, stages.checker); }));
    EVALWRIGHT_ASSIGN(stages.severities,
                      project.readNow([](Connection &c) { return projectSeverities(c); }));
    QList<Model> paid{stages.writer, stages.checker};
    if (spec.recipe.embeds())
        paid << stages.embedder;
    EVALWRIGHT_TRY(budgetCanBeKept(spec.budget, paid));
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
    return Pipeline(spec.recipe, writer, checker, embedder, limit, answers, token, severities).run();
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
        list << u"The behaviour is the preset's example, “%1”. Describe your own to replace it."_s.arg(
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
