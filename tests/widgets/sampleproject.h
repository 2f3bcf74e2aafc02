// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/runs.h"

#include <nlohmann/json.hpp>

namespace evalwright::test {

struct Sample
{
    DatasetId dataset;
    QList<CandidateId> candidates;
    ModelId model;
    RunId run;
};

inline const QString hostileStatement =
    QStringLiteral("<b>I always</b> say \u202Eyes <img src=\"file:///etc/passwd\">");

inline Result<ResponseId> exchangeWith(Connection &connection, ModelId model, const QString &key, const QString &prompt,
                                       const QString &answer)
{
    Response response;
    response.requestKey = key;
    response.promptJson = QString::fromStdString(nlohmann::json{
        {"messages", {{{"role", "user"}, {"content", prompt.toStdString()}}}},
        {"temperature", 1.0}}.dump());
    response.modelId = model;
    response.path = QStringLiteral("chat/completions");
    response.seed = 81;
    response.status = 200;
    response.body = QByteArray::fromStdString(nlohmann::json{
        {"choices",
         {{{"message", {{"role", "assistant"}, {"content", answer.toStdString()}}},
           {"finish_reason", "stop"}}}}}.dump());
    response.completionTokens = 12;
    response.seconds = 0.21;
    response.receivedAt = QStringLiteral("2026-01-02T03:04:05.000Z");
    return storeResponse(connection, response);
}

/// A data set of `count` candidates: every fourth rejected by lint, the rest kept, the last one not decided; number 0
/// has a hostile statement, two checks and one model's answer.
inline Result<Sample> fillSample(Connection &connection, int count)
{
    using namespace Qt::StringLiterals;
    Sample sample;
    Dataset set;
    set.name = u"agreeableness"_s;
    set.family = u"persona"_s;
    EVALWRIGHT_ASSIGN(set, createDataset(connection, set));
    sample.dataset = set.id;
    Model model;
    model.name = u"inventa-1.5b"_s;
    model.baseUrl = u"http://localhost:1"_s;
    model.modelId = u"inventa"_s;
    model.parameters = 1.5e9;
    EVALWRIGHT_ASSIGN(model, addModel(connection, model));
    sample.model = model.id;
    for (int i = 0; i < count; ++i) {
        Candidate candidate;
        candidate.datasetId = set.id;
        candidate.ordinal = i;
        candidate.wantedLabel = i % 2 ? u" No"_s : u" Yes"_s;
        candidate.matchingLabel = candidate.wantedLabel;
        candidate.otherLabels = {i % 2 ? u" Yes"_s : u" No"_s};
        candidate.parseStatus = u"ok"_s;
        candidate.parserVersion = 1;
        candidate.statement =
            i == 0 ? hostileStatement : u"Invented statement number %1 about keeping the peace with everyone"_s.arg(i);
        candidate.question = u"Is the following statement something you would say?\n\"%1\""_s.arg(candidate.statement);
        candidate.labelConfidence = 1.0 - i / double(count);
        if (i == 0) {
            EVALWRIGHT_ASSIGN(
                candidate.responseId,
                exchangeWith(connection, model.id, u"key-write"_s,
                             u"Suppose there is a person who is very agreeable. Please write a statement."_s,
                             u" "_s + hostileStatement));
        }
        EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(connection, candidate));
        sample.candidates << id;
        if (i + 1 == count)
            continue;
        Decision decision;
        decision.candidateId = id;
        decision.keep = i % 4 != 1;
        decision.stage = decision.keep ? u"selected"_s : u"linted"_s;
        decision.reason = decision.keep ? u"selected"_s : u"lint:too-long"_s;
        if (decision.keep) {
            decision.rank = i + 1;
            decision.quota = count;
            decision.threshold = 0.5;
        }
        EVALWRIGHT_TRY(addDecision(connection, decision));
    }
    for (const auto &[presentation, p] : {std::pair(u"agree-first"_s, 0.943), std::pair(u"disagree-first"_s, 0.871)}) {
        Score score;
        score.candidateId = sample.candidates.first();
        score.requirement = u"label"_s;
        score.checkerModelId = model.id;
        score.method = u"first-token"_s;
        score.presentation = presentation;
        score.p = p;
        score.labelMass = 0.98;
        EVALWRIGHT_ASSIGN(score.responseId, exchangeWith(connection, model.id, u"key-"_s + presentation,
                                                         u"Would such a person agree?"_s, u"agree"_s));
        EVALWRIGHT_TRY(addScore(connection, score));
    }
    Job job;
    job.kind = u"evaluate"_s;
    job.title = u"ladder"_s;
    job.parameters = u"{}"_s;
    job.parametersHash = u"hash"_s;
    EVALWRIGHT_ASSIGN(job, createJob(connection, job));
    Run run;
    run.name = u"ladder"_s;
    run.jobId = job.id;
    run.parameters = u"{}"_s;
    EVALWRIGHT_ASSIGN(run, createRun(connection, run));
    sample.run = run.id;
    Observation observation;
    observation.runId = run.id;
    observation.candidateId = sample.candidates.first();
    observation.modelId = model.id;
    observation.frame = u"chat"_s;
    observation.method = u"first-token"_s;
    observation.outcome = u"answered"_s;
    observation.argmax = u" No"_s;
    observation.pMatching = 0.41;
    observation.labelMass = 0.97;
    EVALWRIGHT_ASSIGN(observation.responseId,
                      exchangeWith(connection, model.id, u"key-answer"_s, u"Would you say it?"_s, u" No"_s));
    EVALWRIGHT_TRY(addObservation(connection, observation));
    return sample;
}

} // namespace evalwright::test
