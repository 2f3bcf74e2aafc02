// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/wordsets.h"

#include <QHashFunctions>

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace evalwright {

namespace {

bool isLintWord(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'\'';
}

bool isTokenPart(char32_t c)
{
    return QChar::isLetterOrNumber(c) || QChar::isMark(c);
}

/// With the program's own seed: a hostile text cannot choose words that collide.
struct WordHash
{
    using is_transparent = void;
    std::size_t operator()(std::u16string_view word) const
    {
        return qHash(QStringView(word.data(), static_cast<qsizetype>(word.size())), QHashSeed::globalSeed());
    }
};

/// Finds out which sets were seen before.
class SetTable
{
public:
    SetTable(const WordSets &sets, std::size_t texts) : m_sets(sets)
    {
        std::size_t slots = 16;
        while (slots < 2 * texts)
            slots *= 2;
        m_slots.assign(slots, -1);
    }
    /// The set with the words of the last one, which may be itself (then it is new from now on).
    std::int32_t find(std::size_t last)
    {
        const auto wanted = m_sets.at(last);
        std::size_t slot = qHashBits(wanted.data(), wanted.size_bytes(), QHashSeed::globalSeed());
        for (;; ++slot) {
            std::int32_t &there = m_slots[slot & (m_slots.size() - 1)];
            if (there < 0)
                return there = static_cast<std::int32_t>(last);
            if (std::ranges::equal(m_sets.at(static_cast<std::size_t>(there)), wanted))
                return there;
        }
    }

private:
    const WordSets &m_sets;
    std::vector<std::int32_t> m_slots;
};

/// Renumbers the words: rarest first.
Status rankWords(WordSets &sets, std::size_t vocabulary, SimilarityRun &run, double share)
{
    std::vector<std::uint32_t> count(vocabulary), order(vocabulary), rank(vocabulary);
    for (const std::uint32_t word : sets.words)
        ++count[word];
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(
        order, [&](std::uint32_t a, std::uint32_t b) { return count[a] != count[b] ? count[a] < count[b] : a < b; });
    for (std::uint32_t i = 0; i < vocabulary; ++i)
        rank[order[i]] = i;
    return run.each(sets.size(), 4096, share, [&](std::size_t begin, std::size_t end) {
        for (std::size_t set = begin; set < end; ++set) {
            const auto words = std::span(sets.words).subspan(sets.begins[set], sets.begins[set + 1] - sets.begins[set]);
            for (std::uint32_t &word : words)
                word = rank[word];
            std::ranges::sort(words);
        }
    });
}

} // namespace

void forEachWord(const QString &text, WordRule rule, const std::function<void(QStringView)> &found)
{
    if (rule == WordRule::Lint) {
        const QString lower = text.toLower();
        for (qsizetype i = 0; i < lower.size();) {
            const qsizetype begin = i;
            while (i < lower.size() && isLintWord(lower[i]))
                ++i;
            if (i > begin)
                found(QStringView(lower).sliced(begin, i - begin));
            else
                ++i;
        }
        return;
    }
    QString word;
    for (const char32_t point : text.normalized(QString::NormalizationForm_KC).toUcs4()) {
        if (isTokenPart(point)) {
            word += QChar::fromUcs4(QChar::toCaseFolded(point));
        } else if (point != U'\'' && point != U'\u2019' && !word.isEmpty()) {
            found(word);
            word.clear();
        }
    }
    if (!word.isEmpty())
        found(word);
}

QStringList wordsOf(const QString &text, WordRule rule)
{
    QStringList words;
    forEachWord(text, rule, [&](QStringView word) { words << word.toString(); });
    return words;
}

namespace {

/// `addWords(i)` appends the numbers of text i to the words of the sets; `vocabulary()` is asked when all are there.
Result<WordSets> collectSets(std::size_t count, const std::function<void(std::size_t, std::vector<std::uint32_t> &)> &addWords,
                             const std::function<std::size_t()> &vocabulary, SimilarityRun &run, double share)
{
    WordSets sets;
    sets.setOf.assign(count, -1);
    sets.begins.push_back(0);
    SetTable table(sets, count);
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 4096 == 0) {
            EVALWRIGHT_TRY(run.check());
            run.advance(0.8 * share * 4096 / static_cast<double>(count + 4096));
        }
        const std::size_t begin = sets.begins.back();
        addWords(i, sets.words);
        const auto from = sets.words.begin() + static_cast<std::ptrdiff_t>(begin);
        std::sort(from, sets.words.end());
        sets.words.erase(std::unique(from, sets.words.end()), sets.words.end());
        if (sets.words.size() == begin)
            continue;
        sets.begins.push_back(sets.words.size());
        const std::size_t last = sets.begins.size() - 2;
        sets.setOf[i] = table.find(last);
        if (static_cast<std::size_t>(sets.setOf[i]) == last) {
            sets.first.push_back(static_cast<std::int32_t>(i));
        } else {
            sets.begins.pop_back();
            sets.words.resize(begin);
        }
    }
    EVALWRIGHT_TRY(rankWords(sets, vocabulary(), run, 0.2 * share));
    return sets;
}

} // namespace

Result<WordSets> wordSets(const QStringList &texts, WordRule rule, SimilarityRun &run, double share)
{
    std::unordered_map<std::u16string, std::uint32_t, WordHash, std::equal_to<>> numbers;
    const auto addWords = [&](std::size_t i, std::vector<std::uint32_t> &words) {
        forEachWord(texts[static_cast<qsizetype>(i)], rule, [&](QStringView word) {
            const std::u16string_view key(word.utf16(), static_cast<std::size_t>(word.size()));
            auto known = numbers.find(key);
            if (known == numbers.end())
                known = numbers.emplace(key, static_cast<std::uint32_t>(numbers.size())).first;
            words.push_back(known->second);
        });
    };
    return collectSets(static_cast<std::size_t>(texts.size()), addWords, [&] { return numbers.size(); }, run, share);
}

Result<WordSets> wordSets(std::span<const std::uint32_t> words, std::span<const std::size_t> ends,
                          std::size_t vocabulary, SimilarityRun &run, double share)
{
    const auto addWords = [&](std::size_t i, std::vector<std::uint32_t> &out) {
        const auto set = words.subspan(i == 0 ? 0 : ends[i - 1], ends[i] - (i == 0 ? 0 : ends[i - 1]));
        out.insert(out.end(), set.begin(), set.end());
    };
    return collectSets(ends.size(), addWords, [&] { return vocabulary; }, run, share);
}

} // namespace evalwright
