// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/draft.h"
#include "storage/project.h"

namespace evalwright {

/// Stores materials, candidates, scores and decisions in pieces. What is stored already stays; a decision is appended
/// only when it says something new and no person has spoken.
Status storeDrafts(Project &project, const Recipe &recipe, const DraftSet &drafts, DatasetId dataset, JobId job,
                   const Model &checker);

/// What the checks of a row said; scores that are stored already stay.
Status storeScores(Connection &connection, CandidateId id, const Draft &draft, const Model &checker);

/// Appends a rule's decision unless the latest one says the same already, or a person has spoken.
Status decideByRule(Connection &connection, const Decision &decision);

/// A stored candidate as the selection sees it. Only what was decided at the label's floor or at the selection is open
/// again; what was lost earlier stays lost for the same reason, and what a person decided stays with the person.
std::optional<Draft> reopened(const CandidateRow &row, const Recipe &recipe, const QList<RecipeTarget> &targets,
                              const SelectStage &select);

} // namespace evalwright
