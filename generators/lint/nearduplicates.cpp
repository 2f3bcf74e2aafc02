// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/nearduplicates.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace evalwright {

namespace {

// Jaccard >= 4/5, in whole numbers.
constexpr size_t numerator = 4, denominator = 5;

/// Smallest overlap of sets of these sizes: overlap / (n + m - overlap) >= 4/5.
size_t leastOverlap(size_t n, size_t m)
{
    const size_t sum = numerator * (n + m), parts = numerator + denominator;
    return (sum + parts - 1) / parts;
}
size_t smallestPartner(size_t n)
{
    return (n * numerator + denominator - 1) / denominator;
}
/// How many of its rarest words a set is looked up by.
size_t prefixLength(size_t n)
{
    return n - smallestPartner(n) + 1;
}

/// Sets above this size have postings by word only: they are few, and their sizes too many to try.
constexpr size_t longSet = 64;

struct Posting
{
    quint64 key;
    quint32 set;
};
/// Word, size (0: long) and place (0 for long sets) as one number; a place in a short set's prefix is below 16.
quint64 keyOf(quint32 word, size_t size, size_t place)
{
    return quint64(word) << 11 | quint64(size > longSet ? 0 : size) << 4 | quint64(size > longSet ? 0 : place);
}

class Join
{
public:
    Join(const RowWords &sets, size_t vocabulary) : m_sets{{}, sets.ends}
    {
        rankByRareness(sets, vocabulary);
        m_twin.assign(sets.size(), -1);
        std::unordered_multimap<size_t, quint32> byHash;
        byHash.reserve(sets.size());
        for (size_t i = 0; i < sets.size(); ++i) {
            if (m_sets.sizeOf(i) == 0)
                continue;
            size_t hash = 14695981039346656037ULL;
            for (const quint32 *w = m_sets.begin(i); w != m_sets.end(i); ++w)
                hash = (hash ^ *w) * 1099511628211ULL;
            const auto [from, to] = byHash.equal_range(hash);
            const auto equal = std::find_if(from, to, [&](const auto &entry) {
                return std::equal(m_sets.begin(i), m_sets.end(i), m_sets.begin(entry.second), m_sets.end(entry.second));
            });
            if (equal != to)
                m_twin[i] = equal->second;
            else
                byHash.emplace(hash, static_cast<quint32>(i));
        }
        indexPrefixes();
    }

    qint64 firstBefore(size_t i) const
    {
        const size_t n = m_sets.sizeOf(i);
        if (n == 0)
            return -1;
        // An equal earlier set bounds what may still come before it.
        auto best = static_cast<quint32>(m_twin[i] >= 0 ? m_twin[i] : qint64(i));
        const quint32 *words = m_sets.begin(i);
        const size_t largest = n * denominator / numerator;
        for (size_t place = 0; place < prefixLength(n); ++place) {
            for (size_t m = smallestPartner(n); m <= std::min(largest, longSet); ++m) {
                const size_t need = leastOverlap(n, m);
                if (n - place < need)
                    continue;
                for (size_t other = 0; other < prefixLength(m) && m - other >= need; ++other)
                    best = firstIn(keyOf(words[place], m, other), i, best);
            }
            if (largest > longSet)
                best = firstIn(keyOf(words[place], longSet + 1, 0), i, best);
        }
        return best < i ? qint64(best) : -1;
    }

private:
    /// Words become ranks, the rarest 0, and the sets ascending lists of ranks.
    void rankByRareness(const RowWords &sets, size_t vocabulary)
    {
        std::vector<quint32> counts(vocabulary), order(vocabulary), rank(vocabulary);
        for (const quint32 word : sets.words)
            ++counts[word];
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::stable_sort(order, [&](quint32 a, quint32 b) { return counts[a] < counts[b]; });
        for (size_t r = 0; r < order.size(); ++r)
            rank[order[r]] = static_cast<quint32>(r);
        m_sets.words.resize(sets.words.size());
        std::ranges::transform(sets.words, m_sets.words.begin(), [&](quint32 word) { return rank[word]; });
        for (size_t i = 0; i < sets.size(); ++i)
            std::sort(m_sets.words.begin() + (m_sets.begin(i) - m_sets.words.data()),
                      m_sets.words.begin() + (m_sets.end(i) - m_sets.words.data()));
    }

