// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/biography.h"

#include "core/statistics/clusteredmean.h"
#include "core/statistics/numerics.h"

#include <cmath>
#include <vector>

namespace evalwright::statistics {

namespace {

/// Lengths, emptiness and finiteness of the columns, in this order.
std::optional<StatError> problemOf(std::initializer_list<std::span<const double>> columns, std::size_t rows)
{
    for (const auto &column : columns) {
        if (column.size() != rows)
            return StatError{StatCode::LengthMismatch};
    }
    if (rows == 0)
        return StatError{StatCode::EmptyInput};
    for (const auto &column : columns) {
        std::size_t bad = 0;
        if (!allFinite(column, &bad))
            return StatError{StatCode::NotFinite, bad};
    }
    return std::nullopt;
}

Stat<ClusteredMean> differenceOf(std::span<const double> first, std::span<const double> second,
                                 std::span<const std::uint32_t> cluster, double confidence)
{
    std::vector<double> difference(first.begin(), first.end());
    for (std::size_t i = 0; i < difference.size(); ++i)
        difference[i] -= second[i];
    return clusteredMean(difference, cluster, confidence);
}

double mean(std::span<const double> values)
{
    return compensatedSum(values) / static_cast<double>(values.size());
}

Pull pullOf(const ClusteredMean &difference)
{
    return {difference.mean, difference.seClustered, difference.low, difference.high};
}

} // namespace

Stat<ControlShift> controlShift(std::span<const double> withBiography, std::span<const double> control,
                                std::span<const std::uint32_t> cluster, double confidence)
{
    if (const auto problem = problemOf({withBiography, control}, cluster.size()))
        return tl::unexpected<StatError>(*problem);
    const auto difference = differenceOf(withBiography, control, cluster, confidence);
    if (!difference)
        return tl::unexpected<StatError>(difference.error());
    ControlShift out;
    out.n = difference->n;
    out.clusters = difference->clusters;
    out.withBiography = mean(withBiography);
    out.control = mean(control);
    out.shift = difference->mean;
    out.se = difference->seClustered;
    out.df = difference->df;
    out.low = difference->low;
    out.high = difference->high;
    out.p = ratioTwoSidedP(out.shift, out.se, out.df);
    return out;
}

Stat<OppositeBiographies> oppositeBiographies(std::span<const double> underA, std::span<const double> underB,
                                              std::span<const double> without, std::span<const std::uint32_t> cluster,
                                              double confidence)
{
    if (const auto problem = problemOf({underA, underB, without}, cluster.size()))
        return tl::unexpected<StatError>(*problem);
    const auto swing = differenceOf(underA, underB, cluster, confidence);
    if (!swing)
        return tl::unexpected<StatError>(swing.error());
    const auto pullA = differenceOf(underA, without, cluster, confidence),
               pullB = differenceOf(without, underB, cluster, confidence);
    if (!pullA || !pullB)
        return tl::unexpected<StatError>(pullA ? pullB.error() : pullA.error());
    return OppositeBiographies{swing->n, swing->clusters, swing->df, pullOf(*swing), pullOf(*pullA), pullOf(*pullB)};
}

} // namespace evalwright::statistics
