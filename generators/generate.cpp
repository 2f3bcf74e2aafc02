// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"

#include "core/hash.h"
#include "generators/generationstages.h"
#include "generators/parser.h"
#include "lm/jobclaim.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/responses.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// What must be equal for candidates to belong into one data set: recipe without size and selection, and the models.
QByteArray identityOf(const GenerateSpec &spec)
{
    json identity = spec.identity();
    identity.erase("limit");
    identity["recipe"].erase("select");
    identity["recipe"]["stages"][0].erase("count");
    return canonicalJson(identity);
}

struct Opened
{
    Dataset dataset;
    Job job;
    bool fresh = false, goesOn = false;
};

Result<Opened> openJob(Connection &connection, GenerateSpec spec)
{
    Opened opened;
    EVALWRIGHT_ASSIGN(opened.goesOn, resolveFresh(connection, spec));
    opened.fresh = spec.fresh;
    const QByteArray parameters = canonicalJson(spec.toJson());
    const QString hash = sha256Hex("generate\n" + canonicalJson(spec.identity()));
    EVALWRIGHT_ASSIGN(
        const QVariant existing,
        connection.value(u"SELECT id FROM dataset WHERE name = ? AND removed_at IS NULL"_s, {bound(spec.dataset)}));
    if (existing.isValid()) {
        EVALWRIGHT_ASSIGN(opened.dataset, datasetById(connection, DatasetId{existing.toLongLong()}));
        EVALWRIGHT_ASSIGN(
            const QVariant first,
            connection.value(
                u"SELECT parameters FROM job WHERE dataset_id = ? AND kind = 'generate' ORDER BY id LIMIT 1"_s,
                {opened.dataset.id.value}));
        bool same = false;
        if (first.isValid()) {
            EVALWRIGHT_ASSIGN(const GenerateSpec before, GenerateSpec::fromJson(first.toString().toUtf8()));
            same = identityOf(before) == identityOf(spec);
        }
        if (!same) {
            return failure(Error(ErrorCode::AlreadyExists,
                                 u"The data set “%1” was made with another recipe or other models."_s.arg(spec.dataset),
                                 u"Choose another name for the new one."_s)
                               .withConsequence(u"Nothing was changed."_s));
        }
    } else {
        Behaviour behaviour = spec.recipe.behaviour;
        if (behaviour.name.isEmpty())
            behaviour.name = spec.dataset;
        EVALWRIGHT_ASSIGN(behaviour, ensureBehaviour(connection, behaviour));
        RecipeRecord recipe;
        recipe.hash = spec.recipe.hash();
        recipe.preset = spec.recipe.preset;
        recipe.json = QString::fromUtf8(canonicalJson(spec.recipe.toJson()));
        EVALWRIGHT_ASSIGN(recipe, ensureRecipe(connection, recipe));
        opened.dataset.name = spec.dataset;
        opened.dataset.family = spec.recipe.family;
        opened.dataset.behaviourId = behaviour.id;
        opened.dataset.recipeId = recipe.id;
        EVALWRIGHT_ASSIGN(opened.dataset, createDataset(connection, opened.dataset));
    }
    EVALWRIGHT_ASSIGN(const std::optional<Job> earlier, jobByParameters(connection, hash));
    if (earlier && earlier->datasetId == opened.dataset.id) {
        opened.job = *earlier;
        // The latest call's budget is the one that `job resume` keeps.
        EVALWRIGHT_TRY(setJobParameters(connection, opened.job.id, QString::fromUtf8(parameters)));
        // While batches are under way, what failed in one is over.
        if (opened.job.state != JobState::Waiting)
            EVALWRIGHT_TRY(replanFailedSteps(connection, opened.job.id));
    } else {
        opened.job.kind = u"generate"_s;
        opened.job.title = spec.dataset;
        opened.job.parameters = QString::fromUtf8(parameters);
        opened.job.parametersHash = hash;
        opened.job.datasetId = opened.dataset.id;
        EVALWRIGHT_ASSIGN(opened.job, createJob(connection, opened.job));
    }
    EVALWRIGHT_TRY(setJobState(connection, opened.job.id, JobState::Running));
    return opened;
}

