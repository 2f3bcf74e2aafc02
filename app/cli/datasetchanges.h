// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

namespace evalwright::cli {

/// `dataset tag`, `dataset decide`, `dataset relabel`, `dataset edits`, `dataset undo-edit`
void addDatasetChanges(CLI::App &dataset, Context &context);

} // namespace evalwright::cli
