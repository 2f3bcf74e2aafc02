// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/setjoin.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace evalwright {

namespace {

constexpr std::int32_t none = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t recordsAtOnce = 1'500'000; ///< Sorting them is the longest step that cannot be stopped.

/// Sizes lo … hi of the larger set of a pair; the smaller one has at least `smallest` words.
struct Range
{
    std::size_t lo, hi, smallest;
};

struct Scheme
{
    std::size_t words = 1; ///< k, or
    std::size_t parts = 0; ///< the number of parts, when above 0.
};

enum Role : std::uint32_t { AsLarger = 1, AsSmaller = 2 };

struct Record
{
    std::uint64_t key;
    std::int32_t set;
    std::uint32_t roles;
};

struct Member
{
    std::uint64_t bits;
    std::int32_t set;
    std::uint32_t size, roles;
};

/// Bits of the words of each set that has at least `leastSize` of them.
class Sketches
{
public:
    Sketches(const WordSets &sets, std::size_t leastSize, std::size_t width);
    std::size_t leastSize() const { return m_leastSize; }
    /// The number of bits that differ: at most the number of words that do.
    std::size_t differing(std::int32_t a, std::int32_t b) const;

private:
    std::size_t m_leastSize, m_width; ///< In 64-bit words, a power of two.
    std::vector<std::int32_t> m_at;
    std::vector<std::uint64_t> m_bits;
};

Sketches::Sketches(const WordSets &sets, std::size_t leastSize, std::size_t width)
    : m_leastSize(leastSize), m_width(width), m_at(sets.size(), -1)
{
    std::int32_t next = 0;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        if (sets.at(i).size() < leastSize)
            continue;
        m_at[i] = next++;
        m_bits.resize(m_bits.size() + width);
        for (const std::uint32_t word : sets.at(i))
            m_bits[m_bits.size() - width + ((scrambled(word) >> 6) & (width - 1))] |= std::uint64_t{1}
                                                                                      << (scrambled(word) & 63);
    }
}

__attribute__((always_inline)) inline std::size_t Sketches::differing(std::int32_t a, std::int32_t b) const
{
    const auto at = [&](std::int32_t set) {
        return m_bits.data() + static_cast<std::size_t>(m_at[static_cast<std::size_t>(set)]) * m_width;
    };
    const std::uint64_t *first = at(a), *second = at(b);
    std::size_t bits = 0;
    for (std::size_t i = 0; i < m_width; ++i)
        bits += static_cast<std::size_t>(__builtin_popcountll(first[i] ^ second[i]));
    return bits;
}

class Join
{
public:
    Join(const WordSets &sets, double threshold, JoinKeys keys, SimilarityRun &run);
    Status all(double share);
    Repeats take();

private:
    const WordSets &m_sets;
    JoinKeys m_keys;
    SimilarityRun &m_run;
    std::vector<std::uint32_t> m_needed;   ///< o by the sum of both sizes.
    std::vector<std::uint64_t> m_bits;     ///< Per set: one bit per word, so that most pairs need no look at the words.
    Sketches m_sketches, m_longSketches;   ///< The same with more bits, for sets for which 64 are too few.
    std::vector<std::int32_t> m_bySize;    ///< Sets, by size.
    std::vector<std::size_t> m_sizeBegins; ///< Per size: where in m_bySize.
    std::vector<std::int32_t> m_best;

    std::size_t needed(std::size_t a, std::size_t b) const { return m_needed[a + b]; }
    std::size_t smallestPartner(std::size_t size) const;
    std::span<const std::int32_t> members(const Range &range) const;
    template <class Found>
    void keys(std::int32_t set, const Range &range, const Scheme &scheme, Found found) const;
    template <class Found>
    static void combinations(std::span<const std::uint32_t> words, std::size_t larger, std::size_t smaller,
                             std::size_t k, Found found);
    struct Cost
    {
        double pairs = 0, records = 0;
        double seconds() const { return 2e-9 * pairs + 150e-9 * records; }
    };
    Result<Cost> cost(const Range &range, const Scheme &scheme) const;
    std::size_t partsFor(const Range &range) const;
    Result<std::pair<Scheme, Cost>> choose(const Range &range) const;
    Status join(const Range &range, const Scheme &scheme, double records, double share);
    void compareGroup(std::span<const Member> group);
    void compare(std::span<const Member> group);
    void compareWithPopcount(std::span<const Member> group);
    bool alike(std::int32_t a, std::int32_t b) const;
};

