// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"
#include "evaluation/results.h"

/// Inside of the evaluation room: what the builders of figures share.
namespace evalwright::figureparts {

/// Share of matching answers, 0 to 1.
FigureAxis scoreAxis();
FigureAxis categoryAxis(const QString &label);
/// The value of a row with its interval, counts, and what a reader must know beyond the numbers.
FigurePoint pointOf(double x, double y, const ResultRow &row);
/// How the points came to be: the way of scoring, what the drift check said, and what is not certain.
QString howScored(const QList<const ResultRow *> &rows);
/// Ceiling, floor and chance belong to the items, so they are those of the cell that answered most of them.
QList<FigureReferenceLine> referenceLines(const QList<const ResultRow *> &rows);
struct AxisWords
{
    QString by; ///< "… by model size"
    FigureAxis axis;
};
/// Of scalingAxes().
AxisWords axisOf(const QString &name);
/// A place of a curve as the figure has it: a date of a curve is in days, that of a figure in seconds.
double onAxis(const QString &axis, double x);
/// Where a model stands on the figure's axis; nothing where it is not known.
std::optional<double> placeOnAxis(const ResultRow &row, const QString &axis);
/// The series of this name, which is added where there is none.
FigureSeries &seriesNamed(FigureSpec &spec, const QString &name, const QString &family = {});
QString intervalsNote();
/// One name is itself; several are "12 models".
QString manyOrOne(const QStringList &names, const QString &many);
/// Names a cell by its model, and by its frame, control and scoring where the rows differ in them.
class CellNames
{
public:
    explicit CellNames(const QList<ResultRow> &rows);
    QString of(const ResultRow &row) const;

private:
    QString frameOf(const ResultRow &row) const;
    bool m_scorings = false, m_frames = false;
};

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


} // namespace evalwright::figureparts
