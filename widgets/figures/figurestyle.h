// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"
#include "widgets/theme/theme.h"

#include <QColor>
#include <QFont>
#include <QPainterPath>

#include <optional>

namespace evalwright {

/// How one series looks. Colour, dash and marker all differ, so that a figure survives a black-and-white copy.
struct SeriesLook
{
    static constexpr int shapes = 7;
    QColor color;
    Qt::PenStyle dash = Qt::SolidLine;
    int shape = 0;     ///< 0 to shapes - 1.
    bool open = false; ///< Only the outline of the marker.
};

/// The outline of a marker around (0, 0); all shapes of a size look equally large.
QPainterPath markerPath(int shape, double size);

/// How a figure looks, apart from its numbers. Lengths are in pixels.
struct FigureStyle
{
    QColor background, text, secondary, grid, control, human, machine;
    QList<QColor> series;
    QFont title, heading, body, caption;
    QFont note; ///< Below the plot.
    double lineWidth = 2, thinLine = 1, markerSize = 7;
    int padding = 8;
    int bandAlpha = 40; ///< 0 to 255; of few series, many have less.
    bool dark = false;

    /// On the screen: the theme's fonts, sized in points.
    static FigureStyle screen(bool dark);
    /// For files: fonts sized in pixels, so that a figure has the same proportions on every machine.
    enum class Paper { Light, Dark, Print };
    /// What the picture is for decides how large words and lines are: a picture of any size, one or two columns of a
    /// page, a slide.
    enum class Use { Free, Column, DoubleColumn, Slide };
    static FigureStyle paper(Paper paper, Use use = Use::Free);

    /// Series of the role "series" take colours, shapes and dashes in turn; the other roles have their own.
    QList<SeriesLook> looksOf(const QStringList &roles) const;
};

/// One line of a legend. A grid has one for all series of a name, a figure of one panel one for each series.
struct LegendEntry
{
    QString name, role, text; ///< The text stands after the name: the words of a fit.
    std::optional<FigureVerdict> verdict;
    SeriesLook look;
    bool fitted = false; ///< A straight line belongs to it.
};
QList<LegendEntry> legendOf(const FigureSpec &spec, const FigureStyle &style);
/// The index in the legend of each series of a panel.
QList<qsizetype> legendPlaces(const QList<LegendEntry> &legend, const FigureSpec &panel);

/// True where the points of a series are joined by a line.
bool drawsLines(const FigureSpec &spec);
/// True where categories stand below each other and values go to the right.
bool liesDown(const FigureSpec &spec);

} // namespace evalwright
