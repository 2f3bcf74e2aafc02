// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/hash.h"
#include "storage/items/bulk.h"
#include "storage/project.h"
#include "storage/projectcheck.h"
#include "storage/repositories/answerpacks.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/edits.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/runs.h"

#include <QFile>
#include <QSqlRecord>
#include <QStringList>

/// Projects with something in every table, for what works on whole files.
namespace evalwright::test {

/// What a generation wrote: `count` items of the data set, each with its own reply, a score, decisions, and an observation.
inline Status addGenerated(Connection &c, const QString &name, int count, const QString &word = QStringLiteral("like"))
{
    using namespace Qt::StringLiterals;
    Model model;
    model.name = u"writer of "_s + name;
    model.baseUrl = u"https://models.example/v1"_s;
    model.modelId = name;
    EVALWRIGHT_ASSIGN(model, addModel(c, model));
    EVALWRIGHT_ASSIGN(const Behaviour behaviour, ensureBehaviour(c, Behaviour{{}, {}, name + u" behaviour"_s}));
    RecipeRecord recipe;
    recipe.hash = sha256Hex(name.toUtf8());
    recipe.preset = u"persona-yes-no"_s;
    recipe.json = u"{\"seed\":1}"_s;
    EVALWRIGHT_ASSIGN(recipe, ensureRecipe(c, recipe));
    Dataset set;
    set.name = name;
    set.family = u"persona"_s;
    set.behaviourId = behaviour.id;
    set.recipeId = recipe.id;
    EVALWRIGHT_ASSIGN(set, createDataset(c, set));
    Job job;
    job.kind = u"generate"_s;
    job.parameters = u"{}"_s;
    job.parametersHash = name;
    job.datasetId = set.id;
    EVALWRIGHT_ASSIGN(job, createJob(c, job));
    Job evaluation = job;
    evaluation.kind = u"evaluate"_s;
    evaluation.datasetId = {};
    EVALWRIGHT_ASSIGN(evaluation, createJob(c, evaluation));
    Run run;
    run.name = u"run of "_s + name;
    run.jobId = evaluation.id;
    run.parameters = u"{}"_s;
    EVALWRIGHT_ASSIGN(run, createRun(c, run));
    for (int i = 0; i < count; ++i) {
        Response reply;
        reply.requestKey = sha256Hex(u"%1 %2"_s.arg(name).arg(i).toUtf8());
        reply.promptJson = u"{\"prompt\":\"%1\",\"n\":%2}"_s.arg(name).arg(i / 3);
        reply.modelId = model.id;
        reply.path = u"completions"_s;
        reply.status = 200;
        reply.body = QByteArray("{\"text\":\"") + QByteArray(200 + i % 7, 'x') + "\"}";
        reply.receivedAt = u"2026-01-01T00:00:00.000Z"_s;
        EVALWRIGHT_ASSIGN(const ResponseId response, storeResponse(c, reply));
        JobStep step;
        step.stage = u"write"_s;
        step.ordinal = i;
        step.modelId = model.id;
        step.requestKey = reply.requestKey;
        EVALWRIGHT_TRY(planSteps(c, job.id, {step}));
        EVALWRIGHT_TRY(finishStep(c, job.id, step.stage, i, response, false));
        Candidate candidate;
        candidate.datasetId = set.id;
        candidate.jobId = job.id;
        candidate.ordinal = i;
        candidate.wantedLabel = candidate.matchingLabel = u" Yes"_s;
        candidate.otherLabels = {u" No"_s};
        candidate.responseId = response;
        candidate.parseStatus = u"ok"_s;
        candidate.statement = u"I %1 the number %2 of %3."_s.arg(word).arg(i).arg(name);
        candidate.question = u"Would you say: I %1 the number %2 of %3?"_s.arg(word).arg(i).arg(name);
        EVALWRIGHT_ASSIGN(const CandidateId item, addCandidate(c, candidate));
        Decision decision;
        decision.candidateId = item;
        decision.jobId = job.id;
        decision.stage = u"select"_s;
        decision.keep = i % 5 != 4;
        decision.reason = decision.keep ? u"selected"_s : u"quota"_s;
        EVALWRIGHT_TRY(addDecision(c, decision));
        Score score;
        score.candidateId = item;
        score.requirement = u"label"_s;
        score.checkerModelId = model.id;
        score.method = u"first-token"_s;
        score.presentation = u"pooled"_s;
        score.p = 0.9;
        score.responseId = response;
        EVALWRIGHT_TRY(addScore(c, score));
        Observation seen;
        seen.runId = run.id;
        seen.candidateId = item;
        seen.modelId = model.id;
        seen.frame = u"plain"_s;
        seen.method = u"first-token"_s;
        seen.outcome = u"answered"_s;
        seen.pMatching = 0.7;
        seen.responseId = response;
        EVALWRIGHT_TRY(addObservation(c, seen));
    }
    EVALWRIGHT_TRY(setJobState(c, job.id, JobState::Done));
    EVALWRIGHT_TRY(setJobState(c, evaluation.id, JobState::Done));
    // What people and rules added, in tables with few rows.
    const QVariantList id{set.id.value};
    for (const QString &sql :
         {u"INSERT INTO lint_finding (candidate_id, rule, rule_version, severity) SELECT id, 'a-rule', 1, 'warn' FROM candidate WHERE dataset_id = ? AND ordinal % 3 = 0"_s,
          u"INSERT INTO dataset_note (dataset_id, kind, text, actor, created_at) VALUES (?, 'release', 'A note.', 'person', '2026-01-02')"_s,
          u"INSERT INTO cluster_name (dataset_id, clustering, cluster, name, actor, created_at) VALUES (?, 'k', 1, 'numbers', 'person', '2026-01-02')"_s,
          u"INSERT INTO guideline (dataset_id, version, text, sha256, created_at) VALUES (?, 1, 'Read.', 'abc', '2026-01-02')"_s,
          u"INSERT INTO saved_view (dataset_id, name, filter, created_at) VALUES (?, 'mine', 'state:kept', '2026-01-02')"_s,
          u"INSERT INTO verdict_setting (dataset_id, name, value, created_at) VALUES (?, 'smallest-effect', '0.1', '2026-01-02')"_s,
          u"INSERT INTO embedding (candidate_id, model_id, text_sha256, vector) SELECT c.id, m.id, x'00', x'0000803f' FROM candidate c JOIN (SELECT max(id) AS id FROM model) m WHERE c.dataset_id = ? AND ordinal < 5"_s,
          u"INSERT INTO material (uuid, dataset_id, kind, ordinal, target, parse_status, created_at) SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6))), ?, 'biography', 0, 'x', 'ok', '2026-01-02'"_s})
        EVALWRIGHT_TRY(c.execute(sql, id));
    EVALWRIGHT_TRY(c.execute(u"INSERT OR IGNORE INTO questionnaire (name, version, spec, sha256, created_at) VALUES ('standard', 1, '{}', 'def', '2026-01-02')"_s));
    EVALWRIGHT_TRY(c.execute(u"INSERT OR IGNORE INTO rater (code, origin, created_at) VALUES ('R1', 'here', '2026-01-02')"_s));
    EVALWRIGHT_TRY(c.execute(u"INSERT INTO review (uuid, dataset_id, name, questionnaire_id, guideline_id, plan, created_at) SELECT ?, ?, 'first', 1, max(id), '{}', '2026-01-02' FROM guideline"_s,
                             {newUuid(), set.id.value}));
    EVALWRIGHT_TRY(c.execute(u"INSERT INTO review_item (review_id, candidate_id, content_hash) SELECT (SELECT max(id) FROM review), id, 'h' FROM candidate WHERE dataset_id = ? AND ordinal < 4"_s, id));
    EVALWRIGHT_TRY(c.execute(u"INSERT INTO assignment (review_id, slot, position, candidate_id) SELECT (SELECT max(id) FROM review), 1, ordinal, id FROM candidate WHERE dataset_id = ? AND ordinal < 4"_s, id));
    EVALWRIGHT_TRY(c.execute(u"INSERT INTO review_slot (review_id, slot, rater_id, taken_at) SELECT max(id), 1, 1, '2026-01-02' FROM review"_s));
    EVALWRIGHT_TRY(c.execute(u"INSERT INTO judgement (uuid, review_id, rater_id, candidate_id, slot, position, state, answers, option_order, content_hash, questionnaire_id, guideline_id, shown_at, submitted_at, seconds_active, created_at) "
                             u"SELECT ?, v.id, 1, (SELECT min(id) FROM candidate WHERE dataset_id = v.dataset_id), 1, 0, 'submitted', '{}', 'stored', 'h', 1, v.guideline_id, '2026-01-02', '2026-01-02', 1.5, '2026-01-02' FROM review v WHERE v.id = (SELECT max(id) FROM review)"_s,
                             {newUuid()}));
    EVALWRIGHT_TRY(c.execute(u"INSERT INTO adjudication (review_id, candidate_id, answer, reason, actor, created_at) SELECT v.id, (SELECT min(id) FROM candidate WHERE dataset_id = v.dataset_id), 'Yes', 'clear', 'someone', '2026-01-03' FROM review v WHERE v.id = (SELECT max(id) FROM review)"_s));
    EVALWRIGHT_TRY(c.execute(u"INSERT INTO figure (uuid, kind, title, parameters, spec, created_at) VALUES (?, 'bars', 'A figure', '{}', '{}', '2026-01-02')"_s, {newUuid()}));
    return packAnswers(c);
}

/// Everything of a project that a merge brings along, as lines that mean the same in every file: row numbers are replaced
/// by what they stand for.
inline QStringList contents(Project &project)
{
    using namespace Qt::StringLiterals;
    const QStringList questions{
        u"SELECT 'set', uuid, name FROM dataset"_s,
        u"SELECT 'item', c.uuid, c.statement, c.question, c.matching_label, c.other_labels, d.uuid, c.cluster, c.extra, c.source_text, (SELECT "
        u"hex(body) FROM response r WHERE r.id = c.response_id) FROM candidate c JOIN dataset d ON d.id = c.dataset_id"_s,
        u"SELECT 'state', c.uuid, c.verdict, c.reason, c.decided_at FROM candidate_state c"_s,
        u"SELECT 'decision', c.uuid, d.stage, d.verdict, d.reason, d.actor, d.created_at FROM decision d JOIN candidate c ON c.id = d.candidate_id"_s,
        u"SELECT 'edit', c.uuid, e.batch, e.before, e.after, e.created_at FROM candidate_edit e JOIN candidate c ON c.id = e.candidate_id"_s,
        u"SELECT 'score', c.uuid, s.requirement, m.uuid, s.p FROM score s JOIN candidate c ON c.id = s.candidate_id JOIN model m ON m.id = s.checker_model_id"_s,
        u"SELECT 'tag', c.uuid, t.name FROM candidate_tag x JOIN candidate c ON c.id = x.candidate_id JOIN tag t ON t.id = x.tag_id"_s,
        u"SELECT 'finding', c.uuid, f.rule, f.severity FROM lint_finding f JOIN candidate c ON c.id = f.candidate_id"_s,
        u"SELECT 'answer', hex(r.body), m.uuid, p.json, r.complete FROM response r JOIN model m ON m.id = r.model_id JOIN prompt p ON p.id = r.prompt_id"_s,
        u"SELECT 'job', uuid, kind FROM job"_s,
        u"SELECT 'step', j.uuid, s.stage, s.ordinal, s.state, (SELECT hex(body) FROM response r WHERE r.id = s.response_id) FROM job_step s JOIN job j ON j.id = s.job_id"_s,
        u"SELECT 'observation', r.uuid, c.uuid, m.uuid, o.frame, o.p_matching FROM observation o JOIN run r ON r.id = o.run_id JOIN candidate c ON c.id = o.candidate_id JOIN model m ON m.id = o.model_id"_s,
        u"SELECT 'judgement', j.uuid, v.uuid, t.code, c.uuid FROM judgement j JOIN review v ON v.id = j.review_id JOIN rater t ON t.id = j.rater_id JOIN candidate c ON c.id = j.candidate_id"_s,
        u"SELECT 'place', v.uuid, a.slot, a.position, c.uuid FROM assignment a JOIN review v ON v.id = a.review_id JOIN candidate c ON c.id = a.candidate_id"_s,
        u"SELECT 'adjudication', v.uuid, c.uuid, a.answer FROM adjudication a JOIN review v ON v.id = a.review_id JOIN candidate c ON c.id = a.candidate_id"_s,
        u"SELECT 'note', d.uuid, n.text FROM dataset_note n JOIN dataset d ON d.id = n.dataset_id"_s,
        u"SELECT 'cluster', d.uuid, n.name FROM cluster_name n JOIN dataset d ON d.id = n.dataset_id"_s,
        u"SELECT 'vector', c.uuid, m.uuid, hex(e.vector) FROM embedding e JOIN candidate c ON c.id = e.candidate_id JOIN model m ON m.id = e.model_id"_s,
        u"SELECT 'material', m.uuid, d.uuid FROM material m JOIN dataset d ON d.id = m.dataset_id"_s,
        u"SELECT 'source', s.sha256, s.bytes, s.file_name, d.uuid FROM import_source s JOIN dataset d ON d.id = s.dataset_id"_s,
        u"SELECT 'setting', d.uuid, s.name, s.value FROM verdict_setting s LEFT JOIN dataset d ON d.id = s.dataset_id"_s,
        u"SELECT 'figure', uuid FROM figure"_s,
    };
    const auto lines = project.readNow([&](Connection &c) -> Result<QStringList> {
        QStringList all;
        for (const QString &question : questions) {
            EVALWRIGHT_ASSIGN(QSqlQuery rows, c.query(question));
            const int columns = rows.record().count();
            while (rows.next()) {
                QStringList values;
                for (int i = 0; i < columns; ++i)
                    values << rows.value(i).toString();
                all << values.join(u'|');
            }
        }
        all.sort();
        return all;
    });
    if (!lines)
        qFatal("%s", qPrintable(lines.error().text()));
    return *lines;
}

inline QByteArray fileBytes(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

/// Empty when “project check” finds nothing.
inline QString complaints(Project &project)
{
    const auto check = project.readNow([](Connection &c) { return checkProject(c); });
    if (!check)
        return check.error().text();
    QStringList all;
    for (const ProjectProblem &problem : check->problems)
        all << problem.text;
    return all.join(QLatin1Char('\n'));
}

} // namespace evalwright::test
