// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/panelclip.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace evalwright {

namespace {

/// Liang and Barsky (1984).
std::optional<QLineF> clippedSegment(const QPointF &from, const QPointF &to, const QRectF &room)
{
    const QPointF way = to - from;
    double enter = 0, leave = 1;
    const std::array<std::pair<double, double>, 4> borders{
        std::pair(-way.x(), from.x() - room.left()), std::pair(way.x(), room.right() - from.x()),
        std::pair(-way.y(), from.y() - room.top()), std::pair(way.y(), room.bottom() - from.y())};
    for (const auto &[speed, gap] : borders) {
        if (speed == 0) {
            if (gap < 0)
                return std::nullopt;
        } else if (speed < 0) {
            enter = std::max(enter, gap / speed);
        } else {
            leave = std::min(leave, gap / speed);
        }
    }
    if (enter > leave)
        return std::nullopt;
    return QLineF(from + enter * way, from + leave * way);
}

} // namespace

void drawClippedLine(QPainter &painter, const QPolygonF &points, const QRectF &room)
{
    QPolygonF piece;
    const auto flush = [&] {
        if (piece.size() > 1)
            painter.drawPolyline(piece);
        piece.clear();
    };
    for (qsizetype i = 1; i < points.size(); ++i) {
        const auto part = clippedSegment(points.at(i - 1), points.at(i), room);
        if (!part) {
            flush();
            continue;
        }
        if (piece.isEmpty() || piece.constLast() != part->p1()) {
            flush();
            piece << part->p1();
        }
        piece << part->p2();
    }
    flush();
}

QPolygonF clippedPolygon(const QPolygonF &shape, const QRectF &room)
{
    const std::array<std::pair<bool, double>, 4> borders{std::pair(true, room.left()), std::pair(true, room.right()),
                                                         std::pair(false, room.top()), std::pair(false, room.bottom())};
    QPolygonF rest = shape;
    for (size_t b = 0; b < borders.size(); ++b) {
        const auto &[alongX, border] = borders.at(b);
        const double sign = b % 2 == 0 ? 1 : -1;
        const auto inside = [&](const QPointF &p) { return sign * ((alongX ? p.x() : p.y()) - border); };
        QPolygonF next;
        for (qsizetype i = 0; i < rest.size(); ++i) {
            const QPointF &from = rest.at(i), &to = rest.at((i + 1) % rest.size());
            const double a = inside(from), z = inside(to);
            if (a >= 0)
                next << from;
            if ((a > 0 && z < 0) || (a < 0 && z > 0))
                next << from + a / (a - z) * (to - from);
        }
        rest = next;
    }
    return rest;
}

QPolygonF thinned(const QPolygonF &points)
{
    QPolygonF kept;
    for (qsizetype i = 0; i < points.size();) {
        const double column = std::floor(points.at(i).x());
        qsizetype low = i, high = i, end = i;
        for (; end < points.size() && std::floor(points.at(end).x()) == column; ++end) {
            low = points.at(end).y() < points.at(low).y() ? end : low;
            high = points.at(end).y() > points.at(high).y() ? end : high;
        }
        std::array<qsizetype, 4> chosen{i, std::min(low, high), std::max(low, high), end - 1};
        for (size_t k = 0; k < chosen.size(); ++k) {
            if (k == 0 || chosen.at(k) != chosen.at(k - 1))
                kept << points.at(chosen.at(k));
        }
        i = std::max(end, i + 1); // A coordinate that is no number ends no loop.
    }
    return kept;
}

} // namespace evalwright
