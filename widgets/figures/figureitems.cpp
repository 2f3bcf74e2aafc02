// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figureitems.h"

#include "widgets/figures/figuretext.h"
#include "widgets/figures/figurewords.h"
#include "widgets/figures/panelclip.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// From the edge of the panel to a name beside it.
double gapOf(const FigureStyle &style)
{
    return style.padding * 0.75;
}

/// Pixels from one row or column of a heat map to the next.
QSizeF fieldSize(const PanelDrawing &panel)
{
    return {std::abs(panel.keyPixel(1) - panel.keyPixel(0)), std::abs(panel.valuePixel(1) - panel.valuePixel(0))};
}

} // namespace

ReferenceItem::ReferenceItem(QCustomPlot &plot, const PanelDrawing &panel, QList<FigureReferenceLine> lines, bool names,
                             double width)
    : PanelItem(plot, panel, "bands"), m_lines(std::move(lines)), m_names(names), m_width(width)
{
}

double ReferenceItem::widthOfNames() const
{
    double widest = 0;
    for (const Name &name : namesBeside())
        widest = std::max(widest, name.box.width());
    return widest > 0 ? widest + 2 * gapOf(m_panel.style()) : 0;
}

QList<ReferenceItem::Name> ReferenceItem::namesBeside() const
{
    const FigureStyle &style = m_panel.style();
    const QRectF room = m_panel.room();
    QList<Name> names;
    for (const FigureReferenceLine &line : m_lines) {
        if (line.kind == FigureReferenceLine::Kind::Diagonal || line.label.isEmpty())
            continue;
        Name name;
        name.line = m_panel.valuePixel(line.value);
        name.lines = wrappedText(line.label, style.caption, std::clamp(0.2 * m_width, 50.0, 170.0), 3);
        double width = 0;
        for (const QString &words : name.lines)
            width = std::max(width, textWidth(words, style.caption));
        name.box.setSize({width, static_cast<double>(name.lines.size()) * lineHeight(style.caption)});
        name.box.moveLeft(room.right() + gapOf(style));
        name.box.moveTop(name.line - name.box.height() / 2);
        names << name;
    }
    std::ranges::stable_sort(names, {}, &Name::line);
    // Down from the top, then up again from the bottom where the panel ends.
    for (qsizetype i = 1; i < names.size(); ++i)
        names[i].box.moveTop(std::max(names.at(i).box.top(), names.at(i - 1).box.bottom()));
    double floor = room.bottom() + lineHeight(style.caption) / 2;
    for (qsizetype i = names.size() - 1; i >= 0; --i) {
        names[i].box.moveBottom(std::min(names.at(i).box.bottom(), floor));
        floor = names.at(i).box.top();
    }
    return names;
}

QList<ReferenceItem::Name> ReferenceItem::namesAbove(const std::function<double(double)> &pixelOf, double right) const
{
    const FigureStyle &style = m_panel.style();
    const double line = lineHeight(style.caption);
    QList<Name> names;
    for (const FigureReferenceLine &reference : m_lines) {
        if (reference.kind == FigureReferenceLine::Kind::Diagonal || reference.label.isEmpty())
            continue;
        Name name;
        name.line = pixelOf(reference.value);
        name.lines = QStringList{elidedText(reference.label, style.caption, 0.3 * m_width)};
        name.box.setSize({textWidth(name.lines.constFirst(), style.caption), line});
        name.box.moveLeft(std::min(name.line + 2, right - name.box.width()));
        names << name;
    }
    // From right to left: a name begins at its line, so the leader of one further up passes left of the ones below.
    std::ranges::stable_sort(names, std::ranges::greater(), &Name::line);
    for (qsizetype i = 0; i < names.size(); ++i) {
        Name &name = names[i];
        name.box.moveBottom(0);
        const auto meets = [&name](const Name &other) {
            return other.box.adjusted(-8, 0.5, 8, -0.5).intersects(name.box);
        };
        while (std::any_of(names.begin(), names.begin() + i, meets))
            name.box.translate(0, -line);
    }
    return names;
}

double ReferenceItem::heightOfNames() const
{
    // The panel's width is not known before its names are; narrower than it will be, the names need most rows.
    const PanelRanges ranges = rangesOf(m_panel.spec(), {&m_panel.spec()});
    const double width = 0.5 * m_width;
    const auto pixelOf = [&](double value) {
        return width * (value - ranges.valueLow) / (ranges.valueHigh - ranges.valueLow);
    };
    double top = 0;
    for (const Name &name : namesAbove(pixelOf, width))
        top = std::min(top, name.box.top());
    return -top + (top < 0 ? gapOf(m_panel.style()) : 0);
}

