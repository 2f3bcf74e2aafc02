// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/scaling.h"

#include "core/text.h"
#include "evaluation/cells.h"
#include "core/jsonvalues.h"
#include "evaluation/scalingcurves.h"
#include "evaluation/scalingtext.h"
#include "storage/repositories/models.h"
#include "storage/repositories/verdictsettings.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using cells::Cell;
using scalingcurves::Draft;
using nlohmann::json;

namespace {

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

statistics::Polarity polarityOf(const ScalingCurve &curve)
{
    if (curve.polarity == "bad-if-high"_L1)
        return statistics::Polarity::HighIsBad;
    return curve.polarity == "bad-if-low"_L1 ? statistics::Polarity::HighIsGood : statistics::Polarity::Neutral;
}

/// What was said beforehand of the data set of a curve, and whether it really was beforehand.
void applyRule(Draft &draft, const QList<VerdictSetting> &settings)
{
    ScalingCurve &curve = draft.curve;
    const VerdictRule rule = verdictRule(settings, draft.members.front().cell->datasetId);
    QString began;
    for (const scalingcurves::Member &member : draft.members) {
        if (began.isEmpty() || member.cell->run.createdAt < began)
            began = member.cell->run.createdAt;
    }
    if (rule.smallestEffect) {
        curve.smallestEffect = *rule.smallestEffect;
        curve.smallestEffectSaid = rule.smallestEffectAt;
        curve.saidAfterwards = rule.smallestEffectAt > began;
    }
    if (!rule.direction.isEmpty()) {
        curve.polarity = rule.direction;
        curve.saidAfterwards = curve.saidAfterwards || rule.directionAt > began;
    }
}

/// Verdicts of all curves together: they share one adjustment. Their smallest effects may differ, so each is judged by
/// its own, among all.
Status judge(std::vector<Draft> &list, ScalingReport &report)
{
    const bool isLog = report.axis == "parameters"_L1 || report.axis == "flops"_L1;
    std::vector<statistics::VerdictCurve> curves;
    std::vector<double> effects;
    for (const Draft &draft : list) {
        if (draft.trend && draft.curve.families.size() == 1) {
            curves.push_back({draft.curve.dataset.toStdString(),
                              {draft.curve.families.first().toStdString()},
                              draft.trend->joint,
                              polarityOf(draft.curve),
                              isLog ? statistics::Axis::Log10 : statistics::Axis::Linear});
            effects.push_back(draft.curve.smallestEffect);
        }
    }
    report.curvesTested = static_cast<qint64>(curves.size());
    std::map<double, std::vector<statistics::CurveVerdict>> byEffect;
    for (const double effect : effects) {
        if (byEffect.contains(effect))
            continue;
        statistics::VerdictSettings settings;
        settings.smallestEffect = effect;
        const auto verdicts = statistics::scalingVerdict(curves, settings);
        if (!verdicts) {
            return failure(ErrorCode::Corrupt, u"The curves cannot be judged."_s, QString(),
                           QString::fromStdString(statistics::codeName(verdicts.error().code)));
        }
        byEffect[effect] = *verdicts;
    }
    std::size_t next = 0;
    for (Draft &draft : list) {
        ScalingCurve &curve = draft.curve;
        const statistics::CurveVerdict *tests = nullptr;
        if (draft.trend && curve.families.size() == 1) {
            tests = &byEffect[curve.smallestEffect][next++];
            // What the verdict stands on, where unequal clusters make it another p than that of CR1 with t(G-1).
            const double range = draft.trend->joint.x.back() - draft.trend->joint.x.front();
            curve.p = tests->pSlope;
            curve.slopeLow = tests->slopeLow;
            curve.slopeHigh = tests->slopeHigh;
            curve.changeLow = range * tests->slopeLow;
            curve.changeHigh = range * tests->slopeHigh;
            curve.pAdjusted = tests->qSlope;
            curve.shapeP = tests->pShape;
            curve.shapePAdjusted = tests->qShape;
            curve.verdict = QString::fromStdString(tests->verdict).replace(u'_', u'-');
            curve.reason = QString::fromStdString(tests->reason);
        } else if (draft.trend) {
            curve.reason = u"mixed_families"_s;
        }
        scalingtext::describe(draft, tests, report);
        report.curves << std::move(curve);
    }
    return {};
}

json pointJson(const ScalingPoint &point)
{
    const ResultRow &row = point.row;
    return {{"model", text(row.model)},
            {"family", text(row.family)},
            {"x", point.x},
            {"n", row.n},
            {"answered", row.answered},
            {"score", number(point.value)},
            {"low", number(point.low)},
            {"high", number(point.high)},
            {"naive_low", number(point.naiveLow)},
            {"naive_high", number(point.naiveHigh)},
            {"undecided", row.undecided},
            {"refused", row.refused},
            {"unstable", row.driftItems == 0 ? json(nullptr) : json(row.unstable.size())},
            {"clusters", number(row.clusters)},
            {"run", text(row.run)},
            {"warnings", texts(row.warnings)}};
}

json curveJson(const ScalingCurve &curve)
{
    json points = json::array();
    for (const ScalingPoint &point : curve.points)
        points.push_back(pointJson(point));
    json controls = json::array();
    for (const ControlCurve &control : curve.controls) {
        json list = json::array();
        for (const ScalingPoint &point : control.points)
            list.push_back(pointJson(point));
        controls.push_back({{"control", text(control.control)}, {"points", list}});
    }
    return {{"dataset", text(curve.dataset)},
            {"family", text(curve.family)},
            {"families", texts(curve.families)},
            {"parameters", number(curve.parameters)},
            {"steps", number(curve.steps)},
            {"measure", text(curve.measure)},
            {"controls", controls},
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
            {"p_naive", number(curve.naiveP)},
            {"p_shape", number(curve.shapeP)},
            {"p_shape_adjusted", number(curve.shapePAdjusted)},
            {"change", number(curve.change)},
            {"change_low", number(curve.changeLow)},
            {"change_high", number(curve.changeHigh)},
            {"smallest_effect", curve.smallestEffect},
            {"smallest_effect_said", text(curve.smallestEffectSaid)},
            {"said_afterwards", curve.saidAfterwards},
            {"items", number(curve.items)},
            {"clusters", number(curve.clusters)},
            {"worth_clusters", number(curve.worthClusters)},
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
            {"frame", frame.toStdString()},
            {"measure", measure.toStdString()},
            {"control", control.toStdString()},
            {"across_families", acrossFamilies}};
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
         {std::pair("axis", &query.axis), std::pair("family", &query.family), std::pair("frame", &query.frame),
          std::pair("measure", &query.measure), std::pair("control", &query.control)}) {
        const auto found = document.find(name);
        if (found == document.end() || found->is_null())
            continue;
        if (!found->is_string())
            return broken(u"“%1” is not text"_s.arg(QLatin1StringView(name)));
        *target = QString::fromStdString(found->get_ref<const std::string &>());
    }
    if (const auto across = document.find("across_families"); across != document.end() && !across->is_null()) {
        if (!across->is_boolean())
            return broken(u"“across_families” is not true or false"_s);
        query.acrossFamilies = across->get<bool>();
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

QStringList scalingAxes()
{
    return {u"parameters"_s, u"flops"_s, u"steps"_s, u"date"_s};
}

QStringList scalingMeasures()
{
    return {u"match"_s, u"probability"_s, u"shift"_s};
}

Result<ScalingReport> scaling(Connection &connection, const ScalingQuery &query)
{
    for (const auto &[value, known, what] : {std::tuple(query.axis, scalingAxes(), u"axis"_s),
                                             std::tuple(query.measure, scalingMeasures(), u"measure"_s)}) {
        if (!known.contains(value)) {
            return failure(Error(ErrorCode::Unsupported, u"Curves have no %1 “%2”."_s.arg(what, value),
                                 u"Use one of: %1."_s.arg(known.join(u", "_s)))
                               .withSuggestions(nearestNames(value, known)));
        }
    }
    ResultFilter filter;
    filter.datasets = query.datasets;
    filter.frame = query.frame;
    EVALWRIGHT_ASSIGN(const QList<Cell> list, cells::load(connection, filter));
    EVALWRIGHT_TRY(checkFamily(connection, query.family, list));
    if (list.isEmpty())
        return failure(ErrorCode::InvalidInput, u"There are no results to draw a curve through."_s,
                       u"Evaluate models on the data set first."_s);
    EVALWRIGHT_ASSIGN(const QList<VerdictSetting> settings, verdictSettings(connection));
    ScalingReport report;
    report.axis = query.axis;
    std::vector<Draft> curves = scalingcurves::drafts(list, query, report.leftOut);
    for (Draft &draft : curves) {
        applyRule(draft, settings);
        scalingcurves::fit(draft, query.axis);
    }
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
