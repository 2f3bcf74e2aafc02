// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

/// Counter-based random numbers: a draw is a function of (seed, stream, replicate, position), so threads, chunk sizes
/// and resumed work cannot change a result.
namespace evalwright::statistics {

/// Philox4x32-10 (Salmon et al. 2011).
std::array<std::uint32_t, 4> philoxBlock(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);
/// FNV-1a 64 over the UTF-8 name.
std::uint64_t streamId(std::string_view name);

/// Draw number `position` of a replicate, 32 bits.
class RandomStream
{
public:
    RandomStream(std::uint64_t seed, std::string_view stream, std::uint32_t replicate = 0);
    std::uint32_t word(std::uint32_t position);

private:
    std::array<std::uint32_t, 2> m_key;
    std::uint64_t m_stream;
    std::uint32_t m_replicate;
    std::uint32_t m_block = 0;
    bool m_filled = false;
    std::array<std::uint32_t, 4> m_words{};
};

/// Indices in 0 … size-1 of one replicate, in order; a batch of eight Philox blocks at a time, in loops the compiler
/// vectorises. The same as drawIndices. 1 <= size <= 2^20.
class IndexStream
{
public:
    IndexStream(std::uint64_t seed, std::uint64_t stream, std::uint32_t size);
    static constexpr std::size_t batch = 32;
    /// Draws 32·number … 32·number + 31 of the replicate.
    void fill(std::uint32_t replicate, std::uint32_t number, std::array<std::uint32_t, batch> &indices) const;

private:
    std::array<std::uint32_t, 2> m_key;
    std::uint64_t m_stream;
    std::uint32_t m_size;
};

/// `count` indices in 0 … size-1. OutOfRange unless 1 <= size <= 2^20.
Stat<std::vector<std::uint32_t>> drawIndices(std::uint64_t seed, std::string_view stream, std::uint32_t replicate,
                                             std::size_t count, std::size_t size);
/// Uniforms in [0, 1) with 53 bits.
std::vector<double> drawUniforms(std::uint64_t seed, std::string_view stream, std::uint32_t replicate,
                                 std::size_t count);
/// A permutation of 0 … size-1; its front is a sample without replacement.
std::vector<std::uint32_t> shuffle(std::uint64_t seed, std::string_view stream, std::size_t size);

} // namespace evalwright::statistics
