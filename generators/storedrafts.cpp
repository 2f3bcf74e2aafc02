// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/storedrafts.h"

#include "core/statistics/proportions.h"
#include "generators/lint/rules.h"
#include "generators/replyparser.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/lint.h"
#include "storage/repositories/materials.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr size_t chunk = 500; ///< Rows in one transaction.

struct Place
{
    const Recipe &recipe;
    const DraftSet &drafts;
    DatasetId dataset;
    JobId job;
    const Model &checker;
    QString materialKind;
};

Candidate candidateOf(const Draft &draft, const Place &place, const std::vector<MaterialId> &materials)
{
    Candidate c;
    c.datasetId = place.dataset;
    c.jobId = place.job;
    c.ordinal = draft.ordinal;
    c.wantedLabel = draft.label;
    c.sample = draft.sample;
    c.positionInReply = draft.positionInReply;
    c.responseId = draft.responseId;
    c.parseStatus = draft.parseStatus;
    c.parserVersion = replyParserVersion;
    c.prefillStripped = draft.prefillStripped;
    c.statement = draft.statement;
    c.question = draft.question;
    c.matchingLabel = draft.matchingLabel;
    c.otherLabels = draft.otherLabels;
    c.labelConfidence = draft.confidence;
    c.cluster = draft.cluster;
    c.fields = fieldsOf(place.recipe, draft, place.drafts.materials);
    if (draft.material >= 0)
        c.materialId = materials.at(static_cast<size_t>(draft.material));
    return c;
}

bool sameDecision(const Decision &a, const Decision &b)
{
    return a.keep == b.keep && a.stage == b.stage && a.reason == b.reason && a.threshold == b.threshold &&
           a.rank == b.rank && a.quota == b.quota;
}

} // namespace

Status storeScores(Connection &connection, CandidateId id, const Draft &draft, const Model &checker)
{
    for (const DraftCheck &check : draft.checks) {
        Score score;
        score.candidateId = id;
        score.requirement = check.requirement;
        score.checkerModelId = checker.id;
        score.method = check.method;
        score.presentation = check.presentation;
        score.p = check.p;
        score.labelMass = check.labelMass;
        score.responseId = check.responseId;
        json detail = json::object();
        if (check.censored)
            detail["censored"] = true;
        if (!check.error.isEmpty())
            detail["error"] = check.error.toStdString();
        if (check.method == "sampled"_L1) {
            detail.update({{"samples", check.samples}, {"parsed", check.parsed}, {"right", check.right}});
            if (const auto share = statistics::wilsonInterval(check.right, check.parsed))
                detail.update({{"low", share->low}, {"high", share->high}});
            for (const ResponseId response : check.responses)
                detail["responses"].push_back(response.value);
        }
        score.detail = QString::fromStdString(detail.dump());
        EVALWRIGHT_TRY(addScore(connection, score));
    }
    return {};
}

namespace {

void addFindings(QList<StoredLintFinding> &findings, CandidateId candidate, const Draft &draft)
{
    for (const LintFinding &finding : draft.lint) {
        StoredLintFinding stored;
        stored.candidate = candidate;
        stored.rule = finding.rule;
        stored.ruleVersion = finding.ruleVersion;
        stored.severity = severityName(finding.severity);
        stored.field = finding.field;
        if (finding.start >= 0) {
            stored.start = finding.start;
            stored.length = finding.length;
        }
        if (const LintRule *rule = lintRule(finding.rule); rule && rule->explanation != finding.explanation)
            stored.detail = finding.explanation;
        findings << stored;
    }
}

Result<CandidateId> storeCandidate(Connection &connection, const Draft &draft, const Place &place,
                                   const std::vector<MaterialId> &materials)
{
    EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(connection, candidateOf(draft, place, materials)));
    EVALWRIGHT_TRY(setLabelConfidence(connection, id, draft.confidence));
    EVALWRIGHT_TRY(storeScores(connection, id, draft, place.checker));
    if (draft.reason.isEmpty())
        return id;
    Decision decision;
    decision.candidateId = id;
    decision.jobId = place.job;
    decision.stage = draft.stage;
    decision.keep = draft.keep;
    decision.reason = draft.reason;
    decision.threshold = draft.threshold;
    decision.rank = draft.rank;
    decision.quota = draft.quota;
    EVALWRIGHT_TRY(decideByRule(connection, decision));
    return id;
}

Result<MaterialId> storeMaterialDraft(Connection &connection, const Draft &draft, const Place &place)
{
    Material material;
    material.datasetId = place.dataset;
    material.jobId = place.job;
    material.kind = place.materialKind;
    material.ordinal = draft.ordinal;
    material.target = draft.label;
    material.sample = draft.sample;
    material.parseStatus = draft.parseStatus;
    material.fields = fieldsOf(place.recipe, draft, {});
    material.stage = draft.stage;
    material.reason = draft.reason;
    QList<MaterialResponse> responses;
    if (draft.responseId.isValid())
        responses << MaterialResponse{place.recipe.writing().id, {}, draft.responseId, {}, {}};
    for (const DraftCheck &check : draft.checks) {
        if (check.responseId.isValid())
            responses << MaterialResponse{check.stage, check.presentation, check.responseId, check.p, check.labelMass};
    }
    return storeMaterial(connection, material, responses);
}

} // namespace

Status decideByRule(Connection &connection, const Decision &decision)
{
    EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, decision.candidateId));
    if (row.decision && (row.decision->actor == "person"_L1 || sameDecision(*row.decision, decision)))
        return {};
    EVALWRIGHT_TRY(addDecision(connection, decision));
    return {};
}

Status storeDrafts(Project &project, const Recipe &recipe, const DraftSet &drafts, DatasetId dataset, JobId job,
                   const Model &checker)
{
    const Place place{recipe, drafts, dataset, job, checker,
                      recipe.occupations.isEmpty() ? recipe.writing().id : u"occupation"_s};
    std::vector<MaterialId> materials(drafts.materials.size());
    for (size_t from = 0; from < drafts.materials.size(); from += chunk) {
        const size_t to = std::min(drafts.materials.size(), from + chunk);
        EVALWRIGHT_TRY(project.writeNow(
            [&](Connection &connection) -> Status {
                for (size_t i = from; i < to; ++i) {
                    EVALWRIGHT_ASSIGN(materials[i], storeMaterialDraft(connection, drafts.materials[i], place));
                }
                return {};
            },
            {Topic::Candidates}));
    }
    std::vector<CandidateId> ids(drafts.candidates.size());
    for (size_t from = 0; from < drafts.candidates.size(); from += chunk) {
        const size_t to = std::min(drafts.candidates.size(), from + chunk);
        EVALWRIGHT_TRY(project.writeNow(
            [&](Connection &connection) -> Status {
                for (size_t i = from; i < to; ++i) {
                    EVALWRIGHT_ASSIGN(ids[i], storeCandidate(connection, drafts.candidates[i], place, materials));
                }
                return {};
            },
            {Topic::Candidates}));
    }
    QList<StoredLintFinding> findings;
    for (size_t i = 0; i < ids.size(); ++i)
        addFindings(findings, ids[i], drafts.candidates[i]);
    return project.writeNow(
        [&](Connection &connection) { return replaceLintFindings(connection, dataset, {}, findings); },
        {Topic::Candidates});
}

} // namespace evalwright
