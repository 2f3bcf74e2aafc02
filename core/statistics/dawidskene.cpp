// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/dawidskene.h"

#include "core/statistics/accumulator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace evalwright::statistics {

namespace {

constexpr double leastCount = 1e-10, largestMove = 1e-10;
constexpr int mostRounds = 10'000;

/// Items that got the same ratings from the same raters stay equal in every round, so each such pattern is worked out
/// once, and counts as often as it occurs. The ratings of each one after another, so that a table with few ratings per
/// item costs only those.
class Estimation
{
public:
    explicit Estimation(const RatingTable &ratings) : m_raters(ratings.raters), m_q(ratings.categories)
    {
        std::map<std::vector<std::pair<std::size_t, std::uint32_t>>, std::size_t> known;
        std::vector<std::pair<std::size_t, std::uint32_t>> row;
        m_first.push_back(0);
        for (std::size_t i = 0; i < ratings.items(); ++i) {
            const auto given = ratings.item(i);
            row.clear();
            for (std::size_t r = 0; r < given.size(); ++r) {
                if (given[r])
                    row.emplace_back(r, *given[r]);
            }
            const auto [place, isNew] = known.emplace(row, m_times.size());
            m_patternOf.push_back(place->second);
            if (!isNew) {
                ++m_times[place->second];
                continue;
            }
            m_times.push_back(1);
            for (const auto &[rater, code] : row)
                m_given.push_back({rater, code});
            m_first.push_back(m_given.size());
        }
        m_patterns = m_times.size();
    }

    /// Of every item, of the posteriors of patterns.
    std::vector<double> perItem(const std::vector<double> &posterior) const
    {
        std::vector<double> out;
        out.reserve(m_patternOf.size() * m_q);
        for (const std::size_t pattern : m_patternOf) {
            const auto begin = posterior.begin() + static_cast<std::ptrdiff_t>(pattern * m_q);
            out.insert(out.end(), begin, begin + static_cast<std::ptrdiff_t>(m_q));
        }
        return out;
    }

    std::vector<double> voteShares() const
    {
        std::vector<double> out(m_patterns * m_q);
        for (std::size_t i = 0; i < m_patterns; ++i) {
            const auto votes = static_cast<double>(m_first[i + 1] - m_first[i]);
            for (std::size_t at = m_first[i]; at < m_first[i + 1]; ++at)
                out[i * m_q + m_given[at].code] += 1 / votes;
        }
        return out;
    }

    void maximise(DawidSkene &fit) const
    {
        std::vector<Accumulator> prior(m_q), counts(m_raters * m_q * m_q);
        for (std::size_t i = 0; i < m_patterns; ++i) {
            for (std::size_t k = 0; k < m_q; ++k) {
                const double p = static_cast<double>(m_times[i]) * fit.posterior[i * m_q + k];
                prior[k].add(p);
                for (std::size_t at = m_first[i]; at < m_first[i + 1]; ++at)
                    counts[cell(m_given[at].rater, k, m_given[at].code)].add(p);
            }
        }
        fit.prior.resize(m_q);
        for (std::size_t k = 0; k < m_q; ++k)
            fit.prior[k] = prior[k].value() / static_cast<double>(m_patternOf.size());
        fit.confusion.resize(counts.size());
        for (std::size_t row = 0; row < m_raters * m_q; ++row) {
            double sum = 0;
            for (std::size_t c = row * m_q; c < (row + 1) * m_q; ++c)
                sum += fit.confusion[c] = std::max(counts[c].value(), leastCount);
            for (std::size_t c = row * m_q; c < (row + 1) * m_q; ++c)
                fit.confusion[c] /= sum;
        }
    }

    /// The largest move of a posterior.
    double expect(DawidSkene &fit) const
    {
        std::vector<double> logConfusion(fit.confusion.size()), logs(m_q);
        for (std::size_t c = 0; c < logConfusion.size(); ++c)
            logConfusion[c] = std::log(fit.confusion[c]);
        double moved = 0;
        for (std::size_t i = 0; i < m_patterns; ++i) {
            for (std::size_t k = 0; k < m_q; ++k) {
                logs[k] = std::log(fit.prior[k]); // Minus infinity for a category that no item is in.
                for (std::size_t at = m_first[i]; at < m_first[i + 1]; ++at)
                    logs[k] += logConfusion[cell(m_given[at].rater, k, m_given[at].code)];
            }
            const double largest = *std::ranges::max_element(logs);
            double sum = 0;
            for (double &value : logs)
                sum += value = std::exp(value - largest);
            for (std::size_t k = 0; k < m_q; ++k) {
                double &posterior = fit.posterior[i * m_q + k];
                moved = std::max(moved, std::abs(logs[k] / sum - posterior));
                posterior = logs[k] / sum;
            }
        }
        return moved;
    }

private:
    struct Given
    {
        std::size_t rater = 0;
        std::uint32_t code = 0;
    };
    std::size_t cell(std::size_t rater, std::size_t truth, std::size_t given) const
    {
        return (rater * m_q + truth) * m_q + given;
    }

    std::size_t m_patterns = 0, m_raters, m_q;
    std::vector<std::size_t> m_patternOf, m_times; ///< Of each item; of each pattern.
    std::vector<Given> m_given;
    std::vector<std::size_t> m_first;
};

/// The steps of EM end within largestMove of a tie, not on it.
Rating largest(std::span<const double> posterior)
{
    const auto first = std::ranges::max_element(posterior);
    const auto near = std::ranges::count_if(posterior, [&](double p) { return p >= *first - largestMove; });
    return near == 1 ? Rating(static_cast<std::uint32_t>(first - posterior.begin())) : std::nullopt;
}

} // namespace

Stat<DawidSkene> dawidSkene(const RatingTable &ratings, const CancellationToken &token)
{
    if (const auto checked = checkRatings(ratings); !checked)
        return tl::unexpected(checked.error());
    if (nothingRated(ratings))
        return refuse(StatCode::EmptyInput);
    if (ratings.raters < 2)
        return refuse(StatCode::TooFewValues);
    for (std::size_t i = 0; i < ratings.items(); ++i) {
        if (std::ranges::none_of(ratings.item(i), [](const Rating &given) { return given.has_value(); }))
            return refuse(StatCode::TooFewValues, i);
    }
    const Estimation estimation(ratings);
    DawidSkene out;
    out.posterior = estimation.voteShares();
    for (double moved = std::numeric_limits<double>::infinity(); moved > largestMove;) {
        if (token.isCancelled())
            return refuse(StatCode::Cancelled);
        if (out.rounds == mostRounds)
            return refuse(StatCode::DidNotConverge);
        estimation.maximise(out);
        moved = estimation.expect(out);
        ++out.rounds;
    }
    out.posterior = estimation.perItem(out.posterior);
    for (std::size_t i = 0; i < ratings.items(); ++i)
        out.label.push_back(largest(std::span(out.posterior).subspan(i * ratings.categories, ratings.categories)));
    return out;
}

} // namespace evalwright::statistics
