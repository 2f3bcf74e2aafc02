// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"
#include "storage/exchange/answerchoices.h"
#include "storage/repositories/runs.h"

#include <QMap>

namespace evalwright {

/// Which answers are written: of one run, data set, model and frame. Empty names are those of the only ones there are.
struct LogChoice
{
    QString run, dataset, model, frame;
};

struct ChosenAnswers
{
    Run run;
    Dataset dataset;
    CellPlace place;
    QString model, frame; ///< Their names.
    QString runName() const { return run.name.isEmpty() ? run.uuid : run.name; }
};
/// NotFound with the nearest names; InvalidInput when there are several models or frames and none is named, or no
/// answers without controls and with the options as they are stored.
Result<ChosenAnswers> chooseAnswers(Connection &connection, const LogChoice &choice);

/// ln of the probability of each label of an answer, by the place of the label among the item's choices. Empty unless
/// every label has one.
QMap<qsizetype, double> logProbabilities(const Observation &answer, const AnswerChoices &choices);

} // namespace evalwright
