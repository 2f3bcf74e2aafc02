// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figureparts.h"
#include "evaluation/figures.h"
#include "core/jsonvalues.h"

#include "core/text.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace figureparts;
using namespace jsonvalues;

namespace {

/// A point of a curve: its interval is that of what the curve shows.
FigurePoint curvePoint(const ScalingPoint &from, bool isScore)
{
    FigurePoint point = pointOf(from.x, from.value.value_or(0), from.row); // Callers pass points with a value.
    if (!isScore)
        point.boundLow = point.boundHigh = std::nullopt;
    point.low = from.low;
    point.high = from.high;
    point.naiveLow = point.naiveHigh = std::nullopt;
    if (from.low != from.naiveLow || from.high != from.naiveHigh) {
        point.naiveLow = from.naiveLow;
        point.naiveHigh = from.naiveHigh;
    }
    return point;
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
        const QString name = withinDataset(curve);
        return m_datasets ? u"%1: %2"_s.arg(curve.dataset, name) : name;
    }
    QString withinDataset(const ScalingCurve &curve) const
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
        return parts.join(u", "_s);
    }

private:
    bool m_datasets, m_training, m_frames, m_controls, m_scorings, m_sizes, m_steps;
};

/// What the figures of curves gather from the points that they show.
struct Shown
{
    QList<const ResultRow *> rows;
    QStringList runs;
    void add(const ResultRow &row)
    {
        rows << &row;
        if (!runs.contains(row.run))
            runs << row.run;
    }
};

FigureAxis valueAxis(const ScalingQuery &query)
{
    FigureAxis axis = scoreAxis();
    if (query.measure == "shift"_L1) {
        axis = {};
        axis.label = u"Matching, less the control “%1”"_s.arg(query.control);
        axis.unit = u"points"_s;
    } else if (query.measure == "probability"_L1) {
        axis.label = u"Mean probability of the matching answer"_s;
    }
    return axis;
}

/// Adds the curve and those of its controls.
void addCurve(FigureSpec &spec, const ScalingCurve &curve, const QString &axis, const QString &name, bool alone, Shown &shown)
{
    const bool isScore = curve.measure == "match"_L1;
    const auto points = [&axis, isScore](const QList<ScalingPoint> &list, const auto &use) {
        for (const ScalingPoint &point : list) {
            if (!point.value)
                continue;
            FigurePoint drawn = curvePoint(point, isScore);
            drawn.x = onAxis(axis, point.x);
            use(point, drawn);
        }
    };
    FigureSeries series;
    series.name = name;
    series.family = curve.family;
    points(curve.points, [&](const ScalingPoint &point, const FigurePoint &drawn) {
        series.points << drawn;
        shown.add(point.row);
    });
    const FigureVerdict verdict{curve.verdict, curve.reason, curve.text, curve.details};
    (alone ? spec.verdict : series.verdict) = verdict;
    spec.series << series;
    for (const ControlCurve &control : curve.controls) {
        FigureSeries beside;
        beside.name = u"%1, control %2"_s.arg(name, control.control);
        beside.family = curve.family;
        beside.role = u"control"_s;
        points(control.points, [&](const ScalingPoint &, const FigurePoint &drawn) { beside.points << drawn; });
        spec.series << beside;
    }
}

/// What all figures of curves say below.
void addNotes(FigureSpec &spec, const ScalingReport &report, const Shown &shown)
{
    spec.notes << intervalsNote() << howScored(shown.rows);
    if (report.curvesTested > 1)
        spec.notes << u"Verdicts are adjusted over the %1 curves with a trend."_s.arg(report.curvesTested);
    // One note for each model and reason, however many data sets there are.
    QList<std::pair<QString, QString>> left;
    QList<QStringList> datasets;
    for (const LeftOutModel &model : report.leftOut) {
        const std::pair key(model.model, model.reason);
        qsizetype at = left.indexOf(key);
        if (at < 0) {
            at = left.size();
            left << key;
            datasets << QStringList();
        }
        datasets[at] << model.dataset;
    }
    constexpr qsizetype mostNotes = 100;
    for (qsizetype i = 0; i < std::min(left.size(), mostNotes); ++i)
        spec.notes << u"%1 is left out of %2: %3."_s.arg(left[i].first, manyOrOne(datasets[i], u"data sets"_s),
                                                         reasonText(left[i].second));
    if (left.size() > mostNotes)
        spec.notes << u"%1 more are left out; the table of curves names them."_s.arg(left.size() - mostNotes);
}

