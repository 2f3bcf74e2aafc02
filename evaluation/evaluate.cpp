// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/evaluate.h"

#include "core/hash.h"
#include "evaluation/drift.h"
#include "evaluation/firsttoken.h"
#include "evaluation/firsttokenobserver.h"
#include "evaluation/ladderrun.h"
#include "evaluation/questionsource.h"
#include "lm/batch/batchstage.h"
#include "lm/capabilities.h"
#include "lm/jobclaim.h"
#include "storage/repositories/answerpacks.h"
#include "storage/repositories/batches.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/runs.h"

#include <QElapsedTimer>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace preparation;
using nlohmann::json;

namespace {

/// One call of evaluate(): the state that its steps share.
class Evaluation
{
public:
    Evaluation(const JobServices &services, const EvaluateSpec &spec, const CancellationToken &token,
               const ProgressFunction &progress)
        : m_services(services), m_spec(spec), m_token(token), m_progress(progress)
    {
    }
    Result<EvaluateReport> run();

private:
    Status findOrMakeRun();
    Result<QString> withPlan(Connection &connection, json parameters) const;
    Status runStages();
    Status runOneStage(const PreparedStage &stage);
    Status readFirstTokens(const PreparedStage &stage);
    Status scoreLabels(const PreparedStage &stage);
    Status sampleAnswers(const PreparedStage &stage);
    Status askAndCount(const PreparedStage &stage, const QString &name, StageSource &source, AnswerReader *reader);
    LadderCell ladderCell(const PreparedStage &stage) const;
    Result<qint64> checkLogProbabilities(const PreparedStage &stage, QuestionSource &source);
    Result<StageReport> ask(const PreparedStage &stage, const QString &name, StageSource &source, AnswerReader *reader,
                            const Delivery &delivery);
    Status askForRefusals(const PreparedStage &stage, const std::vector<qint64> &candidates);
    Status setState(JobState state, const QString &error = {});
    void count(const PreparedStage &stage, StageReport report);

