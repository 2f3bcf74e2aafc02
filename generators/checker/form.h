// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/prompting.h"
#include "generators/recipe.h"
#include "generators/template.h"

namespace evalwright {

/// One way of putting a form's question: which answer words mean what, and what the order changes in the text.
struct CheckerOrder
{
    QString name;            ///< Stored with scores: "agree-first", "a-is-described".
    TemplateValues values;   ///< Names of this form and their texts, which may use the values of the item.
    QStringList matching;    ///< First words that say "the described one would", e.g. "agree".
    QStringList other;       ///< First words that say the opposite.
    bool matchingFirst = true; ///< The matching answer is the one that the text names first.
};

/// What of a form changes with its wording.
struct CheckerWording
{
    QString user, prefill, chatSuffix; ///< As in PromptTemplate.
    QString completion; ///< The whole text for a raw completion; empty: the turns as text.
};

/// How a checker is asked for one requirement: data, format "evalwright-checker/1" (docs/checkers.md). Item values for
/// the family persona: description, contrast, subject ("a person who"), statement; for multiple-choice: description,
/// contrast, topic, stem, matching_option, other_option.
struct CheckerForm
{
    QString name, title, status;
    QString requirement; ///< label | relevance
    QString family;      ///< persona | multiple-choice
    QList<PromptKind> frames; ///< Those it can be asked in; never Auto.
    QList<CheckerWording> wordings; ///< The first is the form's own, the others are paraphrases.
    QList<CheckerOrder> orders;

    nlohmann::json toJson() const;
    /// Parse with the first problem as message.
    static Result<CheckerForm> fromJson(const QByteArray &bytes, const QString &source = {});
    /// All problems of a document, with line and column.
    static QList<RecipeProblem> validate(const QByteArray &bytes);

    /// SHA-256 of the canonical JSON.
    QString hash() const;
    /// Wordings times orders: how often an item is asked.
    int presentations() const { return static_cast<int>(wordings.size() * orders.size()); }
    const CheckerOrder &orderOf(int presentation) const { return orders[presentation % orders.size()]; }
    const CheckerWording &wordingOf(int presentation) const { return wordings[presentation / orders.size()]; }
    /// "agree-first", and for paraphrases "agree-first/2".
    QString presentationName(int presentation) const;
    /// Whether any text uses the item value, e.g. "contrast".
    bool uses(const QString &name) const;
};

/// Item values of a persona statement. `subject` is Behaviour::subject: person | ai-system.
TemplateValues personaValues(const Behaviour &behaviour, const QString &statement);

/// The request of one presentation: temperature 0, one token, with alternatives as the model's server gives them.
/// InvalidInput when the form cannot be asked in this frame, or a value that it uses is missing.
Result<LmRequest> formCheckRequest(const CheckerForm &form, PromptKind kind, const TemplateValues &values,
                                   int presentation, const Model &model);

/// The frame for a model. Auto: what promptKindFor() says where the form has it, else the form's first that the model
/// is not known to be unable to do. Unsupported when there is none.
Result<PromptKind> frameFor(const CheckerForm &form, const Model &model, PromptKind wanted);
/// Inverse of promptKindName(); NotFound for other words.
Result<PromptKind> promptKindByName(const QString &name);

/// The shipped forms in the order of their names.
Result<QList<CheckerForm>> listCheckerForms();
/// A shipped form's name, or a path to a file. NotFound with the nearest names.
Result<CheckerForm> loadCheckerForm(const QString &nameOrPath);

} // namespace evalwright
