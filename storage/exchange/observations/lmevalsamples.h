// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/observations/observationrecord.h"

#include <QByteArray>

#include <memory>

namespace evalwright {

/// Whether the first row is one of a sample log of lm-evaluation-harness.
bool recognisesLmEvalSamples(const QByteArray &head);

/// A sample log of lm-evaluation-harness (0.4): JSON Lines, one document a row, of tasks whose answer is chosen among
/// texts by their likelihood, or generated and scored 0 or 1. The data set is the task of the file's name; the model is
/// that of the results file with the same time stamp beside it, else `model`. InvalidInput when nobody says which model
/// it is.
Result<std::unique_ptr<ObservationSource>> openLmEvalSamples(const QString &path, const QString &model);

} // namespace evalwright
