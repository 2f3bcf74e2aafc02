// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

#include "generators/checker/recheck.h"

namespace evalwright::cli {

void addFilterCommand(CLI::App &app, Context &context);

/// Asks the checker again and prints what came of it; shared with `job resume`. Exit status 3 when single requests
/// failed.
Result<int> runRecheck(Context &context, const RecheckSpec &spec);

} // namespace evalwright::cli
