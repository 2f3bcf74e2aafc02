// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/preparation.h"

/// Inside of the evaluation room: which items can be asked under which controls and orders of options.
namespace evalwright::preparation {

/// The controls of a call, each once, in the order of controlNames(). NotFound for an unknown one.
Result<QStringList> controlsOf(const EvaluateSpec &spec);

/// Fills `conditions` from the items of `datasets`, and says in `warnings` how many items are left out and why.
/// Unsupported when no item at all has a control that is asked for.
Status prepareConditions(Connection &connection, Prepared &prepared, const EvaluateSpec &spec,
                         const QuestionMaker &maker);

/// Makes of every model and frame in `stages` one stage for each condition that has items of the frame's data sets.
/// Unsupported for a control that the frame or the model cannot be asked with.
Status multiplyStages(Prepared &prepared, const EvaluateSpec &spec, std::shared_ptr<const QuestionMaker> maker);

} // namespace evalwright::preparation
