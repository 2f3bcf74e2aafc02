// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/validation.h"

#include "core/hash.h"
#include "generators/checker/knownlabels.h"
#include "generators/generationstages.h"
#include "generators/labelcheck.h"
#include "lm/jobclaim.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// One row of the outcome: a data set in a form and frame at a model.
struct Cell
{
    int set = 0;
    CheckerForm form;
    PromptKind frame = PromptKind::ChatPlain;
    CheckMethod method;
    qint64 first = 0; ///< Ordinal of its first request at this model.
    const QList<KnownItem> &items(const QList<KnownSet> &sets) const { return sets[set].items(form); }
    qint64 requests(const QList<KnownSet> &sets) const
    {
        return items(sets).size() * form.presentations() * method.samples;
    }
};

struct ModelPart
{
    Model model;
    QList<Cell> cells;
    qint64 requests = 0;
};

/// Where a request stands in its cell: presentation by presentation, so that neighbours share the beginning of their
/// text and a server's prompt cache helps; of each item all samples.
struct Spot
{
    int presentation = 0;
    qint64 item = 0, sample = 0;
};
Spot spotOf(const Cell &cell, const QList<KnownSet> &sets, qint64 index)
{
    const qint64 inside = index - cell.first, items = cell.items(sets).size(), samples = cell.method.samples;
    return {static_cast<int>(inside / (items * samples)), inside / samples % items, inside % samples};
}

struct Prepared
{
    QList<KnownSet> sets;
    QList<ModelPart> parts;
    QList<SkippedTrial> skipped;
};

constexpr qint64 leastItems = 4, mostItems = 1'000'000;

/// A form for none of the data sets is a mistake; one for some of them is left out elsewhere.
Status checkForms(const QList<CheckerForm> &forms, const QList<KnownSet> &sets)
{
    for (const CheckerForm &form : forms) {
        if (std::ranges::none_of(sets, [&](const KnownSet &set) { return set.dataset.family == form.family; })) {
            return failure(Error(ErrorCode::Unsupported,
                                 u"“%1” cannot be tried: it asks for the %2 of %3, and none of the data sets is of that "
                                 u"family."_s.arg(form.name, form.requirement, form.family),
                                 u"Leave it out."_s)
                               .withConsequence(u"Nothing was sent."_s));
        }
    }
    return {};
}

/// The shipped forms for what is known of the data sets.
Result<QList<CheckerForm>> fittingForms(const QList<KnownSet> &sets)
{
    QList<CheckerForm> fitting;
    EVALWRIGHT_ASSIGN(const QList<CheckerForm> all, listCheckerForms());
    for (const CheckerForm &form : all) {
        if (std::ranges::any_of(sets, [&](const KnownSet &set) {
                return set.dataset.family == form.family && !set.items(form).isEmpty();
            }))
            fitting << form;
    }
    return fitting;
}

/// The cells of one model. What one combination cannot do is listed, not hidden.
ModelPart partOf(const Model &model, const CheckerTrialSpec &spec, const QList<KnownSet> &sets,
                 QList<SkippedTrial> &skipped)
{
    ModelPart part;
    part.model = model;
    for (int s = 0; s < sets.size(); ++s) {
        for (const CheckerForm &form : spec.forms) {
            if (form.family != sets[s].dataset.family)
                continue;
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
                if (sets[s].items(form).isEmpty()) {
                    skip(u"Nobody said which data set's questions are not relevant."_s);
                    continue;
                }
                if (form.uses(u"contrast"_s) && sets[s].behaviour.contrast.trimmed().isEmpty()) {
                    skip(u"The behaviour names no contrast."_s);
                    continue;
                }
                Cell cell{s, form, *frame, checkMethodFor(spec.method, spec.samples, model), part.requests};
                part.requests += cell.requests(sets);
                part.cells << cell;
            }
        }
    }
    return part;
}

