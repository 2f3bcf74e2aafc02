// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/scaling.h"

#include "core/text.h"
#include "evaluation/cells.h"
#include "evaluation/jsonvalues.h"
#include "evaluation/scalingtext.h"
#include "storage/repositories/models.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using cells::Cell;
using nlohmann::json;

namespace {

constexpr std::size_t fewestSizes = 3;

/// A curve under work: its cells in the order of its points.
struct Draft
{
    ScalingCurve curve;
    std::vector<const Cell *> cells;
    std::optional<statistics::ScalingTrend> trend;
};

/// Nothing that differs in one of these may share a curve. Data sets are told apart by id, not by a name that may be
/// reused.
using CurveKey = std::tuple<QString, qint64, QString, QString, QString, QString, QString>;

CurveKey keyOf(const Cell &cell)
{
    return {cell.dataset, cell.datasetId.value, cell.model.family, cell.model.training,
            cell.frame,   cell.control,         cell.method};
}

/// Why a cell cannot be a point; empty when it can.
QString obstacle(const Cell &cell, const ResultRow &row)
{
    if (!cell.model.parameters || !(*cell.model.parameters > 0))
        return u"no-parameters"_s;
    if (cell.model.family.isEmpty())
        return u"no-family"_s;
    return row.answered == 0 ? u"no-answers"_s : QString();
}

Status checkFamily(Connection &connection, const QString &family, const QList<Cell> &list)
{
    if (family.isEmpty() || std::ranges::any_of(list, [&](const Cell &cell) { return cell.model.family == family; }))
        return {};
    EVALWRIGHT_ASSIGN(const QList<Model> models, listModels(connection));
    QStringList families;
    for (const Model &model : models) {
        if (!model.family.isEmpty() && !families.contains(model.family))
            families << model.family;
    }
    if (families.contains(family))
        return failure(ErrorCode::InvalidInput,
                       u"No model of the family “%1” has results on these data sets."_s.arg(family),
                       u"Evaluate them first."_s);
    return failure(Error(ErrorCode::NotFound, u"No model of this project belongs to a family “%1”."_s.arg(family),
                         u"“model list” shows the families."_s)
                       .withSuggestions(nearestNames(family, families)));
}

std::vector<Draft> drafts(const QList<Cell> &list, const QString &family, QList<LeftOutModel> &leftOut)
{
    std::map<CurveKey, Draft> byKey;
    for (const Cell &cell : list) {
        if (!family.isEmpty() && cell.model.family != family)
            continue;
        const ResultRow row = cells::rowOf(cell);
        if (const QString reason = obstacle(cell, row); !reason.isEmpty()) {
            const bool known = std::ranges::any_of(leftOut, [&](const LeftOutModel &out) {
                return out.dataset == row.dataset && out.model == row.model && out.reason == reason;
            });
            if (!known)
                leftOut << LeftOutModel{row.dataset, row.model, row.family, reason};
            continue;
        }
        Draft &draft = byKey[keyOf(cell)];
        ScalingCurve &curve = draft.curve;
        curve.dataset = row.dataset;
        curve.family = row.family;
        curve.training = row.training;
        curve.frame = row.frame;
        curve.control = row.control;
        curve.scoring = row.scoring;
        curve.polarity = cell.polarity;
        // Cells come by size, so points do.
        curve.points << ScalingPoint{*cell.model.parameters, row};
        draft.cells.push_back(&cell);
    }
    std::vector<Draft> out;
    out.reserve(byKey.size());
    for (auto &[key, draft] : byKey)
        out.push_back(std::move(draft));
    return out;
}

/// Fits the trend over the items that every model answered; sets the reason where there is none.
void fit(Draft &draft)
{
    ScalingCurve &curve = draft.curve;
    if (static_cast<std::size_t>(scalingtext::sizes(curve)) < fewestSizes) {
        curve.reason = u"too_few_sizes"_s;
        return;
    }
    const std::size_t models = draft.cells.size();
    struct Item
    {
        const cells::Answer *first = nullptr;
        std::vector<std::optional<double>> values;
    };
    std::map<qint64, Item> items; // Ordered, so that equal projects give equal bits.
    std::vector<double> x;
    for (std::size_t m = 0; m < models; ++m) {
        x.push_back(std::log10(curve.points[static_cast<qsizetype>(m)].x));
        for (const cells::Answer &answer : draft.cells[m]->answers) {
            Item &item = items[answer.item];
            item.values.resize(models);
            if (!item.first)
                item.first = &answer;
            if (answer.matches)
                item.values[m] = *answer.matches ? 1.0 : 0.0;
        }
    }
    std::vector<std::optional<double>> matches;
    std::vector<std::uint32_t> cluster;
    cells::ClusterCodes codes;
    for (const auto &[id, item] : items) {
        matches.insert(matches.end(), item.values.begin(), item.values.end());
        cluster.push_back(static_cast<std::uint32_t>(codes.code(*item.first)));
    }
    const auto trend = statistics::scalingTrend(matches, cluster, x);
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
    curve.slope = trend->slope;
    curve.slopeLow = trend->slopeLow;
    curve.slopeHigh = trend->slopeHigh;
    curve.p = trend->pSlope;
    curve.change = trend->change;
}

statistics::Polarity polarityOf(const ScalingCurve &curve)
{
    if (curve.polarity == "bad-if-high"_L1)
        return statistics::Polarity::HighIsBad;
    return curve.polarity == "bad-if-low"_L1 ? statistics::Polarity::HighIsGood : statistics::Polarity::Neutral;
}

/// Verdicts of all curves together: they share one adjustment.
Status judge(std::vector<Draft> &list, ScalingReport &report)
{
    std::vector<statistics::VerdictCurve> curves;
    for (const Draft &draft : list) {
        if (draft.trend)
            curves.push_back({draft.curve.dataset.toStdString(),
                              {draft.curve.family.toStdString()},
                              draft.trend->joint,
                              polarityOf(draft.curve),
                              statistics::Axis::Log10});
    }
    report.curvesTested = static_cast<qint64>(curves.size());
    const auto verdicts = statistics::scalingVerdict(curves);
    if (!verdicts) {
        return failure(ErrorCode::Corrupt, u"The curves cannot be judged."_s, QString(),
                       QString::fromStdString(statistics::codeName(verdicts.error().code)));
    }
    std::size_t next = 0;
    for (Draft &draft : list) {
        ScalingCurve &curve = draft.curve;
        const statistics::CurveVerdict *tests = nullptr;
        if (draft.trend) {
            tests = &(*verdicts)[next++];
            curve.pAdjusted = tests->qSlope;
            curve.verdict = QString::fromStdString(tests->verdict).replace(u'_', u'-');
            curve.reason = QString::fromStdString(tests->reason);
        }
        scalingtext::describe(curve, draft.trend ? &*draft.trend : nullptr, tests, report.curvesTested);
        report.curves << std::move(curve);
    }
    return {};
}

json pointJson(const ScalingPoint &point)
{
    const ResultRow &row = point.row;
    return {{"model", text(row.model)},
            {"x", point.x},
            {"n", row.n},
            {"answered", row.answered},
            {"score", number(row.score)},
            {"low", number(row.low)},
            {"high", number(row.high)},
            {"naive_low", number(row.naiveLow)},
            {"naive_high", number(row.naiveHigh)},
            {"clusters", number(row.clusters)},
            {"run", text(row.run)},
            {"warnings", texts(row.warnings)}};
}

json curveJson(const ScalingCurve &curve)
{
    json points = json::array();
    for (const ScalingPoint &point : curve.points)
        points.push_back(pointJson(point));
    return {{"dataset", text(curve.dataset)},
            {"family", text(curve.family)},
            {"training", text(curve.training)},
            {"frame", text(curve.frame)},
            {"control", text(curve.control)},
            {"scoring", text(curve.scoring)},
            {"polarity", text(curve.polarity)},
            {"points", points},
            {"slope", number(curve.slope)},
            {"slope_low", number(curve.slopeLow)},
            {"slope_high", number(curve.slopeHigh)},
            {"p", number(curve.p)},
            {"p_adjusted", number(curve.pAdjusted)},
            {"change", number(curve.change)},
            {"items", number(curve.items)},
            {"clusters", number(curve.clusters)},
            {"verdict", text(curve.verdict)},
            {"reason", text(curve.reason)},
            {"text", text(curve.text)},
            {"details", texts(curve.details)}};
}

} // namespace

