// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/products.h"
#include "generators/similarity/work.h"

#include <QStringList>

namespace evalwright {

/// An embedding that needs no model: it is *lexical*, not semantic. Texts are near when they share words or parts of
/// words ("likes" and "liked"), not when they say the same in other words.
///
/// Features are the folded words (core/text.h) and the runs of 3 to 5 characters of each word with its edges; a feature
/// weighs sqrt(times in the text) × (1 + ln((N+1)/(texts with it + 1))), parts of words half of that. The features are
/// projected by a sparse random matrix (8 entries of ±1 for each feature, chosen by its hash and the seed; Kane and
/// Nelson 2014) to 384 values and scaled to length 1. The number of texts with a feature is counted in 2^20 slots by
/// hash, so the memory is bounded; features that share a slot are weighed as if they were one. The same texts and seed
/// give the same bits for any number of threads. A text without letters and digits is a row of zeros.
class LexicalEmbedding
{
public:
    static constexpr int dimensions = 384;

    /// Counts in how many of the texts each feature is. Errors: Cancelled.
    static Result<LexicalEmbedding> fit(const QStringList &texts, std::uint64_t seed = 1,
                                        const SimilarityWork &work = {});
    /// One row per text; they may be others than those counted. Errors: Cancelled.
    Result<FloatMatrix> embed(const QStringList &texts, const SimilarityWork &work = {}) const;

private:
    std::uint64_t m_seed = 1;
    double m_texts = 0;
    std::vector<std::uint32_t> m_textsWith;
};

} // namespace evalwright
