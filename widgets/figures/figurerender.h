// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "evaluation/figurespec.h"
#include "widgets/figures/figurestyle.h"

#include <QImage>
#include <QSet>
#include <QSize>

namespace evalwright {

struct FigureRendering
{
    FigureStyle::Paper paper = FigureStyle::Paper::Print;
    QSize size{960, 640};   ///< Pixels at 96 per inch.
    double pngScale = 2;    ///< PNG pixels per pixel of `size`.
    QSet<qsizetype> hidden; ///< Series that are left out; the picture says how many.
};

/// Draws the figure with title, legend, verdicts and notes and writes it whole or not at all; the ending of `path`
/// (.svg, .pdf, .png) decides the format. GUI thread; works with the offscreen platform. Unsupported for another
/// ending, InvalidInput for a size that cannot be drawn, and the errors of writing a file.
Status renderFigure(const FigureSpec &spec, const QString &path, const FigureRendering &rendering = {});
/// Reads a figure's JSON from a file and renders it: `evalwright --render-figure SPEC.json OUT`.
Status renderFigureFile(const QString &specPath, const QString &path, const FigureRendering &rendering = {});
/// The same picture in memory, for the clipboard.
QImage figureImage(const FigureSpec &spec, const FigureRendering &rendering = {});

/// Writes bytes to a file, whole or not at all.
Status writeWholeFile(const QString &path, const QByteArray &bytes);

} // namespace evalwright
