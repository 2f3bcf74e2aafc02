// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"

#include <QList>
#include <QString>

#include <nlohmann/json.hpp>

namespace evalwright {

/// Where a document is wrong. `path` is a JSON pointer; line and column count from 1, 0 when unknown.
struct RecipeProblem
{
    QString path;
    int line = 0, column = 0;
    QString message;
};

enum class PromptKind {
    Auto,        ///< By what the model can: base → Completion, prefill → ChatPrefill, else ChatPlain.
    Completion,  ///< "\n\nHuman: …\n\nAssistant: …" text, the prefill ends the prompt.
    ChatPrefill, ///< The prefill is a last assistant turn.
    ChatPlain,   ///< No prefill; `chatSuffix` is added to the user's turn instead.
};
QString promptKindName(PromptKind kind); ///< auto | completion | chat-prefill | chat

/// One prompt as Mustache text (generators/template.h).
struct PromptTemplate
{
    PromptKind kind = PromptKind::Auto;
    QString user, prefill, chatSuffix;
};

struct WriteStage
{
    PromptTemplate prompt;
    double temperature = 1.0, topP = 1.0;
    int maxTokens = 48;
    QStringList stop;
    qint64 count = 0; ///< Samples per label.
    int perReply = 1; ///< Statements asked for in one reply; above 1 each line is a candidate.
};

struct CheckStage
{
    PromptTemplate prompt;
    QString method = QStringLiteral("first-token");
    bool bothOrders = true; ///< Ask with "agree or disagree" and with "disagree or agree" and pool.
};

struct SelectStage
{
    qint64 keepPerLabel = 500;
    double floor = 0.5; ///< A candidate's confidence must be above it.
    bool balance = true;
};

/// How a data set is made: everything that decides it, and nothing else. Format "evalwright-recipe/1".
struct Recipe
{
    QString preset, title, status;
    QString family; ///< persona
    Behaviour behaviour;
    WriteStage write;
    CheckStage check;
    SelectStage select;
    QString frame; ///< Mustache; {{statement}} → the item's question.
    qint64 seed = 1;

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
/// A preset's name, or a path to a recipe file.
Result<Recipe> loadRecipe(const QString &nameOrPath);

} // namespace evalwright