Join::Join(const WordSets &sets, double threshold, JoinKeys keys, SimilarityRun &run)
    : m_sets(sets), m_keys(keys), m_run(run), m_bits(sets.size()), m_sketches(sets, 24, 8),
      m_longSketches(sets, 128, 64), m_best(sets.size(), none)
{
    std::size_t largest = 0;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        largest = std::max(largest, sets.at(i).size());
        for (const std::uint32_t word : sets.at(i))
            m_bits[i] |= std::uint64_t{1} << (scrambled(word) & 63);
    }
    std::uint32_t o = 0;
    for (std::size_t sum = 0; sum <= 2 * largest; ++sum) {
        while (o < threshold * static_cast<double>(sum - o) - 1e-12)
            ++o;
        m_needed.push_back(std::max(o, 1U));
    }
    m_sizeBegins.assign(largest + 2, 0);
    for (std::size_t i = 0; i < sets.size(); ++i)
        ++m_sizeBegins[sets.at(i).size() + 1];
    for (std::size_t size = 1; size < m_sizeBegins.size(); ++size)
        m_sizeBegins[size] += m_sizeBegins[size - 1];
    m_bySize.resize(sets.size());
    auto next = m_sizeBegins;
    for (std::size_t i = 0; i < sets.size(); ++i)
        m_bySize[next[sets.at(i).size()]++] = static_cast<std::int32_t>(i);
}

std::size_t Join::smallestPartner(std::size_t size) const
{
    std::size_t partner = size;
    while (partner > 1 && needed(size, partner - 1) <= partner - 1)
        --partner;
    return partner;
}

std::span<const std::int32_t> Join::members(const Range &range) const
{
    return std::span(m_bySize).subspan(m_sizeBegins[range.smallest],
                                       m_sizeBegins[range.hi + 1] - m_sizeBegins[range.smallest]);
}

/// All choices of k out of the first `larger` words; those out of the first `smaller` ones serve in both roles.
template <class Found>
void Join::combinations(std::span<const std::uint32_t> words, std::size_t larger, std::size_t smaller, std::size_t k,
                        Found found)
{
    const std::size_t prefix = std::min(words.size(), std::max(larger, smaller));
    if (prefix < k)
        return;
    std::vector<std::size_t> chosen(k);
    std::vector<std::uint64_t> hash(k + 1, 0x9E3779B97F4A7C15ULL * k);
    for (std::size_t level = 0;;) { // Depth first; chosen[level] is the position tried next on that level.
        if (chosen[level] > prefix - (k - level)) {
            if (level == 0)
                return;
            ++chosen[--level];
            continue;
        }
        hash[level + 1] = scrambled(hash[level] + words[chosen[level]] + 1);
        if (level + 1 < k) {
            chosen[level + 1] = chosen[level] + 1;
            ++level;
            continue;
        }
        found(hash[k], (chosen[level] < larger ? AsLarger : 0U) | (chosen[level] < smaller ? AsSmaller : 0U));
        ++chosen[level];
    }
}

template <class Found>
void Join::keys(std::int32_t set, const Range &range, const Scheme &scheme, Found found) const
{
    const auto words = m_sets.at(static_cast<std::size_t>(set));
    const std::size_t size = words.size();
    const bool canBeLarger = size >= range.lo;
    if (scheme.parts > 0) {
        std::vector<std::uint64_t> parts(scheme.parts);
        for (std::size_t part = 0; part < scheme.parts; ++part)
            parts[part] = scrambled(part + 1);
        for (const std::uint32_t word : words) { // By rank, so that rare and common words are in every part.
            std::uint64_t &key = parts[word % scheme.parts];
            key = scrambled(key + word + 1);
        }
        for (const std::uint64_t key : parts)
            found(key, (canBeLarger ? AsLarger : 0U) | AsSmaller);
        return;
    }
    const std::size_t larger = canBeLarger ? size - needed(size, smallestPartner(size)) + scheme.words : 0;
    const std::size_t least = needed(std::max(range.lo, size), size);
    const std::size_t smaller = least <= size ? size - least + scheme.words : 0;
    combinations(words, larger, smaller, scheme.words, found);
}