json ScalingQuery::toJson() const
{
    return {{"datasets", texts(datasets)},
            {"axis", axis.toStdString()},
            {"family", family.toStdString()},
            {"frame", frame.toStdString()}};
}

Result<ScalingQuery> ScalingQuery::fromJson(const json &document)
{
    const auto broken = [](const QString &what) {
        return failure(ErrorCode::InvalidInput,
                       u"The description of the scaling curves is not well formed: %1."_s.arg(what),
                       u"Give data sets by name, e.g. {\"datasets\":[\"agreeableness\"]}."_s);
    };
    if (!document.is_object())
        return broken(u"it should be a JSON object"_s);
    ScalingQuery query;
    for (const auto &[name, target] :
         {std::pair("axis", &query.axis), std::pair("family", &query.family), std::pair("frame", &query.frame)}) {
        const auto found = document.find(name);
        if (found == document.end() || found->is_null())
            continue;
        if (!found->is_string())
            return broken(u"“%1” is not text"_s.arg(QLatin1StringView(name)));
        *target = QString::fromStdString(found->get_ref<const std::string &>());
    }
    const auto names = document.find("datasets");
    if (names == document.end() || names->is_null())
        return query;
    if (!names->is_array() || std::ranges::any_of(*names, [](const json &name) { return !name.is_string(); }))
        return broken(u"“datasets” is not a list of names"_s);
    for (const json &name : *names)
        query.datasets << QString::fromStdString(name.get_ref<const std::string &>());
    return query;
}