    void indexPrefixes()
    {
        for (size_t i = 0; i < m_sets.size(); ++i) {
            const size_t n = m_sets.sizeOf(i);
            if (n == 0 || m_twin[i] >= 0)
                continue;
            for (size_t place = 0; place < prefixLength(n); ++place)
                m_postings.push_back({keyOf(m_sets.begin(i)[place], n, place), static_cast<quint32>(i)});
        }
        std::ranges::sort(m_postings, [](const Posting &a, const Posting &b) {
            return a.key != b.key ? a.key < b.key : a.set < b.set;
        });
        size_t size = 64;
        while (size < m_postings.size() * 2)
            size *= 2;
        m_starts.assign(size, 0);
        for (size_t p = 0; p < m_postings.size(); ++p) {
            if (p == 0 || m_postings[p].key != m_postings[p - 1].key) {
                size_t at = slot(m_postings[p].key);
                while (m_starts[at] != 0)
                    at = (at + 1) & (size - 1);
                m_starts[at] = static_cast<quint32>(p + 1);
            }
        }
    }
    size_t slot(quint64 key) const
    {
        quint64 h = key * 0x9E3779B97F4A7C15ULL;
        h ^= h >> 29;
        return h & (m_starts.size() - 1);
    }

    /// The first set with this posting that comes before `best` and is near set i, else `best`.
    quint32 firstIn(quint64 key, size_t i, quint32 best) const
    {
        size_t at = slot(key);
        while (m_starts[at] != 0 && m_postings[m_starts[at] - 1].key != key)
            at = (at + 1) & (m_starts.size() - 1);
        if (m_starts[at] == 0)
            return best;
        for (size_t p = m_starts[at] - 1; p < m_postings.size() && m_postings[p].key == key; ++p) {
            if (m_postings[p].set >= best)
                break;
            if (areNear(i, m_postings[p].set))
                return m_postings[p].set;
        }
        return best;
    }

    bool areNear(size_t i, size_t j) const
    {
        const quint32 *a = m_sets.begin(i), *b = m_sets.begin(j);
        const quint32 *const endA = m_sets.end(i), *const endB = m_sets.end(j);
        const size_t n = m_sets.sizeOf(i), m = m_sets.sizeOf(j);
        if (n * numerator > m * denominator || m * numerator > n * denominator)
            return false;
        const size_t need = leastOverlap(n, m);
        size_t missA = n - need, missB = m - need; // Words that may still be unmatched.
        while (a != endA && b != endB) {
            if (*a == *b) {
                ++a;
                ++b;
            } else if (*a < *b) {
                if (missA-- == 0)
                    return false;
                ++a;
            } else {
                if (missB-- == 0)
                    return false;
                ++b;
            }
        }
        return size_t(endA - a) <= missA && size_t(endB - b) <= missB;
    }

    RowWords m_sets;
    std::vector<qint64> m_twin; ///< An earlier equal set; -1: none.
    std::vector<Posting> m_postings;
    std::vector<quint32> m_starts; ///< Open addressing: 1 + first posting of a key.
};

} // namespace

std::optional<std::vector<qint64>> firstNearDuplicates(const RowWords &sets, size_t vocabulary,
                                                       const CancellationToken &token)
{
    const Join join(sets, vocabulary);
    std::vector<qint64> first(sets.size(), -1);
    for (size_t i = 0; i < sets.size(); ++i) {
        if (i % 4096 == 0 && token.isCancelled())
            return std::nullopt;
        first[i] = join.firstBefore(i);
    }
    return first;
}

} // namespace evalwright
