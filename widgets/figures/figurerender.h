// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "evaluation/figurespec.h"
#include "widgets/figures/figurestyle.h"

#include <QImage>
#include <QSet>
#include <QSize>

class QPaintDevice;

namespace evalwright {

struct FigureRendering
{
    FigureStyle::Paper paper = FigureStyle::Paper::Print;
    FigureStyle::Use use = FigureStyle::Use::Free; ///< How large words and lines are.
    /// Pixels at 96 per inch. The height is the least: words that need more make the picture higher, so that they never
    /// take the room of the plot. 0: as high as looks best.
    QSize size{960, 640};
    double pngScale = 2;    ///< PNG pixels per pixel of `size`; the file says 96 times as many pixels per inch.
    QSet<qsizetype> hidden; ///< Series (entries of the legend) that are left out; the picture says how many.

    /// 85 mm wide, 170 mm wide, or 16:9.
    static FigureRendering of(FigureStyle::Use use);
    /// From the words of a command line; empty words change nothing. Size: "column", "double", "slide", or pixels as
    /// "960x640" or "960x0"; scale: 0.5 to 8; paper: "print", "light" or "dark". InvalidInput for other words.
    static Result<FigureRendering> fromWords(const QString &size, const QString &scale, const QString &paper);
};

/// Draws the figure with title, legend, verdicts and notes and writes it whole or not at all; the ending of `path`
/// (.svg, .pdf, .png) decides the format. The same figure gives the same bytes. GUI thread; works with the offscreen
/// platform. Unsupported for another ending, InvalidInput for a size that cannot be drawn, and the errors of writing a
/// file.
Status renderFigure(const FigureSpec &spec, const QString &path, const FigureRendering &rendering = {});
/// Reads a figure's JSON from a file and renders it: `evalwright --render-figure SPEC.json OUT`.
Status renderFigureFile(const QString &specPath, const QString &path, const FigureRendering &rendering = {});
/// The same picture in memory, for the clipboard; null where it would be too large.
QImage figureImage(const FigureSpec &spec, const FigureRendering &rendering = {});
/// How large the picture becomes, in pixels at 96 per inch.
QSize figureSize(const FigureSpec &spec, const FigureRendering &rendering = {});
/// Draws the picture on any device whose unit is a pixel of that size.
void paintFigure(const FigureSpec &spec, QPaintDevice &device, const FigureRendering &rendering = {});

/// Writes bytes to a file, whole or not at all.
Status writeWholeFile(const QString &path, const QByteArray &bytes);

} // namespace evalwright
