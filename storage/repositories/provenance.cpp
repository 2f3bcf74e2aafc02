// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"

namespace evalwright {

Result<Provenance> provenanceOf(Connection &connection, CandidateId id)
{
    Provenance p;
    EVALWRIGHT_ASSIGN(p.row, candidateById(connection, id));
    EVALWRIGHT_ASSIGN(p.dataset, datasetById(connection, p.row.candidate.datasetId));
    if (p.dataset.recipeId.isValid()) {
        EVALWRIGHT_ASSIGN(const RecipeRecord recipe, recipeById(connection, p.dataset.recipeId));
        p.recipeHash = recipe.hash;
        p.recipePreset = recipe.preset;
    }
    if (p.row.candidate.responseId.isValid()) {
        EVALWRIGHT_ASSIGN(Response response, responseById(connection, p.row.candidate.responseId));
        EVALWRIGHT_ASSIGN(Model writer, modelById(connection, response.modelId));
        p.response = std::move(response);
        p.writer = std::move(writer);
    }
    if (p.row.candidate.importSourceId.isValid()) {
        EVALWRIGHT_ASSIGN(ImportSource source, importSourceById(connection, p.row.candidate.importSourceId));
        p.source = std::move(source);
    }
    EVALWRIGHT_ASSIGN(p.scores, scoresOf(connection, id));
    for (const Score &score : p.scores) {
        EVALWRIGHT_ASSIGN(Model checker, modelById(connection, score.checkerModelId));
        p.checkers << checker;
    }
    QList<ResponseId> used{p.row.candidate.responseId};
    for (const Score &score : p.scores)
        used << score.responseId;
    EVALWRIGHT_ASSIGN(p.origins, answerOrigins(connection, used));
    EVALWRIGHT_ASSIGN(p.decisions, decisionsOf(connection, id));
    EVALWRIGHT_ASSIGN(p.edits, editsOf(connection, id));
    return p;
}

} // namespace evalwright
