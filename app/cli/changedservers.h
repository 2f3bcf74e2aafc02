// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

namespace evalwright::cli {

/// For --accept-changed-server: looks at the server of each model, and probes again those that are not what their probe
/// saw, saying what has changed. Models that were never probed are left alone.
Status probeChangedServers(Context &context, const JobServices &services, const QStringList &models);

/// exact | forced | first-token | sampled | not probed | server changed: how a model would be scored, in a word.
QString scoringBadge(const Model &model);

} // namespace evalwright::cli