void ReferenceItem::drawLines(QCPPainter &painter) const
{
    const QRectF room = m_panel.room();
    for (const FigureReferenceLine &line : m_lines) {
        painter.setPen(referencePen(line.kind, m_panel.style()));
        painter.setBrush(Qt::NoBrush);
        if (line.kind == FigureReferenceLine::Kind::Diagonal) {
            const auto [from, to] = m_panel.keyRange();
            drawClippedLine(painter, QPolygonF{m_panel.pixelAt(from, from), m_panel.pixelAt(to, to)}, room);
            continue;
        }
        const auto across = [&](double value) {
            const double at = m_panel.valuePixel(value);
            return m_panel.isLying() ? QPolygonF{{at, room.top()}, {at, room.bottom()}}
                                     : QPolygonF{{room.left(), at}, {room.right(), at}};
        };
        if (line.low && line.high && std::isfinite(*line.low) && std::isfinite(*line.high)) {
            QPolygonF other = across(*line.high);
            std::reverse(other.begin(), other.end());
            QColor fill = m_panel.style().secondary;
            fill.setAlpha(m_panel.style().bandAlpha);
            painter.setBrush(fill);
            const QPen pen = painter.pen();
            painter.setPen(Qt::NoPen);
            painter.drawPolygon(clippedPolygon(across(*line.low) + other, room));
            painter.setPen(pen);
        }
        drawClippedLine(painter, across(line.value), room);
    }
}

void ReferenceItem::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    drawLines(*painter);
    if (!m_names)
        return;
    const FigureStyle &style = m_panel.style();
    const QRectF room = m_panel.room();
    const QPen leader(style.secondary, style.thinLine * 0.7);
    if (!m_panel.isLying()) {
        for (const Name &name : namesBeside()) {
            if (name.line < room.top() - 1 || name.line > room.bottom() + 1)
                continue; // Moved out of the panel.
            if (std::abs(name.box.center().y() - name.line) > 2) {
                painter->setPen(leader);
                painter->drawLine(QPointF(room.right() + 1, name.line),
                                  QPointF(name.box.left() - 2, name.box.center().y()));
            }
            double top = name.box.top();
            for (const QString &line : name.lines) {
                evalwright::drawLine(*painter, {name.box.left(), top}, line, style.caption, style.secondary);
                top += lineHeight(style.caption);
            }
        }
        return;
    }
    const auto pixelOf = [this](double value) { return m_panel.valuePixel(value); };
    for (const Name &name : namesAbove(pixelOf, mParentPlot->viewport().right() - 2)) {
        if (name.line < room.left() - 1 || name.line > room.right() + 1)
            continue;
        const QPointF at = name.box.topLeft() + QPointF(0, room.top() - 1);
        painter->setPen(leader);
        painter->drawLine(QPointF(name.line, room.top()), QPointF(name.line, at.y() + 2));
        evalwright::drawLine(*painter, at, name.lines.constFirst(), style.caption, style.secondary);
    }
}

HeatItem::HeatItem(QCustomPlot &plot, const PanelDrawing &panel, const FigureSpec &spec)
    : PanelItem(plot, panel), m_map(spec, panel.style().dark)
{
}

void HeatItem::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    const FigureSpec &spec = m_panel.spec();
    const FigureStyle &style = m_panel.style();
    const CategoryRows columns(spec.x), rows(spec.y);
    const QSizeF field = fieldSize(m_panel);
    const auto cellAt = [&](double column, double row) {
        QRectF cell({}, field);
        cell.moveCenter({m_panel.keyPixel(column), m_panel.valuePixel(row)});
        return cell;
    };
    // Hatched where the categories are, in pieces between the headings of groups.
    const auto pieces = [](const QList<double> &places) {
        QList<std::pair<double, double>> found;
        for (const double place : places) {
            if (!found.isEmpty() && place == found.last().second + 1)
                found.last().second = place;
            else
                found << std::pair(place, place);
        }
        return found;
    };
    for (const auto &[left, right] : pieces(columns.rows)) {
        for (const auto &[top, bottom] : pieces(rows.rows)) {
            const QRectF area = cellAt(left, top).united(cellAt(right, bottom));
            drawHatch(*painter, area, style);
            painter->setPen(QPen(style.background, 2 * style.thinLine));
            for (double x = left + 0.5; x < right; ++x)
                painter->drawLine(QPointF(m_panel.keyPixel(x), area.top()), QPointF(m_panel.keyPixel(x), area.bottom()));
            for (double y = top + 0.5; y < bottom; ++y)
                painter->drawLine(QPointF(area.left(), m_panel.valuePixel(y)),
                                  QPointF(area.right(), m_panel.valuePixel(y)));
        }
    }
    const FigureAxis value = spec.colors ? spec.colors->axis : FigureAxis();
    double widest = 0;
    for (const FigureCell &cell : spec.cells) {
        if (cell.value)
            widest = std::max(widest, textWidth(fieldText(value, *cell.value), style.caption));
    }
    const bool words = widest + 4 <= field.width() && lineHeight(style.caption) + 1 <= field.height();
    const double gap = std::min(style.thinLine, field.width() / 8);
    for (const FigureCell &cell : spec.cells) {
        if (!cell.value || cell.x >= columns.rows.size() || cell.y >= rows.rows.size())
            continue;
        const QRectF at = cellAt(columns.rows.at(cell.x), rows.rows.at(cell.y));
        const QColor color = m_map.colorOf(*cell.value);
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawRect(at.adjusted(gap / 2, gap / 2, -gap / 2, -gap / 2));
        if (!words)
            continue;
        const QString text = fieldText(value, *cell.value);
        evalwright::drawLine(*painter,
                             at.center() - QPointF(textWidth(text, style.caption), lineHeight(style.caption)) / 2, text,
                             style.caption, ColorMap::inkOn(color));
    }
}

