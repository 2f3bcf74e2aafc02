// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/nearduplicates.h"

#include "generators/similarity/setjoin.h"

#include <new>

namespace evalwright {

std::optional<std::vector<qint64>> firstNearDuplicates(const RowWords &sets, size_t vocabulary,
                                                       const CancellationToken &token)
{
    constexpr double near = 0.8; // Methods-mwe section 8.2.
    SimilarityWork work;
    work.token = token;
    SimilarityRun run(work);
    const auto repeats = [&]() -> Result<Repeats> {
        EVALWRIGHT_ASSIGN(const WordSets numbered, wordSets(sets.words, sets.ends, vocabulary, run, 0.3));
        return joinTexts(numbered, near, run, 0.7);
    }();
    if (!repeats && repeats.error().code != ErrorCode::Cancelled)
        throw std::bad_alloc(); // The only other error of the join; it must not pass for a wish to stop.
    if (!repeats)
        return std::nullopt;
    return std::vector<qint64>(repeats->begin(), repeats->end());
}

} // namespace evalwright
