// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "generators/lint.h"
#include "generators/recipe.h"

#include <optional>
#include <vector>

namespace evalwright {

/// One presentation of a check.
struct DraftCheck
{
    QString stage, requirement;
    QString presentation; ///< agree-first | turned | neutral | …, with "/p1" for the first paraphrase.
    std::optional<double> p, labelMass; ///< Of the word that is right for this row; mass on both words.
    bool censored = false;
    ResponseId responseId; ///< Of a sampled check the first sample's.
    QString error;
    QString method = QStringLiteral("first-token"); ///< first-token | sampled
    int samples = 0, parsed = 0, right = 0; ///< Of a sampled check: asked, with an answer word, with the right one.
    QList<ResponseId> responses;            ///< Of a sampled check: all.
};

/// A row while the stages work on it: a candidate, or a material that candidates are made of. Everything here is
/// computed from stored replies, so running the stages again over the same replies gives the same rows.
struct Draft
{
    int target = -1; ///< Index into targetsOf(recipe).
    QString label;   ///< What was asked for, as stored in items (" Yes", "liberal", " (A)").
    qint64 sample = 0;
    qint64 ordinal = 0; ///< Place in the data set, known before the reply is.
    int positionInReply = 0;
    int material = -1; ///< Index of the material it is made of.
    ResponseId responseId;
    QString rawReply;
    QString parseStatus; ///< ok | empty | truncated | refused | http-error | parse:<code>
    bool prefillStripped = false, cut = false;

    TemplateValues values; ///< Named texts: statement, biography, stem, sentence, occupation, …
    QStringList options;
    int matching = -1;    ///< Index of the matching option.
    QList<int> golds;     ///< Numbers of the examples that the writer saw.
    QString statement, question, matchingLabel, cluster;
    QStringList otherLabels;

    QList<LintFinding> lint;
    QList<DraftCheck> checks;
    QMap<QString, double> requirements; ///< requirement → probability, pooled over its presentations.
    std::optional<double> confidence;   ///< That of the requirement "label".
    /// What candidates are ranked by: the mean over the requirements. Unset without any.
    std::optional<double> rankedBy() const;

    // The decision: which stage, why, and the rank in its group when it came to that.
    bool keep = false;
    QString stage, reason;
    std::optional<double> threshold;
    std::optional<qint64> rank, quota;
    bool isRejected() const { return !keep && !reason.isEmpty(); }
    void reject(const QString &atStage, const QString &why)
    {
        keep = false;
        stage = atStage;
        reason = why;
    }
};

/// What the stages of a recipe made.
struct DraftSet
{
    std::vector<Draft> materials, candidates;
    bool hasMaterials = false; ///< The family makes its items of materials.
};

/// The targets of a recipe as they are asked for: its own; or every option of every question of its bank (id
/// "question:option", values choice and question); or a single one for a table of occupations.
QList<RecipeTarget> targetsOf(const Recipe &recipe);

/// Fills in the question and labels of a candidate from its texts.
Status frameCandidate(const Recipe &recipe, Draft &draft);

/// Candidate::fields of a candidate (docs/families.md), or the texts of a material, as canonical JSON.
QString fieldsOf(const Recipe &recipe, const Draft &draft, const std::vector<Draft> &materials);

/// select: the best of each group above the floor; then, if asked, all groups are cut to the smallest. Candidates
/// without any requirement are taken in their order. With `diversity` likeness to what is taken already counts against
/// a candidate (generators/similarity/selection.h, by the built-in lexical embedding). Cancelled.
Status selectDrafts(const Recipe &recipe, const SelectStage &select, std::vector<Draft> &drafts,
                    const CancellationToken &token = {});

} // namespace evalwright
