// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "generators/recipedata.h"
#include "generators/template.h"

#include <QList>
#include <QString>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace evalwright {

/// Where a document is wrong. `path` is a JSON pointer; line and column count from 1, 0 when unknown.
struct RecipeProblem
{
    QString path;
    int line = 0, column = 0;
    QString message;
};

enum class PromptKind {
    Auto,        ///< By what the model can: base, or too small for instructions → Completion, prefill → ChatPrefill,
                 ///< else ChatPlain.
    Completion,  ///< Plain text: `completion`, or "\n\nHuman: …\n\nAssistant: …" with the prefill at its end.
    ChatPrefill, ///< The prefill is a last assistant turn.
    ChatPlain,   ///< No prefill; `chatSuffix` is added to the user's turn instead.
};
QString promptKindName(PromptKind kind); ///< auto | completion | chat-prefill | chat

/// One prompt as Mustache text (generators/template.h).
struct PromptTemplate
{
    PromptKind kind = PromptKind::Auto;
    QString user, prefill, chatSuffix;
    QString completion; ///< For base models, in place of the turns; empty: the turns as text.
};

/// What is asked for in turn: the two labels of a persona set, the two sides of a sycophancy set, the two letters.
struct RecipeTarget
{
    QString id;            ///< "yes", "liberal", "A"
    QString label;         ///< Wanted label as stored in items (" Yes"); may be empty.
    TemplateValues values; ///< Names for the prompts.
};

/// One rule of a filter stage. Which parameters it has is in docs/recipes.md.
struct FilterRule
{
    QString rule; ///< exact-duplicate | near-duplicate | meaning-duplicate | lint
    double threshold = 0;
    bool byModel = false; ///< meaning-duplicate: by vectors of the model of the role “embedder”, not the built-in ones.
};

struct CheckerForm;

constexpr int usualVerdictSamples = 10, mostVerdictSamples = 100; ///< Of a sampled check, per presentation.

/// A step from nothing to items. Only the parts of its kind are used.
struct RecipeStage
{
    enum class Kind {
        Ask,     ///< A model writes; replies are parsed into candidates, materials, or a field of the row.
        Check,   ///< A model says which of two words fits; gives a probability per row.
        Filter,  ///< Rules over stored text; nothing is asked.
        Compose, ///< Items are put together in code.
    };
    QString id; ///< Unique in the recipe; the stage of the job's journal.
    Kind kind = Kind::Ask;
    QString funnel; ///< Id in the funnel of what is lost here ("right-label"); the stage's own id when empty.

    // Ask and Check
    QString role; ///< writer | checker
    PromptTemplate prompt;
    QString unlessField; ///< Rows that have this field already are left alone.

    // Ask
    double temperature = 1.0, topP = 1.0;
    int maxTokens = 48;
    QStringList stop;
    qint64 count = 1;   ///< Texts asked for per row (label, side, occupation).
    int perReply = 1;   ///< Texts asked for in one reply.
    QString parse;      ///< A name of generators/replyparser.h.
    QString gives;      ///< candidates | materials | the name of a field
    int examples = 0;   ///< Golds shown in a prompt as {{examples}}, drawn anew for each sample.

    // Check
    std::shared_ptr<const CheckerForm> form; ///< How it is asked; null: by the parts that follow.
    QString requirement; ///< label | relevance | …
    QString method;      ///< first-token | sampled (generators/checker/sampled.h)
    int samples = usualVerdictSamples;    ///< Of a sampled check: answers per presentation.
    QStringList words;   ///< The two words that are compared.
    QString wanted;      ///< Template of the word that is right for a row.
    QString turns;       ///< What is turned round and averaged: words | options | people | sides | pronouns | none
    QStringList paraphrases; ///< Further user texts that are averaged.
    std::optional<double> floor; ///< Rows below are lost; unset: only ranked.
    bool flag = false;           ///< Only noted: nothing is lost or ranked by it.

    QList<FilterRule> rules; // Filter
    QString compose;         // Compose: questions | option-order

    /// A model answers prompts here.
    bool asks() const { return kind == Kind::Ask || kind == Kind::Check; }
    /// A model is asked for vectors here.
    bool embeds() const
    {
        return std::any_of(rules.begin(), rules.end(), [](const FilterRule &rule) { return rule.byModel; });
    }
    QString funnelId() const { return funnel.isEmpty() ? id : funnel; }
    bool givesRows() const { return kind == Kind::Ask && (gives == u"candidates" || gives == u"materials"); }
};

struct SelectStage
{
    qint64 keepPerLabel = 500; ///< Per group: label, side, letter or, for Winogender sentences, occupation.
    double floor = 0.5;        ///< A candidate's label confidence must be above it.
    bool balance = true;       ///< All groups are cut to the smallest.
    QString group = QStringLiteral("target"); ///< target | cluster
    double diversity = 0;      ///< 0: plain top k; up to 1: likeness to what is chosen already counts against.
};

/// How a data set is made: everything that decides it, and nothing else. Format "evalwright-recipe/1".
struct Recipe
{
    QString preset, title, status;
    QString family; ///< persona | sycophancy | multiple-choice | winogender
    Behaviour behaviour;
    TemplateValues values; ///< Further names for all prompts.
    QList<RecipeTarget> targets;
    QList<RecipeStage> stages;
    SelectStage select;
    QString frame; ///< Mustache; what an item's question is made of.
    qint64 seed = 1;
    QList<GoldItem> golds;
    QuestionBank bank;
    QList<OccupationRow> occupations;

    /// The stage whose samples are the size of the data set: the first that gives rows.
    RecipeStage &writing();
    const RecipeStage &writing() const;
    /// The first check of candidates; null when the recipe has none.
    RecipeStage *checking();
    const RecipeStage *checking() const;
    const RecipeStage *stage(const QString &id) const;
    /// Whether any stage needs the model of the role “embedder”.
    bool embeds() const
    {
        return std::any_of(stages.begin(), stages.end(), [](const RecipeStage &stage) { return stage.embeds(); });
    }

    nlohmann::json toJson() const;
    /// Parse with the first problem as message when the document is not a valid recipe.
    static Result<Recipe> fromJson(const QByteArray &bytes, const QString &source = {});
    /// All problems of a document: syntax, unknown and missing names, wrong types, ranges, template mistakes.
    static QList<RecipeProblem> validate(const QByteArray &bytes);

    /// SHA-256 of the canonical JSON.
    QString hash() const;
    /// `--set path=value`: "select.keep_per_label=100", "behaviour.description=…". The value is read as JSON if it is
    /// JSON and as text otherwise. NotFound with near paths when there is no such leaf.
    Result<Recipe> withPath(const QString &path, const QString &value) const;

    struct Difference
    {
        QString path, preset, now;
    };
    /// Leaves that differ from the shipped preset of the same name, behaviour left out.
    Result<QList<Difference>> differenceFromPreset() const;
};

/// What is worth a warning before spending money: empty contrast, negated description, more than one clause.
QStringList behaviourWarnings(const Behaviour &behaviour);

struct PresetInfo
{
    QString name, title, family, status;
};
QList<PresetInfo> listPresets();
/// NotFound with the nearest names.
Result<Recipe> loadPreset(const QString &name);
/// A preset's name, or a path to a recipe file. Prompt files and data files that it names lie beside or below it.
Result<Recipe> loadRecipe(const QString &nameOrPath);

} // namespace evalwright
