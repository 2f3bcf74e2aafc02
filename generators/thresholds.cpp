// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/thresholds.h"

#include "generators/storedrafts.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/handdecisions.h"

#include <QSet>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using Standing = FilterCandidate::Standing;

namespace {

constexpr int gridSteps = 50;

struct Read
{
    FilterCandidate candidate;
    QString label;
    qint64 ordinal = 0;
    bool hasQuota = false; ///< The selection sees it, so its group counts when groups are balanced.
};

/// Without a recipe every candidate that has a confidence is looked at, if it was decided about at all.
Read readRow(const CandidateRow &row, const Recipe *recipe, const QList<RecipeTarget> &targets,
             const SelectStage &everything)
{
    Read read;
    read.ordinal = row.candidate.ordinal;
    read.label = row.candidate.wantedLabel.isEmpty() ? row.candidate.matchingLabel : row.candidate.wantedLabel;
    FilterCandidate &c = read.candidate;
    c.id = row.candidate.id;
    c.confidence = c.rank = row.candidate.labelConfidence.value_or(0);
    c.keptNow = row.decision && row.decision->keep;
    if (row.decision && row.decision->actor == "person"_L1) {
        if (isDecidedByHand(row.decision->actor, row.decision->reason))
            c.standing = c.keptNow ? Standing::KeptByPerson : Standing::RejectedByPerson;
        else
            c.standing = Standing::Closed; // Raters' word dropped it: no sample of what people think.
    } else if (!recipe) {
        c.standing = row.decision ? Standing::Open : Standing::Closed;
        read.hasQuota = row.decision.has_value();
    } else if (const std::optional<Draft> draft = reopened(row, *recipe, targets, everything)) {
        c.standing = !draft->isRejected() && draft->parseStatus == "ok"_L1 ? Standing::Open : Standing::Closed;
        read.hasQuota = true;
        c.rank = draft->rankedBy().value_or(0);
        if (draft->target >= 0)
            read.label = targets.at(draft->target).label;
    }
    if (recipe && everything.group == "cluster"_L1)
        read.label = row.candidate.cluster;
    return read;
}

} // namespace

Result<FilterSet> readFilterSet(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(const Dataset found, datasetById(connection, dataset));
    FilterSet set;
    std::optional<Recipe> recipe;
    if (found.recipeId.isValid()) {
        EVALWRIGHT_ASSIGN(const RecipeRecord record, recipeById(connection, found.recipeId));
        EVALWRIGHT_ASSIGN(recipe, Recipe::fromJson(record.json.toUtf8(), u"The data set's recipe"_s));
        set.select = recipe->select;
        set.hasRecipe = true;
    }
    const QList<RecipeTarget> targets = recipe ? targetsOf(*recipe) : QList<RecipeTarget>();
    SelectStage everything = set.select;
    everything.floor = -1; // Every confidence is above it; the check's own floor still counts.
    EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(connection, dataset));
    std::vector<Read> read;
    DecisionId latest;
    for (const CandidateRow &row : rows) {
        ++set.asked;
        if (row.decision && row.decision->actor == "rule"_L1 && row.decision->threshold &&
            row.decision->id.value > latest.value) {
            latest = row.decision->id;
            set.select.floor = *row.decision->threshold;
        }
        if (row.candidate.labelConfidence)
            read.push_back(readRow(row, recipe ? &*recipe : nullptr, targets, everything));
        else
            set.keptOtherwise += row.decision && row.decision->keep ? 1 : 0;
    }
    std::ranges::sort(read, [](const Read &a, const Read &b) {
        return a.candidate.rank != b.candidate.rank ? a.candidate.rank > b.candidate.rank : a.ordinal < b.ordinal;
    });
    QSet<QString> labels;
    for (const Read &entry : read)
        labels.insert(entry.label);
    set.labels = labels.values();
    set.labels.sort();
    set.hasQuota.resize(static_cast<size_t>(set.labels.size()));
    set.candidates.reserve(read.size());
    for (Read &entry : read) {
        const auto label = std::ranges::lower_bound(set.labels, entry.label);
        entry.candidate.label = static_cast<int>(label - set.labels.begin());
        if (entry.hasQuota)
            set.hasQuota[static_cast<size_t>(entry.candidate.label)] = true;
        set.candidates.push_back(entry.candidate);
    }
    return set;
}

