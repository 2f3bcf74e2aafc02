// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/evaluate.h"

#include "core/hash.h"
#include "evaluation/firsttoken.h"
#include "evaluation/preparation.h"
#include "lm/capabilities.h"
#include "lm/stagebudget.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/runs.h"

#include <QElapsedTimer>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace preparation;
using nlohmann::json;

namespace {

constexpr qsizetype observationsPerWrite = 500;

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
    struct Asked
    {
        const PreparedItem *item = nullptr;
        ResponseId response;
        FirstTokenReading reading;
    };
    Status findOrMakeRun();
    Status runStages();
    Status runOneStage(const PreparedStage &stage);
    Result<qint64> checkLogProbabilities(const PreparedStage &stage, const QList<PlannedRequest> &requests);
    Result<StageReport> ask(const PreparedStage &stage, const QString &name, const QList<PlannedRequest> &requests);
    Result<QList<Asked>> readings(const PreparedStage &stage);
    Status askForRefusals(const PreparedStage &stage, QList<Asked> &asked);
    Status store(const PreparedStage &stage, const QList<Asked> &asked);
    Status setState(JobState state, const QString &error = {});
    void count(const PreparedStage &stage, StageReport report);

    const JobServices &m_services;
    const EvaluateSpec &m_spec;
    const CancellationToken &m_token;
    const ProgressFunction &m_progress;
    Prepared m_prepared;
    QHash<qint64, const PreparedItem *> m_items; ///< By candidate id, which is the ordinal of its steps.
    Job m_job;
    Run m_run;
    EvaluateReport m_report;
    double m_spent = 0;
    qint64 m_doneBefore = 0, m_failedBefore = 0, m_cachedBefore = 0, m_total = 0;
};

Error noLogProbabilities(const Model &model)
{
    return Error(
               ErrorCode::Unsupported,
               u"%1 answers without log-probabilities, and this version scores by them alone."_s.arg(model.name),
               u"Use a model on a server that gives them: a local model, llama.cpp, vLLM, or another OpenAI-compatible server that has them."_s)
        .withConsequence(u"Nothing was scored for this model; its answers are kept."_s);
}

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

