// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "core/text.h"
#include "evaluation/gap.h"
#include "evaluation/jsonvalues.h"
#include "evaluation/scaling.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using nlohmann::json;

namespace {

FigureAxis scoreAxis()
{
    FigureAxis axis;
    axis.label = u"Answers matching the behaviour"_s;
    axis.unit = u"share"_s;
    axis.minimum = 0;
    axis.maximum = 1;
    return axis;
}

/// What a reader must know about one point beyond its numbers.
QString noteOf(const ResultRow &row)
{
    QStringList parts;
    const auto count = [&parts](qint64 number, const QString &what) {
        if (number > 0)
            parts << u"%1 %2"_s.arg(number).arg(what);
    };
    count(row.refused, u"refused"_s);
    count(row.unparsed, u"unparsed"_s);
    count(row.undecided, u"undecided"_s);
    count(row.errors, u"failed"_s);
    if (row.warnings.contains("labels-unlikely"_L1))
        parts << u"labels unlikely under this frame"_s;
    if (row.warnings.contains("few-clusters"_L1))
        parts << u"few clusters"_s;
    return parts.join(u", "_s);
}

FigurePoint pointOf(double x, double y, const ResultRow &row)
{
    FigurePoint point;
    point.x = x;
    point.y = y;
    point.low = row.low;
    point.high = row.high;
    if (row.low != row.naiveLow || row.high != row.naiveHigh) {
        point.naiveLow = row.naiveLow;
        point.naiveHigh = row.naiveHigh;
    }
    point.n = row.answered;
    point.asked = row.n;
    point.clusters = row.clusters;
    point.label = row.model;
    point.note = noteOf(row);
    return point;
}

/// A point of a curve: its interval is that of what the curve shows.
FigurePoint pointOf(const ScalingPoint &from)
{
    FigurePoint point = pointOf(from.x, from.value.value_or(0), from.row); // Callers pass points with a value.
    point.low = from.low;
    point.high = from.high;
    point.naiveLow = point.naiveHigh = std::nullopt;
    if (from.low != from.naiveLow || from.high != from.naiveHigh) {
        point.naiveLow = from.naiveLow;
        point.naiveHigh = from.naiveHigh;
    }
    return point;
}

/// How the points came to be: the way of scoring, what the drift check said, and what is not certain.
QString howScored(const QList<const ResultRow *> &rows)
{
    QStringList methods;
    qint64 undecided = 0, unstable = 0, checked = 0;
    for (const ResultRow *row : rows) {
        const QString method = row->way.isEmpty() ? row->scoring : u"%1 (%2)"_s.arg(row->scoring, row->way);
        if (!methods.contains(method))
            methods << method;
        undecided += row->undecided;
        checked += row->driftItems > 0 ? 1 : 0;
        unstable += row->unstable.size();
    }
    const QString drift = checked == 0 ? u"no drift check was made"_s
                                       : u"%1 answers are unstable by the drift check of %2 of %3 models"_s.arg(unstable)
                                             .arg(checked)
                                             .arg(rows.size());
    return u"Scored by %1; %2 answers are undecided; %3."_s.arg(methods.join(u", "_s)).arg(undecided).arg(drift);
}

struct AxisWords
{
    QString by; ///< "… by model size"
    FigureAxis axis;
};

AxisWords axisOf(const QString &name)
{
    AxisWords words{u"model size"_s, {}};
    words.axis.label = u"Parameters"_s;
    words.axis.scale = FigureAxis::Scale::Log;
    words.axis.unit = u"parameters"_s;
    if (name == "flops"_L1) {
        words.by = u"training compute"_s;
        words.axis.label = u"Training compute (FLOPs)"_s;
        words.axis.unit = u"flops"_s;
    } else if (name == "steps"_L1) {
        words.by = u"steps of training"_s;
        words.axis.label = u"Steps of training"_s;
        words.axis.scale = FigureAxis::Scale::Linear;
        words.axis.unit = u"steps"_s;
    } else if (name == "date"_L1) {
        words.by = u"date of release"_s;
        words.axis.label = u"Released"_s;
        words.axis.scale = FigureAxis::Scale::Linear;
        words.axis.unit = u"date"_s;
    }
    return words;
}

/// Ceiling, floor and chance belong to the items, so they are those of the cell that answered most of them.
QList<FigureReferenceLine> referenceLines(const QList<const ResultRow *> &rows)
{
    const auto most = std::ranges::max_element(rows, {}, [](const ResultRow *row) { return row->answered; });
    if (most == rows.end())
        return {};
    QList<FigureReferenceLine> lines;
    const auto add = [&lines](const std::optional<double> &value, const QString &label,
                              FigureReferenceLine::Kind kind) {
        if (value)
            lines << FigureReferenceLine{*value, label, kind};
    };
    add((*most)->ceiling, u"Ceiling"_s, FigureReferenceLine::Kind::Ceiling);
    add((*most)->chance, u"Chance"_s, FigureReferenceLine::Kind::Chance);
    add((*most)->floor, u"Floor"_s, FigureReferenceLine::Kind::Floor);
    return lines;
}

/// The values of one property, each once, in order of appearance.
template <class List, class Property>
QStringList distinct(const List &list, Property property)
{
    QStringList values;
    for (const auto &entry : list) {
        if (!values.contains(property(entry)))
            values << property(entry);
    }
    return values;
}

QString manyOrOne(const QStringList &names, const QString &many)
{
    return names.size() == 1 ? names.first() : u"%1 %2"_s.arg(names.size()).arg(many);
}

QString reasonText(const QString &reason)
{
    if (reason == "no-parameters"_L1)
        return u"its number of parameters is not known"_s;
    if (reason == "no-compute"_L1)
        return u"its training compute is not known"_s;
    if (reason == "no-steps"_L1)
        return u"its steps of training are not known"_s;
    if (reason == "no-date"_L1)
        return u"its date of release is not known"_s;
    if (reason == "no-control"_L1)
        return u"it was not asked the control"_s;
    if (reason == "no-family"_L1)
        return u"its family is not known"_s;
    return u"it answered no item"_s;
}

/// Names a curve by what tells it from the others of the figure.
class CurveNames
{
public:
    explicit CurveNames(const QList<ScalingCurve> &curves)
        : m_datasets(distinct(curves, [](const ScalingCurve &c) { return c.dataset; }).size() > 1),
          m_training(distinct(curves, [](const ScalingCurve &c) { return c.training; }).size() > 1),
          m_frames(distinct(curves, [](const ScalingCurve &c) { return c.frame; }).size() > 1),
          m_controls(distinct(curves, [](const ScalingCurve &c) { return c.control; }).size() > 1),
          m_scorings(distinct(curves, [](const ScalingCurve &c) { return c.scoring; }).size() > 1),
          m_sizes(distinct(curves, [](const ScalingCurve &c) { return formatParameters(c.parameters); }).size() > 1),
          m_steps(distinct(curves, [](const ScalingCurve &c) { return QString::number(c.steps.value_or(-1)); }).size() > 1)
    {
    }
    QString of(const ScalingCurve &curve) const
    {
        QStringList parts{curve.family.isEmpty() ? curve.families.join(u" + "_s) : curve.family};
        if (m_sizes)
            parts << formatParameters(curve.parameters);
        if (m_steps)
            parts << (curve.steps ? u"step %1"_s.arg(*curve.steps) : u"steps unknown"_s);
        if (m_training)
            parts << (curve.training.isEmpty() ? u"training unknown"_s : curve.training);
        if (m_frames)
            parts << curve.frame;
        if (m_controls)
            parts << u"control %1"_s.arg(curve.control);
        if (m_scorings)
            parts << curve.scoring;
        const QString name = parts.join(u", "_s);
        return m_datasets ? u"%1: %2"_s.arg(curve.dataset, name) : name;
    }

private:
    bool m_datasets, m_training, m_frames, m_controls, m_scorings, m_sizes, m_steps;
};

Result<FigureSpec> rebuildScores(Connection &connection, const json &from)
{
    ResultFilter filter;
    // The same reader as for curves: it knows datasets and frame, and refuses what is no text.
    EVALWRIGHT_ASSIGN(const ScalingQuery shared, ScalingQuery::fromJson(from));
    filter.datasets = shared.datasets;
    filter.frame = shared.frame;
    if (from.contains("run") && from["run"].is_string())
        filter.run = QString::fromStdString(from["run"].get<std::string>());
    for (const json &name : from.value("models", json::array())) {
        if (!name.is_string())
            return failure(ErrorCode::Parse, u"The figure does not say which models it shows."_s,
                           u"Make the figure again from the results."_s);
        filter.models << QString::fromStdString(name.get<std::string>());
    }
    EVALWRIGHT_ASSIGN(const QList<ResultRow> rows, results(connection, filter));
    return scoresFigure(rows, filter);
}

} // namespace

