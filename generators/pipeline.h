// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/draft.h"
#include "generators/prompting.h"
#include "lm/requestrunner.h"

#include <functional>

namespace evalwright {

/// Where a stage's answers come from: a model, or what is stored already.
class StageAnswers
{
public:
    virtual ~StageAnswers() = default;
    /// The answers that there are, by ordinal. A step without one is missing from the list or has no response.
    virtual Result<QList<StepAnswer>> answers(const RecipeStage &stage, const Model &model, StageSource &source) = 0;
    /// The same one at a time in the order of the source, for answers that are too long to have all at once.
    virtual Status eachAnswer(const RecipeStage &stage, const Model &model, StageSource &source,
                              const std::function<Status(const StepAnswer &)> &use);
};

/// The way of a recipe from nothing to decided candidates, over whatever answers there are. What it makes depends on
/// recipe, models and answers alone.
class Pipeline
{
public:
    /// `embedder`: any model when the recipe asks for none. `severities`: a person's own, by lint rule. `limit`: at most so many texts per label, side or letter, and so many occupations.
    Pipeline(const Recipe &recipe, const Model &writer, const Model &checker, const Model &embedder,
             std::optional<qint64> limit, StageAnswers &answers, const CancellationToken &token,
             QHash<QString, Severity> severities = {});

    Result<DraftSet> run();

    /// How many requests an Ask stage has for each of its rows.
    static qint64 repliesPerRow(const RecipeStage &stage, std::optional<qint64> limit);

private:
    using Rows = std::vector<Draft>;
    Rows &rows() { return m_haveCandidates ? m_set.candidates : m_set.materials; }
    const Model &modelFor(const RecipeStage &stage) const;
    void startFromOccupations();
    TemplateValues promptValues(const Draft &row) const;
    Status ask(const RecipeStage &stage);
    Status askForRows(const RecipeStage &stage);
    Status askForField(const RecipeStage &stage);
    Status check(const RecipeStage &stage);
    Status filter(const RecipeStage &stage);
    Status filterByModel(const RecipeStage &stage, const FilterRule &rule);
    Status compose(const RecipeStage &stage);
    Status composeQuestions();
    Status composeOptionOrder();
    Status finishCandidate(Draft &draft) const;
    Status readReply(const RecipeStage &stage, const StepAnswer &answer, const Draft &origin, const Opening &opening,
                     Rows &out) const;

    const Recipe &m_recipe;
    const Model &m_writer, &m_checker, &m_embedder;
    std::optional<qint64> m_limit;
    StageAnswers &m_answers;
    const CancellationToken &m_token;
    QHash<QString, Severity> m_severities;
    QList<RecipeTarget> m_targets;
    DraftSet m_set;
    bool m_haveCandidates = false;
    qint64 m_materialPlaces = 0; ///< Ordinals of materials are below this, whatever the limit.
};

/// The error of work that was stopped between requests.
Error stoppedWhilePlanning();

} // namespace evalwright
