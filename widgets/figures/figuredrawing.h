// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"
#include "widgets/figures/figurestyle.h"
#include "widgets/figures/paneldrawing.h"

#include <QPointF>
#include <QSet>
#include <QSizeF>

#include <memory>
#include <optional>
#include <vector>

namespace evalwright {

class FigureLayout;
class RingItem;

/// Draws a figure into a QCustomPlot, whether it is shown in a window or rendered into a file: one panel, or a grid of
/// them with common axes.
class FigureDrawing
{
public:
    struct Place
    {
        qsizetype series = 0, point = 0; ///< Of its panel; a row and a cell in heat maps.
        qsizetype panel = 0;
        friend bool operator==(const Place &, const Place &) = default;
    };
    /// The plot is emptied first. It must outlive this, and this must live as long as the plot draws. `about` is how
    /// large the plot will be, which decides how many ticks and columns there are.
    FigureDrawing(QCustomPlot &plot, FigureSpec spec, FigureStyle style, const QSizeF &about);
    ~FigureDrawing();
    FigureDrawing(const FigureDrawing &) = delete;
    FigureDrawing &operator=(const FigureDrawing &) = delete;

    /// Adds title, legend, verdicts and notes around the plot, for a picture that stands alone. Places in `hidden` are
    /// those of the legend.
    void addSurroundings(const QSet<qsizetype> &hidden = {});
    /// What the words around the plot need.
    double wordsHeight(double width) const;
    /// The height in which the plot itself looks best, and the least in which it can be read.
    double plotHeight(double width) const;
    double leastPlotHeight(double width) const;
    /// Rows of categories or panels need a height; other plots take what there is.
    bool hasRows() const;

    const FigureSpec &spec() const { return m_spec; }
    const QList<LegendEntry> &legend() const { return m_legend; }
    /// Shows or hides what belongs to an entry of the legend. In figures of one panel the entries are the series.
    void setSeriesVisible(qsizetype entry, bool visible);
    /// Ranges that show everything, as at the start.
    void resetRanges();
    /// All points that are drawn, in the order in which keys walk over them.
    QList<Place> places() const;
    /// The visible point nearest to a pixel, not further away than `reach` pixels.
    std::optional<Place> nearest(const QPointF &pixel, double reach) const;
    QPointF pixelOf(const Place &place) const;
    void highlight(const std::optional<Place> &place);
    /// Points that cannot be drawn: not finite, or not positive on a log axis.
    qsizetype withoutPlace() const;

private:
    bool isGrid() const;
    void drawOne(const QSizeF &about);
    void drawGrid(const QSizeF &about);

    QCustomPlot &m_plot;
    FigureSpec m_spec;
    FigureStyle m_style;
    QList<LegendEntry> m_legend;
    FigureLayout *m_layout = nullptr; ///< The plot's.
    std::vector<std::unique_ptr<PanelDrawing>> m_panels;
    std::vector<QList<qsizetype>> m_places; ///< Per panel: the legend's entry of each series.
    RingItem *m_ring = nullptr;
};

} // namespace evalwright