Result<Join::Cost> Join::cost(const Range &range, const Scheme &scheme) const
{
    // Keys that fall on the same counter count as one: an estimate from above.
    std::vector<std::uint32_t> counts(std::size_t{1} << 21);
    Cost cost;
    std::size_t looked = 0;
    for (const std::int32_t set : members(range)) {
        if (++looked % 4096 == 0)
            EVALWRIGHT_TRY(m_run.check());
        keys(set, range, scheme, [&](std::uint64_t key, std::uint32_t) {
            cost.pairs += counts[key >> 43]++;
            ++cost.records;
        });
    }
    cost.pairs = std::max(0.0, cost.pairs - cost.records * cost.records / 2 / static_cast<double>(counts.size()));
    return cost;
}

/// One more than the words in which two sets may differ. That does not only grow with their sizes: o is a whole number.
std::size_t Join::partsFor(const Range &range) const
{
    std::size_t differing = 0;
    for (std::size_t sum = range.lo + range.smallest; sum <= 2 * range.hi; ++sum)
        differing = std::max(differing, sum - std::min<std::size_t>(sum, 2 * std::size_t{m_needed[sum]}));
    return differing + 1;
}

Result<std::pair<Scheme, Join::Cost>> Join::choose(const Range &range) const
{
    const auto choices = [](std::size_t n, std::size_t k) {
        double product = 1;
        for (std::size_t i = 1; i <= k; ++i)
            product *= static_cast<double>(n - k + i) / static_cast<double>(i);
        return product;
    };
    const std::size_t extra = range.hi - needed(range.hi, smallestPartner(range.hi));
    const std::size_t most = needed(range.lo, range.smallest);
    std::pair<Scheme, Cost> best;
    if (m_keys != JoinKeys::Cheapest) {
        best.first = m_keys == JoinKeys::Parts ? Scheme{0, partsFor(range)} : Scheme{std::min<std::size_t>(2, most), 0};
        EVALWRIGHT_ASSIGN(best.second, cost(range, best.first));
        return best;
    }
    for (std::size_t k = 1; k <= most && (k == 1 || choices(extra + k, k) <= 128); ++k) {
        EVALWRIGHT_ASSIGN(const Cost now, cost(range, {k, 0}));
        if (k > 1 && now.seconds() >= best.second.seconds()) {
            if (now.seconds() > 2 * best.second.seconds())
                break;
            continue;
        }
        best = {{k, 0}, now};
        if (2e-9 * now.pairs < 0.3 * 150e-9 * now.records)
            return best;
    }
    if (2e-9 * best.second.pairs < 0.1)
        return best;
    EVALWRIGHT_ASSIGN(const Cost now, cost(range, {0, partsFor(range)}));
    if (now.seconds() < best.second.seconds())
        best = {{0, partsFor(range)}, now};
    return best;
}

bool Join::alike(std::int32_t first, std::int32_t second) const
{
    const auto a = m_sets.at(static_cast<std::size_t>(first)), b = m_sets.at(static_cast<std::size_t>(second));
    const std::size_t wanted = needed(a.size(), b.size());
    std::size_t common = 0, i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (common + std::min(a.size() - i, b.size() - j) < wanted)
            return false;
        common += a[i] == b[j];
        const bool forward = a[i] <= b[j], other = b[j] <= a[i];
        i += forward;
        j += other;
    }
    return common >= wanted;
}

__attribute__((always_inline)) inline void Join::compare(std::span<const Member> group)
{
    for (std::size_t x = 1; x < group.size() && !m_run.stopped(); ++x) {
        const Member &later = group[x];
        std::int32_t &best = m_best[static_cast<std::size_t>(later.set)];
        // A set is not its own repeat, even if two of its keys should be equal by chance.
        const std::int32_t before = std::min(sharedValue(best), later.set);
        for (std::size_t y = 0; y < x && group[y].set < before; ++y) {
            const Member &earlier = group[y];
            const bool laterIsLarger = earlier.size <= later.size;
            const Member &larger = laterIsLarger ? later : earlier, &smaller = laterIsLarger ? earlier : later;
            if (!(larger.roles & AsLarger) || !(smaller.roles & AsSmaller))
                continue;
            const std::size_t sum = std::size_t{later.size} + earlier.size, wanted = m_needed[sum];
            // Words that differ set different bits or the same one: never more bits than words.
            if (smaller.size < wanted ||
                static_cast<std::size_t>(__builtin_popcountll(later.bits ^ earlier.bits)) > sum - 2 * wanted)
                continue;
            if (smaller.size >= m_sketches.leastSize() &&
                m_sketches.differing(later.set, earlier.set) > sum - 2 * wanted)
                continue;
            if (smaller.size >= m_longSketches.leastSize() &&
                m_longSketches.differing(later.set, earlier.set) > sum - 2 * wanted)
                continue;
            if (alike(later.set, earlier.set)) {
                lowerTo(best, earlier.set);
                break;
            }
        }
    }
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("popcnt")))
#endif
void Join::compareWithPopcount(std::span<const Member> group)
{
    compare(group);
}

