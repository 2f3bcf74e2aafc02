// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"

#include "core/hash.h"
#include "generators/generationstages.h"
#include "generators/storedrafts.h"
#include "lm/jobclaim.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/notes.h"
#include "storage/repositories/responses.h"

#include <algorithm>

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
    for (json &stage : identity["recipe"]["stages"])
        stage.erase("count");
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

} // namespace

Result<GenerateReport> generate(const JobServices &services, const GenerateSpec &spec, const CancellationToken &token,
                                const ProgressFunction &progress)
{
    Project &project = *services.project;
    EVALWRIGHT_ASSIGN(const GenerationStages stages, GenerationStages::open(project, spec));
    EVALWRIGHT_TRY(stages.mayTrust());
    EVALWRIGHT_ASSIGN(const Opened opened, project.writeNow([&](Connection &c) { return openJob(c, spec); },
                                                            {Topic::Datasets, Topic::Jobs}));

    const JobClaim claim(services, opened.job.id);
    EVALWRIGHT_TRY(claim.status());
    GenerateReport report;
    report.dataset = spec.dataset;
    report.job = opened.job.id;
    report.datasetId = opened.dataset.id;
    report.fresh = opened.fresh;
    report.checkerTrust = stages.trust.text;
    if (opened.goesOn && progress) {
        JobProgress begun;
        begun.job = opened.job.id;
        begun.message = u"going on with the fresh data set, which is not finished"_s;
        progress(begun);
    }
    const auto made = [&]() -> Status {
        EVALWRIGHT_ASSIGN(const DraftSet drafts, stages.run(services, opened.job.id, spec.limit, spec.delivery,
                                                            report.requests, token, progress));
        EVALWRIGHT_TRY(project.writeNow([&](Connection &c) -> Status {
            if (spec.recipe.embeds()) {
                DatasetNote note;
                note.kind = u"embedder"_s;
                note.text = u"Which texts mean the same was told by the vectors of %1."_s.arg(stages.embedder.name);
                EVALWRIGHT_TRY(addNote(c, opened.dataset.id, note));
            }
            // Where a checker only marks texts, nothing rests on whether it is the writer's relative.
            const Model *writer = spec.recipe.checking() ? &stages.writer : nullptr;
            return noteChecker(c, opened.dataset.id, stages.trust, spec.trustReason, writer, stages.checker);
        }));
        EVALWRIGHT_TRY(storeDrafts(project, spec.recipe, drafts, opened.dataset.id, opened.job.id, stages.checker));
        report.stages = funnelOf(spec.recipe, drafts);
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
    for (const RecipeTarget &target : spec.recipe.targets) {
        if (spec.recipe.family == "persona"_L1 || spec.recipe.family == "multiple-choice"_L1)
            report.itemsPerLabel[target.label] = 0;
    }
    for (const Candidate &item : items)
        ++report.itemsPerLabel[item.matchingLabel];
    report.warnings = stages.warnings();
    if (opened.goesOn)
        report.warnings
            << u"The fresh data set was not finished: it went on, and what it had asked was not asked again."_s;
    if (items.isEmpty())
        report.warnings
            << u"No item was left; the funnel says where they were lost. More samples or another writer or checker may help."_s;
    else if (const auto fewest = *std::ranges::min_element(report.itemsPerLabel);
             fewest < spec.recipe.select.keepPerLabel && spec.recipe.family == "persona"_L1)
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

} // namespace evalwright
