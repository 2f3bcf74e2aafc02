// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/lexicalembedding.h"

#include "core/text.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

namespace {

constexpr std::size_t slots = std::size_t{1} << 20;
constexpr int entries = 8;

std::uint64_t hashOf(QStringView part, std::uint64_t kind)
{
    std::uint64_t hash = scrambled(kind);
    for (const QChar c : part)
        hash = (hash ^ c.unicode()) * 0x100000001b3ULL;
    return scrambled(hash);
}

/// The lowest bit says whether it is a whole word.
void featuresOf(const QString &text, std::vector<std::uint64_t> &features)
{
    features.clear();
    const QString folded = u' ' + fold(text) + u' ';
    for (qsizetype begin = 0; begin + 1 < folded.size();) {
        const qsizetype end = folded.indexOf(u' ', begin + 1);
        const QStringView word = QStringView(folded).sliced(begin, end - begin + 1); // With both blanks.
        begin = end;
        if (word.size() <= 2)
            continue;
        features.push_back(hashOf(word, 1) | 1);
        for (qsizetype length = 3; length <= 5; ++length) {
            for (qsizetype at = 0; at + length <= word.size(); ++at)
                features.push_back(hashOf(word.sliced(at, length), 2) & ~std::uint64_t{1});
        }
    }
    std::ranges::sort(features);
}

std::size_t slotOf(std::uint64_t feature)
{
    return feature >> 44;
}

} // namespace

Result<LexicalEmbedding> LexicalEmbedding::fit(const QStringList &texts, std::uint64_t seed, const SimilarityWork &work)
{
    SimilarityRun run(work);
    LexicalEmbedding embedding;
    embedding.m_seed = seed;
    embedding.m_texts = static_cast<double>(texts.size());
    embedding.m_textsWith.assign(slots, 0);
    EVALWRIGHT_TRY(run.each(static_cast<std::size_t>(texts.size()), 512, 1, [&](std::size_t begin, std::size_t end) {
        std::vector<std::uint64_t> features;
        for (std::size_t i = begin; i < end && !run.stopped(); ++i) {
            featuresOf(texts[static_cast<qsizetype>(i)], features);
            features.erase(std::unique(features.begin(), features.end()), features.end());
            for (const std::uint64_t feature : features)
                std::atomic_ref(embedding.m_textsWith[slotOf(feature)]).fetch_add(1, std::memory_order_relaxed);
        }
    }));
    run.finish();
    return embedding;
}

Result<FloatMatrix> LexicalEmbedding::embed(const QStringList &texts, const SimilarityWork &work) const
{
    SimilarityRun run(work);
    FloatMatrix rows = FloatMatrix::Zero(texts.size(), dimensions);
    EVALWRIGHT_TRY(run.each(static_cast<std::size_t>(texts.size()), 512, 1, [&](std::size_t begin, std::size_t end) {
        std::vector<std::uint64_t> features;
        for (std::size_t i = begin; i < end && !run.stopped(); ++i) {
            featuresOf(texts[static_cast<qsizetype>(i)], features);
            double row[dimensions] = {}, square = 0;
            for (std::size_t f = 0; f < features.size();) {
                const std::uint64_t feature = features[f];
                std::size_t times = 0;
                for (; f < features.size() && features[f] == feature; ++f)
                    ++times;
                const double with = std::min(m_texts, static_cast<double>(m_textsWith[slotOf(feature)]));
                const double weight = std::sqrt(static_cast<double>(times)) *
                                      (1 + std::log((m_texts + 1) / (with + 1))) * ((feature & 1) != 0 ? 1 : 0.5);
                for (int entry = 0; entry < entries; ++entry) {
                    const std::uint64_t where =
                        scrambled(feature + scrambled(m_seed) + static_cast<std::uint64_t>(entry));
                    row[((where >> 32) * dimensions) >> 32] += (where & 1) != 0 ? weight : -weight;
                }
            }
            for (const double value : row)
                square += value * value;
            if (square > 0) {
                for (int k = 0; k < dimensions; ++k)
                    rows(static_cast<Eigen::Index>(i), k) = static_cast<float>(row[k] / std::sqrt(square));
            }
        }
    }));
    run.finish();
    return rows;
}

} // namespace evalwright
