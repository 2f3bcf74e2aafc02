// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/preparation.h"

/// Inside of the evaluation room: under which frames, and scored how, a model is asked the data sets of a call.
namespace evalwright::preparation {

/// Adds a stage for each frame of the model, and warnings about it. `datasets` must be there, without their items.
/// InvalidInput when a data set has no frame that fits or a frame no data set; errors of resolveFrame() and
/// chooseScoring().
Status addStages(Prepared &prepared, const Model &model, const EvaluateSpec &spec);

/// Frames that end in "(" can be gone on with by a letter only: Unsupported when an item has other labels.
Status checkLetters(const Prepared &prepared);

/// Makes of every stage one for each repeat, one behind the other. All else about the stages must be decided.
void repeatStages(Prepared &prepared, qint64 repeats);

} // namespace evalwright::preparation
