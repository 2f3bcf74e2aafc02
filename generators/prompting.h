// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/draft.h"
#include "lm/request.h"

namespace evalwright {

/// Which form a prompt takes for a model: the recipe's own choice, or by what the model is and was probed to do.
PromptKind promptKindFor(const Model &model, const PromptTemplate &prompt);

/// A request with a filled-in prompt, no seed yet. For Completion the prompt's own completion text, or the turns as
/// "\n\nHuman: …\n\nAssistant:" text with the prefill at its end; for ChatPrefill the prefill (without trailing blanks)
/// is the last assistant turn.
Result<LmRequest> formRequest(PromptKind kind, const PromptTemplate &prompt, const TemplateValues &values);

/// The frame in which a check is asked of this model.
PromptKind checkFrame(const RecipeStage &check, const Model &checker);

/// The names that every prompt of a recipe may use, for one target: behaviour, recipe and target values.
TemplateValues commonValues(const Recipe &recipe, const RecipeTarget &target);

/// Numbers of the golds that a sample's prompt shows, without repeats, in the order shown; a function of the recipe's
/// seed, target and sample alone.
QList<int> drawnGolds(const Recipe &recipe, const RecipeStage &stage, int target, qint64 sample);

/// Request of one sample of an Ask stage for a row with these values, with its seed.
Result<LmRequest> askRequest(const Recipe &recipe, const RecipeStage &stage, const Model &model, TemplateValues values,
                             int target, qint64 sample);
/// What the reply may start with if the server echoes it, and whether the prompt began the reply.
struct Opening
{
    QString prefill;
    bool opened = false;
};
Result<Opening> openingOf(const RecipeStage &stage, const Model &model, const TemplateValues &values);

/// The first prompt of a stage as an example: the first target, the first row of a table, a made-up earlier text.
Result<LmRequest> exampleRequest(const Recipe &recipe, const RecipeStage &stage, const Model &model, int target = 0);

/// One way of asking a check's question: which words or options come first, and the wording.
struct Presentation
{
    QString name;
    bool turned = false;
    int paraphrase = 0; ///< 0: the prompt itself.
    int ofForm = -1;    ///< Number of the form's presentation, when the check has a form.
};
/// The first words of an answer that say what is wanted of a row, and the opposite.
struct CheckWords
{
    QStringList right, wrong;
};
QList<Presentation> presentationsOf(const RecipeStage &check);
/// Asks the checker for its first word, with log-probabilities.
Result<LmRequest> checkRequest(const Recipe &recipe, const RecipeStage &check, const Model &checker, const Draft &row,
                               const Presentation &presentation);
/// What the answer is read by.
Result<CheckWords> checkWords(const Recipe &recipe, const RecipeStage &check, const Draft &row,
                              const Presentation &presentation);

/// Where requests depart from the recipe because of the model, in words.
QStringList deviations(const Recipe &recipe, const Model &writer, const Model &checker);

} // namespace evalwright
