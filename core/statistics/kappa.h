// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/ratings.h"
#include "core/statistics/resampling.h"

/// Chance-corrected agreement on categories (section 14). Perfect agreement on two or more categories is exactly 1;
/// on a single one it is refused (AC1 alone has a value there).
namespace evalwright::statistics {

/// 1 on the diagonal; off it 0, 1 - |i-j|/(q-1) or 1 - ((i-j)/(q-1))².
enum class KappaWeights { None, Linear, Quadratic };

struct CohenKappa
{
    std::int64_t n = 0;                  ///< Items both rated.
    std::vector<std::int64_t> confusion; ///< categories x categories; rows = first rater.
    double percent = 0;                  ///< Share on the diagonal, whatever the weights.
    double kappa = 0, se = 0, low = 0, high = 1;
};
/// Cohen 1960, 1968; error of a kappa that is not 0 by Fleiss, Cohen and Everitt 1969; normal interval, upper end at
/// most 1. LengthMismatch, EmptyInput (also: nothing rated), NotFinite, OutOfRange, NoPairableValues, OneCategory.
Stat<CohenKappa> cohenKappa(std::span<const Rating> first, std::span<const Rating> second, std::size_t categories,
                            KappaWeights weights = KappaWeights::None, double confidence = 0.95);

struct ManyRaters
{
    std::int64_t items = 0;        ///< With any rating.
    std::int64_t itemsWithTwo = 0; ///< With at least two.
    double percent = 0, expectedAgreement = 0, value = 0;
    std::optional<double> se, low, high; ///< Gwet 2014 over items, t(items-1); undefined for one item.
};
/// Fleiss 1971 with missing ratings as Gwet 2014. LengthMismatch, EmptyInput (also: nothing rated), NotFinite,
/// OutOfRange, NoPairableValues (no item with two ratings), OneCategory (one is used).
Stat<ManyRaters> fleissKappa(const RatingTable &ratings, double confidence = 0.95);
/// Gwet 2008: the chance agreement does not rise with a skewed prevalence. Errors as fleissKappa, but OneCategory only
/// when one is on offer.
Stat<ManyRaters> gwetAc1(const RatingTable &ratings, double confidence = 0.95);

/// The same numbers with a percentile interval over items or, with a code per item, over clusters: streams
/// bootstrap/cohen, bootstrap/fleiss, bootstrap/ac1. Errors of the number, and of resamplePatterns.
Stat<ResampledInterval> cohenKappaBootstrap(std::span<const Rating> first, std::span<const Rating> second,
                                            std::size_t categories, KappaWeights weights,
                                            std::span<const std::uint32_t> cluster,
                                            const ResamplingSettings &settings = {});
Stat<ResampledInterval> fleissKappaBootstrap(const RatingTable &ratings, std::span<const std::uint32_t> cluster,
                                             const ResamplingSettings &settings = {});
Stat<ResampledInterval> gwetAc1Bootstrap(const RatingTable &ratings, std::span<const std::uint32_t> cluster,
                                         const ResamplingSettings &settings = {});

} // namespace evalwright::statistics
