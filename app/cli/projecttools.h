// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"
#include "storage/tools/sqlitefile.h"

namespace evalwright::cli {

/// project copy-dataset, merge, backup, compact, recover.
void addProjectToolCommands(CLI::App &project, Context &context);
/// dataset compare.
void addCompareVersionsCommand(CLI::App &dataset, Context &context);
/// The progress line for work on whole files.
ToolProgressFunction toolProgress(Context &context);

} // namespace evalwright::cli
