// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figures/customplot.h"
#include "widgets/figures/figurecolors.h"
#include "widgets/figures/paneldrawing.h"

#include <functional>

namespace evalwright {

/// Something drawn on a panel. It asks the panel for places when it is drawn, so zooming and resizing need no
/// bookkeeping. What lies outside the panel is cut off by computation, since SVG files know no clipping here.
class PanelItem : public QCPAbstractItem
{
public:
    PanelItem(QCustomPlot &plot, const PanelDrawing &panel, const char *layer = nullptr);
    double selectTest(const QPointF &, bool, QVariant *) const override { return -1; }

protected:
    QRect clipRect() const override { return mParentPlot->viewport(); }
    const PanelDrawing &m_panel;
};

/// Interval bands and the area under differences, below everything else.
class BandItem : public PanelItem
{
public:
    BandItem(QCustomPlot &plot, const PanelDrawing &panel, qsizetype series);

protected:
    void draw(QCPPainter *painter) override;

private:
    qsizetype m_series;
};

/// Bars, brackets of bounds, line and markers of one series.
class SeriesItem : public PanelItem
{
public:
    SeriesItem(QCustomPlot &plot, const PanelDrawing &panel, qsizetype series);

protected:
    void draw(QCPPainter *painter) override;

private:
    void drawBars(QCPPainter &painter) const;
    void drawLine(QCPPainter &painter) const;
    qsizetype m_series;
};

/// A straight line with its band.
class FitItem : public PanelItem
{
public:
    FitItem(QCustomPlot &plot, const PanelDrawing &panel, FigureFit fit, SeriesLook look);

protected:
    void draw(QCPPainter *painter) override;

private:
    FigureFit m_fit;
    SeriesLook m_look;
};

/// Reference lines, and their names in the margin where they hide nothing and do not run into each other.
class ReferenceItem : public PanelItem
{
public:
    /// `width` is that of the whole panel; names are shown where `names` is true.
    ReferenceItem(QCustomPlot &plot, const PanelDrawing &panel, QList<FigureReferenceLine> lines, bool names,
                  double width);
    /// Room for the names beside an upright panel, or above a lying one.
    double widthOfNames() const;
    double heightOfNames() const;

protected:
    void draw(QCPPainter *painter) override;

private:
    struct Name
    {
        double line = 0; ///< Pixels of its line along the value axis.
        QRectF box;
        QStringList lines;
    };
    QList<Name> namesBeside() const;
    /// `pixelOf` gives the pixel of a value, `right` where names must end; boxes stand over y = 0.
    QList<Name> namesAbove(const std::function<double(double)> &pixelOf, double right) const;
    void drawLines(QCPPainter &painter) const;
    QList<FigureReferenceLine> m_lines;
    bool m_names;
    double m_width;
};

/// The names of categories, their groups' headings, and a shade behind every other row.
class CategoryItem : public PanelItem
{
public:
    enum class Side { Left, Bottom };
    CategoryItem(QCustomPlot &plot, const PanelDrawing &panel, const FigureAxis &axis, Side side, bool shaded);
    /// Room for the names when the panel has so much of them in all: `along` pixels for the categories, at most `across`
    /// for a name.
    double depth(double along, double across);

protected:
    void draw(QCPPainter *painter) override;

private:
    QString nameOf(qsizetype category) const;
    double rowPixel(double row) const;
    void drawShades(QCPPainter &painter) const;
    void drawLeft(QCPPainter &painter) const;
    void drawBottom(QCPPainter &painter) const;
    FigureAxis m_axis;
    CategoryRows m_rows;
    Side m_side;
    bool m_shaded, m_turned = false;
    double m_depth = 0; ///< Of the names alone.
};

/// The fields of a heat map; where nothing is known the hatch below them shows.
class HeatItem : public PanelItem
{
public:
    HeatItem(QCustomPlot &plot, const PanelDrawing &panel, const FigureSpec &spec);

protected:
    void draw(QCPPainter *painter) override;

private:
    ColorMap m_map;
};

/// Names of the points of a scatter that lie farthest from their lines, where there is room for a name.
class PointNamesItem : public PanelItem
{
public:
    PointNamesItem(QCustomPlot &plot, const PanelDrawing &panel);

protected:
    void draw(QCPPainter *painter) override;
};

/// How many items stand behind each point of a reliability diagram, below it.
class StripItem : public PanelItem
{
public:
    StripItem(QCustomPlot &plot, const PanelDrawing &panel, QCPAxisRect &strip);

protected:
    void draw(QCPPainter *painter) override;

private:
    QCPAxisRect &m_strip;
};

/// One line of text in the middle of a panel.
class MessageItem : public PanelItem
{
public:
    MessageItem(QCustomPlot &plot, const PanelDrawing &panel, QString text);

protected:
    void draw(QCPPainter *painter) override;

private:
    QString m_text;
};

/// A ring around the point under the pointer.
class RingItem : public PanelItem
{
public:
    RingItem(QCustomPlot &plot, const PanelDrawing &panel, qsizetype group, qsizetype point);

protected:
    void draw(QCPPainter *painter) override;

private:
    qsizetype m_group, m_point;
};

} // namespace evalwright
