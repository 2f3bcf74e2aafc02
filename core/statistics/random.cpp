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

IndexStream::IndexStream(std::uint64_t seed, std::uint64_t stream, std::uint32_t size)
    : m_key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}, m_stream(stream), m_size(size)
{
}

void IndexStream::fill(std::uint32_t replicate, std::uint32_t number, std::array<std::uint32_t, batch> &indices) const
{
    // philoxBlock on eight counters side by side. Words are kept in 64-bit lanes with an empty upper half, the form in
    // which processors multiply several at once.
    constexpr std::size_t blocks = batch / 4;
    constexpr std::uint64_t half = 0xFFFFFFFF;
    std::array<std::uint64_t, blocks> a, b, c, d;
    for (std::size_t i = 0; i < blocks; ++i) {
        a[i] = (std::uint64_t{number} * blocks + i) & half;
        b[i] = replicate;
        c[i] = m_stream & half;
        d[i] = m_stream >> 32;
    }
    std::uint64_t k0 = m_key[0], k1 = m_key[1];
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < blocks; ++i) {
            const std::uint64_t first = 0xD2511F53U * (a[i] & half), second = 0xCD9E8D57U * (c[i] & half);
            a[i] = (second >> 32) ^ b[i] ^ k0;
            b[i] = second & half;
            c[i] = (first >> 32) ^ d[i] ^ k1;
            d[i] = first & half;
        }
        k0 = (k0 + 0x9E3779B9) & half;
        k1 = (k1 + 0xBB67AE85) & half;
    }
    for (std::size_t i = 0; i < blocks; ++i) {
        indices[4 * i] = static_cast<std::uint32_t>((a[i] * m_size) >> 32);
        indices[4 * i + 1] = static_cast<std::uint32_t>((b[i] * m_size) >> 32);
        indices[4 * i + 2] = static_cast<std::uint32_t>((c[i] * m_size) >> 32);
        indices[4 * i + 3] = static_cast<std::uint32_t>((d[i] * m_size) >> 32);
    }
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
