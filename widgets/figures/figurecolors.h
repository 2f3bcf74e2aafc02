// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figures/figureblocks.h"

#include <QGradient>

namespace evalwright {

/// The colours of a heat map. Lightness falls (or, on dark ground, grows) evenly from the first to the last colour of
/// one hue, and from the middle to both ends of two; blue and orange are told apart by people who see no red or green.
class ColorMap
{
public:
    ColorMap(const FigureSpec &spec, bool dark);
    QColor colorOf(double value) const;
    /// Black or white, whichever is read more easily on a field.
    static QColor inkOn(const QColor &field);
    double minimum() const { return m_minimum; }
    double maximum() const { return m_maximum; }
    QGradientStops stops() const;

private:
    double m_minimum = 0, m_maximum = 1;
    QList<QColor> m_anchors; ///< Evenly spaced.
};

/// What the colours of a heat map mean: name, bar with numbers, and a field for missing values if there are any.
class ColorBlock : public FigureBlock
{
public:
    ColorBlock(QCustomPlot &plot, const FigureSpec &spec, FigureStyle style);
    double heightFor(double width) const override;

protected:
    void draw(QCPPainter *painter) override;

private:
    FigureAxis m_axis;
    ColorMap m_map;
    FigureStyle m_style;
    bool m_missing;
};

/// Slanted lines over an area: here no value is known. Drawn as lines, since not every format knows patterns.
void drawHatch(QPainter &painter, const QRectF &area, const FigureStyle &style);

} // namespace evalwright
