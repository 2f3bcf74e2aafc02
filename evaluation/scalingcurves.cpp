// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/scalingcurves.h"

#include "core/statistics/clusteredmean.h"
#include "core/statistics/formatting.h"
#include "core/statistics/gap.h"
#include "evaluation/scalingtext.h"

#include <QDate>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace evalwright::scalingcurves {

using namespace Qt::StringLiterals;
using cells::Cell;
using cells::companion;

namespace {

constexpr int fewestSizes = 3;

/// What a curve is of. Nothing that differs in one of these may share one. Data sets are told apart by id, not by a
/// name that may be reused.
struct CurveKey
{
    QString dataset;
    qint64 datasetId = 0;
    QString family, training, frame, method;
    double parameters = -1; ///< Over steps: curves are of one size.
    qint64 steps = -1;      ///< Over sizes that have several checkpoints: of one of them.
    bool operator==(const CurveKey &) const = default;
    bool operator<(const CurveKey &other) const { return all() < other.all(); }

private:
    std::tuple<QString, qint64, QString, QString, QString, QString, double, qint64> all() const
    {
        return {dataset, datasetId, family, training, frame, method, parameters, steps};
    }
};

/// Over parameters or compute a size may have been evaluated at several steps of training: these are different models,
/// so there is a curve for each step. Where every size has one, its steps are not asked for: they may differ by size.
class Checkpoints
{
public:
    void see(const CurveKey &key, const Model &model)
    {
        m_steps[{key, model.parameters.value_or(-1)}].insert(model.steps.value_or(-1));
    }
    bool severalOf(const CurveKey &key) const
    {
        return std::ranges::any_of(m_steps, [&](const auto &entry) {
            return entry.first.first == key && entry.second.size() > 1;
        });
    }

private:
    std::map<std::pair<CurveKey, double>, std::set<qint64>> m_steps;
};

CurveKey keyOf(const Cell &cell, const ScalingQuery &query)
{
    CurveKey key{cell.dataset, cell.datasetId.value, cell.model.family, cell.model.training, cell.frame, cell.method};
    if (query.acrossFamilies) {
        key.family.clear();
        key.training.clear();
    }
    if (query.axis == "steps"_L1) {
        // Training begins with a model of another kind (a base model at step 0), so the kind tells nothing apart here.
        key.training.clear();
        key.parameters = cell.model.parameters.value_or(-1);
    }
    return key;
}

/// The answers of the measure, and how many lack their control.
std::vector<Value> valuesOf(const Cell &cell, const Cell *control, const ScalingQuery &query, qint64 &withoutControl)
{
    std::vector<Value> values;
    values.reserve(cell.answers.size());
    auto other = control ? control->answers.cbegin() : cell.answers.cend();
    for (const cells::Answer &answer : cell.answers) {
        if (query.measure == "probability"_L1) {
            if (answer.probability())
                values.push_back({answer.place, answer.pMatching});
            continue;
        }
        if (!answer.isAnswered())
            continue;
        if (query.measure == "match"_L1) {
            values.push_back({answer.place, answer.value});
            continue;
        }
        while (control && other != control->answers.cend() && other->place < answer.place)
            ++other;
        if (!control || other == control->answers.cend() || other->place != answer.place || !other->isAnswered())
            ++withoutControl;
        else
            values.push_back({answer.place, answer.value - other->value});
    }
    return values;
}

/// The mean of the values with its clustered and its naive interval.
void setMean(ScalingPoint &point, const std::vector<Value> &values, const cells::Items &items, double least)
{
    if (values.empty())
        return;
    cells::ClusterCodes codes(items);
    std::vector<double> y;
    std::vector<std::uint32_t> cluster;
    for (const Value &value : values) {
        y.push_back(value.value);
        cluster.push_back(codes.code(value.place));
    }
    point.value = std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
    // Where all values are the same the error is 0: an interval of no width would say more than is known.
    if (const auto mean = statistics::clusteredMean(y, cluster); mean && mean->seClustered > 0) {
        point.value = mean->mean;
        point.low = std::max(least, mean->low);
        point.high = std::min(1.0, mean->high);
    }
    if (const auto naive = statistics::clusteredMean(y, statistics::ownClusters(y.size(), 0));
        naive && naive->seClustered > 0) {
        point.naiveLow = std::max(least, naive->low);
        point.naiveHigh = std::min(1.0, naive->high);
    }
}

ScalingPoint pointOf(const Cell &cell, double x, const std::vector<Value> &values, const ScalingQuery &query)
{
    ScalingPoint point;
    point.x = x;
    point.row = cells::rowOf(cell);
    if (query.measure != "match"_L1) {
        setMean(point, values, *cell.items, query.measure == "shift"_L1 ? -1.0 : 0.0);
        return point;
    }
    point.value = point.row.score;
    point.low = point.row.low;
    point.high = point.row.high;
    point.naiveLow = point.row.naiveLow;
    point.naiveHigh = point.row.naiveHigh;
    return point;
}

/// Several endpoints of one model are one point: that which answered most, of equals the first. The others are told of.
void mergeRungs(Draft &draft)
{
    std::vector<Member> kept;
    QList<ScalingPoint> points;
    for (std::size_t i = 0; i < draft.members.size(); ++i) {
        const QString &rung = draft.members[i].cell->model.rung;
        const auto same = std::ranges::find_if(kept, [&](const Member &member) {
            return !rung.isEmpty() && member.cell->model.rung == rung && member.x == draft.members[i].x;
        });
        if (same == kept.end()) {
            kept.push_back(std::move(draft.members[i]));
            points << draft.curve.points[static_cast<qsizetype>(i)];
            continue;
        }
        ScalingPoint &shown = points[same - kept.begin()];
        ScalingPoint other = draft.curve.points[static_cast<qsizetype>(i)];
        if (other.row.answered > shown.row.answered) {
            std::swap(shown, other);
            std::swap(*same, draft.members[i]);
        }
        draft.endpointNotes << u"%1 was asked at more than one endpoint: %2 is shown; %3 differs by %4."_s.arg(
            rung, shown.row.model, other.row.model,
            QString::fromStdString(statistics::formatPoints(
                other.value && shown.value ? std::optional(*other.value - *shown.value) : std::nullopt)));
    }
    draft.members = std::move(kept);
    draft.curve.points = points;
}

void addControls(Draft &draft, const QList<Cell> &list)
{
    QStringList names;
    for (const Member &member : draft.members) {
        for (const Cell &cell : list) {
            if (cell.control != "none"_L1 && cell.datasetId == member.cell->datasetId && !names.contains(cell.control) &&
                companion(list, *member.cell, cell.control))
                names << cell.control;
        }
    }
    names.sort();
    ScalingQuery plain;
    for (const QString &name : std::as_const(names)) {
        ControlCurve control{name, {}};
        for (const Member &member : draft.members) {
            if (const Cell *cell = companion(list, *member.cell, name))
                control.points << pointOf(*cell, member.x, {}, plain);
        }
        draft.curve.controls << control;
    }
}

} // namespace

