// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figures/figurestyle.h"

#include <QPointF>
#include <QSizeF>
#include <QStringList>

class QPainter;

namespace evalwright {

/// Helpers for words in pictures. Texts come from files of anybody: they are drawn letter by letter, on one line each.

/// Breaks text into lines that fit; a word longer than a line is broken too. More lines than `most` are not made: the
/// last one then ends in an ellipsis.
QStringList wrappedText(const QString &text, const QFont &font, double width, int most = 1000);
/// The text on one line, cut at its end if it is too wide.
QString elidedText(const QString &text, const QFont &font, double width);
double textWidth(const QString &text, const QFont &font);
double lineHeight(const QFont &font);
/// Draws one line with its left upper corner at a place.
void drawLine(QPainter &painter, const QPointF &at, const QString &line, const QFont &font, const QColor &color);

/// A verdict's chip: tinted, with an outline, so that it is one on a copy without colours too.
QSizeF verdictChipSize(const QString &code, const FigureStyle &style);
void drawVerdictChip(QPainter &painter, const QPointF &at, const QString &code, const FigureStyle &style);

/// Draws a marker around a place, with an edge in the colour of the ground that parts it from what is below.
void drawMarker(QPainter &painter, const QPointF &at, const SeriesLook &look, const FigureStyle &style,
                double size = 0);

} // namespace evalwright