    const JobServices &m_services;
    const EvaluateSpec &m_spec;
    const CancellationToken &m_token;
    const ProgressFunction &m_progress;
    Prepared m_prepared;
    std::optional<ItemLabels> m_items;
    Job m_job;
    Run m_run;
    EvaluateReport m_report;
    double m_spent = 0;
    qint64 m_doneBefore = 0, m_failedBefore = 0, m_cachedBefore = 0, m_total = 0;
};

JobState stateOf(ErrorCode code)
{
    switch (code) {
    // Everything can go on later; the caller that means "never again" marks the job cancelled.
    case ErrorCode::Cancelled:
        return JobState::Paused;
    case ErrorCode::BudgetReached:
        return JobState::Budget;
    default:
        return JobState::Failed;
    }
}

Status Evaluation::setState(JobState state, const QString &error)
{
    const JobId job = m_job.id;
    return m_services.project->writeNow([=](Connection &c) { return setJobState(c, job, state, error); },
                                        {Topic::Jobs});
}

/// What a run is begun with, the smallest effects that it was planned to find among it.
Result<QString> Evaluation::withPlan(Connection &connection, json parameters) const
{
    EVALWRIGHT_ASSIGN(const QList<DetectableEffect> effects, detectableEffects(connection, m_prepared));
    parameters["detectable"] = json::array();
    for (const DetectableEffect &effect : effects)
        parameters["detectable"].push_back(effect.toJson());
    return QString::fromUtf8(canonicalJson(parameters));
}

Status Evaluation::findOrMakeRun()
{
    const QString identity = QString::fromUtf8(canonicalJson(m_prepared.identity));
    const QString hash = sha256Hex(identity.toUtf8());
    EvaluateSpec spec = m_spec;
    spec.systems = m_prepared.systems; // The texts themselves, also where the name alone was given.
    json parameters = spec.toJson();
    parameters["identity"] = m_prepared.identity;
    if (m_spec.fresh) {
        parameters["fresh"] = m_prepared.salt.toStdString();
        parameters["fresh_of"] = m_prepared.freshOf.toStdString();
    }
    const QString text = QString::fromUtf8(canonicalJson(parameters));
    QStringList models, datasets;
    for (const PreparedStage &stage : m_prepared.stages)
        models << stage.model.name;
    models.removeDuplicates();
    for (const PreparedDataset &dataset : m_prepared.datasets)
        datasets << dataset.dataset.name;
    const QString title = u"%1 with %2"_s.arg(datasets.join(u", "_s), models.join(u", "_s));
    const DatasetId only = m_prepared.datasets.size() == 1 ? m_prepared.datasets.first().dataset.id : DatasetId{};
    struct Found
    {
        Job job;
        Run run;
    };
    EVALWRIGHT_ASSIGN(const Found found, m_services.project->writeNow(
                                             [=, this](Connection &c) -> Result<Found> {
                                                 Found result;
                                                 EVALWRIGHT_ASSIGN(const auto known, jobByParameters(c, hash));
                                                 if (known) {
                                                     result.job = *known;
                                                     // The latest call's budget is the one that `job resume` keeps.
                                                     EVALWRIGHT_TRY(setJobParameters(c, known->id, text));
                                                     // While batches are under way, what failed in one is over.
                                                     if (known->state != JobState::Waiting)
                                                         EVALWRIGHT_TRY(replanFailedSteps(c, known->id));
                                                 } else {
                                                     Job job;
                                                     job.kind = u"evaluate"_s;
                                                     job.title = title;
                                                     job.parameters = text;
                                                     job.parametersHash = hash;
                                                     job.datasetId = only;
                                                     EVALWRIGHT_ASSIGN(result.job, createJob(c, job));
                                                 }
                                                 EVALWRIGHT_ASSIGN(const auto run, runByJob(c, result.job.id));
                                                 if (run) {
                                                     result.run = *run;
                                                 } else {
                                                     EVALWRIGHT_ASSIGN(const QVariant runs,
                                                                       c.value(u"SELECT count(*) FROM run"_s));
                                                     Run made;
                                                     made.name = u"run-%1"_s.arg(runs.toLongLong() + 1);
                                                     made.jobId = result.job.id;
                                                     EVALWRIGHT_ASSIGN(made.parameters, withPlan(c, parameters));
                                                     EVALWRIGHT_ASSIGN(result.run, createRun(c, made));
                                                 }
                                                 EVALWRIGHT_TRY(setJobState(c, result.job.id, JobState::Running));
                                                 return result;
                                             },
                                             {Topic::Jobs, Topic::Runs}));
    m_job = found.job;
    m_run = found.run;
    return {};
}

Result<StageReport> Evaluation::ask(const PreparedStage &stage, const QString &name, StageSource &source,
                                    AnswerReader *reader, const Delivery &delivery)
{
    const auto forward = [this](const JobProgress &inner) {
        if (!m_progress)
            return;
        JobProgress outer = inner;
        outer.done += m_doneBefore;
        outer.failed += m_failedBefore;
        outer.fromCache += m_cachedBefore;
        outer.total = m_total;
        outer.secondsLeft.reset();
        if (outer.perSecond > 0)
            outer.secondsLeft = static_cast<double>(std::max<qint64>(0, outer.total - outer.done)) / outer.perSecond;
        if (outer.cost)
            *outer.cost += m_spent;
        m_progress(outer);
    };
    return runStageDelivered(delivery, m_spec.budget, m_services, m_job.id, name, stage.model, source, reader, m_token,
                             forward);
}

void Evaluation::count(const PreparedStage &stage, StageReport report)
{
    if (!report.cost && (stage.model.kind != ModelKind::Endpoint || report.asked == 0))
        report.cost = 0.0; // One's own machine, or nothing sent.
    m_spent += report.cost.value_or(0);
    m_report.cost = m_report.cost && report.cost ? std::optional<double>(*m_report.cost + *report.cost) : std::nullopt;
    m_report.requests += report.asked;
    m_report.fromCache += report.fromCache;
    m_report.failed += report.failed;
    if (m_report.firstError.isEmpty())
        m_report.firstError = report.firstError;
    m_failedBefore += report.failed;
    m_cachedBefore += report.fromCache;
}

/// Asks one question before a thousand are paid for at an endpoint that may drop log-probabilities without a word.
/// By batches too: a day and the price of all of them are more than one live question. Files are run where we cannot
/// ask. Returns how many requests that sent (0 or 1); the stage itself finds the answer stored.
Result<qint64> Evaluation::checkLogProbabilities(const PreparedStage &stage, QuestionSource &source)
{
    const Model &model = stage.model;
    if (model.kind != ModelKind::Endpoint || model.api == "llama.cpp"_L1 ||
        capability(model, u"token_logprobs"_s) == true || source.size() < 2 ||
        m_spec.delivery.kind == Delivery::Kind::Files)
        return 0;
    EVALWRIGHT_ASSIGN(const qint64 inBatches, m_services.project->readNow([&](Connection &c) {
        return requestsUnderWay(c, m_job.id, stage.name);
    }));
    if (inBatches > 0)
        return 0; // It was asked before they were sent.
    EVALWRIGHT_ASSIGN(const QList<PlannedRequest> first, source.requests({0}));
    ListSource one(first);
    EVALWRIGHT_ASSIGN(const StageReport report, ask(stage, stage.name, one, nullptr, {}));
    if (report.failed > 0)
        return report.asked; // The stage tells about it.
    EVALWRIGHT_ASSIGN(const StepAnswer answer, m_services.project->readNow([&](Connection &c) {
        return stepAnswer(c, m_job.id, stage.name, first.first().ordinal);
    }));
    const LabelSet &labels = *m_items->find(answer.ordinal);
    EVALWRIGHT_ASSIGN(const Reply reply, readReply(answer.path, answer.body));
    if (readFirstToken(reply, labels.family, labels.asShown()).reason == "no-logprobs"_L1)
        return failure(noLogProbabilities(model));
    StageReport sent;
    sent.asked = report.asked;
    sent.cost = report.cost;
    count(stage, sent);
    return report.asked;
}

/// Where the answer lies off the labels and may be the start of a refusal, a few more words decide. Where they cannot
/// be had the outcome is not known yet: no observation until the same is run again.
Status Evaluation::askForRefusals(const PreparedStage &stage, const std::vector<qint64> &candidates)
{
    if (candidates.empty())
        return {};
    QuestionSource source(*m_services.project, stage, candidates,
                          [&stage](const ItemAsked &asked) { return greedyRequest(stage, asked); });
    RefusalObserver observer(*m_services.project, *m_items, {m_run.id, &stage, {}}, m_job.id);
    m_total += source.size();
    EVALWRIGHT_ASSIGN(const StageReport report, ask(stage, stage.name + u":text"_s, source, &observer, m_spec.delivery));
    count(stage, report);
    m_doneBefore += source.size();
    return observer.finish();
}

Status Evaluation::readFirstTokens(const PreparedStage &stage)
{
    QuestionSource source(*m_services.project, stage, m_items->candidates(),
                          [&stage](const ItemAsked &asked) { return scoringRequest(stage, asked); });
    EVALWRIGHT_ASSIGN(const qint64 checked, checkLogProbabilities(stage, source));
    FirstTokenObserver observer(*m_services.project, *m_items, {m_run.id, &stage, {}});
    auto report = ask(stage, stage.name, source, &observer, m_spec.delivery);
    if (!report) {
        // What was read is kept, also when the stage could not go on; its error is the one to tell.
        if (report.error().code != ErrorCode::Unsupported)
            EVALWRIGHT_TRY(observer.finish());
        return failure(report.error());
    }
    report->fromCache -= checked;
    count(stage, *report);
    m_doneBefore += source.size();
    EVALWRIGHT_TRY(observer.finish());
    return askForRefusals(stage, observer.deferred());
}

LadderCell Evaluation::ladderCell(const PreparedStage &stage) const
{
    LadderCell cell{m_services.project.get(), m_job.id, &stage, &*m_items};
    cell.cachePrompt = !stage.reproducible;
    cell.sample = sampleOf(stage);
    return cell;
}

Status Evaluation::askAndCount(const PreparedStage &stage, const QString &name, StageSource &source,
                               AnswerReader *reader)
{
    EVALWRIGHT_ASSIGN(const StageReport report, ask(stage, name, source, reader, m_spec.delivery));
    count(stage, report);
    m_doneBefore += source.size();
    return {};
}

Status Evaluation::scoreLabels(const PreparedStage &stage)
{
    LadderRun run(m_services, m_token, m_run.id, ladderCell(stage),
                  [this](const PreparedStage &asked, const QString &name, StageSource &source, AnswerReader *reader) {
                      return askAndCount(asked, name, source, reader);
                  });
    EVALWRIGHT_TRY(run.score());
    return run.checkDrift(driftCandidates(m_prepared, stage));
}

Status Evaluation::sampleAnswers(const PreparedStage &stage)
{
    const std::vector<qint64> candidates = m_items->candidates();
    const LadderCell cell = ladderCell(stage);
    SampledSource source(cell, candidates, m_prepared.samples, m_spec.seed);
    SampledObserver observer(cell, m_run.id, m_prepared.samples);
    const Status asked = askAndCount(stage, stage.name + sampledStage, source, &observer);
    EVALWRIGHT_TRY(observer.finish()); // What was read is kept, also when the stage could not go on.
    return asked;
}

Status Evaluation::runOneStage(const PreparedStage &stage)
{
    switch (stage.method) {
    case ScoringMethod::Exact:
    case ScoringMethod::Forced:
        return scoreLabels(stage);
    case ScoringMethod::FirstToken:
        return readFirstTokens(stage);
    case ScoringMethod::Sampled:
        break;
    }
    return sampleAnswers(stage);
}

Status Evaluation::runStages()
{
    for (const PreparedStage &stage : m_prepared.stages)
        m_total += plannedRequests(m_prepared, stage);
    std::optional<Error> waiting;
    for (const PreparedStage &stage : m_prepared.stages) {
        m_items.emplace(m_prepared, stage);
        const Status run = runOneStage(stage);
        if (run)
            continue;
        // The batches of the other models need not wait for these.
        if (run.error().code != ErrorCode::Waiting)
            return run;
        if (!waiting)
            waiting = run.error();
        else
            waiting->message += u' ' + run.error().message;
    }
    return waiting ? failure(*waiting) : Status();
}

Result<EvaluateReport> Evaluation::run()
{
    QElapsedTimer timer;
    timer.start();
    EVALWRIGHT_ASSIGN(m_prepared, m_services.project->readNow([this](Connection &c) { return prepare(c, m_spec); }));
    EVALWRIGHT_TRY(canBeDelivered(m_prepared, m_spec.delivery));
    m_report.cost = 0.0;
    m_report.warnings = m_prepared.warnings;
    m_report.fresh = m_spec.fresh;
    EVALWRIGHT_TRY(findOrMakeRun());
    const JobClaim claim(m_services, m_job.id);
    EVALWRIGHT_TRY(claim.status());
    if (m_prepared.goesOn && m_progress) {
        JobProgress begun;
        begun.job = m_job.id;
        begun.message = u"going on with the fresh run of job %1, which is not finished"_s.arg(m_job.id.value);
        m_progress(begun);
    }
    m_report.job = m_job.id;
    m_report.run = m_run.uuid;
    Status status = runStages();
    // What came is packed also when the stages could not go on; the packs are made of answers that are stored already.
    const Status packed = m_services.project->writeNow([](Connection &c) { return packAnswers(c); });
    if (status && !packed)
        status = packed;
    const bool waits = !status && status.error().code == ErrorCode::Waiting;
    if (waits) {
        m_report.waiting = status.error().text();
        status = {};
    }
    if (status) {
        ResultFilter filter;
        filter.run = m_run.uuid;
        auto rows = m_services.project->readNow([filter](Connection &c) { return results(c, filter); });
        if (rows)
            m_report.results = *rows;
        else
            status = failure(rows.error());
    }
    m_report.seconds = static_cast<double>(timer.elapsed()) / 1000.0;
    if (!status) {
        const Error &error = status.error();
        EVALWRIGHT_TRY(setState(stateOf(error.code), error.code == ErrorCode::Cancelled ? QString() : error.text()));
        return failure(error);
    }
    m_report.state = waits                 ? JobState::Waiting
                     : m_report.failed > 0 ? JobState::Partly
                                           : JobState::Done;
    const QString result = QString::fromUtf8(canonicalJson(m_report.toJson()));
    const JobId job = m_job.id;
    EVALWRIGHT_TRY(m_services.project->writeNow([=](Connection &c) { return setJobResult(c, job, result); }));
    EVALWRIGHT_TRY(setState(m_report.state, waits ? QString() : m_report.firstError));
    return m_report;
}

} // namespace

Result<EvaluateReport> evaluate(const JobServices &services, const EvaluateSpec &spec, const CancellationToken &token,
                                const ProgressFunction &progress)
{
    return Evaluation(services, spec, token, progress).run();
}

} // namespace evalwright
