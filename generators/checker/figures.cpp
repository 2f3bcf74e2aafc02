// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/auroc.h"
#include "core/statistics/calibration.h"
#include "core/statistics/clusteredmean.h"
#include "core/statistics/numerics.h"
#include "core/statistics/positionbias.h"
#include "core/statistics/random.h"
#include "generators/checker/validation.h"

#include <cmath>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using namespace statistics;

namespace {

constexpr double leastMass = 0.1, mostUnreadable = 0.2;
constexpr std::size_t folds = 5;
/// Below, the maps are shown and not offered (statistics.md section 5; methods-mwe.md section 6).
constexpr std::size_t itemsForTemperature = 200, itemsForPlatt = 50;

/// The readable items: pooled log-odds, which are the mean over the presentations (the log pool of statistics.md).
struct Pooled
{
    std::vector<double> logOdds;
    std::vector<int> positive;
    std::vector<const CheckerReading *> readings;

    std::vector<double> confidence(double temperature = 1) const
    {
        std::vector<double> out;
        for (const double x : logOdds)
            out.push_back(1 / (1 + std::exp(-x / temperature)));
        return out;
    }
};

Pooled pool(const std::vector<CheckerReading> &readings)
{
    Pooled out;
    for (const CheckerReading &reading : readings) {
        std::vector<double> values;
        for (const std::optional<double> &x : reading.logOdds) {
            if (x)
                values.push_back(*x);
        }
        if (values.empty() || values.size() != static_cast<std::size_t>(reading.logOdds.size()))
            continue;
        out.logOdds.push_back(compensatedSum(values) / static_cast<double>(values.size()));
        out.positive.push_back(reading.positive ? 1 : 0);
        out.readings.push_back(&reading);
    }
    return out;
}

json valueOrNull(const Stat<double> &value)
{
    return value ? json(*value) : json();
}

json accuracyOf(const Pooled &pooled)
{
    std::int64_t right = 0;
    for (std::size_t i = 0; i < pooled.logOdds.size(); ++i)
        right += pooled.logOdds[i] != 0 && (pooled.logOdds[i] > 0) == (pooled.positive[i] == 1) ? 1 : 0;
    const auto interval = wilsonInterval(right, static_cast<std::int64_t>(pooled.logOdds.size()));
    if (!interval)
        return {{"value", nullptr}, {"low", nullptr}, {"high", nullptr}};
    return {{"value", interval->estimate}, {"low", interval->low}, {"high", interval->high}};
}

json reliabilityOf(const Reliability &reliability)
{
    json bins = json::array();
    for (const ReliabilityBin &bin : reliability.bins) {
        const auto share = wilsonInterval(bin.positives, bin.n);
        bins.push_back({{"from", bin.low},
                        {"to", bin.high},
                        {"n", bin.n},
                        {"mean_confidence", bin.meanConfidence},
                        {"share", bin.sharePositive},
                        {"low", share ? json(share->low) : json()},
                        {"high", share ? json(share->high) : json()}});
    }
    return bins;
}

Stat<TemperatureFit> temperatureOf(const Pooled &pooled, const std::vector<std::size_t> &which)
{
    std::vector<std::vector<double>> scores;
    std::vector<std::size_t> labels;
    for (const std::size_t i : which) {
        scores.push_back({0, pooled.logOdds[i]});
        labels.push_back(static_cast<std::size_t>(pooled.positive[i]));
    }
    return fitTemperature(scores, labels);
}

/// Slope and intercept by Platt: where a checker separates well but leans to one side, the intercept is the lean.
json plattOf(const Pooled &pooled)
{
    const auto fit = fitPlatt(pooled.logOdds, pooled.positive);
    if (!fit)
        return nullptr;
    return {{"slope", fit->slope},
            {"intercept", fit->intercept},
            {"offered", pooled.logOdds.size() >= itemsForPlatt}};
}

/// One temperature on all items; what it is worth is told on folds that it was not fitted on.
json calibrationOf(const Pooled &pooled, qint64 seed)
{
    json out{{"temperature", nullptr},
             {"reason", nullptr},
             {"n", pooled.logOdds.size()},
             {"offered", false},
             {"platt", plattOf(pooled)},
             {"held_out", {{"brier", nullptr}, {"ece", nullptr}, {"log_loss", nullptr}}}};
    std::vector<std::size_t> all(pooled.logOdds.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto fit = temperatureOf(pooled, all);
    if (!fit) {
        out["reason"] = codeName(fit.error().code);
        return out;
    }
    out["temperature"] = fit->temperature;
    out["offered"] = all.size() >= itemsForTemperature;
    const auto order = statistics::shuffle(static_cast<std::uint64_t>(seed), "calibration/folds", all.size());
    std::vector<double> confidence;
    std::vector<int> positive;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<std::size_t> others;
        for (std::size_t k = 0; k < order.size(); ++k) {
            if (k % folds != fold)
                others.push_back(order[k]);
        }
        const auto part = temperatureOf(pooled, others);
        if (!part)
            return out; // One fold cannot be fitted, so there is no held-out figure of all items.
        for (std::size_t k = fold; k < order.size(); k += folds) {
            confidence.push_back(1 / (1 + std::exp(-pooled.logOdds[order[k]] / part->temperature)));
            positive.push_back(pooled.positive[order[k]]);
        }
    }
    const auto bins = reliabilityBins(confidence, positive);
    const auto loss = logLoss(confidence, positive);
    out["held_out"] = {{"brier", valueOrNull(brierScore(confidence, positive))},
                       {"ece", bins ? json(bins->ece) : json()},
                       {"log_loss", loss ? json(loss->value) : json()}};
    return out;
}

/// Nats towards the answer that the text names first: the mean over presentations that name the matching one first, and
/// over those that name the other first, so that what the statement says cancels (statistics.md section 12).
json positionBiasOf(const CheckerForm &form, const Pooled &pooled)
{
    json out{{"value", nullptr}, {"low", nullptr}, {"high", nullptr}, {"unit", "nats"}};
    std::vector<double> matchingFirst, otherFirst, flips;
    std::vector<std::uint32_t> own;
    for (std::size_t i = 0; i < pooled.readings.size(); ++i) {
        std::vector<double> sides[2];
        bool above = false, below = false;
        for (int p = 0; p < form.presentations(); ++p) {
            const double x = *pooled.readings[i]->logOdds[p];
            const bool first = form.orderOf(p).matchingFirst;
            sides[first ? 0 : 1].push_back(first ? x : -x);
            above = above || x > 0;
            below = below || x < 0;
        }
        if (sides[0].empty() || sides[1].empty())
            return out; // The form has one order only, which says nothing about order.
        matchingFirst.push_back(compensatedSum(sides[0]) / static_cast<double>(sides[0].size()));
        otherFirst.push_back(compensatedSum(sides[1]) / static_cast<double>(sides[1].size()));
        flips.push_back(above && below ? 1 : 0);
        own.push_back(static_cast<std::uint32_t>(i));
    }
    if (const auto bias = firstPositionBias(matchingFirst, otherFirst, own)) {
        out["value"] = bias->value;
        out["low"] = bias->low;
        out["high"] = bias->high;
    }
    if (const auto flip = clusteredScoreInterval(flips, own)) {
        out["flip_rate"] = flip->score;
        out["flip_low"] = flip->low;
        out["flip_high"] = flip->high;
    }
    return out;
}

CheckerVerdict verdictFrom(const Stat<Auroc> &area, std::optional<double> mass, double unreadableShare)
{
    if (!mass || *mass < leastMass || unreadableShare > mostUnreadable)
        return CheckerVerdict::NoMass;
    if (!area)
        return CheckerVerdict::Undecided;
    if (area->low > 0.5)
        return CheckerVerdict::Usable;
    return area->high <= 0.5 ? CheckerVerdict::Refused : CheckerVerdict::Undecided;
}

} // namespace

