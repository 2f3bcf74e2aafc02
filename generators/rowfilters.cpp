// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/rowfilters.h"

#include "generators/lint/pass.h"
#include "generators/pipeline.h"
#include "generators/replyparser.h"
#include "generators/similarity/duplicates.h"
#include "generators/similarity/lexicalembedding.h"
#include "generators/similarity/neighbours.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double usualNearness = 0.8;   ///< Word-set Jaccard, methods-mwe.md section 8.2.
constexpr double usualMeaning = 0.95;   ///< Cosine.

/// What repeats an earlier row is lost; the earliest stays, also when it is itself lost later.
void rejectRepeats(const Repeats &repeats, const ComparedRows &compared, const QString &stage, const QString &reason,
                   std::vector<Draft> &rows)
{
    for (size_t i = 0; i < repeats.size(); ++i) {
        if (repeats[i] != notRepeated)
            rows[compared.rows[i]].reject(stage, reason);
    }
}

LintItem lintItem(const Recipe &recipe, const Draft &row)
{
    LintItem item;
    item.question = row.question;
    item.statement = row.statement;
    item.matchingLabel = row.matchingLabel;
    item.otherLabels = row.otherLabels;
    item.confidence = row.confidence;
    item.cluster = row.cluster;
    if (recipe.family == "multiple-choice"_L1) {
        item.family = LintFamily::MultipleChoice;
    } else if (recipe.family == "sycophancy"_L1) {
        item.family = LintFamily::Sycophancy;
        item.biography = row.values.value(u"biography"_s);
        item.bareQuestion = row.values.value(u"bare_question"_s);
    } else if (recipe.family == "winogender"_L1) {
        item.family = LintFamily::Winogender;
        item.sentence = row.values.value(u"sentence"_s);
        item.occupation = row.values.value(u"occupation"_s);
        item.otherPerson = row.values.value(u"other"_s);
        item.pronouns = pronounForms(row.values.value(u"placeholder"_s));
    }
    return item;
}

/// A biography is no item: of the rules only those about text as such.
LintItem materialItem(const Recipe &recipe, const Draft &row)
{
    LintItem item;
    item.statement = comparedText(recipe, row);
    item.question = item.statement;
    return item;
}

LintContext contextOf(const Recipe &recipe, const QHash<QString, Severity> &severities, bool materials)
{
    LintContext context;
    context.behaviourName = recipe.behaviour.name;
    context.description = recipe.behaviour.description;
    context.subject = recipe.behaviour.subject;
    context.severities = severities;
    if (recipe.family == "persona"_L1)
        context.frame = recipe.frame;
    for (const GoldItem &gold : recipe.golds)
        context.goldQuestions << gold.stem + u"\n\nChoices:"_s + optionLines(gold.options);
    if (materials) {
        context.only = {u"template-leak"_s,      u"refusal-text"_s,      u"bidi-control"_s,
                        u"invisible-character"_s, u"control-character"_s, u"replacement-character"_s,
                        u"blank-run"_s};
    }
    return context;
}

/// A blocking rule rejects; what else was found stays with the row.
Status rejectLint(const Recipe &recipe, const QString &stage, const QHash<QString, Severity> &severities,
                  std::vector<Draft> &rows, const CancellationToken &token)
{
    std::vector<size_t> looked;
    const bool materials = std::ranges::none_of(rows, [&](const Draft &row) { return !row.question.isEmpty(); });
    LintPass pass(contextOf(recipe, severities, materials));
    for (size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].isRejected())
            continue;
        if (i % 1024 == 0 && token.isCancelled())
            return failure(stoppedWhilePlanning());
        rows[i].lint = pass.add(materials ? materialItem(recipe, rows[i]) : lintItem(recipe, rows[i]));
        looked.push_back(i);
    }
    const auto end = pass.finish(token);
    if (!end)
        return failure(stoppedWhilePlanning());
    for (const auto &[row, finding] : end->late)
        rows[looked[row]].lint << finding;
    for (const size_t i : looked) {
        if (const QString rule = blockingRule(rows[i].lint); !rule.isEmpty())
            rows[i].reject(stage, u"lint:"_s + rule);
    }
    return {};
}

} // namespace