/// The verdicts of a panel with several curves, in one line.
QString verdictsOf(const FigureSpec &panel)
{
    QStringList told;
    qsizetype undetermined = 0;
    for (const FigureSeries &series : panel.series) {
        if (!series.verdict)
            continue;
        if (series.verdict->code == "undetermined"_L1)
            ++undetermined;
        else
            told << u"%1 %2"_s.arg(series.name, series.verdict->code);
    }
    if (undetermined > 0)
        told << (told.isEmpty() ? u"undetermined for all curves"_s : u"undetermined for the others"_s);
    return u"%1: %2."_s.arg(panel.title, told.join(u"; "_s));
}

QStringList datasetsOf(const ScalingReport &report)
{
    return distinct(report.curves, [](const ScalingCurve &c) { return c.dataset; });
}

/// Kind, titles and axes.
FigureSpec emptyFigure(const QString &kind, const ScalingReport &report, const ScalingQuery &query)
{
    FigureSpec spec;
    spec.kind = kind;
    const QStringList datasets = datasetsOf(report);
    const AxisWords axis = axisOf(report.axis);
    spec.title = datasets.isEmpty() ? u"Score by %1"_s.arg(axis.by)
                                    : u"%1 by %2"_s.arg(manyOrOne(datasets, u"data sets"_s), axis.by);
    const QStringList families = distinct(report.curves, [](const ScalingCurve &c) { return c.family; });
    if (!families.isEmpty() && !query.acrossFamilies)
        spec.subtitle = manyOrOne(families, u"families"_s);
    if (query.acrossFamilies)
        spec.subtitle = u"models of several families"_s;
    spec.x = axis.axis;
    spec.y = valueAxis(query);
    return spec;
}

void finish(FigureSpec &spec, const ScalingQuery &query, const QStringList &runs)
{
    spec.createdFrom = query.toJson();
    spec.createdFrom["figure"] = spec.kind.toStdString();
    spec.createdFrom["runs"] = texts(runs);
    spec.sealDataHash();
}

} // namespace

FigureSpec scalingFigure(const ScalingReport &report, const ScalingQuery &query)
{
    FigureSpec spec = emptyFigure(u"scaling"_s, report, query);
    const CurveNames names(report.curves);
    Shown shown;
    for (const ScalingCurve &curve : report.curves)
        addCurve(spec, curve, report.axis, names.of(curve), report.curves.size() == 1, shown);
    if (datasetsOf(report).size() == 1 && query.measure != "shift"_L1)
        spec.referenceLines = referenceLines(shown.rows);
    addNotes(spec, report, shown);
    finish(spec, query, shown.runs);
    return spec;
}

FigureSpec gridFigure(const ScalingReport &report, const ScalingQuery &query)
{
    FigureSpec spec = emptyFigure(u"grid"_s, report, query);
    const CurveNames names(report.curves);
    Shown shown;
    for (const QString &dataset : datasetsOf(report)) {
        FigureSpec panel;
        panel.kind = u"scaling"_s;
        panel.title = dataset;
        panel.x = spec.x;
        panel.y = spec.y;
        const auto isOf = [&dataset](const ScalingCurve &curve) { return curve.dataset == dataset; };
        const bool alone = std::ranges::count_if(report.curves, isOf) == 1;
        Shown inPanel;
        for (const ScalingCurve &curve : report.curves) {
            if (isOf(curve))
                addCurve(panel, curve, report.axis, names.withinDataset(curve), alone, inPanel);
        }
        if (query.measure != "shift"_L1)
            panel.referenceLines = referenceLines(inPanel.rows);
        for (const ResultRow *row : std::as_const(inPanel.rows))
            shown.add(*row);
        if (!alone) // A panel has room for the chip of one curve.
            spec.notes << verdictsOf(panel);
        spec.panels << panel;
    }
    addNotes(spec, report, shown);
    finish(spec, query, shown.runs);
    return spec;
}

} // namespace evalwright