json checkerFigures(const CheckerForm &form, const std::vector<CheckerReading> &readings, qint64 seed)
{
    const Pooled pooled = pool(readings);
    std::vector<double> masses;
    double belowLeast = 0;
    for (const CheckerReading &reading : readings) {
        for (const std::optional<double> &mass : reading.mass) {
            if (!mass)
                continue;
            masses.push_back(*mass);
            belowLeast += *mass < leastMass ? 1 : 0;
        }
    }
    const auto answers = static_cast<double>(masses.size());
    const std::optional<double> mass = masses.empty() ? std::nullopt : std::optional(compensatedSum(masses) / answers);
    const auto unreadable = readings.size() - pooled.logOdds.size();
    const double unreadableShare =
        readings.empty() ? 1 : static_cast<double>(unreadable) / static_cast<double>(readings.size());

    const auto area = auroc(pooled.logOdds, pooled.positive);
    const std::vector<double> confidence = pooled.confidence();
    const auto bins = reliabilityBins(confidence, pooled.positive);
    const auto loss = logLoss(confidence, pooled.positive);
    json out{{"n", pooled.logOdds.size()},
             {"items", readings.size()},
             {"unreadable", unreadable},
             {"accuracy", accuracyOf(pooled)},
             {"label_mass",
              {{"mean", mass ? json(*mass) : json()},
               {"share_below_0.1", masses.empty() ? json() : json(belowLeast / answers)}}},
             {"brier", valueOrNull(brierScore(confidence, pooled.positive))},
             {"log_loss", loss ? json(loss->value) : json()},
             {"ece", bins ? json(bins->ece) : json()},
             {"reliability", bins ? reliabilityOf(*bins) : json::array()},
             {"calibration", calibrationOf(pooled, seed)},
             {"position_bias", positionBiasOf(form, pooled)},
             {"verdict", verdictName(verdictFrom(area, mass, unreadableShare)).toStdString()}};
    out["auroc"] = area ? json{{"value", area->value},
                               {"low", area->low},
                               {"high", area->high},
                               {"se", area->se ? json(*area->se) : json()},
                               {"fallback", area->fallback}}
                        : json{{"value", nullptr}, {"low", nullptr}, {"high", nullptr}};
    return out;
}

} // namespace evalwright
