// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/score.h"

#include "core/statistics/numerics.h"

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

namespace evalwright::statistics {

Stat<BehaviourScore> behaviourScore(std::span<const std::optional<bool>> matches,
                                    std::span<const double> labelConfidence, std::span<const int> options)
{
    if (matches.size() != labelConfidence.size() || matches.size() != options.size())
        return refuse(StatCode::LengthMismatch);
    std::vector<double> confidence, floors, chances;
    std::int64_t matched = 0;
    for (std::size_t i = 0; i < matches.size(); ++i) {
        if (!std::isfinite(labelConfidence[i]))
            return refuse(StatCode::NotFinite, i);
        if (labelConfidence[i] < 0 || labelConfidence[i] > 1 || options[i] < 2)
            return refuse(StatCode::OutOfRange, i);
        if (!matches[i])
            continue;
        matched += *matches[i] ? 1 : 0;
        confidence.push_back(labelConfidence[i]);
        floors.push_back((1 - labelConfidence[i]) / (options[i] - 1));
        chances.push_back(1.0 / options[i]);
    }
    if (confidence.empty())
        return refuse(StatCode::EmptyInput);
    const auto answered = static_cast<double>(confidence.size()), n = static_cast<double>(matches.size());
    BehaviourScore out;
    out.n = static_cast<std::int64_t>(matches.size());
    out.answered = static_cast<std::int64_t>(confidence.size());
    out.score = static_cast<double>(matched) / answered;
    out.ceiling = compensatedSum(confidence) / answered;
    out.floor = compensatedSum(floors) / answered;
    out.chance = compensatedSum(chances) / answered;
    if (std::abs(out.ceiling - out.floor) < 1e-12)
        return refuse(StatCode::DegenerateCeiling);
    out.normalised = (out.score - out.floor) / (out.ceiling - out.floor);
    out.ifUnansweredAllMiss = static_cast<double>(matched) / n;
    out.ifUnansweredAllMatch = (static_cast<double>(matched) + n - answered) / n;
    return out;
}

Stat<YesBias> yesBias(std::span<const bool> matchingIsYes, std::span<const std::optional<bool>> answerIsYes)
{
    if (matchingIsYes.size() != answerIsYes.size())
        return refuse(StatCode::LengthMismatch);
    double yesItems = 0, noItems = 0, hits = 0, falseAlarms = 0;
    for (std::size_t i = 0; i < answerIsYes.size(); ++i) {
        if (!answerIsYes[i])
            continue;
        (matchingIsYes[i] ? yesItems : noItems) += 1;
        if (*answerIsYes[i])
            (matchingIsYes[i] ? hits : falseAlarms) += 1;
    }
    const double n = yesItems + noItems;
    if (n == 0)
        return refuse(StatCode::EmptyInput);
    if (yesItems == 0 || noItems == 0)
        return refuse(StatCode::OneCategory);
    YesBias out;
    out.answered = static_cast<std::int64_t>(n);
    out.yesRate = (hits + falseAlarms) / n;
    out.matchGivenYes = hits / yesItems;
    out.matchGivenNo = (noItems - falseAlarms) / noItems;
    out.match = (hits + noItems - falseAlarms) / n;
    out.balancedMatch = (out.matchGivenYes + out.matchGivenNo) / 2;
    const boost::math::normal normal;
    const double h = (hits + 0.5) / (yesItems + 1), f = (falseAlarms + 0.5) / (noItems + 1);
    const double zh = boost::math::quantile(normal, h), zf = boost::math::quantile(normal, f);
    out.dPrime = zh - zf;
    out.criterion = -(zh + zf) / 2;
    const double ph = boost::math::pdf(normal, zh), pf = boost::math::pdf(normal, zf);
    out.seDPrime = std::sqrt(h * (1 - h) / (yesItems * ph * ph) + f * (1 - f) / (noItems * pf * pf));
    out.seCriterion = out.seDPrime / 2;
    return out;
}

} // namespace evalwright::statistics
