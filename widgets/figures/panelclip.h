// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPolygonF>
#include <QRectF>

class QPainter;

namespace evalwright {

/// Draws the part of a line of many points that lies inside a rectangle. The pen's dashes go on over the points.
void drawClippedLine(QPainter &painter, const QPolygonF &points, const QRectF &room);
/// The part of a closed shape inside a rectangle (Sutherland and Hodgman, 1974).
QPolygonF clippedPolygon(const QPolygonF &shape, const QRectF &room);

/// At most four points per pixel of width: the first, the lowest, the highest and the last of each. Points go by x; the
/// drawn line is the same, and 200,000 points make no file of many megabytes.
QPolygonF thinned(const QPolygonF &points);

} // namespace evalwright
