// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

namespace evalwright::cli {

/// `dataset card`
void addCardCommand(CLI::App &dataset, Context &context);

} // namespace evalwright::cli
