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
/// Prefix filtering (Chaudhuri 2006, Xiao 2008): two sets that share so much must share one of their few rarest words,
/// at places that leave enough behind them. Postings are kept by word, size of the set and place in it, so templates
/// of which many items share all but a few words cost no pairs. Equal sets are looked at once. A million statements of
/// a dozen words take seconds and about 30 bytes per word; the worst case, many long sets that share their rarest
/// words without being alike, grows with the number of such pairs. No value when cancelled.
std::optional<std::vector<qint64>> firstNearDuplicates(const RowWords &sets, size_t vocabulary,
                                                       const CancellationToken &token = {});

} // namespace evalwright