Status Evaluation::findOrMakeRun()
{
    const QString identity = QString::fromUtf8(canonicalJson(m_prepared.identity));
    const QString hash = sha256Hex(identity.toUtf8());
    json parameters = m_spec.toJson();
    parameters["identity"] = m_prepared.identity;
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
                                             [=](Connection &c) -> Result<Found> {
                                                 Found result;
                                                 EVALWRIGHT_ASSIGN(const auto known, jobByParameters(c, hash));
                                                 if (known) {
                                                     result.job = *known;
                                                     // The latest call's budget is the one that `job resume` keeps.
                                                     EVALWRIGHT_TRY(setJobParameters(c, known->id, text));
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
                                                     made.parameters = text;
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

Result<StageReport> Evaluation::ask(const PreparedStage &stage, const QString &name,
                                    const QList<PlannedRequest> &requests)
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
    return runStageWithin(m_spec.budget, m_services, m_job.id, name, stage.model, requests, m_token, forward);
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
/// Returns how many requests that sent (0 or 1); the stage itself finds the answer stored.
Result<qint64> Evaluation::checkLogProbabilities(const PreparedStage &stage, const QList<PlannedRequest> &requests)
{
    const Model &model = stage.model;
    if (model.kind != ModelKind::Endpoint || model.api == "llama.cpp"_L1 ||
        capability(model, u"token_logprobs"_s) == true || requests.size() < 2)
        return 0;
    EVALWRIGHT_ASSIGN(const StageReport report, ask(stage, stage.name, requests.first(1)));
    EVALWRIGHT_ASSIGN(const QList<Asked> asked, readings(stage));
    if (!asked.isEmpty() && asked.first().reading.reason == "no-logprobs"_L1)
        return failure(noLogProbabilities(model));
    StageReport sent;
    sent.asked = report.asked;
    sent.cost = report.cost;
    count(stage, sent);
    return report.asked;
}

Result<QList<Evaluation::Asked>> Evaluation::readings(const PreparedStage &stage)
{
    EVALWRIGHT_ASSIGN(const QList<StepAnswer> answers, stageAnswers(*m_services.project, m_job.id, stage.name));
    QList<Asked> list;
    for (const StepAnswer &answer : answers) {
        const PreparedItem *item = m_items.value(answer.ordinal);
        if (!item || !answer.responseId.isValid())
            continue; // Failed: it is counted, and asked again when the same is run again.
        Asked asked;
        asked.item = item;
        asked.response = answer.responseId;
        EVALWRIGHT_ASSIGN(const Reply reply, readReply(answer.path, answer.body));
        asked.reading = readFirstToken(reply, item->family, item->labels);
        list << asked;
    }
    return list;
}

/// Where the answer lies off the labels and may be the start of a refusal, a few more words decide.
Status Evaluation::askForRefusals(const PreparedStage &stage, QList<Asked> &asked)
{
    QList<PlannedRequest> requests;
    QSet<qint64> open;
    for (const Asked &entry : asked) {
        const FirstTokenReading &reading = entry.reading;
        if (reading.labelMass < labelMassLimit && reading.outcome != "refused"_L1 &&
            mayBecomeRefusal(reading.firstToken)) {
            requests << PlannedRequest{entry.item->candidate.id.value, greedyRequest(stage, *entry.item)};
            open << entry.item->candidate.id.value;
        }
    }
    if (requests.isEmpty())
        return {};
    const QString name = stage.name + u":text"_s;
    m_total += requests.size();
    EVALWRIGHT_ASSIGN(const StageReport report, ask(stage, name, requests));
    count(stage, report);
    m_doneBefore += requests.size();
    EVALWRIGHT_ASSIGN(const QList<StepAnswer> answers, stageAnswers(*m_services.project, m_job.id, name));
    QHash<qint64, QString> texts;
    for (const StepAnswer &answer : answers) {
        if (!answer.responseId.isValid())
            continue;
        EVALWRIGHT_ASSIGN(const Reply reply, readReply(answer.path, answer.body));
        texts.insert(answer.ordinal, reply.text);
    }
    // Where the words could not be had the outcome is not known yet: no observation until the same is run again.
    asked.removeIf([&](const Asked &entry) {
        const qint64 ordinal = entry.item->candidate.id.value;
        return open.contains(ordinal) && !texts.contains(ordinal);
    });
    for (Asked &entry : asked) {
        if (open.contains(entry.item->candidate.id.value))
            entry.reading = withGreedyText(entry.reading, texts.value(entry.item->candidate.id.value));
    }
    return {};
}

Status Evaluation::store(const PreparedStage &stage, const QList<Asked> &asked)
{
    for (qsizetype from = 0; from < asked.size(); from += observationsPerWrite) {
        QList<Observation> list;
        for (const Asked &entry : asked.mid(from, observationsPerWrite)) {
            const FirstTokenReading &reading = entry.reading;
            Observation o;
            o.runId = m_run.id;
            o.candidateId = entry.item->candidate.id;
            o.modelId = stage.model.id;
            o.frame = stage.frame.name;
            o.method = firstTokenScoring;
            o.methodVersion = firstTokenVersion;
            o.outcome = reading.outcome;
            o.argmax = reading.argmax;
            for (const LabelReading &label : reading.labels) {
                if (label.label == entry.item->candidate.matchingLabel)
                    o.pMatching = label.p;
            }
            if (reading.reason != "no-logprobs"_L1 && reading.reason != "empty"_L1 && !reading.firstToken.isEmpty()) {
                o.labelMass = reading.labelMass;
                o.undecidedMass = reading.undecidedMass;
            }
            o.censored = reading.censored;
            o.labels = QString::fromUtf8(canonicalJson(reading.labelsJson()));
            o.responseId = entry.response;
            list << o;
        }
        EVALWRIGHT_TRY(m_services.project->writeNow(
            [&list](Connection &c) -> Status {
                for (const Observation &observation : list)
                    EVALWRIGHT_TRY(addObservation(c, observation));
                return {};
            },
            {Topic::Runs}));
    }
    return {};
}

Status Evaluation::runOneStage(const PreparedStage &stage)
{
    QList<PlannedRequest> requests;
    for (const PreparedDataset &dataset : m_prepared.datasets) {
        for (const PreparedItem &item : dataset.items)
            requests << PlannedRequest{item.candidate.id.value, scoringRequest(stage, item)};
    }
    EVALWRIGHT_ASSIGN(const qint64 checked, checkLogProbabilities(stage, requests));
    EVALWRIGHT_ASSIGN(StageReport report, ask(stage, stage.name, requests));
    report.fromCache -= checked;
    count(stage, report);
    m_doneBefore += requests.size();
    EVALWRIGHT_ASSIGN(QList<Asked> asked, readings(stage));
    const bool noneHasAny = !asked.isEmpty() && std::ranges::all_of(asked, [](const Asked &a) {
        return a.reading.reason == "no-logprobs"_L1;
    });
    if (noneHasAny)
        return failure(noLogProbabilities(stage.model));
    EVALWRIGHT_TRY(askForRefusals(stage, asked));
    return store(stage, asked);
}

Status Evaluation::runStages()
{
    for (const PreparedDataset &dataset : m_prepared.datasets) {
        for (const PreparedItem &item : dataset.items)
            m_items.insert(item.candidate.id.value, &item);
    }
    m_total = m_items.size() * m_prepared.stages.size();
    for (const PreparedStage &stage : m_prepared.stages)
        EVALWRIGHT_TRY(runOneStage(stage));
    return {};
}

Result<EvaluateReport> Evaluation::run()
{
    QElapsedTimer timer;
    timer.start();
    EVALWRIGHT_ASSIGN(m_prepared, m_services.project->readNow([this](Connection &c) { return prepare(c, m_spec); }));
    m_report.cost = 0.0;
    m_report.warnings = m_prepared.warnings;
    EVALWRIGHT_TRY(findOrMakeRun());
    m_report.job = m_job.id;
    m_report.run = m_run.uuid;
    Status status = runStages();
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
    m_report.state = m_report.failed > 0 ? JobState::Partly : JobState::Done;
    const QString result = QString::fromUtf8(canonicalJson(m_report.toJson()));
    const JobId job = m_job.id;
    EVALWRIGHT_TRY(m_services.project->writeNow([=](Connection &c) { return setJobResult(c, job, result); }));
    EVALWRIGHT_TRY(setState(m_report.state, m_report.firstError));
    return m_report;
}

} // namespace

Result<EvaluateReport> evaluate(const JobServices &services, const EvaluateSpec &spec, const CancellationToken &token,
                                const ProgressFunction &progress)
{
    return Evaluation(services, spec, token, progress).run();
}

} // namespace evalwright
