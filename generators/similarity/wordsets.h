// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/work.h"

#include <QStringList>

#include <span>

namespace evalwright {

/// What counts as a word.
enum class WordRule {
    Lint,   ///< methods-mwe section 8: matches of [a-z0-9']+ in the lower-cased text.
    Tokens, ///< statistics section 20: runs of letters, marks and digits after NFKC and simple case folding, without
            ///< apostrophes; for texts of any language.
};

/// The words of a text in their order, repeats included.
QStringList wordsOf(const QString &text, WordRule rule);

/// Texts as sets of words. Texts with the same set share one. Words are numbered from the rarest (by the number of sets
/// that have it) to the most common.
struct WordSets
{
    std::vector<std::int32_t> setOf;  ///< Per text; -1 for a text without words.
    std::vector<std::int32_t> first;  ///< Per set: its first text. Ascending.
    std::vector<std::size_t> begins;  ///< Per set, and one more at the end: where in `words` it begins.
    std::vector<std::uint32_t> words; ///< Of each set, ascending.

    std::size_t size() const { return first.size(); }
    std::span<const std::uint32_t> at(std::size_t set) const
    {
        return std::span(words).subspan(begins[set], begins[set + 1] - begins[set]);
    }
};
Result<WordSets> wordSets(const QStringList &texts, WordRule rule, SimilarityRun &run, double share);

/// The same from sets of numbered words, one after another: set i ends at `ends[i]`, numbers are below `vocabulary`.
Result<WordSets> wordSets(std::span<const std::uint32_t> words, std::span<const std::size_t> ends,
                          std::size_t vocabulary, SimilarityRun &run, double share);

/// Calls `found` with each word (a view that is valid during the call). Quicker than wordsOf().
void forEachWord(const QString &text, WordRule rule, const std::function<void(QStringView)> &found);

} // namespace evalwright
