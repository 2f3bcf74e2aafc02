// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurecolors.h"

#include "widgets/figures/figuretext.h"
#include "widgets/figures/figurewords.h"

#include <QCoreApplication>
#include <QLinearGradient>

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString wordsForMissing()
{
    return QCoreApplication::translate("FigureDrawing", "no value");
}

QList<QColor> anchorsOf(bool diverging, bool dark)
{
    if (diverging)
        return dark ? QList<QColor>{0xffb45c, 0xc27a33, 0x6b4a2c, 0x2b3038, 0x27557e, 0x3f8fd0, 0x8fcbff}
                    : QList<QColor>{0x8f4300, 0xcf7a24, 0xf0c08c, 0xf6f6f4, 0xa8cdec, 0x3a86c6, 0x0a4a8c};
    return dark ? QList<QColor>{0x2c3846, 0x285079, 0x2b6da6, 0x59a6e0, 0xcbe6ff}
                : QList<QColor>{0xf1f5fa, 0xb9d4ee, 0x6ba6d8, 0x2a70b2, 0x0b3a73};
}

double linearLight(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

/// True when a field of the map has no value.
bool missesFields(const FigureSpec &spec)
{
    const auto known = std::ranges::count_if(spec.cells, [](const FigureCell &cell) { return cell.value.has_value(); });
    return known < spec.x.categories.size() * spec.y.categories.size();
}

} // namespace

ColorMap::ColorMap(const FigureSpec &spec, bool dark)
    : m_anchors(anchorsOf(spec.colors && spec.colors->diverging, dark))
{
    const FigureColors colors = spec.colors.value_or(FigureColors());
    double low = INFINITY, high = -INFINITY;
    for (const FigureCell &cell : spec.cells) {
        if (cell.value && std::isfinite(*cell.value)) {
            low = std::min(low, *cell.value);
            high = std::max(high, *cell.value);
        }
    }
    if (colors.axis.unit == "share"_L1 || low > high) {
        low = 0;
        high = 1;
    }
    m_minimum = colors.axis.minimum.value_or(low);
    m_maximum = colors.axis.maximum.value_or(high);
    if (colors.diverging) { // The middle colour is the middle value, and both sides have one measure.
        double reach = std::max({std::abs(m_minimum - colors.middle), std::abs(m_maximum - colors.middle), 1e-12});
        if (!colors.axis.minimum && !colors.axis.maximum) { // Round ends: two digits.
            const double unit = std::pow(10.0, std::floor(std::log10(reach)) - 1);
            reach = unit * std::ceil(reach / unit - 1e-9);
        }
        m_minimum = colors.middle - reach;
        m_maximum = colors.middle + reach;
    }
    if (!(m_maximum > m_minimum))
        m_maximum = m_minimum + 1;
}

QColor ColorMap::colorOf(double value) const
{
    const double share = std::clamp((value - m_minimum) / (m_maximum - m_minimum), 0.0, 1.0);
    const double at = share * static_cast<double>(m_anchors.size() - 1);
    const auto from = std::min(static_cast<qsizetype>(at), m_anchors.size() - 2);
    const auto part = static_cast<float>(at - static_cast<double>(from));
    const QColor &a = m_anchors.at(from), &b = m_anchors.at(from + 1);
    const auto mix = [part](float first, float second) { return first + part * (second - first); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

QColor ColorMap::inkOn(const QColor &field)
{
    const double light = 0.2126 * linearLight(field.redF()) + 0.7152 * linearLight(field.greenF()) +
                         0.0722 * linearLight(field.blueF());
    return light > 0.18 ? QColor(Qt::black) : QColor(Qt::white); // Equal contrast with both.
}

QGradientStops ColorMap::stops() const
{
    QGradientStops stops;
    for (qsizetype i = 0; i < m_anchors.size(); ++i)
        stops << QGradientStop(static_cast<double>(i) / static_cast<double>(m_anchors.size() - 1), m_anchors.at(i));
    return stops;
}

ColorBlock::ColorBlock(QCustomPlot &plot, const FigureSpec &spec, FigureStyle style)
    : FigureBlock(&plot), m_axis(spec.colors ? spec.colors->axis : FigureAxis()), m_map(spec, style.dark),
      m_style(std::move(style)), m_missing(missesFields(spec))
{
    setMargins({});
}

double ColorBlock::heightFor(double) const
{
    return 3 * lineHeight(m_style.caption) + m_style.padding;
}

void ColorBlock::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    const QRectF room = rect();
    const QFont &font = m_style.caption;
    const double line = lineHeight(font);
    const double missingWidth =
        m_missing ? line * 2 + m_style.padding + textWidth(wordsForMissing(), font) + m_style.padding * 2 : 0;
    drawLine(*painter, room.topLeft(), elidedText(m_axis.label, font, room.width()), font, m_style.text);
    // The numbers of the ends stand under the ends, and the middle one under the middle.
    const double length = std::min(room.width() - missingWidth, 22 * line);
    const QRectF bar(room.left(), room.top() + line + 2, length, line - 4);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    gradient.setStops(m_map.stops());
    painter->setPen(QPen(m_style.grid, m_style.thinLine));
    painter->setBrush(gradient);
    painter->drawRect(bar);
    const double middle = (m_map.minimum() + m_map.maximum()) / 2;
    const double top = bar.bottom() + 2;
    double endOfLast = -INFINITY;
    for (const auto &[value, place] :
         {std::pair(m_map.minimum(), 0.0), std::pair(middle, 0.5), std::pair(m_map.maximum(), 1.0)}) {
        const QString words = tickText(m_axis, value);
        const double width = textWidth(words, font);
        const double left = bar.left() + place * (bar.width() - width);
        if (left < endOfLast + 4)
            continue;
        drawLine(*painter, {left, top}, words, font, m_style.secondary);
        endOfLast = left + width;
    }
    if (m_missing) {
        const QRectF field(bar.right() + m_style.padding * 2, bar.top(), line * 2, bar.height());
        drawHatch(*painter, field, m_style);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(m_style.grid, m_style.thinLine));
        painter->drawRect(field);
        drawLine(*painter, {field.right() + m_style.padding, bar.center().y() - line / 2},
                 wordsForMissing(), font, m_style.secondary);
    }
}

void drawHatch(QPainter &painter, const QRectF &area, const FigureStyle &style)
{
    painter.setPen(QPen(style.grid, style.thinLine));
    const double step = std::max(4.0, 5 * style.thinLine);
    // Lines x + y = c, from border to border.
    for (double c = step; c < area.width() + area.height(); c += step) {
        const double x0 = std::max(0.0, c - area.height()), x1 = std::min(area.width(), c);
        painter.drawLine(area.topLeft() + QPointF(x0, c - x0), area.topLeft() + QPointF(x1, c - x1));
    }
}

} // namespace evalwright
