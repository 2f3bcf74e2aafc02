// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/validation.h"

#include "core/hash.h"
#include "core/statistics/random.h"
#include "generators/checker/behaviours.h"
#include "generators/generationstages.h"
#include "generators/labelcheck.h"
#include "lm/capabilities.h"
#include "lm/jobclaim.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct KnownItem
{
    CandidateId id;
    QString statement;
    bool positive = false;
};

struct KnownSet
{
    Dataset dataset;
    Behaviour behaviour;
    QList<KnownItem> items; ///< The sample, both labels alternating.
};

/// One row of the outcome: a data set in a form and frame at a model.
struct Cell
{
    int set = 0;
    CheckerForm form;
    PromptKind frame = PromptKind::ChatPlain;
    qint64 first = 0; ///< Ordinal of its first request at this model.
    qint64 requests(const QList<KnownSet> &sets) const { return sets[set].items.size() * form.presentations(); }
};

struct ModelPart
{
    Model model;
    QList<Cell> cells;
    qint64 requests = 0;
};

struct Prepared
{
    QList<KnownSet> sets;
    QList<ModelPart> parts;
    QList<SkippedTrial> skipped;
};

constexpr qint64 leastItems = 4, mostItems = 1'000'000;

/// `count` of them by a seeded shuffle; the head of a file is often its most certain part.
Result<QList<KnownItem>> sampleOf(const QList<KnownItem> &items, qsizetype count, qint64 seed, const QString &stream)
{
    const auto order = statistics::shuffle(static_cast<std::uint64_t>(seed), stream.toStdString(),
                                           static_cast<std::size_t>(items.size()));
    QList<KnownItem> out;
    for (qsizetype i = 0; i < std::min(count, items.size()); ++i)
        out << items[static_cast<qsizetype>(order[static_cast<std::size_t>(i)])];
    return out;
}