void Join::compareGroup(std::span<const Member> group)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("popcnt")) {
        compareWithPopcount(group);
        return;
    }
#endif
    compare(group);
}

Status Join::join(const Range &range, const Scheme &scheme, double records, double share)
{
    const auto passes = static_cast<std::size_t>(records / static_cast<double>(recordsAtOnce)) + 1;
    return m_run.each(passes, 1, share, [&](std::size_t pass, std::size_t) {
        std::vector<Record> found;
        std::size_t looked = 0;
        for (const std::int32_t set : members(range)) {
            if (++looked % 4096 == 0 && m_run.stopped())
                return;
            keys(set, range, scheme, [&](std::uint64_t key, std::uint32_t roles) {
                if ((key >> 20) % passes == pass)
                    found.push_back({key, set, roles});
            });
        }
        std::ranges::sort(
            found, [](const Record &a, const Record &b) { return a.key != b.key ? a.key < b.key : a.set < b.set; });
        std::vector<Member> group;
        for (std::size_t i = 0; i < found.size() && !m_run.stopped();) {
            group.clear();
            for (const std::uint64_t key = found[i].key; i < found.size() && found[i].key == key; ++i) {
                const auto set = static_cast<std::size_t>(found[i].set);
                group.push_back(
                    {m_bits[set], found[i].set, static_cast<std::uint32_t>(m_sets.at(set).size()), found[i].roles});
            }
            compareGroup(group);
        }
    });
}

Status Join::all(double share)
{
    const std::size_t largest = m_sizeBegins.size() - 2;
    std::vector<Range> ranges;
    double total = 0;
    for (std::size_t lo = 1; lo <= largest;) {
        const std::size_t hi = lo < 24 ? lo : std::min(largest, lo + lo / 10);
        const Range range{lo, hi, smallestPartner(lo)};
        // Different sets of one size that may not differ cannot be alike.
        const bool possible = range.smallest < hi || needed(hi, hi) < hi;
        if (possible && m_sizeBegins[hi + 1] > m_sizeBegins[lo]) {
            ranges.push_back(range);
            total += static_cast<double>(members(range).size());
        }
        lo = hi + 1;
    }
    for (const Range &range : ranges) {
        const double part = share * static_cast<double>(members(range).size()) / total;
        EVALWRIGHT_ASSIGN(const auto best, choose(range));
        EVALWRIGHT_TRY(join(range, best.first, best.second.records, part));
    }
    return {};
}

Repeats Join::take()
{
    std::ranges::replace(m_best, none, notRepeated);
    return std::move(m_best);
}

} // namespace

Result<Repeats> joinSets(const WordSets &sets, double threshold, SimilarityRun &run, double share, JoinKeys keys)
{
    Join join(sets, threshold, keys, run);
    EVALWRIGHT_TRY(join.all(share));
    return join.take();
}

Result<Repeats> joinTexts(const WordSets &sets, double threshold, SimilarityRun &run, double share)
{
    EVALWRIGHT_ASSIGN(const Repeats earlier, joinSets(sets, threshold, run, share));
    Repeats repeats(sets.setOf.size(), notRepeated);
    for (std::size_t i = 0; i < repeats.size(); ++i) {
        if (sets.setOf[i] < 0)
            continue;
        const auto set = static_cast<std::size_t>(sets.setOf[i]);
        // A set is numbered by its first text: the earliest set that is alike has the earliest text.
        const std::int32_t first =
            sets.first[earlier[set] == notRepeated ? set : static_cast<std::size_t>(earlier[set])];
        if (first < static_cast<std::int32_t>(i))
            repeats[i] = first;
    }
    return repeats;
}

} // namespace evalwright
