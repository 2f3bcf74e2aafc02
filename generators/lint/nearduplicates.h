// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/lint/vocabulary.h"

#include <optional>
#include <vector>

namespace evalwright {

/// For each set the first earlier one with a Jaccard index of at least 4/5, exactly: no sketches. Sets without words
/// have none.
///
/// By the join of generators/similarity/setjoin.h. No value when cancelled.
std::optional<std::vector<qint64>> firstNearDuplicates(const RowWords &sets, size_t vocabulary,
                                                       const CancellationToken &token = {});

} // namespace evalwright