FigureSpec scalingFigure(const ScalingReport &report, const ScalingQuery &query)
{
    FigureSpec spec;
    spec.kind = u"scaling"_s;
    const QStringList datasets = distinct(report.curves, [](const ScalingCurve &c) { return c.dataset; });
    const AxisWords axis = axisOf(report.axis);
    spec.title = datasets.isEmpty() ? u"Score by %1"_s.arg(axis.by)
                                    : u"%1 by %2"_s.arg(manyOrOne(datasets, u"data sets"_s), axis.by);
    const QStringList families = distinct(report.curves, [](const ScalingCurve &c) { return c.family; });
    if (!families.isEmpty() && !query.acrossFamilies)
        spec.subtitle = manyOrOne(families, u"families"_s);
    if (query.acrossFamilies)
        spec.subtitle = u"models of several families"_s;
    spec.x = axis.axis;
    spec.y = scoreAxis();
    if (query.measure == "shift"_L1) {
        spec.y = {};
        spec.y.label = u"Matching, less the control “%1”"_s.arg(query.control);
        spec.y.unit = u"points"_s;
    } else if (query.measure == "probability"_L1) {
        spec.y.label = u"Mean probability of the matching answer"_s;
    }
    const CurveNames names(report.curves);
    QList<const ResultRow *> rows;
    QStringList runs;
    for (const ScalingCurve &curve : report.curves) {
        FigureSeries series;
        series.name = names.of(curve);
        series.family = curve.family;
        for (const ScalingPoint &point : curve.points) {
            if (!point.value)
                continue;
            series.points << pointOf(point);
            rows << &point.row;
            if (!runs.contains(point.row.run))
                runs << point.row.run;
        }
        const FigureVerdict verdict{curve.verdict, curve.reason, curve.text, curve.details};
        if (report.curves.size() == 1)
            spec.verdict = verdict;
        else
            series.verdict = verdict;
        spec.series << series;
        for (const ControlCurve &control : curve.controls) {
            FigureSeries beside;
            beside.name = u"%1, control %2"_s.arg(series.name, control.control);
            beside.family = curve.family;
            beside.role = u"control"_s;
            for (const ScalingPoint &point : control.points) {
                if (point.value)
                    beside.points << pointOf(point);
            }
            spec.series << beside;
        }
    }
    if (datasets.size() == 1 && query.measure != "shift"_L1)
        spec.referenceLines = referenceLines(rows);
    spec.notes << u"Bars are 95% intervals over items; they are clustered where items share clusters."_s;
    spec.notes << howScored(rows);
    if (report.curvesTested > 1)
        spec.notes << u"Verdicts are adjusted over the %1 curves with a trend."_s.arg(report.curvesTested);
    for (const LeftOutModel &model : report.leftOut)
        spec.notes << u"%1 is left out of %2: %3."_s.arg(model.model, model.dataset, reasonText(model.reason));
    spec.createdFrom = query.toJson();
    spec.createdFrom["figure"] = "scaling";
    spec.createdFrom["runs"] = texts(runs);
    spec.sealDataHash();
    return spec;
}

