// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/recheck.h"

#include "core/hash.h"
#include "generators/checker/behaviours.h"
#include "generators/checker/knownlabels.h"
#include "generators/checkstage.h"
#include "generators/generationstages.h"
#include "generators/storedrafts.h"
#include "lm/jobclaim.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/notes.h"

#include <QCryptographicHash>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr size_t chunk = 500; ///< Rows in one transaction.

/// Everything that asking takes.
struct Prepared
{
    Dataset dataset;
    Recipe recipe; ///< With the check as its only stage.
    Model checker;
    std::optional<Model> writer;
    CheckerTrust trust;
    std::vector<Draft> rows;
    QList<CandidateId> ids;
    QString digest; ///< Of what is asked about.
    bool keepsConfidences = false; ///< They came with the file.

    const RecipeStage &check() const { return recipe.stages.first(); }
};

Result<Recipe> recipeOf(Connection &connection, const Dataset &dataset)
{
    if (dataset.recipeId.isValid()) {
        EVALWRIGHT_ASSIGN(const RecipeRecord record, recipeById(connection, dataset.recipeId));
        return Recipe::fromJson(record.json.toUtf8(), u"The data set's recipe"_s);
    }
    Recipe recipe;
    recipe.family = dataset.family;
    if (dataset.family == "persona"_L1)
        recipe.targets = {{u"yes"_s, u" Yes"_s, {}}, {u"no"_s, u" No"_s, {}}};
    else
        recipe.targets = {{u"A"_s, u" (A)"_s, {}}, {u"B"_s, u" (B)"_s, {}}};
    return recipe;
}

/// Came as far as the label check, or past it.
bool wasChecked(const CandidateRow &row, const QString &labelStage)
{
    if (row.candidate.importSourceId.isValid())
        return true;
    if (row.candidate.parseStatus != "ok"_L1 || !row.decision)
        return false;
    return row.candidate.labelConfidence || row.decision->stage == labelStage || row.decision->stage == "selected"_L1 ||
           row.decision->actor == "person"_L1;
}

/// As the check saw it when it was made.
Result<std::optional<Draft>> draftOf(const CandidateRow &row, const Recipe &recipe)
{
    const Candidate &candidate = row.candidate;
    const QString label = candidate.wantedLabel.isEmpty() ? candidate.matchingLabel : candidate.wantedLabel;
    const auto target = std::ranges::find(recipe.targets, label, &RecipeTarget::label);
    if (target == recipe.targets.end())
        return std::optional<Draft>();
    Draft draft;
    draft.target = static_cast<int>(target - recipe.targets.begin());
    draft.label = label;
    draft.ordinal = candidate.ordinal;
    draft.parseStatus = u"ok"_s;
    draft.statement = candidate.statement;
    draft.question = candidate.question;
    draft.matchingLabel = candidate.matchingLabel;
    draft.otherLabels = candidate.otherLabels;
    if (recipe.family == "persona"_L1)
        return candidate.statement.trimmed().isEmpty() ? std::optional<Draft>() : std::optional(draft);
    const auto texts = choiceTexts(candidate);
    if (!texts)
        return std::optional<Draft>();
    draft.values.insert(u"stem"_s, texts->stem);
    draft.options = texts->options;
    draft.matching = texts->matching;
    if (!recipe.frame.isEmpty())
        EVALWRIGHT_TRY(frameCandidate(recipe, draft));
    return std::optional(draft);
}

Result<std::optional<Model>> writerOf(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(const QVariant parameters,
                      connection.value(u"SELECT parameters FROM job WHERE dataset_id = ? AND kind = 'generate' ORDER BY "
                                       u"id LIMIT 1"_s,
                                       {dataset.value}));
    if (!parameters.isValid() || parameters.isNull())
        return std::optional<Model>();
    EVALWRIGHT_ASSIGN(const GenerateSpec spec, GenerateSpec::fromJson(parameters.toString().toUtf8()));
    if (const auto model = modelByName(connection, spec.writer))
        return std::optional(*model);
    return std::optional<Model>(); // Removed since.
}

/// What came with the file stays: only a recheck that found none may set confidences, then and later.
Result<bool> confidencesAreTheFiles(Connection &connection, const Dataset &dataset, const QList<CandidateRow> &rows)
{
    if (dataset.recipeId.isValid() || std::ranges::none_of(rows, [](const CandidateRow &row) {
            return row.candidate.labelConfidence.has_value();
        }))
        return false;
    EVALWRIGHT_ASSIGN(const QList<DatasetNote> notes, notesOf(connection, dataset.id));
    return std::ranges::none_of(notes, [](const DatasetNote &note) { return note.kind == confidencesNoteKind(); });
}

