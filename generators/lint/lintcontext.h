// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "generators/lint/item.h"
#include "storage/connection.h"

namespace evalwright {

/// What rules need to know of a data set beside the item, from its recipe and behaviour and the project's own severities;
/// without files and other data sets. `rules`: those to run; empty: all.
Result<LintContext> lintContextOf(Connection &connection, const Dataset &dataset, const QStringList &rules);

} // namespace evalwright