Place placeOf(const Model &model, const QString &axis)
{
    const auto positive = [](const std::optional<double> &value, const QString &reason) {
        return value && std::isfinite(*value) && *value > 0 ? Place{*value, {}} : Place{std::nullopt, reason};
    };
    if (axis == "flops"_L1)
        return positive(model.compute, u"no-compute"_s);
    if (axis == "steps"_L1) {
        return model.steps ? Place{static_cast<double>(*model.steps), {}} : Place{std::nullopt, u"no-steps"_s};
    }
    if (axis == "date"_L1) {
        const QDate day = QDate::fromString(model.released, Qt::ISODate);
        return day.isValid() ? Place{static_cast<double>(QDate(1970, 1, 1).daysTo(day)), {}}
                             : Place{std::nullopt, u"no-date"_s};
    }
    return positive(model.parameters, u"no-parameters"_s);
}

double trendX(const QString &axis, double x)
{
    if (axis == "steps"_L1)
        return x;
    constexpr double daysPerYear = 365.25;
    return axis == "date"_L1 ? x / daysPerYear : std::log10(x);
}

std::vector<Draft> drafts(const QList<Cell> &list, const ScalingQuery &query, QList<LeftOutModel> &leftOut)
{
    const auto leaveOut = [&leftOut](const Cell &cell, const QString &reason) {
        const bool known = std::ranges::any_of(leftOut, [&](const LeftOutModel &out) {
            return out.dataset == cell.dataset && out.model == cell.model.name && out.reason == reason;
        });
        if (!known)
            leftOut << LeftOutModel{cell.dataset, cell.model.name, cell.model.family, reason};
    };
    const bool overSizes = query.axis == "parameters"_L1 || query.axis == "flops"_L1;
    Checkpoints checkpoints;
    for (const Cell &cell : list) {
        if (overSizes && cell.control == "none"_L1)
            checkpoints.see(keyOf(cell, query), cell.model);
    }
    std::map<CurveKey, Draft> byKey;
    for (const Cell &cell : list) {
        if (cell.control != "none"_L1 || (!query.family.isEmpty() && cell.model.family != query.family))
            continue;
        const Place place = placeOf(cell.model, query.axis);
        if (!place.x) {
            leaveOut(cell, place.reason);
            continue;
        }
        if (cell.model.family.isEmpty()) {
            leaveOut(cell, u"no-family"_s);
            continue;
        }
        const Cell *control = query.measure == "shift"_L1 ? companion(list, cell, query.control) : nullptr;
        if (query.measure == "shift"_L1 && !control) {
            leaveOut(cell, u"no-control"_s);
            continue;
        }
        qint64 withoutControl = 0;
        Member member{&cell, *place.x, valuesOf(cell, control, query, withoutControl)};
        if (member.values.empty()) {
            leaveOut(cell, u"no-answers"_s);
            continue;
        }
        CurveKey key = keyOf(cell, query);
        if (overSizes && checkpoints.severalOf(key))
            key.steps = cell.model.steps.value_or(-1);
        Draft &draft = byKey[key];
        ScalingCurve &curve = draft.curve;
        curve.dataset = cell.dataset;
        curve.family = key.family;
        curve.training = key.training;
        curve.frame = cell.frame;
        curve.control = cell.control;
        curve.scoring = cell.method;
        curve.polarity = cell.polarity;
        curve.measure = query.measure;
        if (key.parameters > 0)
            curve.parameters = key.parameters;
        if (key.steps >= 0)
            curve.steps = key.steps;
        if (!curve.families.contains(cell.model.family))
            curve.families << cell.model.family;
        draft.withoutControl += withoutControl;
        curve.points << pointOf(cell, *place.x, member.values, query);
        draft.members.push_back(std::move(member));
    }
    std::vector<Draft> out;
    out.reserve(byKey.size());
    for (auto &[key, draft] : byKey) {
        // Cells come by size; on the other axes the order is another one.
        std::vector<std::size_t> order(draft.members.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return draft.members[i].x; });
        Draft sorted;
        sorted.curve = draft.curve;
        sorted.curve.points.clear();
        sorted.withoutControl = draft.withoutControl;
        for (const std::size_t i : order) {
            sorted.members.push_back(std::move(draft.members[i]));
            sorted.curve.points << draft.curve.points[static_cast<qsizetype>(i)];
        }
        mergeRungs(sorted);
        if (query.measure == "match"_L1)
            addControls(sorted, list);
        out.push_back(std::move(sorted));
    }
    return out;
}

