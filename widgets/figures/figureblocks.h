// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figures/customplot.h"
#include "widgets/figures/figurestyle.h"

#include <optional>

namespace evalwright {

/// A part of a picture above or below the plot, which is as high as its words need in a width.
class FigureBlock : public QCPLayoutElement
{
public:
    using QCPLayoutElement::QCPLayoutElement;
    virtual double heightFor(double width) const = 0;
};

/// Nothing, of a height.
class SpaceBlock : public FigureBlock
{
public:
    SpaceBlock(QCustomPlot &plot, double height) : FigureBlock(&plot), m_height(height) { setMargins({}); }
    double heightFor(double) const override { return m_height; }

private:
    double m_height;
};

/// Lines of text, with a verdict's chip before the first where there is one.
class TextBlock : public FigureBlock
{
public:
    TextBlock(QCustomPlot &plot, QString text, const QFont &font, const QColor &color, FigureStyle style);
    void setVerdict(const QString &code) { m_verdict = code; }
    /// The chip stands below the text instead of before it, and the text has at most so many lines.
    void setTitle(int lines)
    {
        m_most = lines;
        m_chipBelow = true;
    }
    double heightFor(double width) const override;

protected:
    void draw(QCPPainter *painter) override;

private:
    /// Room for text beside the chip.
    double chipRoom() const;
    QStringList linesFor(double width) const;

    QString m_text;
    QFont m_font;
    QColor m_color;
    FigureStyle m_style;
    QString m_verdict;
    int m_most = 1000;
    bool m_chipBelow = false;
};

/// What a legend of a picture needs to know beside its entries.
struct LegendLines
{
    bool joined = true; ///< Lines join the points.
    QList<FigureReferenceLine> references; ///< Lines whose words do not stand beside them.
};

/// Symbols with names and chips, in as many columns as make it lowest. Long names have up to three lines.
class LegendBlock : public FigureBlock
{
public:
    LegendBlock(QCustomPlot &plot, QList<LegendEntry> entries, LegendLines lines, FigureStyle style);
    double heightFor(double width) const override;

protected:
    void draw(QCPPainter *painter) override;

private:
    struct Cell
    {
        QStringList lines;
        bool chipBelow = false, chipFits = true;
        double height = 0;
    };
    struct Arrangement
    {
        int columns = 1;
        QList<Cell> cells;
        QList<double> rowHeights;
        double height = 0;
    };
    Arrangement arranged(double width) const;
    Cell cellFor(const LegendEntry &entry, double width) const;
    double symbolWidth() const;
    void drawSymbol(QCPPainter &painter, const QPointF &at, const LegendEntry &entry) const;

    QList<LegendEntry> m_entries;
    LegendLines m_lines;
    FigureStyle m_style;
};

/// The pen of a reference line.
QPen referencePen(FigureReferenceLine::Kind kind, const FigureStyle &style);

} // namespace evalwright
