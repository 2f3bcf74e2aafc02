// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/cells.h"

#include "core/statistics/clusteredmean.h"
#include "core/statistics/numerics.h"
#include "core/statistics/proportions.h"
#include "core/statistics/score.h"
#include "evaluation/firsttoken.h"

#include <algorithm>
#include <array>
#include <memory>

namespace evalwright::cells {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 fewClustersBelow = 20;      ///< Statistics section 8.
constexpr double manyUnansweredAbove = 0.05; ///< Statistics section 10.
constexpr double manyUnstableAbove = 0.05;   ///< The same, for answers that another run might turn.

std::optional<double> mean(const std::vector<double> &values)
{
    if (values.empty())
        return std::nullopt;
    return statistics::compensatedSum(values) / static_cast<double>(values.size());
}

std::optional<double> median(const std::vector<double> &values)
{
    const auto found = statistics::quantile(values, std::array{0.5});
    return found ? std::optional<double>(found->front()) : std::nullopt;
}

void countOutcomes(const Cell &cell, ResultRow &row)
{
    row.errors = cell.errors;
    for (const Answer &answer : cell.answers) {
        if (answer.matches) {
            ++row.answered;
            row.matching += *answer.matches ? 1 : 0;
        } else if (answer.outcome == "refused"_L1) {
            ++row.refused;
        } else if (answer.outcome == "undecided"_L1) {
            ++row.undecided;
        } else if (answer.outcome == "http-error"_L1) {
            ++row.errors;
        } else {
            ++row.unparsed;
        }
        row.censoredItems += answer.censored ? 1 : 0;
    }
    row.n = row.answered + row.refused + row.unparsed + row.undecided + row.errors;
}

/// Score and its intervals: clustered where items share clusters, else Wilson.
void setScore(const Cell &cell, ResultRow &row)
{
    if (row.answered == 0)
        return;
    ClusterCodes codes;
    std::vector<double> matches;
    std::vector<std::uint32_t> cluster;
    for (const Answer &answer : cell.answers) {
        if (!answer.matches)
            continue;
        matches.push_back(*answer.matches ? 1.0 : 0.0);
        cluster.push_back(static_cast<std::uint32_t>(codes.code(answer)));
    }
    row.score = static_cast<double>(row.matching) / static_cast<double>(row.answered);
    if (const auto wilson = statistics::wilsonInterval(row.matching, row.answered)) {
        row.naiveLow = wilson->low;
        row.naiveHigh = wilson->high;
    }
    if (codes.anyNamed())
        row.clusters = codes.count();
    if (!codes.anyShared()) {
        row.low = row.naiveLow;
        row.high = row.naiveHigh;
        return;
    }
    row.fewClusters = codes.count() < fewClustersBelow;
    // With a single cluster nothing is known about how clusters differ: no interval.
    if (const auto clustered = statistics::clusteredScoreInterval(matches, cluster)) {
        row.low = clustered->low;
        row.high = clustered->high;
    }
}

/// What a perfect and a perfectly contrary model could reach, given how sure the labels are.
void setCeiling(const Cell &cell, ResultRow &row)
{
    std::vector<std::optional<bool>> matches;
    std::vector<double> confidence, chances;
    std::vector<int> options;
    for (const Answer &answer : cell.answers) {
        if (!answer.matches)
            continue;
        chances.push_back(1.0 / answer.options);
        if (!answer.confidence)
            continue;
        matches.emplace_back(answer.matches);
        confidence.push_back(*answer.confidence);
        options.push_back(answer.options);
    }
    row.chance = mean(chances);
    if (chances.empty() || confidence.size() != chances.size())
        return;
    const auto score = statistics::behaviourScore(matches, confidence, options);
    if (score) {
        row.ceiling = score->ceiling;
        row.floor = score->floor;
        row.normalised = score->normalised;
    } else if (score.error().code == statistics::StatCode::DegenerateCeiling) {
        row.ceiling = row.floor =
            mean(confidence); // Labels that say nothing: both meet, and nothing can be normalised.
    }
}

std::optional<bool> isYes(const QString &label)
{
    if (label.compare("yes"_L1, Qt::CaseInsensitive) == 0)
        return true;
    if (label.compare("no"_L1, Qt::CaseInsensitive) == 0)
        return false;
    return std::nullopt;
}

void setYesBias(const Cell &cell, ResultRow &row)
{
    if (row.answered == 0)
        return;
    std::vector<std::optional<bool>> answers;
    // A span of bool needs an array: vector<bool> is none.
    const auto matchingIsYes =
        std::make_unique<bool[]>(static_cast<std::size_t>(row.answered)); // NOLINT(*-avoid-c-arrays)
    qint64 yes = 0;
    for (const Answer &answer : cell.answers) {
        if (!answer.matches)
            continue;
        const auto given = isYes(answer.answer), wanted = isYes(answer.matchingLabel);
        if (answer.options != 2 || !given || !wanted)
            return; // Not a Yes/No data set.
        matchingIsYes[answers.size()] = *wanted;
        answers.emplace_back(given);
        yes += *given ? 1 : 0;
    }
    row.yesRate = static_cast<double>(yes) / static_cast<double>(row.answered);
    const std::span<const bool> wanted(matchingIsYes.get(), answers.size());
    if (const auto bias = statistics::yesBias(wanted, answers)) {
        row.matchGivenYes = bias->matchGivenYes;
        row.matchGivenNo = bias->matchGivenNo;
        row.balanced = bias->balancedMatch;
    } else if (bias.error().code == statistics::StatCode::OneCategory) {
        (wanted.front() ? row.matchGivenYes : row.matchGivenNo) = row.score;
    }
}

void setWarnings(ResultRow &row)
{
    const qint64 asked = row.n - row.errors;
    if (row.labelMass && *row.labelMass < labelMassLimit)
        row.warnings << u"labels-unlikely"_s;
    if (row.fewClusters)
        row.warnings << u"few-clusters"_s;
    if (asked > 0 && static_cast<double>(asked - row.answered) > manyUnansweredAbove * static_cast<double>(asked))
        row.warnings << u"many-unanswered"_s;
    if (row.answered > 0 &&
        static_cast<double>(row.unstable.size()) > manyUnstableAbove * static_cast<double>(row.answered))
        row.warnings << u"unstable"_s;
    if (row.errors > 0)
        row.warnings << u"errors"_s;
}

} // namespace

