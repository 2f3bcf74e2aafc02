// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/wordsets.h"

namespace evalwright {

/// The others are for tests: what is found is the same.
enum class JoinKeys { Cheapest, PairsOfWords, Parts };

/// For each set the first earlier set with Jaccard likeness >= threshold (`common >= threshold * union - 1e-12`), or
/// notRepeated. Exact, and the same for any number of threads.
///
/// Two sets of a and b words that are alike share at least o(a+b) words. Sets are compared only within ranges of sizes,
/// and only when they have a key in common. There are two kinds of keys, and neither misses a pair:
/// - k words at once out of the a-o+k rarest words of a set (k = 1 is the prefix filter of Chaudhuri et al. 2006 and
///   Bayardo et al. 2007; k > 1 as in Wang, Li and Feng 2012). Good where rare words tell texts apart.
/// - the words are dealt into a+b-2o+1 parts; the a+b-2o words at most that differ leave one part equal (Arasu, Ganti
/// and
///   Kaushik 2006). Good for long texts of few different words.
/// For each range of sizes the kind with the fewest comparisons is taken, counted beforehand.
Result<Repeats> joinSets(const WordSets &sets, double threshold, SimilarityRun &run, double share,
                         JoinKeys keys = JoinKeys::Cheapest);

/// The same per text: the earliest earlier text whose set is alike. Texts without words repeat nothing.
Result<Repeats> joinTexts(const WordSets &sets, double threshold, SimilarityRun &run, double share);

} // namespace evalwright