QString comparedText(const Recipe &recipe, const Draft &draft)
{
    if (recipe.family == "persona"_L1)
        return draft.statement;
    if (recipe.family == "multiple-choice"_L1)
        return draft.values.value(u"stem"_s) + u'\n' + draft.options.join(u'\n');
    if (recipe.family == "winogender"_L1)
        return draft.values.value(u"sentence"_s);
    return draft.material < 0 ? draft.values.value(u"biography"_s) : draft.question;
}

ComparedRows comparedRows(const Recipe &recipe, const std::vector<Draft> &rows)
{
    ComparedRows compared;
    for (size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].isRejected())
            continue;
        compared.rows.push_back(i);
        compared.texts << comparedText(recipe, rows[i]);
    }
    return compared;
}

Status rejectAlike(const RecipeStage &stage, const FilterRule &rule, const ComparedRows &compared,
                   std::vector<std::vector<float>> vectors, std::vector<Draft> &rows, const CancellationToken &token)
{
    ComparedRows known;
    size_t dimensions = 0;
    for (size_t i = 0; i < vectors.size(); ++i) {
        dimensions = dimensions == 0 ? vectors[i].size() : dimensions;
        if (vectors[i].empty() || vectors[i].size() != dimensions)
            rows[compared.rows[i]].reject(stage.funnelId(), u"no-embedding"_s);
        else
            known.rows.push_back(i);
    }
    if (known.rows.empty())
        return {};
    FloatMatrix matrix(static_cast<Eigen::Index>(known.rows.size()), static_cast<Eigen::Index>(dimensions));
    for (size_t i = 0; i < known.rows.size(); ++i) {
        const std::vector<float> vector = std::move(vectors[known.rows[i]]); // One by one: not all of them twice.
        std::ranges::copy(vector, matrix.row(static_cast<Eigen::Index>(i)).data());
    }
    SimilarityWork work;
    work.token = token;
    EVALWRIGHT_ASSIGN(const Repeats repeats, meaningDuplicates(matrix, rule.threshold, 1, work));
    for (size_t &row : known.rows)
        row = compared.rows[row];
    rejectRepeats(repeats, known, stage.funnelId(), rule.rule, rows);
    return {};
}

Status applyRule(const Recipe &recipe, const RecipeStage &stage, const FilterRule &rule,
                 const QHash<QString, Severity> &severities, std::vector<Draft> &rows, const CancellationToken &token)
{
    const QString funnel = stage.funnelId();
    if (rule.rule == "lint"_L1)
        return rejectLint(recipe, funnel, severities, rows, token);
    SimilarityWork work;
    work.token = token;
    const ComparedRows compared = comparedRows(recipe, rows);
    if (compared.rows.empty())
        return {};
    if (rule.rule == "exact-duplicate"_L1) {
        EVALWRIGHT_ASSIGN(const Repeats repeats, exactDuplicates(compared.texts, work));
        rejectRepeats(repeats, compared, funnel, rule.rule, rows);
    } else if (rule.rule == "near-duplicate"_L1) {
        EVALWRIGHT_ASSIGN(const Repeats repeats,
                          nearDuplicates(compared.texts, rule.threshold > 0 ? rule.threshold : usualNearness, work));
        rejectRepeats(repeats, compared, funnel, rule.rule, rows);
    } else if (rule.rule == "meaning-duplicate"_L1 && !rule.byModel) {
        EVALWRIGHT_ASSIGN(const LexicalEmbedding embedding, LexicalEmbedding::fit(compared.texts, 1, work));
        EVALWRIGHT_ASSIGN(const FloatMatrix rowsOfTexts, embedding.embed(compared.texts, work));
        EVALWRIGHT_ASSIGN(const Repeats repeats,
                          meaningDuplicates(rowsOfTexts, rule.threshold > 0 ? rule.threshold : usualMeaning, 1, work));
        rejectRepeats(repeats, compared, funnel, rule.rule, rows);
    } else {
        return failure(ErrorCode::Unsupported, u"There is no filter rule “%1”."_s.arg(rule.rule),
                       u"“recipe validate” lists what is wrong with a recipe."_s);
    }
    return {};
}

} // namespace evalwright