/// A label is known when it came with an import or a person decided; what a writer was asked for is a wish.
Result<KnownSet> openSet(Connection &connection, const CheckerTrialSpec::Set &wanted, qint64 items, qint64 seed)
{
    KnownSet set;
    EVALWRIGHT_ASSIGN(set.dataset, datasetByName(connection, wanted.dataset));
    set.behaviour = wanted.behaviour;
    if (set.behaviour.description.trimmed().isEmpty()) {
        EVALWRIGHT_ASSIGN(set.behaviour, behaviourOf(connection, set.dataset));
    }
    if (set.dataset.family != "persona"_L1) {
        return failure(Error(ErrorCode::Unsupported,
                             u"“%1” is of the family “%2”; checkers are tried on persona statements."_s.arg(
                                 set.dataset.name, set.dataset.family))
                           .withConsequence(u"Nothing was sent."_s));
    }
    EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(connection, set.dataset.id));
    QList<KnownItem> yes, no;
    for (const CandidateRow &row : rows) {
        if (!row.decision || !row.decision->keep || row.candidate.statement.trimmed().isEmpty())
            continue;
        if (!row.candidate.importSourceId.isValid() && row.decision->actor != "person"_L1)
            continue;
        const QString label = row.candidate.matchingLabel;
        if (label == " Yes"_L1)
            yes << KnownItem{row.candidate.id, row.candidate.statement, true};
        else if (label == " No"_L1)
            no << KnownItem{row.candidate.id, row.candidate.statement, false};
    }
    const qsizetype each = std::min({static_cast<qsizetype>(items / 2), yes.size(), no.size()});
    if (each < 2) {
        return failure(Error(ErrorCode::InvalidInput,
                             u"“%1” has %2 items of the known label Yes and %3 of No; two of each are the least."_s
                                 .arg(set.dataset.name)
                                 .arg(yes.size())
                                 .arg(no.size()),
                             u"Import labelled items, or decide about some by hand."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    const QString stream = u"checker/items/"_s + set.dataset.name;
    EVALWRIGHT_ASSIGN(const QList<KnownItem> sampledYes, sampleOf(yes, each, seed, stream + u"/yes"_s));
    EVALWRIGHT_ASSIGN(const QList<KnownItem> sampledNo, sampleOf(no, each, seed, stream + u"/no"_s));
    for (qsizetype i = 0; i < each; ++i)
        set.items << sampledYes[i] << sampledNo[i];
    return set;
}

Status checkForms(const QList<CheckerForm> &forms)
{
    for (const CheckerForm &form : forms) {
        if (form.family != "persona"_L1 || form.requirement != "label"_L1) {
            return failure(Error(ErrorCode::Unsupported,
                                 u"“%1” cannot be tried: only labels of persona statements are known here, and it asks "
                                 u"for the %2 of %3."_s.arg(form.name, form.requirement, form.family),
                                 u"Leave it out."_s)
                               .withConsequence(u"Nothing was sent."_s));
        }
    }
    return {};
}

/// The cells of one model. What one combination cannot do is listed, not hidden.
ModelPart partOf(const Model &model, const CheckerTrialSpec &spec, const QList<KnownSet> &sets,
                 QList<SkippedTrial> &skipped)
{
    ModelPart part;
    part.model = model;
    for (int s = 0; s < sets.size(); ++s) {
        for (const CheckerForm &form : spec.forms) {
            QList<PromptKind> seen;
            for (const PromptKind wanted : spec.frames) {
                const auto skip = [&](const QString &why) {
                    skipped << SkippedTrial{sets[s].dataset.name, model.name, form.name, promptKindName(wanted), why};
                };
                const auto frame = frameFor(form, model, wanted);
                if (!frame) {
                    skip(frame.error().message);
                    continue;
                }
                if (seen.contains(*frame))
                    continue; // "auto" and the frame that it stands for.
                seen << *frame;
                if (form.uses(u"contrast"_s) && sets[s].behaviour.contrast.trimmed().isEmpty()) {
                    skip(u"The behaviour names no contrast."_s);
                    continue;
                }
                Cell cell{s, form, *frame, part.requests};
                part.requests += cell.requests(sets);
                part.cells << cell;
            }
        }
    }
    return part;
}

Result<Prepared> prepare(Project &project, const CheckerTrialSpec &spec)
{
    EVALWRIGHT_TRY(checkForms(spec.forms));
    if (spec.items < leastItems || spec.items > mostItems) {
        return failure(ErrorCode::InvalidInput,
                       u"%1 items per data set: 4 to 1,000,000 are possible."_s.arg(spec.items));
    }
    Prepared out;
    QList<Model> models;
    EVALWRIGHT_TRY(project.readNow([&](Connection &c) -> Status {
        for (const CheckerTrialSpec::Set &set : spec.sets) {
            EVALWRIGHT_ASSIGN(const KnownSet known, openSet(c, set, spec.items, spec.seed));
            out.sets << known;
        }
        for (const QString &name : spec.models) {
            EVALWRIGHT_ASSIGN(const Model model, modelByName(c, name));
            models << model;
        }
        return {};
    }));
    EVALWRIGHT_TRY(budgetCanBeKept(spec.budget, models));
    for (const Model &model : models) {
        if (capability(model, u"token_logprobs"_s) == false) {
            return failure(
                Error(ErrorCode::Unsupported, u"%1 gives no log-probabilities."_s.arg(model.name),
                      u"Choose checkers that do (“model probe” shows token_logprobs), such as a local model."_s)
                    .withConsequence(u"Nothing was sent."_s));
        }
        out.parts << partOf(model, spec, out.sets, out.skipped);
    }
    if (std::ranges::all_of(out.parts, [](const ModelPart &p) { return p.cells.isEmpty(); })) {
        return failure(Error(ErrorCode::InvalidInput, u"Nothing is left to try."_s,
                             out.skipped.isEmpty() ? u"Name data sets, models and forms."_s
                                                   : out.skipped.first().reason)
                           .withConsequence(u"Nothing was sent."_s));
    }
    return out;
}

/// One model's requests, made as they are needed: cell by cell, presentation by presentation, so that neighbours share
/// the beginning of their text and a server's prompt cache helps.
class CheckSource final : public StageSource
{
public:
    CheckSource(const ModelPart &part, const QList<KnownSet> &sets) : m_part(part), m_sets(sets) {}
    qint64 size() const override { return m_part.requests; }
    qint64 ordinal(qint64 index) const override { return index; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        QList<PlannedRequest> list;
        list.reserve(indices.size());
        for (const qint64 index : indices) {
            const Cell &cell = cellOf(index);
            const KnownSet &set = m_sets[cell.set];
            const qint64 inside = index - cell.first;
            const KnownItem &item = set.items[inside % set.items.size()];
            EVALWRIGHT_ASSIGN(const LmRequest request,
                              formCheckRequest(cell.form, cell.frame, personaValues(set.behaviour, item.statement),
                                               static_cast<int>(inside / set.items.size()), m_part.model));
            list << PlannedRequest{index, request};
        }
        return list;
    }
    const Cell &cellOf(qint64 index) const
    {
        return *std::prev(std::ranges::upper_bound(m_part.cells, index, {}, &Cell::first));
    }

private:
    const ModelPart &m_part;
    const QList<KnownSet> &m_sets;
};

/// Reads the masses as the answers come; answers of an earlier call are read again, since nothing of them is kept.
class MassReader final : public AnswerReader
{
public:
    MassReader(const ModelPart &part, const QList<KnownSet> &sets, const CheckSource &source)
        : m_sets(sets), m_source(source)
    {
        for (const Cell &cell : part.cells) {
            std::vector<CheckerReading> readings;
            for (const KnownItem &item : sets[cell.set].items) {
                const QList<std::optional<double>> nothing(cell.form.presentations());
                readings.push_back({item.positive, nothing, nothing});
            }
            m_readings.insert(cell.first, std::move(readings));
        }
    }
    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override
    {
        return QSet<qint64>(ordinals.begin(), ordinals.end());
    }
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override
    {
        const Cell &cell = m_source.cellOf(answer.ordinal);
        if (!reply) {
            note(cell, reply.error().message);
            return {};
        }
        const qint64 items = m_sets[cell.set].items.size(), inside = answer.ordinal - cell.first;
        const auto presentation = static_cast<int>(inside / items);
        const CheckerOrder &order = cell.form.orderOf(presentation);
        const auto mass = readWordMass(*reply, order.matching, order.other);
        if (!mass) {
            note(cell, mass.error().message);
            return {};
        }
        CheckerReading &reading = m_readings[cell.first][static_cast<size_t>(inside % items)];
        reading.logOdds[presentation] = mass->logOdds();
        reading.mass[presentation] = mass->labelMass();
        return {};
    }
    const std::vector<CheckerReading> &of(const Cell &cell) { return m_readings[cell.first]; }
    QString problem(const Cell &cell) const { return m_problems.value(cell.first); }

private:
    void note(const Cell &cell, const QString &text)
    {
        if (!m_problems.contains(cell.first))
            m_problems.insert(cell.first, text);
    }
    const QList<KnownSet> &m_sets;
    const CheckSource &m_source;
    QHash<qint64, std::vector<CheckerReading>> m_readings; ///< By the cell's first ordinal.
    QHash<qint64, QString> m_problems;                     ///< The first of each cell.
};

/// What is asked, with the sampled items, so that another sample is another job.
QString jobHash(const CheckerTrialSpec &spec, const Prepared &prepared)
{
    CheckerTrialSpec resolved = spec;
    resolved.budget.reset();
    json items = json::array(), parts = json::array();
    for (const KnownSet &set : prepared.sets) {
        json ids = json::array();
        for (const KnownItem &item : set.items)
            ids.push_back({item.id.value, item.positive});
        items.push_back({{"items", ids},
                         {"description", set.behaviour.description.toStdString()},
                         {"contrast", set.behaviour.contrast.toStdString()},
                         {"subject", set.behaviour.subject.toStdString()}});
    }
    for (const ModelPart &part : prepared.parts) {
        json frames = json::array();
        for (const Cell &cell : part.cells)
            frames.push_back(promptKindName(cell.frame).toStdString());
        parts.push_back({{"model", part.model.uuid.toStdString()}, {"frames", frames}});
    }
    return sha256Hex("validate\n" +
                     canonicalJson({{"spec", resolved.toJson()}, {"sets", items}, {"parts", parts}}));
}

Result<Job> openJob(Connection &connection, const CheckerTrialSpec &spec, const QString &hash)
{
    const QString parameters = QString::fromUtf8(canonicalJson(spec.toJson()));
    EVALWRIGHT_ASSIGN(const std::optional<Job> earlier, jobByParameters(connection, hash));
    Job job;
    if (earlier) {
        job = *earlier;
        EVALWRIGHT_TRY(setJobParameters(connection, job.id, parameters));
        EVALWRIGHT_TRY(replanFailedSteps(connection, job.id));
    } else {
        job.kind = u"validate"_s;
        job.title = u"Checkers: %1"_s.arg(spec.models.join(u", "_s));
        job.parameters = parameters;
        job.parametersHash = hash;
        EVALWRIGHT_ASSIGN(job, createJob(connection, job));
    }
    EVALWRIGHT_TRY(setJobState(connection, job.id, JobState::Running));
    return job;
}

CheckerValidation rowOf(const Cell &cell, const KnownSet &set, const Model &model, JobId job, const json &figures)
{
    CheckerValidation row;
    row.jobId = job;
    row.datasetId = set.dataset.id;
    row.modelId = model.id;
    row.behaviourId = set.behaviour.id;
    row.prompt = cell.form.name;
    row.frame = promptKindName(cell.frame);
    row.checkJson = QString::fromUtf8(canonicalJson({{"form", cell.form.toJson()},
                                                     {"frame", row.frame.toStdString()},
                                                     {"description", set.behaviour.description.toStdString()},
                                                     {"contrast", set.behaviour.contrast.toStdString()},
                                                     {"subject", set.behaviour.subject.toStdString()}}));
    row.checkHash = checkerHash(cell.form, cell.frame);
    row.items = set.items.size();
    row.result = QString::fromUtf8(canonicalJson(figures));
    return row;
}

Status runPart(const JobServices &services, const CheckerTrialSpec &spec, const Prepared &prepared,
               const ModelPart &part, CheckerTrialReport &report, const CancellationToken &token,
               const ProgressFunction &progress)
{
    CheckSource source(part, prepared.sets);
    MassReader reader(part, prepared.sets, source);
    RunnerOptions options;
    options.budget = spec.budget;
    EVALWRIGHT_ASSIGN(const StageReport asked,
                      runStage(services, report.job, u"validate: "_s + part.model.name, part.model, source, &reader,
                               options, token, progress));
    report.requests += asked;
    return services.project->writeNow(
        [&](Connection &c) -> Status {
            for (const Cell &cell : part.cells) {
                const KnownSet &set = prepared.sets[cell.set];
                json figures = checkerFigures(cell.form, reader.of(cell), spec.seed);
                figures["seed"] = spec.seed;
                if (const QString problem = reader.problem(cell); !problem.isEmpty())
                    figures["problem"] = problem.toStdString();
                EVALWRIGHT_ASSIGN(const CheckerValidation stored,
                                  addValidation(c, rowOf(cell, set, part.model, report.job, figures)));
                report.rows << ValidationRow{stored, set.dataset.name, part.model.name};
            }
            return {};
        },
        {Topic::Jobs});
}

} // namespace

Result<CheckerTrialPlan> planCheckerTrial(Project &project, const CheckerTrialSpec &spec)
{
    EVALWRIGHT_ASSIGN(const Prepared prepared, prepare(project, spec));
    CheckerTrialPlan plan;
    for (const ModelPart &part : prepared.parts)
        plan.requests += part.requests;
    for (const KnownSet &set : prepared.sets)
        plan.itemsPerDataset.insert(set.dataset.name, set.items.size());
    plan.skipped = prepared.skipped;
    return plan;
}

Result<CheckerTrialReport> validateCheckers(const JobServices &services, const CheckerTrialSpec &spec,
                                            const CancellationToken &token, const ProgressFunction &progress)
{
    Project &project = *services.project;
    EVALWRIGHT_ASSIGN(const Prepared prepared, prepare(project, spec));
    const QString hash = jobHash(spec, prepared);
    EVALWRIGHT_ASSIGN(const Job job, project.writeNow([&](Connection &c) { return openJob(c, spec, hash); },
                                                      {Topic::Jobs}));
    const JobClaim claim(services, job.id);
    EVALWRIGHT_TRY(claim.status());
    CheckerTrialReport report;
    report.job = job.id;
    report.skipped = prepared.skipped;
    report.requests.cost = 0.0;
    for (const ModelPart &part : prepared.parts) {
        if (part.cells.isEmpty())
            continue;
        const Status done = runPart(services, spec, prepared, part, report, token, progress);
        if (done)
            continue;
        Error out = done.error();
        const auto noted = project.writeNow(
            [&](Connection &c) { return setJobState(c, job.id, stateAfter(out), out.text()); }, {Topic::Jobs});
        if (!noted)
            out.detail += u"\n"_s + noted.error().text();
        return failure(out);
    }
    report.state = report.requests.failed > 0 ? JobState::Partly : JobState::Done;
    EVALWRIGHT_TRY(project.writeNow(
        [&](Connection &c) { return setJobState(c, job.id, report.state, report.requests.firstError); },
        {Topic::Jobs}));
    return report;
}

} // namespace evalwright