StripItem::StripItem(QCustomPlot &plot, const PanelDrawing &panel, QCPAxisRect &strip)
    : PanelItem(plot, panel), m_strip(strip)
{
}

void StripItem::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    const FigureSpec &spec = m_panel.spec();
    const bool stems = m_panel.groups() > 1; // Bars of several series would hide each other.
    double nearest = INFINITY;               // From one point to the next.
    for (qsizetype s = 0; s < m_panel.groups(); ++s) {
        const QList<qsizetype> &order = m_panel.pointsOf(s);
        for (qsizetype k = 1; k < order.size(); ++k) {
            const double step = m_panel.pixelOf(s, order.at(k)).x() - m_panel.pixelOf(s, order.at(k - 1)).x();
            if (step > 0.5)
                nearest = std::min(nearest, step);
        }
    }
    const double width = stems ? m_panel.style().lineWidth : std::clamp(0.8 * nearest, 3.0, 40.0);
    const QCPAxis *count = m_strip.axis(QCPAxis::atLeft);
    const QRectF room = m_strip.rect();
    for (qsizetype s = 0; s < m_panel.groups(); ++s) {
        if (!m_panel.isSeriesVisible(s))
            continue;
        for (const qsizetype i : m_panel.pointsOf(s)) {
            const FigurePoint &point = spec.series.at(s).points.at(i);
            const double middle = m_panel.keyPixel(point.x);
            const double top = count->coordToPixel(static_cast<double>(point.n));
            if (middle < room.left() - 1 || middle > room.right() + 1)
                continue;
            painter->setPen(Qt::NoPen);
            painter->setBrush(m_panel.lookOf(s).color);
            painter->drawRect(
                QRectF(QPointF(middle - width / 2, top), QPointF(middle + width / 2, room.bottom())) & room);
            if (stems)
                drawMarker(*painter, {middle, top}, m_panel.lookOf(s), m_panel.style(),
                           0.8 * m_panel.style().markerSize);
        }
    }
}

MessageItem::MessageItem(QCustomPlot &plot, const PanelDrawing &panel, QString text)
    : PanelItem(plot, panel), m_text(std::move(text))
{
}

void MessageItem::draw(QCPPainter *painter)
{
    const QRectF room = m_panel.room();
    const FigureStyle &style = m_panel.style();
    const QString words = elidedText(m_text, style.caption, room.width());
    evalwright::drawLine(*painter,
                         room.center() - QPointF(textWidth(words, style.caption), lineHeight(style.caption)) / 2, words,
                         style.caption, style.secondary);
}

RingItem::RingItem(QCustomPlot &plot, const PanelDrawing &panel, qsizetype group, qsizetype point)
    : PanelItem(plot, panel), m_group(group), m_point(point)
{
}

void RingItem::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    painter->setBrush(Qt::NoBrush);
    const FigureStyle &style = m_panel.style();
    const QPointF at = m_panel.pixelOf(m_group, m_point);
    if (m_panel.spec().kind == "heatmap"_L1) {
        QRectF field({}, fieldSize(m_panel));
        field.moveCenter(at);
        painter->setPen(QPen(style.text, style.lineWidth));
        painter->drawRect(field);
        return;
    }
    painter->setPen(QPen(m_panel.lookOf(m_group).color, style.lineWidth));
    const double radius = style.markerSize / 2 + 4;
    painter->drawEllipse(at, radius, radius);
}

} // namespace evalwright
