// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figureparts.h"

#include "evaluation/scalingcurves.h"

#include <algorithm>

namespace evalwright::figureparts {

using namespace Qt::StringLiterals;

namespace {

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

} // namespace

FigureAxis scoreAxis()
{
    FigureAxis axis;
    axis.label = u"Answers matching the behaviour"_s;
    axis.unit = u"share"_s;
    axis.minimum = 0;
    axis.maximum = 1;
    return axis;
}

FigureAxis categoryAxis(const QString &label)
{
    FigureAxis axis;
    axis.label = label;
    axis.scale = FigureAxis::Scale::Category;
    return axis;
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
    if (row.answered < row.n) {
        point.boundLow = row.ifUnansweredAllMiss;
        point.boundHigh = row.ifUnansweredAllMatch;
    }
    return point;
}

QString howScored(const QList<const ResultRow *> &rows)
{
    QStringList methods;
    qint64 undecided = 0, unstable = 0, checked = 0;
    for (const ResultRow *row : rows) {
        const QString scoring = row->scoring == "imported"_L1 ? u"others (imported)"_s : row->scoring;
        const QString method = row->way.isEmpty() ? scoring : u"%1 (%2)"_s.arg(scoring, row->way);
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

double onAxis(const QString &axis, double x)
{
    constexpr double secondsPerDay = 86'400;
    return axis == "date"_L1 ? x * secondsPerDay : x;
}

std::optional<double> placeOnAxis(const ResultRow &row, const QString &axis)
{
    Model model;
    model.parameters = row.parameters;
    model.compute = row.compute;
    model.steps = row.steps;
    model.released = row.released;
    const std::optional<double> x = scalingcurves::placeOf(model, axis).x;
    return x ? std::optional(onAxis(axis, *x)) : std::nullopt;
}

FigureSeries &seriesNamed(FigureSpec &spec, const QString &name, const QString &family)
{
    const auto found = std::ranges::find(spec.series, name, &FigureSeries::name);
    if (found != spec.series.end())
        return *found;
    FigureSeries fresh;
    fresh.name = name;
    fresh.family = family;
    return spec.series.emplace_back(fresh);
}

QString intervalsNote()
{
    return u"Bars are 95% intervals over items; they are clustered where items share clusters."_s;
}

QString manyOrOne(const QStringList &names, const QString &many)
{
    return names.size() == 1 ? names.first() : u"%1 %2"_s.arg(names.size()).arg(many);
}

CellNames::CellNames(const QList<ResultRow> &rows)
{
    m_scorings = distinct(rows, [](const ResultRow &r) { return r.scoring; }).size() > 1;
    m_frames = distinct(rows, [this](const ResultRow &r) { return frameOf(r); }).size() > 1;
}

QString CellNames::frameOf(const ResultRow &row) const
{
    const QString frame = row.control == "none"_L1 ? row.frame : u"%1, control %2"_s.arg(row.frame, row.control);
    return m_scorings ? u"%1, %2"_s.arg(frame, row.scoring) : frame;
}

QString CellNames::of(const ResultRow &row) const
{
    return m_frames ? u"%1 (%2)"_s.arg(row.model, frameOf(row)) : row.model;
}

} // namespace evalwright::figureparts