Candidate candidateOf(const Draft &draft, const Opened &opened)
{
    Candidate c;
    c.datasetId = opened.dataset.id;
    c.jobId = opened.job.id;
    c.ordinal = draft.ordinal;
    c.wantedLabel = labelText(draft.label);
    c.sample = draft.sample;
    c.positionInReply = draft.positionInReply;
    c.responseId = draft.responseId;
    c.parseStatus = draft.parseStatus;
    c.parserVersion = statementParserVersion;
    c.prefillStripped = draft.prefillStripped;
    c.statement = draft.statement;
    c.question = draft.question;
    c.matchingLabel = labelText(draft.label);
    c.otherLabels = {labelText(draft.label == Label::Yes ? Label::No : Label::Yes)};
    c.labelConfidence = draft.confidence;
    if (!draft.lint.isEmpty()) {
        json lint = json::array();
        for (const LintFinding &finding : draft.lint)
            lint.push_back(finding.rule.toStdString());
        c.extra = QString::fromStdString(json{{"lint", lint}}.dump());
    }
    return c;
}

bool sameDecision(const Decision &a, const Decision &b)
{
    return a.keep == b.keep && a.stage == b.stage && a.reason == b.reason && a.threshold == b.threshold &&
           a.rank == b.rank && a.quota == b.quota;
}

/// Appends a rule's decision unless the latest one says the same already, or a person has spoken.
Status decide(Connection &connection, const Decision &decision)
{
    EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, decision.candidateId));
    if (row.decision && (row.decision->actor == "person"_L1 || sameDecision(*row.decision, decision)))
        return {};
    EVALWRIGHT_TRY(addDecision(connection, decision));
    return {};
}

Status storeDraft(Connection &connection, const Draft &draft, const Opened &opened, const Model &checker)
{
    EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(connection, candidateOf(draft, opened)));
    EVALWRIGHT_TRY(setLabelConfidence(connection, id, draft.confidence));
    for (const DraftCheck &check : draft.checks) {
        Score score;
        score.candidateId = id;
        score.requirement = u"label"_s;
        score.checkerModelId = checker.id;
        score.method = u"first-token"_s;
        score.presentation = wordOrderName(check.order);
        if (check.pAgree)
            score.p = draft.label == Label::Yes ? *check.pAgree : 1.0 - *check.pAgree;
        score.labelMass = check.labelMass;
        score.responseId = check.responseId;
        json detail = json::object();
        if (check.censored)
            detail["censored"] = true;
        if (!check.error.isEmpty())
            detail["error"] = check.error.toStdString();
        score.detail = QString::fromStdString(detail.dump());
        EVALWRIGHT_TRY(addScore(connection, score));
    }
    if (draft.reason.isEmpty())
        return {};
    Decision decision;
    decision.candidateId = id;
    decision.jobId = opened.job.id;
    decision.stage = draft.stage;
    decision.keep = draft.keep;
    decision.reason = draft.reason;
    decision.threshold = draft.threshold;
    decision.rank = draft.rank;
    decision.quota = draft.quota;
    return decide(connection, decision);
}

Status storeDrafts(Project &project, const std::vector<Draft> &drafts, const Opened &opened, const Model &checker)
{
    constexpr size_t chunk = 500;
    for (size_t from = 0; from < drafts.size(); from += chunk) {
        const size_t to = std::min(drafts.size(), from + chunk);
        EVALWRIGHT_TRY(project.writeNow(
            [&](Connection &connection) -> Status {
                for (size_t i = from; i < to; ++i)
                    EVALWRIGHT_TRY(storeDraft(connection, drafts[i], opened, checker));
                return {};
            },
            {Topic::Candidates}));
    }
    return {};
}

} // namespace

