// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

namespace evalwright::cli {

/// `dataset gap`
void addGapCommand(CLI::App &dataset, Context &context);
/// `dataset verdict`
void addVerdictCommand(CLI::App &dataset, Context &context);
/// `recipe compare`
void addCompareDatasetsCommand(CLI::App &recipe, Context &context);

} // namespace evalwright::cli
