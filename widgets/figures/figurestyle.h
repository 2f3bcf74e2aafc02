// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"

#include <QColor>
#include <QFont>

namespace evalwright {

/// How a figure looks, apart from its numbers.
struct FigureStyle
{
    QColor background, text, secondary, grid, control, human, machine;
    QList<QColor> series;
    QFont title, body, caption;
    double lineWidth = 2; ///< Pixels.
    double markerSize = 7;
    int bandAlpha = 40; ///< 0 to 255.

    /// On the screen: the theme's fonts, sized in points.
    static FigureStyle screen(bool dark);
    /// For files: fonts sized in pixels, so that a figure is the same on every machine.
    enum class Paper { Light, Dark, Print };
    static FigureStyle paper(Paper paper);

    /// Series of the role “series” take the colours in turn; the other roles have their own.
    QColor colorOf(const FigureSpec &spec, qsizetype index) const;
};

} // namespace evalwright
