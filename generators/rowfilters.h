// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/draft.h"

namespace evalwright {

/// Applies one rule of a Filter stage to the rows that are still in; what it rejects says why. `severities`: a person's
/// own, by lint rule. Near duplicates are told by word sets (Jaccard, 0.8 unless the rule says otherwise), repeats in
/// meaning by the built-in lexical embedding (cosine, 0.95). Rules by a model's embedding are rejectAlike().
Status applyRule(const Recipe &recipe, const RecipeStage &stage, const FilterRule &rule,
                 const QHash<QString, Severity> &severities, std::vector<Draft> &rows, const CancellationToken &token);

/// The rows that a rule compares: those still in, with the text they are compared by.
struct ComparedRows
{
    std::vector<size_t> rows;
    QStringList texts;
};
ComparedRows comparedRows(const Recipe &recipe, const std::vector<Draft> &rows);

/// meaning-duplicate by a model's vectors, one for each of `compared`; an empty one: there is none. Such a row is lost
/// (“no-embedding”), since nobody knows what it repeats, and so is one whose vector has another length than the first.
Status rejectAlike(const RecipeStage &stage, const FilterRule &rule, const ComparedRows &compared,
                   std::vector<std::vector<float>> vectors, std::vector<Draft> &rows, const CancellationToken &token);

/// What two rows are compared by: the statement, the question, the biography or the sentence.
QString comparedText(const Recipe &recipe, const Draft &draft);

} // namespace evalwright