FigureSpec scoresFigure(const QList<ResultRow> &rows, const ResultFilter &filter)
{
    FigureSpec spec;
    spec.kind = u"scores"_s;
    const QStringList datasets = distinct(rows, [](const ResultRow &r) { return r.dataset; });
    const QStringList models = distinct(rows, [](const ResultRow &r) { return r.model; });
    const bool severalScorings = distinct(rows, [](const ResultRow &r) { return r.scoring; }).size() > 1;
    const auto frameOf = [severalScorings](const ResultRow &r) {
        const QString frame = r.control == "none"_L1 ? r.frame : u"%1, control %2"_s.arg(r.frame, r.control);
        return severalScorings ? u"%1, %2"_s.arg(frame, r.scoring) : frame;
    };
    const bool severalFrames = distinct(rows, frameOf).size() > 1;
    spec.title = datasets.isEmpty() ? u"Scores"_s : u"Scores on %1"_s.arg(manyOrOne(datasets, u"data sets"_s));
    if (!models.isEmpty())
        spec.subtitle = manyOrOne(models, u"models"_s);
    spec.x.label = u"Data set"_s;
    spec.x.scale = FigureAxis::Scale::Category;
    spec.x.categories = datasets;
    spec.y = scoreAxis();
    QList<const ResultRow *> shown;
    QStringList runs;
    for (const ResultRow &row : rows) {
        const QString name = severalFrames ? u"%1 (%2)"_s.arg(row.model, frameOf(row)) : row.model;
        if (!row.score) {
            spec.notes << u"%1 on %2 is not shown: it answered no item."_s.arg(name, row.dataset);
            continue;
        }
        auto series = std::ranges::find(spec.series, name, &FigureSeries::name);
        if (series == spec.series.end()) {
            FigureSeries fresh;
            fresh.name = name;
            fresh.family = row.family;
            spec.series << fresh;
            series = std::prev(spec.series.end());
        }
        series->points << pointOf(static_cast<double>(datasets.indexOf(row.dataset)), *row.score, row);
        shown << &row;
        if (!runs.contains(row.run))
            runs << row.run;
    }
    if (datasets.size() == 1)
        spec.referenceLines = referenceLines(shown);
    spec.notes << u"Bars are 95% intervals over items; they are clustered where items share clusters."_s;
    spec.createdFrom = {{"figure", "scores"},
                        {"run", text(filter.run)},
                        {"datasets", texts(filter.datasets)},
                        {"models", texts(filter.models)},
                        {"frame", filter.frame.toStdString()},
                        {"runs", texts(runs)}};
    spec.sealDataHash();
    return spec;
}