Result<Prepared> prepare(Connection &connection, const RecheckSpec &spec)
{
    Prepared out;
    EVALWRIGHT_ASSIGN(out.dataset, datasetByName(connection, spec.dataset));
    EVALWRIGHT_ASSIGN(out.checker, modelByName(connection, spec.checker));
    EVALWRIGHT_TRY(budgetCanBeKept(spec.budget, {out.checker}));
    EVALWRIGHT_ASSIGN(const RecipeStage stage, recheckStage(connection, out.dataset.id, spec));
    if (spec.method == "first-token"_L1 && !mayGiveLogprobs(out.checker)) {
        return failure(Error(ErrorCode::Unsupported, u"%1 gives no log-probabilities."_s.arg(out.checker.name),
                             u"Leave the method out, or choose “sampled”: the share of several answers counts then."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    EVALWRIGHT_ASSIGN(out.recipe, recipeOf(connection, out.dataset));
    if (!spec.behaviour.description.isEmpty())
        out.recipe.behaviour = spec.behaviour;
    if (out.recipe.behaviour.description.trimmed().isEmpty()) {
        EVALWRIGHT_ASSIGN(out.recipe.behaviour, behaviourOf(connection, out.dataset));
    }
    if (stage.form && stage.form->uses(u"contrast"_s) && out.recipe.behaviour.contrast.trimmed().isEmpty()) {
        return failure(Error(ErrorCode::InvalidInput,
                             u"“%1” compares with another group, and nobody said who the others are."_s.arg(
                                 stage.form->name),
                             u"Say it (--contrast \"people who …\"), or take another form."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    out.recipe.stages = {stage};
    EVALWRIGHT_ASSIGN(out.writer, writerOf(connection, out.dataset.id));
    EVALWRIGHT_ASSIGN(out.trust, trustOf(connection, stage, out.recipe.behaviour, out.checker));
    EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(connection, out.dataset.id));
    EVALWRIGHT_ASSIGN(out.keepsConfidences, confidencesAreTheFiles(connection, out.dataset, rows));
    QCryptographicHash digest(QCryptographicHash::Sha256);
    for (const CandidateRow &row : rows) {
        if (!wasChecked(row, stage.funnelId()))
            continue;
        EVALWRIGHT_ASSIGN(std::optional<Draft> draft, draftOf(row, out.recipe));
        if (!draft)
            continue;
        digest.addData(QByteArray::number(draft->ordinal) + '\n' + QByteArray::number(draft->target) + '\n' +
                       sha256Hex((draft->question + u'\n' + draft->statement).toUtf8()).toLatin1());
        out.rows.push_back(std::move(*draft));
        out.ids << row.candidate.id;
    }
    if (out.rows.empty()) {
        return failure(Error(ErrorCode::InvalidInput,
                             u"“%1” has no candidate that a checker could be asked about."_s.arg(out.dataset.name),
                             u"Candidates must have come as far as the label check, with a label that it knows."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    out.digest = QString::fromLatin1(digest.result().toHex());
    return out;
}

Result<Job> openJob(Connection &connection, const RecheckSpec &spec, const Prepared &prepared)
{
    json identity = spec.toJson();
    for (const char *name : {"budget", "rules", "trust_reason"})
        identity.erase(name);
    const CheckMethod method = checkMethodOf(prepared.check(), prepared.checker);
    const QString hash = sha256Hex("recheck\n" + canonicalJson({{"spec", identity},
                                                               {"dataset", prepared.dataset.uuid.toStdString()},
                                                               {"checker", prepared.checker.uuid.toStdString()},
                                                               {"method", method.name().toStdString()},
                                                               {"candidates", prepared.digest.toStdString()}}));
    const QString parameters = QString::fromUtf8(canonicalJson(spec.toJson()));
    EVALWRIGHT_ASSIGN(const std::optional<Job> earlier, jobByParameters(connection, hash));
    Job job;
    if (earlier) {
        job = *earlier;
        EVALWRIGHT_TRY(setJobParameters(connection, job.id, parameters));
        EVALWRIGHT_TRY(replanFailedSteps(connection, job.id));
    } else {
        job.kind = u"recheck"_s;
        job.title = u"%1: asked %2 again"_s.arg(spec.dataset, spec.checker);
        job.parameters = parameters;
        job.parametersHash = hash;
        job.datasetId = prepared.dataset.id;
        EVALWRIGHT_ASSIGN(job, createJob(connection, job));
    }
    EVALWRIGHT_TRY(setJobState(connection, job.id, JobState::Running));
    return job;
}

/// Asks through the job's journal.
class Asked final : public StageAnswers
{
public:
    Asked(const JobServices &services, JobId job, const RunnerOptions &options, const CancellationToken &token,
          const ProgressFunction &progress, StageReport &report)
        : m_services(services), m_job(job), m_options(options), m_token(token), m_progress(progress), m_report(report)
    {
    }
    Result<QList<StepAnswer>> answers(const RecipeStage &stage, const Model &model, StageSource &source) override
    {
        EVALWRIGHT_ASSIGN(m_report, runStage(m_services, m_job, stage.id, model, source, nullptr, m_options, m_token,
                                             m_progress));
        return stageAnswers(*m_services.project, m_job, stage.id);
    }

private:
    const JobServices &m_services;
    JobId m_job;
    const RunnerOptions &m_options;
    const CancellationToken &m_token;
    const ProgressFunction &m_progress;
    StageReport &m_report;
};

/// Scores beside the others; the confidence in force becomes the new one, where it is not the file's.
Result<RecheckedCandidates> store(Project &project, const Prepared &prepared)
{
    RecheckedCandidates out;
    for (size_t from = 0; from < prepared.rows.size(); from += chunk) {
        const size_t to = std::min(prepared.rows.size(), from + chunk);
        EVALWRIGHT_TRY(project.writeNow(
            [&](Connection &c) -> Status {
                for (size_t i = from; i < to; ++i) {
                    const CandidateId id = prepared.ids[static_cast<qsizetype>(i)];
                    EVALWRIGHT_TRY(storeScores(c, id, prepared.rows[i], prepared.checker));
                    if (!prepared.keepsConfidences)
                        EVALWRIGHT_TRY(setLabelConfidence(c, id, prepared.rows[i].confidence));
                }
                return {};
            },
            {Topic::Candidates}));
    }
    for (size_t i = 0; i < prepared.rows.size(); ++i) {
        const CandidateId id = prepared.ids[static_cast<qsizetype>(i)];
        if (!prepared.rows[i].confidence)
            out.lost.insert(id, prepared.rows[i].reason);
        else if (prepared.keepsConfidences)
            out.confidences.insert(id, *prepared.rows[i].confidence);
    }
    return out;
}

Status note(Connection &connection, const RecheckSpec &spec, const Prepared &prepared)
{
    const DatasetId id = prepared.dataset.id;
    EVALWRIGHT_TRY(noteChecker(connection, id, prepared.trust, spec.trustReason,
                               prepared.writer ? &*prepared.writer : nullptr, prepared.checker));
    if (prepared.dataset.recipeId.isValid() || prepared.keepsConfidences)
        return {};
    return addNote(connection, id,
                   {confidencesNoteKind(), u"The file told no label confidences; those of the items are a checker's."_s,
                    u"{}"_s, u"rule"_s, {}});
}

QStringList warningsOf(const Prepared &prepared)
{
    QStringList list;
    if (prepared.trust.state == CheckerTrust::State::Untried || prepared.trust.state == CheckerTrust::State::Refused)
        list << prepared.trust.text;
    if (prepared.writer) {
        if (const QString family = familyWarning(*prepared.writer, prepared.checker); !family.isEmpty())
            list << family;
    }
    if (prepared.keepsConfidences)
        list << u"The label confidences that came with the file stay what they are; the new ones are stored as scores "
                u"beside them."_s;
    return list;
}

QStringList deviationsOf(const Prepared &prepared)
{
    QStringList list;
    const RecipeStage &check = prepared.check();
    if (check.method != "sampled"_L1 && checkMethodOf(check, prepared.checker).sampled) {
        list << u"%1 gives no log-probabilities: it is asked %2 times for each presentation, and the share of the "
                u"answers counts."_s.arg(prepared.checker.name)
                    .arg(check.samples);
    }
    return list;
}

} // namespace

QString confidencesNoteKind()
{
    return u"confidences-by-checker"_s;
}

Result<RecipeStage> recheckStage(Connection &connection, DatasetId dataset, const RecheckSpec &spec)
{
    EVALWRIGHT_ASSIGN(const Dataset found, datasetById(connection, dataset));
    if (found.family != "persona"_L1 && found.family != "multiple-choice"_L1) {
        return failure(Error(ErrorCode::Unsupported,
                             u"“%1” is of the family “%2”, whose labels no checker tells."_s.arg(found.name,
                                                                                                found.family))
                           .withConsequence(u"Nothing was sent."_s));
    }
    EVALWRIGHT_ASSIGN(const Recipe recipe, recipeOf(connection, found));
    const RecipeStage *own = recipe.checking();
    if (own && own->requirement != "label"_L1)
        own = nullptr;
    RecipeStage stage;
    if (own)
        stage = *own;
    stage.kind = RecipeStage::Kind::Check;
    stage.role = u"checker"_s;
    stage.requirement = u"label"_s;
    stage.funnel = own ? own->funnelId() : found.recipeId.isValid() ? u"selected"_s : u"right-label"_s;
    stage.id = u"recheck"_s;
    stage.flag = false;
    std::optional<CheckerForm> form = spec.form;
    if (!form && found.recipeId.isValid() && !own) {
        return failure(Error(ErrorCode::InvalidInput, u"The recipe of “%1” checks no label."_s.arg(found.name),
                             u"Say how the checker is asked: --form (“checker list”)."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    if (!form && !found.recipeId.isValid()) {
        EVALWRIGHT_ASSIGN(form, loadCheckerForm(found.family == "persona"_L1 ? u"persona-agree"_s : u"choice-label"_s));
    }
    if (form) {
        if (form->family != found.family || form->requirement != "label"_L1) {
            return failure(Error(ErrorCode::InvalidInput,
                                 u"The form “%1” asks for the %2 of %3, not for the label of “%4”."_s.arg(
                                     form->name, form->requirement, form->family, found.name),
                                 u"“checker list” shows the forms."_s)
                               .withConsequence(u"Nothing was sent."_s));
        }
        stage.form = std::make_shared<const CheckerForm>(*form);
        stage.prompt = PromptTemplate();
        stage.paraphrases.clear();
        stage.prompt.kind = spec.frame;
        stage.method = u"first-token"_s;
        stage.samples = spec.samples;
    }
    if (!spec.method.isEmpty()) {
        stage.method = spec.method;
        stage.samples = spec.samples;
    }
    return stage;
}

Result<RecheckPlan> planRecheck(Project &project, const RecheckSpec &spec)
{
    EVALWRIGHT_ASSIGN(const Prepared prepared, project.readNow([&](Connection &c) { return prepare(c, spec); }));
    RecheckPlan plan;
    plan.candidates = static_cast<qint64>(prepared.rows.size());
    plan.requests = plan.candidates * requestsPerRow(prepared.check(), prepared.checker);
    plan.trust = prepared.trust;
    plan.warnings = warningsOf(prepared);
    plan.deviations = deviationsOf(prepared);
    return plan;
}

Result<RecheckReport> recheck(const JobServices &services, const RecheckSpec &spec, const CancellationToken &token,
                              const ProgressFunction &progress)
{
    Project &project = *services.project;
    EVALWRIGHT_ASSIGN(Prepared prepared, project.readNow([&](Connection &c) { return prepare(c, spec); }));
    EVALWRIGHT_TRY(mayUse(prepared.trust, spec.trustReason));
    EVALWRIGHT_ASSIGN(const Job job, project.writeNow([&](Connection &c) { return openJob(c, spec, prepared); },
                                                      {Topic::Jobs}));
    const JobClaim claim(services, job.id);
    EVALWRIGHT_TRY(claim.status());
    RecheckReport report;
    report.job = job.id;
    report.candidates = static_cast<qint64>(prepared.rows.size());
    report.checkerTrust = prepared.trust.text;
    report.warnings = warningsOf(prepared);
    report.deviations = deviationsOf(prepared);
    const auto done = [&]() -> Status {
        RunnerOptions options;
        options.budget = spec.budget;
        Asked asked(services, job.id, options, token, progress, report.requests);
        std::vector<size_t> all(prepared.rows.size());
        for (size_t i = 0; i < all.size(); ++i)
            all[i] = i;
        EVALWRIGHT_TRY(askCheck(prepared.recipe, prepared.check(), prepared.checker, prepared.rows, all, asked));
        EVALWRIGHT_TRY(project.writeNow([&](Connection &c) { return note(c, spec, prepared); }, {Topic::Datasets}));
        EVALWRIGHT_ASSIGN(const RecheckedCandidates found, store(project, prepared));
        EVALWRIGHT_ASSIGN(report.filtered,
                          refilter(project, prepared.dataset.id, spec.rules, true, token, found, job.id));
        return {};
    }();
    if (!done) {
        Error out = done.error();
        const auto noted = project.writeNow(
            [&](Connection &c) { return setJobState(c, job.id, stateAfter(out), out.text()); }, {Topic::Jobs});
        if (!noted)
            out.detail += u"\n"_s + noted.error().text();
        return failure(out);
    }
    report.state = report.requests.failed > 0 ? JobState::Partly : JobState::Done;
    const QString result = QString::fromStdString(report.toJson().dump());
    EVALWRIGHT_TRY(project.writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_TRY(setJobResult(c, job.id, result));
            return setJobState(c, job.id, report.state, report.requests.firstError);
        },
        {Topic::Jobs, Topic::Datasets, Topic::Candidates}));
    return report;
}

} // namespace evalwright
