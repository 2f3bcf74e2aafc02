// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"
#include "widgets/figures/figuredrawing.h"

#include <QSet>
#include <QWidget>

#include <memory>

class QCustomPlot;
class QLabel;

namespace evalwright {

class FlowLayout;

/// A figure on the screen: legend with toggles, the plot, values under the pointer. Drag moves, the wheel zooms, a
/// double click shows everything again. Arrow keys walk over the points: left and right along a series, up and down
/// between series.
class FigurePlot : public QWidget
{
    Q_OBJECT

public:
    explicit FigurePlot(QWidget *parent = nullptr);
    ~FigurePlot() override;

    void setFigure(const FigureSpec &spec);
    const FigureSpec &figure() const { return m_spec; }
    /// By the place in the legend; in figures without panels that is the series.
    void setSeriesVisible(qsizetype series, bool visible);
    const QSet<qsizetype> &hiddenSeries() const { return m_hidden; }
    /// Points that these axes cannot show.
    qsizetype withoutPlace() const;
    void resetZoom();

Q_SIGNALS:
    /// The point under the pointer or reached by keys; in heat maps the row and the cell.
    void pointHovered(qsizetype series, qsizetype point, qsizetype panel);
    /// Clicked, or Enter pressed on it.
    void pointActivated(qsizetype series, qsizetype point, qsizetype panel);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void redraw();
    void fillLegend();
    void setCurrent(const std::optional<FigureDrawing::Place> &place);
    QString textOf(const FigureDrawing::Place &place) const;
    bool handleKey(int key);

    FigureSpec m_spec;
    QSet<qsizetype> m_hidden;
    QWidget *m_legend = nullptr;
    FlowLayout *m_legendLayout = nullptr;
    QCustomPlot *m_plot = nullptr;
    QLabel *m_values = nullptr; ///< Beside the current point; a tooltip would vanish by itself.
    std::unique_ptr<FigureDrawing> m_drawing;
    std::optional<FigureDrawing::Place> m_current;
    int m_drawnWidth = 0;
};

} // namespace evalwright