Result<FigureRecord> storeFigure(Connection &connection, const FigureSpec &spec)
{
    FigureRecord record;
    record.kind = spec.kind;
    record.title = spec.title;
    record.parameters = QString::fromUtf8(canonicalJson(spec.createdFrom));
    record.spec = QString::fromUtf8(canonicalJson(spec.toJson()));
    return addFigure(connection, record);
}

Result<FigureSpec> rebuildFigure(Connection &connection, const FigureSpec &spec)
{
    const json &from = spec.createdFrom;
    const json kind = from.is_object() ? from.value("figure", json()) : json();
    if (kind == "scaling") {
        EVALWRIGHT_ASSIGN(const ScalingQuery query, ScalingQuery::fromJson(from));
        EVALWRIGHT_ASSIGN(const ScalingReport report, scaling(connection, query));
        return scalingFigure(report, query);
    }
    if (kind == "scores")
        return rebuildScores(connection, from);
    if (kind == "gap") {
        EVALWRIGHT_ASSIGN(const GapQuery query, GapQuery::fromJson(from));
        EVALWRIGHT_ASSIGN(const GapReport report, gapOf(connection, query));
        return gapFigure(report);
    }
    return failure(ErrorCode::Parse, u"The figure does not say what it was made from."_s,
                   u"Make the figure again from the results."_s);
}

} // namespace evalwright