Result<ScalingReport> scaling(Connection &connection, const ScalingQuery &query)
{
    if (query.axis != "parameters"_L1) {
        return failure(ErrorCode::Unsupported,
                       u"This version draws scores over parameters, not over “%1”."_s.arg(query.axis),
                       u"Use the axis “parameters”."_s);
    }
    ResultFilter filter;
    filter.datasets = query.datasets;
    filter.frame = query.frame;
    EVALWRIGHT_ASSIGN(const QList<Cell> list, cells::load(connection, filter));
    EVALWRIGHT_TRY(checkFamily(connection, query.family, list));
    if (list.isEmpty())
        return failure(ErrorCode::InvalidInput, u"There are no results to draw a curve through."_s,
                       u"Evaluate models on the data set first."_s);
    ScalingReport report;
    report.axis = query.axis;
    std::vector<Draft> curves = drafts(list, query.family, report.leftOut);
    for (Draft &draft : curves)
        fit(draft);
    EVALWRIGHT_TRY(judge(curves, report));
    return report;
}

json ScalingReport::toJson() const
{
    json list = json::array(), out = json::array();
    for (const ScalingCurve &curve : curves)
        list.push_back(curveJson(curve));
    for (const LeftOutModel &model : leftOut)
        out.push_back({{"dataset", text(model.dataset)},
                       {"model", text(model.model)},
                       {"family", text(model.family)},
                       {"reason", text(model.reason)}});
    return {{"axis", text(axis)}, {"curves", list}, {"left_out", out}, {"curves_tested", curvesTested}};
}

} // namespace evalwright
