// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace evalwright {

/// How a long computation over texts or embeddings is run. No result of generators/similarity depends on `threads`.
struct SimilarityWork
{
    CancellationToken token;
    /// Called on the calling thread only, with a share of 0 … 1 that never falls.
    std::function<void(double)> progress;
    int threads = 0; ///< 0: one per core.
};

/// For each item the index of the earliest earlier item that it repeats, or `notRepeated`.
using Repeats = std::vector<std::int32_t>;
inline constexpr std::int32_t notRepeated = -1;

/// Runs the phases of one computation: splits them over threads, reports progress, stops when asked.
class SimilarityRun
{
public:
    explicit SimilarityRun(const SimilarityWork &work);

    /// Calls `body(begin, end)` for pieces of 0 … count-1 of at most `grain`, on several threads at once and in any
    /// order; `share` is what this phase adds to the progress. A body that takes longer than some hundredths of a
    /// second looks at stopped() itself and returns. Errors: Cancelled; Unknown when memory ran out.
    Status each(std::size_t count, std::size_t grain, double share,
                const std::function<void(std::size_t begin, std::size_t end)> &body);
    bool stopped() const { return m_work.token.isCancelled(); }
    /// The error of a stopped run, for phases on one thread: every few thousand steps.
    Status check() const;
    /// For phases on one thread.
    void advance(double share);
    void finish() { advance(1); }
    int threads() const { return m_threads; }

private:
    const SimilarityWork &m_work;
    int m_threads = 1;
    double m_done = 0, m_reported = 0;

    void report(double done);
};

/// Spreads the bits of a number (the finaliser of SplitMix64), for hashes that are the same everywhere.
inline std::uint64_t scrambled(std::uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

/// Lowers `target` to `value` if that is smaller; several threads may do so at once, the smallest value stays.
inline void lowerTo(std::int32_t &target, std::int32_t value)
{
    const std::atomic_ref<std::int32_t> shared(target);
    std::int32_t now = shared.load(std::memory_order_relaxed);
    while (value < now && !shared.compare_exchange_weak(now, value, std::memory_order_relaxed)) {
    }
}
inline std::int32_t sharedValue(std::int32_t &target)
{
    return std::atomic_ref<std::int32_t>(target).load(std::memory_order_relaxed);
}

} // namespace evalwright
