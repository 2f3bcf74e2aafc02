// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/repositories/edits.h"

namespace evalwright {

/// What would be wrong with an item, or might be, after a person's edit.
struct EditProblem
{
    enum class Kind {
        NoText,                ///< Nothing is left of the statement or the question.
        NoMatchingLabel,
        NoOtherLabel,
        EmptyLabel,            ///< One of the other answers.
        MatchingAmongOthers,
        RepeatedLabel,         ///< The same other answer twice.
        LabelNotInOptions,
        AmbiguousOptions,      ///< A letter names two options.
        OptionWithoutLabel,    ///< Nobody can choose it.
        NoBlank,               ///< A sentence needs exactly one _ in place of its pronoun.
        BiographyAndQuestion,  ///< Both were changed at once, so nobody knows where one ends.
        StatementNotInQuestion,
        LabelBlanks,           ///< Begins or ends with other blanks than before: other tokens for a model.
        InvisibleCharacters,
    };
    Kind kind = Kind::NoText;
    bool refuses = false; ///< The item would break. What was wrong before already only warns.
    QString what;         ///< The label or letter it is about, or the text with its characters spelled out.
    bool operator==(const EditProblem &) const = default;
};

struct EditedText
{
    CandidateText text; ///< As wanted, with the parts that `fields` knows of the question (docs/families.md).
    QList<EditProblem> problems;
    bool isRefused() const;
};
/// What becomes of an item when a person gives it other texts or labels; `fields` of `wanted` are those of `before`.
EditedText editedText(const CandidateText &before, const CandidateText &wanted, const QString &family);

/// The statement inside a question follows a change of the statement, where it stands there exactly once.
QString questionWithStatement(const QString &question, const QString &former, const QString &statement);

} // namespace evalwright