void fit(Draft &draft, const QString &axis)
{
    ScalingCurve &curve = draft.curve;
    if (scalingtext::sizes(curve) < fewestSizes) {
        curve.reason = u"too_few_sizes"_s;
        return;
    }
    const std::size_t models = draft.members.size();
    const cells::Items &items = *draft.members.front().cell->items;
    std::vector<std::optional<double>> grid(items.ids.size() * models);
    std::vector<double> x;
    for (std::size_t m = 0; m < models; ++m) {
        x.push_back(trendX(axis, draft.members[m].x));
        for (const Value &value : draft.members[m].values)
            grid[value.place * models + m] = value.value;
    }
    // By item, so that equal projects give equal bits; items that no model answered say nothing.
    std::vector<std::optional<double>> values;
    std::vector<std::uint32_t> cluster;
    cells::ClusterCodes codes(items);
    for (std::size_t place = 0; place < items.ids.size(); ++place) {
        const auto row = std::span(grid).subspan(place * models, models);
        if (std::ranges::none_of(row, [](const auto &value) { return value.has_value(); }))
            continue;
        values.insert(values.end(), row.begin(), row.end());
        cluster.push_back(codes.code(place));
    }
    const auto trend = statistics::scalingTrend(values, cluster, x);
    if (!trend) {
        switch (trend.error().code) {
        case statistics::StatCode::EmptyInput:
            curve.reason = u"no_common_items"_s;
            return;
        case statistics::StatCode::TooFewClusters:
            curve.reason = u"few_clusters"_s;
            return;
        default:
            curve.reason = QString::fromStdString(statistics::codeName(trend.error().code));
            return;
        }
    }
    draft.trend = *trend;
    curve.items = trend->itemsUsed;
    if (codes.anyNamed())
        curve.clusters = trend->joint.clusters;
    if (trend->joint.effectiveClusters > 0)
        curve.worthClusters = trend->joint.effectiveClusters;
    curve.slope = trend->slope;
    curve.slopeLow = trend->slopeLow;
    curve.slopeHigh = trend->slopeHigh;
    curve.p = trend->pSlope;
    curve.change = trend->change;
    curve.changeLow = trend->changeLow;
    curve.changeHigh = trend->changeHigh;
    if (!codes.anyShared())
        return;
    if (const auto naive = statistics::scalingTrend(values, statistics::ownClusters(cluster.size(), 0), x))
        curve.naiveP = naive->pSlope;
}

} // namespace evalwright::scalingcurves