Result<Prepared> prepare(Project &project, CheckerTrialSpec &spec)
{
    if (spec.items < leastItems || spec.items > mostItems) {
        return failure(ErrorCode::InvalidInput,
                       u"%1 items per data set: 4 to 1,000,000 are possible."_s.arg(spec.items));
    }
    if (spec.samples < 1 || spec.samples > mostVerdictSamples) {
        return failure(ErrorCode::InvalidInput,
                       u"%1 samples: 1 to %2 are possible."_s.arg(spec.samples).arg(mostVerdictSamples));
    }
    Prepared out;
    QList<Model> models;
    EVALWRIGHT_TRY(project.readNow([&](Connection &c) -> Status {
        for (const CheckerTrialSpec::Set &set : spec.sets) {
            EVALWRIGHT_ASSIGN(const KnownSet known, openKnownSet(c, set, spec.items, spec.seed));
            out.sets << known;
        }
        for (const QString &name : spec.models) {
            EVALWRIGHT_ASSIGN(const Model model, modelByName(c, name));
            models << model;
        }
        return {};
    }));
    if (spec.forms.isEmpty()) {
        EVALWRIGHT_ASSIGN(spec.forms, fittingForms(out.sets));
    }
    EVALWRIGHT_TRY(checkForms(spec.forms, out.sets));
    EVALWRIGHT_TRY(budgetCanBeKept(spec.budget, models));
    for (const Model &model : models) {
        if (spec.method == "first-token"_L1 && !mayGiveLogprobs(model)) {
            return failure(
                Error(ErrorCode::Unsupported, u"%1 gives no log-probabilities."_s.arg(model.name),
                      u"Leave the method out, or choose “sampled”: the share of several answers counts then."_s)
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

/// One model's requests, made as they are needed: cell by cell.
class CheckSource final : public StageSource
{
public:
    CheckSource(const ModelPart &part, const QList<KnownSet> &sets, qint64 seed)
        : m_part(part), m_sets(sets), m_seed(seed)
    {
    }
    qint64 size() const override { return m_part.requests; }
    qint64 ordinal(qint64 index) const override { return index; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        QList<PlannedRequest> list;
        list.reserve(indices.size());
        for (const qint64 index : indices) {
            const Cell &cell = cellOf(index);
            const KnownSet &set = m_sets[cell.set];
            const Spot spot = spotOf(cell, m_sets, index);
            EVALWRIGHT_ASSIGN(LmRequest request,
                              formCheckRequest(cell.form, cell.frame, set.valuesOf(cell.items(m_sets)[spot.item]),
                                               spot.presentation, m_part.model));
            if (cell.method.sampled)
                EVALWRIGHT_TRY(makeSampled(request, m_part.model, spot.sample, m_seed));
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
    const qint64 m_seed;
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
            for (const KnownItem &item : cell.items(sets)) {
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
        const Spot spot = spotOf(cell, m_sets, answer.ordinal);
        const CheckerOrder &order = cell.form.orderOf(spot.presentation);
        CheckerReading &reading = m_readings[cell.first][static_cast<size_t>(spot.item)];
        if (cell.method.sampled) {
            // Half a set of samples is none: how many there are would change what they say.
            SampledVerdict &verdict = m_samples[answer.ordinal - spot.sample];
            verdict.add(answerWord(reply->text, order.matching, order.other));
            if (verdict.samples == cell.method.samples) {
                if (const auto p = verdict.p())
                    reading.logOdds[spot.presentation] = std::log(*p) - std::log1p(-*p);
                reading.mass[spot.presentation] = verdict.mass();
                m_samples.remove(answer.ordinal - spot.sample);
            }
            return {};
        }
        const auto mass = readWordMass(*reply, order.matching, order.other);
        if (!mass) {
            note(cell, mass.error().message);
            return {};
        }
        reading.logOdds[spot.presentation] = mass->logOdds();
        reading.mass[spot.presentation] = mass->labelMass();
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
    QHash<qint64, SampledVerdict> m_samples;               ///< By the ordinal of the first of each set, until it is whole.
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
        for (const KnownItem &item : set.label)
            ids.push_back({item.id.value, item.positive});
        json entry{{"items", ids},
                   {"description", set.behaviour.description.toStdString()},
                   {"contrast", set.behaviour.contrast.toStdString()},
                   {"subject", set.behaviour.subject.toStdString()}};
        if (set.dataset.family != "persona"_L1) {
            json relevance = json::array();
            for (const KnownItem &item : set.relevance)
                relevance.push_back({item.id.value, item.positive});
            entry["relevance"] = relevance;
            entry["topic"] = set.topic.toStdString();
        }
        items.push_back(entry);
    }
    for (const ModelPart &part : prepared.parts) {
        json frames = json::array();
        for (const Cell &cell : part.cells)
            frames.push_back(promptKindName(cell.frame).toStdString());
        json entry{{"model", part.model.uuid.toStdString()}, {"frames", frames}};
        if (!part.cells.isEmpty() && part.cells.first().method.sampled)
            entry["sampled"] = part.cells.first().method.samples;
        parts.push_back(entry);
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
    json check{{"form", cell.form.toJson()},
               {"frame", row.frame.toStdString()},
               {"description", set.behaviour.description.toStdString()},
               {"contrast", set.behaviour.contrast.toStdString()},
               {"subject", set.behaviour.subject.toStdString()}};
    if (cell.form.uses(u"topic"_s))
        check["topic"] = set.topic.toStdString();
    if (cell.method.sampled) {
        check["method"] = cell.method.name().toStdString();
        check["samples"] = cell.method.samples;
    }
    row.checkJson = QString::fromUtf8(canonicalJson(check));
    row.checkHash = checkerHash(cell.form, cell.frame, cell.method);
    row.items = set.items(cell.form).size();
    row.result = QString::fromUtf8(canonicalJson(figures));
    return row;
}

Status runPart(const JobServices &services, const CheckerTrialSpec &spec, const Prepared &prepared,
               const ModelPart &part, CheckerTrialReport &report, const CancellationToken &token,
               const ProgressFunction &progress)
{
    CheckSource source(part, prepared.sets, spec.seed);
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
                if (cell.method.sampled) {
                    figures["method"] = cell.method.name().toStdString();
                    figures["samples"] = cell.method.samples;
                }
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

Result<CheckerTrialPlan> planCheckerTrial(Project &project, const CheckerTrialSpec &wanted)
{
    CheckerTrialSpec spec = wanted;
    EVALWRIGHT_ASSIGN(const Prepared prepared, prepare(project, spec));
    CheckerTrialPlan plan;
    for (const ModelPart &part : prepared.parts)
        plan.requests += part.requests;
    for (const KnownSet &set : prepared.sets)
        plan.itemsPerDataset.insert(set.dataset.name, std::max(set.label.size(), set.relevance.size()));
    plan.skipped = prepared.skipped;
    return plan;
}

Result<CheckerTrialReport> validateCheckers(const JobServices &services, const CheckerTrialSpec &wanted,
                                            const CancellationToken &token, const ProgressFunction &progress)
{
    Project &project = *services.project;
    CheckerTrialSpec spec = wanted;
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
