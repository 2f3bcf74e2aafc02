// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/cells.h"

#include "core/statistics/clusteredmean.h"
#include "core/statistics/gap.h"
#include "core/statistics/numerics.h"
#include "core/statistics/proportions.h"
#include "core/statistics/score.h"
#include "evaluation/firsttoken.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
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
        switch (answer.outcome) {
        case PackedAnswer::Outcome::Answered:
            ++row.answered;
            row.matching += answer.value > 0.5 ? 1 : 0;
            break;
        case PackedAnswer::Outcome::Refused:
            ++row.refused;
            break;
        case PackedAnswer::Outcome::Undecided:
            ++row.undecided;
            break;
        case PackedAnswer::Outcome::HttpError:
            ++row.errors;
            break;
        case PackedAnswer::Outcome::Unparsed:
            ++row.unparsed;
            break;
        }
        row.censoredItems += answer.censored ? 1 : 0;
    }
    for (const Presentation &presentation : cell.presentations) {
        if (!row.orders.contains(presentation.order))
            row.orders << presentation.order;
        row.repeats = std::max(row.repeats, presentation.repeat + 1);
    }
    if (row.orders.size() < 2)
        row.orders.clear();
    row.n = row.answered + row.refused + row.unparsed + row.undecided + row.errors;
}

/// Whether items keep their answer when they are asked the same again, order by order. Of results that came from
/// elsewhere there may be no word, only whether it matches.
void countSteady(const Cell &cell, ResultRow &row)
{
    if (row.repeats < 2)
        return;
    struct Seen
    {
        std::map<QString, std::pair<std::uint32_t, int>> first; ///< By order: word and match of one of the repeats.
        std::size_t answered = 0;
        bool same = true;
    };
    std::map<qint64, Seen> items;
    for (const Presentation &presentation : cell.presentations) {
        for (const PackedAnswer &answer : presentation.answers) {
            Seen &seen = items[answer.item];
            if (answer.outcome != PackedAnswer::Outcome::Answered)
                continue;
            ++seen.answered;
            const std::pair<std::uint32_t, int> given{answer.word, answer.matches};
            seen.same = seen.first.emplace(presentation.order, given).first->second == given && seen.same;
        }
    }
    for (const Answer &answer : cell.answers) {
        const auto seen = items.find(answer.item);
        if (seen == items.end() || seen->second.answered == 0 ||
            seen->second.answered != seen->second.first.size() * static_cast<size_t>(row.repeats))
            continue;
        ++row.repeatedItems;
        row.steadyItems += seen->second.same ? 1 : 0;
    }
}

