// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/checker/validation.h"

namespace evalwright {

/// What is known of a recipe's checker from trials on items whose labels are known.
struct CheckerTrust
{
    enum class State {
        NoCheck, ///< The recipe checks no label by a form.
        Untried, ///< This model was never tried in this form and frame.
        Usable,  ///< Better than chance wherever it counts.
        Refused, ///< Not better than chance: undecided, turned round, or without mass.
    };
    State state = State::NoCheck;
    /// The trials that count: those of the recipe's own behaviour where there are any, else all of this checker.
    QList<ValidationRow> trials;
    bool sameBehaviour = false;
    /// A sentence for people with the figures; empty for NoCheck.
    QString text;
};

/// Of the first label check of a recipe, with this model, in the frame that it would be asked in. With trials of the
/// recipe's own behaviour (its description) those decide; else the checker must be usable on at least half of the data
/// sets that it was tried on.
Result<CheckerTrust> trustOf(Connection &connection, const Recipe &recipe, const Model &checker);
/// The same of one check, asked about this behaviour.
Result<CheckerTrust> trustOf(Connection &connection, const RecipeStage &check, const Behaviour &behaviour,
                             const Model &checker);

/// Unsupported when the checker was tried, is not better than chance, and no reason to use it is given.
Status mayUse(const CheckerTrust &trust, const QString &reason);

/// Whether one model wrote and checked, or both are of one family: their mistakes go together. Empty: neither.
QString familyWarning(const Model &writer, const Model &checker);

/// What whoever uses the data set must know of its checker stays with it: what trials say, why it was used all the same,
/// and that it is the writer or of its family. `writer` is null when nobody knows who wrote.
Status noteChecker(Connection &connection, DatasetId dataset, const CheckerTrust &trust, const QString &reason,
                   const Model *writer, const Model &checker);

} // namespace evalwright