ThresholdPoint thresholdPoint(const FilterSet &set, const SelectStage &select, QList<CandidateId> *kept)
{
    ThresholdPoint point;
    point.threshold = select.floor;
    const auto labels = static_cast<size_t>(set.labels.size());
    std::vector<qint64> passing(labels), taken(labels), keptPerLabel(labels);
    for (const FilterCandidate &c : set.candidates) {
        const bool above = c.confidence > select.floor;
        if (c.standing == Standing::Open) {
            passing[static_cast<size_t>(c.label)] += above ? 1 : 0;
        } else if (above && c.standing != Standing::Closed) {
            ++point.human.n;
            point.human.kept += c.standing == Standing::KeptByPerson ? 1 : 0;
        }
    }
    const qint64 wanted = std::max<qint64>(0, select.keepPerLabel);
    qint64 smallest = wanted;
    for (size_t label = 0; label < labels; ++label) {
        if (set.hasQuota[label])
            smallest = std::min(smallest, passing[label]);
    }
    for (const FilterCandidate &c : set.candidates) {
        const auto label = static_cast<size_t>(c.label);
        bool keeps = c.standing == Standing::KeptByPerson || (c.standing == Standing::Closed && c.keptNow);
        if (c.standing == Standing::Open && c.confidence > select.floor) {
            keeps = taken[label] < (select.balance ? smallest : wanted);
            taken[label] += keeps ? 1 : 0;
        }
        keptPerLabel[label] += keeps ? 1 : 0;
        point.kept += keeps ? 1 : 0;
        point.added += keeps && !c.keptNow ? 1 : 0;
        point.removed += !keeps && c.keptNow ? 1 : 0;
        if (keeps && kept)
            *kept << c.id;
    }
    for (size_t label = 0; label < labels; ++label)
        point.keptPerLabel.insert(set.labels.at(static_cast<qsizetype>(label)), keptPerLabel[label]);
    point.kept += set.keptOtherwise;
    if (set.asked > 0)
        point.yield = static_cast<double>(point.kept) / static_cast<double>(set.asked);
    if (point.kept > 0)
        point.samplesPerKept = static_cast<double>(set.asked) / static_cast<double>(point.kept);
    if (const auto interval = statistics::wilsonInterval(point.human.kept, point.human.n))
        point.human.interval = *interval;
    return point;
}

QList<ThresholdPoint> thresholdCurve(const FilterSet &set, const SelectStage &select)
{
    QList<ThresholdPoint> points;
    SelectStage at = select;
    for (int step = 0; step < gridSteps; ++step) {
        at.floor = static_cast<double>(step) / gridSteps;
        points << thresholdPoint(set, at);
    }
    return points;
}

Result<QList<ThresholdPoint>> thresholdCurve(Connection &connection, DatasetId dataset,
                                             std::optional<qint64> keepPerLabel)
{
    EVALWRIGHT_ASSIGN(const FilterSet set, readFilterSet(connection, dataset));
    SelectStage select = set.select;
    if (keepPerLabel)
        select.keepPerLabel = *keepPerLabel;
    return thresholdCurve(set, select);
}

nlohmann::json toJson(const ThresholdPoint &point)
{
    nlohmann::json perLabel = nlohmann::json::object();
    for (auto it = point.keptPerLabel.begin(); it != point.keptPerLabel.end(); ++it)
        perLabel[it.key().trimmed().toStdString()] = it.value();
    nlohmann::json human{{"n", point.human.n}, {"value", nullptr}, {"low", nullptr}, {"high", nullptr}};
    if (point.human.interval)
        human = {{"n", point.human.n},
                 {"value", point.human.interval->estimate},
                 {"low", point.human.interval->low},
                 {"high", point.human.interval->high}};
    nlohmann::json object{{"threshold", point.threshold}, {"kept", point.kept},   {"kept_per_label", perLabel},
                          {"added", point.added},         {"removed", point.removed}, {"yield", point.yield},
                          {"samples_per_kept", nullptr},  {"human", human}};
    if (point.samplesPerKept)
        object["samples_per_kept"] = *point.samplesPerKept;
    return object;
}

} // namespace evalwright