/// Score and its intervals: clustered where items share clusters, else Wilson.
void setScore(const Cell &cell, ResultRow &row)
{
    ClusterCodes codes(*cell.items);
    std::vector<double> matches;
    std::vector<std::uint32_t> cluster;
    for (const Answer &answer : cell.answers) {
        if (!answer.isAnswered())
            continue;
        matches.push_back(answer.value);
        cluster.push_back(codes.code(answer.place));
    }
    if (matches.empty())
        return; // Nobody answered, or there is nothing that an answer could match.
    row.score = statistics::compensatedSum(matches) / static_cast<double>(matches.size());
    if (cell.presentations.empty()) {
        if (const auto wilson = statistics::wilsonInterval(row.matching, row.answered)) {
            row.naiveLow = wilson->low;
            row.naiveHigh = wilson->high;
        }
    } else { // Each item is a share of its orders and repeats, so the interval is that of a mean.
        if (const auto mean = statistics::clusteredScoreInterval(matches, statistics::ownClusters(matches.size(), 0))) {
            row.naiveLow = mean->low;
            row.naiveHigh = mean->high;
        }
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
    std::size_t answered = 0;
    for (const Answer &answer : cell.answers) {
        if (!answer.isAnswered())
            continue;
        ++answered;
        const int choices = cell.items->options[answer.place];
        if (choices > 1)
            chances.push_back(1.0 / choices);
        const double sure = cell.items->confidence[answer.place];
        if (std::isnan(sure) || choices < 2)
            continue;
        matches.emplace_back(answer.value > 0.5);
        confidence.push_back(sure);
        options.push_back(choices);
    }
    if (answered == 0 || chances.size() != answered)
        return; // Of results that came from elsewhere nobody may know what there was to choose from.
    row.chance = mean(chances);
    if (confidence.size() != answered)
        return;
    const auto score = statistics::behaviourScore(matches, confidence, options);
    if (score) {
        row.ceiling = score->ceiling;
        row.floor = score->floor;
        // Of the score itself: over several orders it is no share of items.
        row.normalised = (*row.score - score->floor) / (score->ceiling - score->floor);
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

/// Every different answer and matching label is read once: there are few of them.
std::vector<std::optional<bool>> yesOf(const QStringList &labels)
{
    std::vector<std::optional<bool>> yes;
    for (const QString &label : labels)
        yes.push_back(isYes(label.trimmed()));
    return yes;
}

void setYesBias(const Cell &cell, ResultRow &row)
{
    if (!row.score || !cell.presentations.empty())
        return;
    const std::vector<std::optional<bool>> given = yesOf(cell.words), wanted = yesOf(cell.items->labelNames);
    std::vector<std::optional<bool>> answers;
    // A span of bool needs an array: vector<bool> is none.
    const auto matchingIsYes = std::make_unique<bool[]>(cell.answers.size()); // NOLINT(*-avoid-c-arrays)
    qint64 yes = 0;
    for (const Answer &answer : cell.answers) {
        if (!answer.isAnswered())
            continue;
        const std::optional<bool> says = given[answer.word];
        std::optional<bool> matching = wanted[cell.items->labels[answer.place]];
        if (cell.items->labelName(answer.place).isEmpty() && says)
            matching = answer.value > 0.5 ? *says : !*says; // Somebody else said whether it matches.
        if (cell.items->options[answer.place] > 2 || !says || !matching)
            return; // Not a Yes/No data set.
        matchingIsYes[answers.size()] = *matching;
        answers.emplace_back(says);
        yes += *says ? 1 : 0;
    }
    const auto count = static_cast<double>(answers.size());
    row.yesRate = static_cast<double>(yes) / count;
    if (!row.chance)
        row.chance = 0.5;
    const std::span<const bool> matching(matchingIsYes.get(), answers.size());
    if (const auto bias = statistics::yesBias(matching, answers)) {
        row.matchGivenYes = bias->matchGivenYes;
        row.matchGivenNo = bias->matchGivenNo;
        row.balanced = bias->balancedMatch;
        row.dPrime = bias->dPrime;
        row.criterion = bias->criterion;
        row.seDPrime = bias->seDPrime;
        row.seCriterion = bias->seCriterion;
    } else if (bias.error().code == statistics::StatCode::OneCategory) {
        (matching.front() ? row.matchGivenYes : row.matchGivenNo) = row.score;
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
    row.compute = cell.model.compute;
    row.steps = cell.model.steps;
    row.released = cell.model.released;
    row.rung = cell.model.rung;
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
    countSteady(cell, row);
    setScore(cell, row);
    setCeiling(cell, row);
    setYesBias(cell, row);
    const qint64 asked = row.n - row.errors;
    if (asked > 0 && (row.score || row.answered == 0)) {
        const double matched = row.score.value_or(0) * static_cast<double>(row.answered);
        row.ifUnansweredAllMiss = matched / static_cast<double>(asked);
        row.ifUnansweredAllMatch = (matched + static_cast<double>(asked - row.answered)) / static_cast<double>(asked);
    }
    std::vector<double> probabilities, masses;
    for (const Answer &answer : cell.answers) {
        if (!std::isnan(answer.pMatching))
            probabilities.push_back(answer.pMatching);
        if (!std::isnan(answer.labelMass))
            masses.push_back(answer.labelMass);
    }
    row.meanProbability = mean(probabilities);
    row.labelMass = median(masses);
    setWarnings(row);
    return row;
}

} // namespace evalwright::cells
