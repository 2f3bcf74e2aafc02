// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/random.h"

#include <numeric>
#include <utility>

namespace evalwright::statistics {

std::array<std::uint32_t, 4> philoxBlock(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k)
{
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t first = std::uint64_t{0xD2511F53} * c[0];
        const std::uint64_t second = std::uint64_t{0xCD9E8D57} * c[2];
        c = {static_cast<std::uint32_t>(second >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(second),
             static_cast<std::uint32_t>(first >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(first)};
        k[0] += 0x9E3779B9;
        k[1] += 0xBB67AE85;
    }
    return c;
}

std::uint64_t streamId(std::string_view name)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : name) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view stream, std::uint32_t replicate)
    : m_key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}, m_stream(streamId(stream)),
      m_replicate(replicate)
{
}

std::uint32_t RandomStream::word(std::uint32_t position)
{
    const std::uint32_t block = position / 4;
    if (!m_filled || block != m_block) {
        m_words = philoxBlock(
            {block, m_replicate, static_cast<std::uint32_t>(m_stream), static_cast<std::uint32_t>(m_stream >> 32)},
            m_key);
        m_block = block;
        m_filled = true;
    }
    return m_words[position % 4];
}

Stat<std::vector<std::uint32_t>> drawIndices(std::uint64_t seed, std::string_view stream, std::uint32_t replicate,
                                             std::size_t count, std::size_t size)
{
    if (size < 1 || size > (std::size_t{1} << 20))
        return refuse(StatCode::OutOfRange);
    RandomStream random(seed, stream, replicate);
    std::vector<std::uint32_t> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::uint32_t>((std::uint64_t{random.word(static_cast<std::uint32_t>(i))} * size) >> 32);
    return out;
}

std::vector<double> drawUniforms(std::uint64_t seed, std::string_view stream, std::uint32_t replicate,
                                 std::size_t count)
{
    RandomStream random(seed, stream, replicate);
    std::vector<double> out(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t low = random.word(static_cast<std::uint32_t>(2 * i));
        const std::uint64_t high = random.word(static_cast<std::uint32_t>(2 * i + 1));
        out[i] = static_cast<double>(((high << 32) | low) >> 11) * 0x1.0p-53;
    }
    return out;
}

std::vector<std::uint32_t> shuffle(std::uint64_t seed, std::string_view stream, std::size_t size)
{
    std::vector<std::uint32_t> order(size);
    std::iota(order.begin(), order.end(), 0U);
    RandomStream random(seed, stream);
    for (std::size_t t = 0; t + 1 < size; ++t) {
        const std::size_t i = size - 1 - t;
        const auto j =
            static_cast<std::size_t>((std::uint64_t{random.word(static_cast<std::uint32_t>(t))} * (i + 1)) >> 32);
        std::swap(order[i], order[j]);
    }
    return order;
}

} // namespace evalwright::statistics
