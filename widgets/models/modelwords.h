// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "lm/engine/installer.h"

/// A model's facts in the words of the window.
namespace evalwright {

/// What matters before a model is chosen: chat, raw completions, log-probabilities.
QString abilities(const Model &model);
/// Who answered the probe, as far as the server tells.
QString serverText(const Model &model);
QString whereText(const Model &model);
QString trainingText(const QString &training);
QString stateText(const EngineStatus::Model &model);

} // namespace evalwright
