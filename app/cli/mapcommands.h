// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

#include "generators/map/clusternaming.h"
#include "generators/map/embed.h"

namespace evalwright::cli {

/// "dataset embed" and "dataset clusters".
void addMapCommands(CLI::App &dataset, Context &context);

/// Run and print, also for `job resume`. Exit status 3 when something has no vector or no name in the end.
Result<int> runEmbed(Context &context, const EmbedSpec &spec);
Result<int> runNameClusters(Context &context, const NameClustersSpec &spec);

} // namespace evalwright::cli