Result<GenerateReport> generate(const JobServices &services, const GenerateSpec &spec, const CancellationToken &token,
                                const ProgressFunction &progress)
{
    Project &project = *services.project;
    EVALWRIGHT_ASSIGN(const GenerationStages stages, GenerationStages::open(project, spec));
    EVALWRIGHT_ASSIGN(const Opened opened, project.writeNow([&](Connection &c) { return openJob(c, spec); },
                                                            {Topic::Datasets, Topic::Jobs}));

    const JobClaim claim(services, opened.job.id);
    EVALWRIGHT_TRY(claim.status());
    GenerateReport report;
    report.dataset = spec.dataset;
    report.job = opened.job.id;
    report.datasetId = opened.dataset.id;
    report.fresh = opened.fresh;
    if (opened.goesOn && progress) {
        JobProgress begun;
        begun.job = opened.job.id;
        begun.message = u"going on with the fresh data set, which is not finished"_s;
        progress(begun);
    }
    const auto made = [&]() -> Status {
        EVALWRIGHT_ASSIGN(const std::vector<Draft> drafts, stages.run(services, opened.job.id, spec.samplesPerLabel(),
                                                                      spec.delivery, report.requests, token,
                                                                      progress));
        EVALWRIGHT_TRY(storeDrafts(project, drafts, opened, stages.checker));
        report.stages = funnelOf(drafts);
        return {};
    }();
    if (!made && made.error().code == ErrorCode::Waiting) {
        report.state = JobState::Waiting;
        report.waiting = made.error().text();
        report.warnings = stages.warnings();
        EVALWRIGHT_TRY(project.writeNow([&](Connection &c) { return setJobState(c, opened.job.id, report.state); },
                                        {Topic::Jobs, Topic::Datasets}));
        return report;
    }
    if (!made) {
        const Error &error = made.error();
        // A full disk can keep even this from being written; the job is then found as interrupted at the next start.
        const auto noted = project.writeNow(
            [&](Connection &c) { return setJobState(c, opened.job.id, stateAfter(error), error.text()); },
            {Topic::Jobs});
        Error out = error;
        if (!noted)
            out.detail += u"\n"_s + noted.error().text();
        return failure(out);
    }

    EVALWRIGHT_ASSIGN(const QList<Candidate> items,
                      project.readNow([&](Connection &c) { return itemsOf(c, opened.dataset.id); }));
    report.items = items.size();
    for (const Label label : bothLabels)
        report.itemsPerLabel[labelText(label)] = 0;
    for (const Candidate &item : items)
        ++report.itemsPerLabel[item.matchingLabel];
    report.warnings = stages.warnings();
    if (opened.goesOn)
        report.warnings
            << u"The fresh data set was not finished: it went on, and what it had asked was not asked again."_s;
    if (items.isEmpty())
        report.warnings
            << u"No statement was left; the funnel says where they were lost. More samples or another writer or checker may help."_s;
    else if (const auto fewest = *std::ranges::min_element(report.itemsPerLabel);
             fewest < spec.recipe.select.keepPerLabel)
        report.warnings
            << u"%1 items per label instead of the %2 wished for: not enough statements were left."_s.arg(fewest).arg(
                   spec.recipe.select.keepPerLabel);
    report.deviations = deviations(spec.recipe, stages.writer, stages.checker);

    report.state = report.requests.failed > 0 ? JobState::Partly : JobState::Done;
    const QString result = QString::fromStdString(report.toJson().dump());
    EVALWRIGHT_TRY(project.writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_TRY(setJobResult(c, opened.job.id, result));
            return setJobState(c, opened.job.id, report.state, report.requests.firstError);
        },
        {Topic::Jobs, Topic::Datasets, Topic::Candidates}));
    return report;
}

Result<QList<FunnelStage>> reselect(Project &project, DatasetId dataset, const SelectStage &select)
{
    const auto done = project.writeNow(
        [&](Connection &connection) -> Status {
            EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(connection, dataset));
            // Only what reached the label check is open again; what was lost earlier stays lost for the same reason.
            std::vector<Draft> drafts;
            QList<CandidateId> ids;
            for (const CandidateRow &row : rows) {
                const bool reached = row.candidate.labelConfidence && row.decision && row.decision->actor == "rule"_L1;
                if (!reached)
                    continue;
                Draft draft;
                draft.label = row.candidate.wantedLabel == labelText(Label::Yes) ? Label::Yes : Label::No;
                draft.ordinal = row.candidate.ordinal;
                draft.confidence = row.candidate.labelConfidence;
                draft.threshold = select.floor;
                if (*draft.confidence < 0.5 || *draft.confidence <= select.floor) {
                    draft.stage = u"right-label"_s;
                    draft.reason = *draft.confidence < 0.5 ? u"label-disagrees"_s : u"label-uncertain"_s;
                }
                drafts.push_back(draft);
                ids << row.candidate.id;
            }
            selectDrafts(select, drafts);
            for (size_t i = 0; i < drafts.size(); ++i) {
                Decision decision;
                decision.candidateId = ids[static_cast<qsizetype>(i)];
                decision.stage = drafts[i].stage;
                decision.keep = drafts[i].keep;
                decision.reason = drafts[i].reason;
                decision.threshold = drafts[i].threshold;
                decision.rank = drafts[i].rank;
                decision.quota = drafts[i].quota;
                EVALWRIGHT_TRY(decide(connection, decision));
            }
            return {};
        },
        {Topic::Candidates, Topic::Datasets});
    if (!done)
        return failure(done.error());
    return project.readNow([&](Connection &c) { return datasetFunnel(c, dataset); });
}

} // namespace evalwright
