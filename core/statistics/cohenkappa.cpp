// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/accumulator.h"
#include "core/statistics/kappa.h"
#include "core/statistics/numerics.h"

#include <algorithm>
#include <cmath>

namespace evalwright::statistics {

namespace {

/// A table of pairs in integers, so that perfect agreement and a single category are seen exactly.
class PairTable
{
public:
    PairTable(std::size_t categories, KappaWeights weights) : m_q(categories), m_weights(weights) {}

    double weight(std::size_t i, std::size_t j) const
    {
        if (i == j)
            return 1;
        const double apart = std::abs(static_cast<double>(i) - static_cast<double>(j)) / static_cast<double>(m_q - 1);
        return m_weights == KappaWeights::None ? 0 : m_weights == KappaWeights::Linear ? 1 - apart : 1 - apart * apart;
    }

    /// Undefined without a pair and when both raters use one and the same category. Cell (i, j) is `cells[i q + j]`.
    std::optional<double> kappa(std::span<const std::uint64_t> cells)
    {
        m_rows.assign(m_q, 0);
        m_columns.assign(m_q, 0);
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < m_q; ++i) {
            for (std::size_t j = 0; j < m_q; ++j) {
                const std::uint64_t count = cells[i * m_q + j];
                m_rows[i] += count;
                m_columns[j] += count;
                total += count;
            }
        }
        m_n = static_cast<double>(total);
        if (total == 0)
            return std::nullopt;
        for (std::size_t i = 0; i < m_q; ++i) {
            if (m_rows[i] == total && m_columns[i] == total)
                return std::nullopt;
        }
        Accumulator observed, expected;
        for (std::size_t i = 0; i < m_q; ++i) {
            for (std::size_t j = 0; j < m_q; ++j) {
                const double w = weight(i, j);
                observed.add(w * static_cast<double>(cells[i * m_q + j]));
                expected.add(w * static_cast<double>(m_rows[i]) * static_cast<double>(m_columns[j]));
            }
        }
        m_expected = expected.value() / (m_n * m_n);
        return (observed.value() / m_n - m_expected) / (1 - m_expected);
    }

    /// After kappa(): the mean square of `w_ij - (w_i. + w_.j)(1 - kappa)` about its mean, which is
    /// `kappa - Pe (1 - kappa)`, so no two large numbers are subtracted.
    double standardError(std::span<const std::uint64_t> cells, double kappa) const
    {
        std::vector<Accumulator> ofRow(m_q), ofColumn(m_q);
        for (std::size_t i = 0; i < m_q; ++i) {
            for (std::size_t j = 0; j < m_q; ++j) {
                ofRow[i].add(weight(i, j) * static_cast<double>(m_columns[j]) / m_n);
                ofColumn[j].add(weight(i, j) * static_cast<double>(m_rows[i]) / m_n);
            }
        }
        Accumulator squares;
        const double mean = kappa - m_expected * (1 - kappa);
        for (std::size_t i = 0; i < m_q; ++i) {
            for (std::size_t j = 0; j < m_q; ++j) {
                const double off =
                    weight(i, j) - (ofRow[i].value() + ofColumn[j].value()) * (1 - kappa) - mean;
                squares.add(static_cast<double>(cells[i * m_q + j]) / m_n * off * off);
            }
        }
        return std::sqrt(squares.value() / m_n) / (1 - m_expected);
    }

private:
    std::size_t m_q;
    KappaWeights m_weights;
    std::vector<std::uint64_t> m_rows, m_columns;
    double m_n = 0, m_expected = 0;
};

Stat<void> checkPairs(std::span<const Rating> first, std::span<const Rating> second, std::size_t categories,
                      double confidence)
{
    if (first.size() != second.size())
        return refuse(StatCode::LengthMismatch);
    const RatingTable one{first, 1, categories}, two{second, 1, categories};
    if (!first.empty() && nothingRated(one) && nothingRated(two))
        return refuse(StatCode::EmptyInput);
    if (const auto checked = checkRatings(one, confidence); !checked)
        return tl::unexpected(checked.error());
    if (const auto checked = checkRatings(two, confidence); !checked)
        return tl::unexpected(checked.error());
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (first[i] && second[i])
            return {};
    }
    return refuse(StatCode::NoPairableValues);
}

/// The cell of each item; `categories²` where one of the two is missing.
std::vector<std::uint32_t> cellsOf(std::span<const Rating> first, std::span<const Rating> second,
                                   std::size_t categories)
{
    std::vector<std::uint32_t> out;
    out.reserve(first.size());
    for (std::size_t i = 0; i < first.size(); ++i)
        out.push_back(static_cast<std::uint32_t>(first[i] && second[i] ? *first[i] * categories + *second[i]
                                                                       : categories * categories));
    return out;
}

} // namespace

Stat<CohenKappa> cohenKappa(std::span<const Rating> first, std::span<const Rating> second, std::size_t categories,
                            KappaWeights weights, double confidence)
{
    if (const auto checked = checkPairs(first, second, categories, confidence); !checked)
        return tl::unexpected(checked.error());
    std::vector<std::uint64_t> cells(categories * categories + 1);
    for (const std::uint32_t cell : cellsOf(first, second, categories))
        ++cells[cell];
    PairTable table(categories, weights);
    const auto kappa = table.kappa(cells);
    if (!kappa)
        return refuse(StatCode::OneCategory);
    CohenKappa out;
    out.confusion.assign(cells.begin(), cells.end() - 1);
    std::int64_t same = 0;
    for (std::size_t i = 0; i < categories; ++i)
        same += out.confusion[i * categories + i];
    for (const std::int64_t count : out.confusion)
        out.n += count;
    out.percent = static_cast<double>(same) / static_cast<double>(out.n);
    out.kappa = *kappa;
    out.se = table.standardError(cells, out.kappa);
    const auto z = normalQuantile((1 + confidence) / 2);
    if (!z)
        return tl::unexpected(z.error());
    out.low = out.kappa - *z * out.se;
    out.high = std::min(1.0, out.kappa + *z * out.se);
    return out;
}

Stat<ResampledInterval> cohenKappaBootstrap(std::span<const Rating> first, std::span<const Rating> second,
                                            std::size_t categories, KappaWeights weights,
                                            std::span<const std::uint32_t> cluster, const ResamplingSettings &settings)
{
    const auto whole = cohenKappa(first, second, categories, weights, settings.confidence);
    if (const auto error = firstError(whole, checkResampling(first.size(), cluster, settings)))
        return tl::unexpected(*error);
    auto out = resamplePatterns(cellsOf(first, second, categories), categories * categories + 1, cluster,
                                "bootstrap/cohen", settings, [&] {
                                    return [table = PairTable(categories, weights)](
                                               std::span<const std::uint64_t> cells) mutable {
                                        return table.kappa(cells);
                                    };
                                });
    if (out)
        out->value = whole->kappa;
    return out;
}

} // namespace evalwright::statistics