ResultRow rowOf(const Cell &cell)
{
    ResultRow row;
    row.runId = cell.run.id;
    row.run = cell.run.uuid;
    row.runName = cell.run.name;
    row.datasetId = cell.datasetId;
    row.dataset = cell.dataset;
    row.modelId = cell.model.id;
    row.model = cell.model.name;
    row.family = cell.model.family;
    row.training = cell.model.training;
    row.parameters = cell.model.parameters;
    row.frame = cell.frame;
    row.control = cell.control;
    row.scoring = cell.method;
    row.way = cell.way;
    row.driftItems = cell.drift.items;
    row.driftLargest = cell.drift.largest;
    row.driftMedian = cell.drift.median;
    row.driftFlipped = cell.drift.flipped;
    row.unstable = cell.unstable;
    countOutcomes(cell, row);
    setScore(cell, row);
    setCeiling(cell, row);
    setYesBias(cell, row);
    const qint64 asked = row.n - row.errors;
    if (asked > 0) {
        row.ifUnansweredAllMiss = static_cast<double>(row.matching) / static_cast<double>(asked);
        row.ifUnansweredAllMatch =
            static_cast<double>(row.matching + asked - row.answered) / static_cast<double>(asked);
    }
    std::vector<double> probabilities, masses;
    for (const Answer &answer : cell.answers) {
        if (answer.pMatching)
            probabilities.push_back(*answer.pMatching);
        if (answer.labelMass)
            masses.push_back(*answer.labelMass);
    }
    row.meanProbability = mean(probabilities);
    row.labelMass = median(masses);
    setWarnings(row);
    return row;
}

} // namespace evalwright::cells
