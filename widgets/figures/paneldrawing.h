// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"
#include "widgets/figures/figurestyle.h"

#include <QPointF>
#include <QRectF>

#include <optional>
#include <vector>

class QCPAxis;
class QCPAxisRect;
class QCPLayerable;
class QCustomPlot;

namespace evalwright {

/// The rows of a category axis: each category has one, and each group one before its first for its heading.
struct CategoryRows
{
    struct Heading
    {
        double row = 0;
        QString name;
        qsizetype members = 0;
    };
    explicit CategoryRows(const FigureAxis &axis);
    QList<double> rows; ///< By category.
    QList<Heading> headings;
    qsizetype count = 0;
};

/// From where to where the axes go so that everything is shown.
struct PanelRanges
{
    double keyLow = 0, keyHigh = 1, valueLow = 0, valueHigh = 1;
};
/// `axes` has the axes, `panels` the points.
PanelRanges rangesOf(const FigureSpec &axes, const QList<const FigureSpec *> &panels);

/// Draws one figure without panels, or one panel of a grid, into one axis rect. A category axis is drawn upwards, so
/// that long names can be read; everything else has x to the right.
class PanelDrawing
{
public:
    struct Frame
    {
        QCPAxisRect *rect = nullptr;
        QCPAxisRect *strip = nullptr; ///< Below it, for the numbers of items.
        QList<SeriesLook> looks;      ///< One per series.
        double width = 600, height = 400; ///< About how large it will be, for ticks and names.
        double namesWidth = 0;            ///< The most that names of categories get; 0: two fifths of the width.
        bool inGrid = false, numbersLeft = true, numbersBelow = true;
        QList<FigureReferenceLine> sharedLines;
    };
    /// The plot, the style and the figure must outlive this; the items belong to the plot.
    PanelDrawing(QCustomPlot &plot, const FigureSpec &spec, const FigureStyle &style, Frame frame);

    const FigureSpec &spec() const { return m_spec; }
    const FigureStyle &style() const { return m_style; }
    const SeriesLook &lookOf(qsizetype series) const { return m_frame.looks.at(series); }
    bool isInGrid() const { return m_frame.inGrid; }
    bool isLying() const { return m_lying; }

    void setRanges(const PanelRanges &ranges);
    void setSeriesVisible(qsizetype series, bool visible);
    bool isSeriesVisible(qsizetype series) const { return m_drawn.at(static_cast<size_t>(series)).visible; }
    /// Series, or the rows of a heat map, whose points are fields.
    qsizetype groups() const { return static_cast<qsizetype>(m_drawn.size()); }
    /// Indices of the points (of the cells of a heat map) that have a place, by x.
    const QList<qsizetype> &pointsOf(qsizetype group) const { return m_drawn.at(static_cast<size_t>(group)).points; }
    /// Points that cannot be drawn: not finite, or not positive on a log axis.
    qsizetype withoutPlace() const { return m_withoutPlace; }

    /// Pixels of a place on the axes, of a point, and of the panel.
    QPointF pixelAt(double x, double y) const;
    QPointF pixelOf(qsizetype group, qsizetype point) const;
    QPointF pixelOf(qsizetype series, const FigurePoint &point, double value) const;
    QRectF room() const;
    /// Pixel along the key axis or the value axis.
    double keyPixel(double coordinate) const;
    double valuePixel(double coordinate) const;
    /// What the numbers or names left of a panel of a grid need, with the words of the axis.
    double widthOfNumbers() const;
    /// From where to where the key axis shows.
    std::pair<double, double> keyRange() const;
    /// The nearest visible point not further away than `reach`, which becomes its distance.
    std::optional<std::pair<qsizetype, qsizetype>> nearest(const QPointF &pixel, double &reach) const;

private:
    struct Drawn
    {
        std::vector<QCPLayerable *> parts;
        QList<qsizetype> points;
        bool visible = true;
    };
    void findPoints();
    void setUpAxes();
    void setUpStrip();
    void setUpHeatMap();
    void setUpCategories();
    void setUpReferences();
    void dress(QCPAxis *axis, const FigureAxis &content, bool gridLines, bool numbers, double length);
    bool hasPlace(const FigurePoint &point) const;
    /// Where a point stands on the key axis; series share a category side by side.
    double keyOf(qsizetype series, const FigurePoint &point) const;

    QCustomPlot &m_plot;
    const FigureSpec &m_spec;
    const FigureStyle &m_style;
    Frame m_frame;
    bool m_lying, m_heat;
    CategoryRows m_rowsX, m_rowsY;
    QCPAxis *m_key, *m_value;
    std::vector<Drawn> m_drawn;
    qsizetype m_withoutPlace = 0;
    double m_left = 0, m_right = 0, m_top = 0, m_bottom = 0; ///< Margins for words.
};

} // namespace evalwright
