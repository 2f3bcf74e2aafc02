// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"
#include "core/foreignjson.h"
#include "generators/storedrafts.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

std::optional<Draft> reopened(const CandidateRow &row, const Recipe &recipe, const QList<RecipeTarget> &targets,
                              const SelectStage &select)
{
    if (!row.decision || row.decision->actor != "rule"_L1)
        return std::nullopt;
    const Candidate &candidate = row.candidate;
    const RecipeStage *check = recipe.checking();
    const bool atLabel = check && check->requirement == "label"_L1 && row.decision->stage == check->funnelId() &&
                         candidate.labelConfidence;
    if (row.decision->stage != "selected"_L1 && !atLabel)
        return std::nullopt;
    Draft draft;
    const json fields = storedJson(candidate.fields);
    const QString wanted = fields.is_object() && fields.contains("side") && fields.at("side").is_string()
                               ? QString::fromStdString(fields.at("side").get<std::string>())
                               : QString();
    for (int i = 0; i < targets.size(); ++i) {
        if (wanted.isEmpty() ? targets.at(i).label == candidate.wantedLabel : targets.at(i).id == wanted)
            draft.target = i;
    }
    draft.ordinal = candidate.ordinal;
    draft.cluster = candidate.cluster;
    draft.statement = candidate.statement;
    draft.question = candidate.question;
    draft.parseStatus = candidate.parseStatus;
    draft.confidence = candidate.labelConfidence;
    if (fields.is_object() && fields.contains("requirements") && fields["requirements"].is_object()) {
        for (const auto &[name, p] : fields["requirements"].items()) {
            if (p.is_number())
                draft.requirements.insert(QString::fromStdString(name), p.get<double>());
        }
    } else if (draft.confidence) {
        draft.requirements.insert(u"label"_s, *draft.confidence);
    }
    // A later checker's word counts in place of the one that the candidate was made with.
    if (draft.confidence && draft.requirements.contains(u"label"_s))
        draft.requirements.insert(u"label"_s, *draft.confidence);
    // What later checks never saw cannot be let in by a lower floor.
    const auto asked = std::ranges::count_if(recipe.stages, [&](const RecipeStage &stage) {
        return stage.kind == RecipeStage::Kind::Check && &stage >= check;
    });
    if (atLabel && draft.requirements.size() < asked)
        return std::nullopt;
    if (draft.confidence) {
        draft.threshold = select.floor;
        const double hardest = check && check->floor ? *check->floor : 0;
        // A recipe without a label check has no other place for what a checker said later.
        const bool labelled = check && check->requirement == "label"_L1;
        const QString stage = labelled ? check->funnelId() : u"selected"_s;
        if (labelled && *draft.confidence < hardest)
            draft.reject(stage, u"label-disagrees"_s);
        else if (*draft.confidence <= select.floor)
            draft.reject(stage, u"label-uncertain"_s);
    }
    return draft;
}

Result<QList<FunnelStage>> reselect(Project &project, DatasetId dataset, const SelectStage &select)
{
    const auto done = project.writeNow(
        [&](Connection &connection) -> Status {
            EVALWRIGHT_ASSIGN(const Dataset found, datasetById(connection, dataset));
            EVALWRIGHT_ASSIGN(const RecipeRecord record, recipeById(connection, found.recipeId));
            EVALWRIGHT_ASSIGN(const Recipe recipe,
                              Recipe::fromJson(record.json.toUtf8(), u"The data set's recipe"_s));
            const QList<RecipeTarget> targets = targetsOf(recipe);
            EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(connection, dataset));
            std::vector<Draft> drafts;
            QList<CandidateId> ids;
            for (const CandidateRow &row : rows) {
                if (std::optional<Draft> draft = reopened(row, recipe, targets, select)) {
                    drafts.push_back(std::move(*draft));
                    ids << row.candidate.id;
                }
            }
            EVALWRIGHT_TRY(selectDrafts(recipe, select, drafts));
            for (size_t i = 0; i < drafts.size(); ++i) {
                Decision decision;
                decision.candidateId = ids[static_cast<qsizetype>(i)];
                decision.stage = drafts[i].stage;
                decision.keep = drafts[i].keep;
                decision.reason = drafts[i].reason;
                decision.threshold = drafts[i].threshold;
                decision.rank = drafts[i].rank;
                decision.quota = drafts[i].quota;
                EVALWRIGHT_TRY(decideByRule(connection, decision));
            }
            return {};
        },
        {Topic::Candidates, Topic::Datasets});
    if (!done)
        return failure(done.error());
    return project.readNow([&](Connection &c) { return datasetFunnel(c, dataset); });
}

} // namespace evalwright
