// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/binomialtest.h"

#include "core/statistics/distributionpolicy.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

namespace evalwright::statistics {

Stat<double> binomialTwoSided(std::int64_t successes, std::int64_t n, double p0)
{
    if (n == 0)
        return refuse(StatCode::EmptyInput);
    if (n < 0 || successes < 0 || successes > n || !(p0 >= 0 && p0 <= 1))
        return refuse(StatCode::OutOfRange);
    if (p0 == 0 || p0 == 1)
        return (p0 == 0) == (successes == 0) && (p0 == 0 || successes == n) ? 1.0 : 0.0;
    const boost::math::binomial_distribution<double, QuietPolicy> coin(static_cast<double>(n), p0);
    const auto k = static_cast<double>(successes);
    // Rounding must not decide whether an equally likely outcome counts; R and scipy use the same margin.
    const double most = boost::math::pdf(coin, k) * (1 + 1e-7);
    const double mean = static_cast<double>(n) * p0;
    if (k == mean)
        return 1.0;
    // On the other side of the mean the likelihood is monotone: the farthest outcome that counts, by halving.
    std::int64_t inside = static_cast<std::int64_t>(k < mean ? std::floor(mean) : std::ceil(mean));
    std::int64_t outside = k < mean ? n + 1 : -1;
    while (std::abs(outside - inside) > 1) {
        const std::int64_t middle = inside + (outside - inside) / 2;
        (boost::math::pdf(coin, static_cast<double>(middle)) <= most ? outside : inside) = middle;
    }
    double p = 0;
    if (k < mean) {
        p = boost::math::cdf(coin, k);
        if (outside <= n)
            p += boost::math::cdf(boost::math::complement(coin, static_cast<double>(outside) - 1));
    } else {
        if (successes > 0)
            p = boost::math::cdf(boost::math::complement(coin, k - 1));
        if (outside >= 0)
            p += boost::math::cdf(coin, static_cast<double>(outside));
    }
    return std::min(1.0, p);
}

} // namespace evalwright::statistics
