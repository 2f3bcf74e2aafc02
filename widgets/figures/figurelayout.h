// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figures/figureblocks.h"

namespace evalwright {

/// The words of shared axes around the panels of a grid.
class AxisTitles : public FigureBlock
{
public:
    AxisTitles(QCustomPlot &plot, QString across, QString upwards, FigureStyle style);
    double heightFor(double) const override { return 0; }

protected:
    void draw(QCPPainter *painter) override;

private:
    QString m_across, m_upwards;
    FigureStyle m_style;
};

/// Puts the parts of a figure below each other: head, plot or panels, foot. Words get the height they need in the
/// width there is, and the plot gets the rest.
class FigureLayout : public QCPLayout
{
public:
    struct Panel
    {
        TextBlock *title = nullptr;
        QCPAxisRect *rect = nullptr, *strip = nullptr;
    };
    explicit FigureLayout(FigureStyle style) : m_style(std::move(style)) {}
    ~FigureLayout() override;

    void addHead(FigureBlock *block);
    void addFoot(FigureBlock *block);
    void addPanel(const Panel &panel);
    /// Turns the panels into a grid. `left` and `below` are the room for numbers and titles of the axes.
    void setGrid(int columns, double left, double below, AxisTitles *titles);
    /// Room around everything, for pictures.
    void setBorder(int pixels) { m_border = pixels; }
    int columns() const { return m_columns; }

    /// What head, foot and titles of panels need in a width.
    double wordsHeight(double width) const;

    int elementCount() const override { return static_cast<int>(m_all.size()); }
    QCPLayoutElement *elementAt(int index) const override { return m_all.value(index); }
    QCPLayoutElement *takeAt(int index) override;
    bool take(QCPLayoutElement *element) override;
    QList<QCPLayoutElement *> elements(bool recursive) const override;

protected:
    void updateLayout() override;

private:
    void add(QCPLayoutElement *element);
    double placeAll(const QList<FigureBlock *> &blocks, double top) const;
    void placePanels(const QRectF &area) const;
    double titleWidth(double column) const;
    double titleHeight(double column) const;
    double columnWidth(double width) const;

    FigureStyle m_style;
    QList<QCPLayoutElement *> m_all;
    QList<FigureBlock *> m_head, m_foot;
    QList<Panel> m_panels;
    int m_columns = 0; ///< 0: no grid.
    double m_left = 0, m_below = 0;
    AxisTitles *m_titles = nullptr;
    int m_border = 0;
};

} // namespace evalwright
