// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

namespace evalwright::cli {

/// `scaling`, `figure` and `report`.
void addFigureCommands(CLI::App &app, Context &context);

} // namespace evalwright::cli
