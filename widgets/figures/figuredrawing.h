// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"
#include "widgets/figures/figurestyle.h"

#include <QPointF>
#include <QSet>

#include <optional>
#include <vector>

class QCPAbstractPlottable;
class QCPAxis;
class QCPItemTracer;
class QCustomPlot;

namespace evalwright {

/// Draws a figure into a QCustomPlot, whether it is shown in a window or rendered into a file. A category axis is drawn
/// upwards, so that long names can be read; everything else has x to the right.
class FigureDrawing
{
public:
    struct Place
    {
        qsizetype series = 0, point = 0;
        friend bool operator==(const Place &, const Place &) = default;
    };
    /// The plot is emptied first. It must outlive this.
    FigureDrawing(QCustomPlot &plot, FigureSpec spec, FigureStyle style);

    /// Adds title, legend, verdicts and notes around the plot, for a picture that stands alone; `width` in pixels.
    void addSurroundings(int width, const QSet<qsizetype> &hidden = {});

    const FigureSpec &spec() const { return m_spec; }
    void setSeriesVisible(qsizetype series, bool visible);
    bool isSeriesVisible(qsizetype series) const;
    /// Indices of the points of a series that are drawn, by x.
    const QList<qsizetype> &pointsOf(qsizetype series) const { return m_series.at(static_cast<size_t>(series)).points; }
    /// Ranges that show everything, as at the start.
    void resetRanges();
    /// The visible point nearest to a pixel, not further away than `reach` pixels.
    std::optional<Place> nearest(const QPointF &pixel, double reach) const;
    QPointF pixelOf(const Place &place) const;
    void highlight(const std::optional<Place> &place);
    /// Points that cannot be drawn: not finite, or not positive on a log axis.
    qsizetype withoutPlace() const { return m_withoutPlace; }

private:
    struct Drawn
    {
        std::vector<QCPAbstractPlottable *> parts; ///< The line is the last one.
        QList<qsizetype> points;                   ///< Indices of the points that have a place, by x.
        bool visible = true;
    };
    void setUpAxes();
    void dress(QCPAxis *axis, const FigureAxis &content, bool gridLines);
    void drawSeries(qsizetype index);
    void drawReferences();
    bool hasPlace(const FigurePoint &point) const;
    /// Where a point stands on the key axis; series share a category side by side.
    double keyOf(qsizetype series, const FigurePoint &point) const;
    void addText(int row, const QString &text, const QFont &font, const QColor &color, int width);

    QCustomPlot &m_plot;
    FigureSpec m_spec;
    FigureStyle m_style;
    bool m_upward;
    QCPAxis *m_key, *m_value;
    std::vector<Drawn> m_series;
    QCPItemTracer *m_tracer = nullptr;
    qsizetype m_withoutPlace = 0;
};

} // namespace evalwright
