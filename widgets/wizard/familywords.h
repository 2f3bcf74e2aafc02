// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/recipe.h"

namespace evalwright {

/// How the window speaks of a family: titles, an example of ours, and what its groups are called.
struct FamilyWords
{
    QString family; ///< As in recipes.
    QString title, example, measures;
    QString perGroup; ///< "label", "side", "letter", "occupation": what samples are counted by.
    QString askFor, keep, balance; ///< Labels of the size page's fields.
    bool confidence = true; ///< Whether a floor for the confidence means anything.
};
/// The families in the order in which they are shown.
const QList<FamilyWords> &familyWords();
/// Words for an unknown family, too: those that fit any.
const FamilyWords &wordsOf(const QString &family);

/// Whose wishes a target stands for: "agree", "politically liberal", "answer (A)", "dentist".
QString targetWords(const Recipe &recipe, const QString &label);

} // namespace evalwright
