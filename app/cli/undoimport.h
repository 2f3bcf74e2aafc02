// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

namespace evalwright::cli {

/// `dataset imports`, `dataset undo-import`
void addUndoImport(CLI::App &dataset, Context &context);

} // namespace evalwright::cli
