// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figureitems.h"
#include "widgets/figures/figurewords.h"
#include "widgets/figures/panelclip.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Many bands over each other are mud.
constexpr int mostFullBands = 3, mostBands = 6;
/// More points than this are drawn without intervals of their own and with small markers.
constexpr qsizetype manyPoints = 400;

bool hasInterval(const FigurePoint &point)
{
    return point.low && point.high && std::isfinite(*point.low) && std::isfinite(*point.high);
}

bool hasNaive(const FigurePoint &point)
{
    return point.naiveLow && point.naiveHigh && std::isfinite(*point.naiveLow) && std::isfinite(*point.naiveHigh) &&
           (point.naiveLow != point.low || point.naiveHigh != point.high);
}

int seriesWithIntervals(const FigureSpec &spec)
{
    return static_cast<int>(std::ranges::count_if(
        spec.series, [](const FigureSeries &series) { return std::ranges::any_of(series.points, hasInterval); }));
}

bool isDifferences(const FigureSpec &spec)
{
    return spec.kind == "differences"_L1;
}

/// Pixels of a series of differences: one step per item, or a line where there are more items than pixels.
QPolygonF differenceLine(const PanelDrawing &panel, qsizetype series)
{
    const QList<FigurePoint> &points = panel.spec().series.at(series).points;
    const QList<qsizetype> &order = panel.pointsOf(series);
    QPolygonF line;
    const bool steps = order.size() < 2000;
    for (qsizetype k = 0; k < order.size(); ++k) {
        const FigurePoint &p = points.at(order.at(k));
        if (!steps) {
            line << panel.pixelAt(p.x, p.y);
            continue;
        }
        const auto edge = [&](qsizetype other, double outside) {
            return other >= 0 && other < order.size() ? (p.x + points.at(order.at(other)).x) / 2 : p.x + outside;
        };
        line << panel.pixelAt(edge(k - 1, -0.5), p.y) << panel.pixelAt(edge(k + 1, 0.5), p.y);
    }
    return steps ? line : thinned(line);
}

/// A point whose interval can be part of a band: its neighbour has one too.
bool inBand(const PanelDrawing &panel, qsizetype series, qsizetype rank)
{
    if (!drawsLines(panel.spec()) || isDifferences(panel.spec()) ||
        seriesWithIntervals(panel.spec()) > mostBands)
        return false;
    const QList<FigurePoint> &points = panel.spec().series.at(series).points;
    const QList<qsizetype> &order = panel.pointsOf(series);
    const auto known = [&](qsizetype k) { return k >= 0 && k < order.size() && hasInterval(points.at(order.at(k))); };
    return known(rank) && (known(rank - 1) || known(rank + 1));
}

} // namespace

PanelItem::PanelItem(QCustomPlot &plot, const PanelDrawing &panel, const char *layer)
    : QCPAbstractItem(&plot), m_panel(panel)
{
    setSelectable(false);
    if (layer)
        setLayer(QString::fromLatin1(layer));
}

BandItem::BandItem(QCustomPlot &plot, const PanelDrawing &panel, qsizetype series)
    : PanelItem(plot, panel, "bands"), m_series(series)
{
}

void BandItem::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    const FigureSpec &spec = m_panel.spec();
    const FigureStyle &style = m_panel.style();
    QColor fill = m_panel.lookOf(m_series).color;
    painter->setPen(Qt::NoPen);
    if (isDifferences(spec)) {
        if (spec.series.size() > 1)
            return;
        QPolygonF area = differenceLine(m_panel, m_series);
        if (area.isEmpty())
            return;
        const double zero = std::clamp(m_panel.valuePixel(0), m_panel.room().top(), m_panel.room().bottom());
        area.prepend({area.constFirst().x(), zero});
        area.append({area.constLast().x(), zero});
        fill.setAlpha(110);
        painter->setBrush(fill);
        painter->drawPolygon(clippedPolygon(area, m_panel.room()));
        return;
    }
    const int bands = seriesWithIntervals(spec);
    fill.setAlpha(bands <= mostFullBands ? style.bandAlpha : style.bandAlpha * 6 / 10);
    painter->setBrush(fill);
    const QList<FigurePoint> &points = spec.series.at(m_series).points;
    const QList<qsizetype> &order = m_panel.pointsOf(m_series);
    QPolygonF above, below;
    const auto flush = [&] {
        if (above.size() > 1) {
            std::reverse(below.begin(), below.end());
            painter->drawPolygon(clippedPolygon(above + below, m_panel.room()));
        }
        above.clear();
        below.clear();
    };
    for (qsizetype k = 0; k < order.size(); ++k) {
        const FigurePoint &p = points.at(order.at(k));
        if (!inBand(m_panel, m_series, k)) {
            flush();
            continue;
        }
        above << m_panel.pixelOf(m_series, p, *p.high);
        below << m_panel.pixelOf(m_series, p, *p.low);
    }
    flush();
}

SeriesItem::SeriesItem(QCustomPlot &plot, const PanelDrawing &panel, qsizetype series)
    : PanelItem(plot, panel), m_series(series)
{
}

void SeriesItem::drawBars(QCPPainter &painter) const
{
    const FigureStyle &style = m_panel.style();
    const QColor color = m_panel.lookOf(m_series).color;
    const QList<FigurePoint> &points = m_panel.spec().series.at(m_series).points;
    const QRectF room = m_panel.room();
    const double cap = style.markerSize * (m_panel.isLying() && m_panel.spec().series.size() > 4 ? 0.25 : 0.45);
    const bool scatter = m_panel.spec().kind == "winogender"_L1;
    // A bar from one value to another; caps stand across it, and brackets turn inwards.
    const auto bar = [&](const FigurePoint &p, double low, double high, const QPen &pen, double capLength,
                         bool bracket) {
        painter.setPen(pen);
        const QPointF from = m_panel.pixelOf(m_series, p, low), to = m_panel.pixelOf(m_series, p, high);
        const QRectF around = room.adjusted(-1, -1, 1, 1);
        if (!bracket)
            drawClippedLine(painter, QPolygonF{from, to}, around);
        const QPointF across = m_panel.isLying() ? QPointF(0, capLength) : QPointF(capLength, 0);
        const QPointF inwards = m_panel.isLying() ? QPointF(1, 0) : QPointF(0, -1);
        for (const auto &[end, turn] : {std::pair(from, 1.0), std::pair(to, -1.0)}) {
            if (capLength <= 0 || !around.contains(end))
                continue;
            QPolygonF line{end - across, end + across};
            if (bracket) {
                line.prepend(line.constFirst() + turn * capLength * 0.7 * inwards);
                line.append(line.constLast() + turn * capLength * 0.7 * inwards);
            }
            painter.drawPolyline(line);
        }
    };
    const QList<qsizetype> &order = m_panel.pointsOf(m_series);
    if (order.size() > manyPoints)
        return;
    for (qsizetype k = 0; k < order.size(); ++k) {
        const FigurePoint &p = points.at(order.at(k));
        QColor pale = color;
        if (hasInterval(p) && !inBand(m_panel, m_series, k)) {
            const bool thick = hasNaive(p) && m_panel.spec().series.size() <= 4;
            pale.setAlpha(thick ? 110 : scatter ? 120 : 220);
            bar(p, *p.low, *p.high,
                QPen(pale, thick ? 2.2 * style.lineWidth : scatter ? style.thinLine : 0.75 * style.lineWidth,
                     Qt::SolidLine, Qt::FlatCap),
                thick || scatter ? 0 : cap, false);
        }
        // Where the marker hides it, a bar of the same colour would only blur the marker.
        const double reach = hasNaive(p) ? QLineF(m_panel.pixelOf(m_series, p, *p.naiveLow),
                                                  m_panel.pixelOf(m_series, p, *p.naiveHigh))
                                               .length()
                                         : 0;
        if (reach > style.markerSize + 2)
            bar(p, *p.naiveLow, *p.naiveHigh, QPen(color, style.thinLine, Qt::SolidLine, Qt::FlatCap), cap, false);
        if (p.boundLow && p.boundHigh && std::isfinite(*p.boundLow) && std::isfinite(*p.boundHigh))
            bar(p, *p.boundLow, *p.boundHigh, QPen(color, style.thinLine, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin),
                1.3 * style.markerSize * 0.5 + 1, true);
    }
}

void SeriesItem::drawLine(QCPPainter &painter) const
{
    const SeriesLook &look = m_panel.lookOf(m_series);
    QPolygonF line;
    if (isDifferences(m_panel.spec())) {
        line = differenceLine(m_panel, m_series);
    } else {
        for (const qsizetype i : m_panel.pointsOf(m_series))
            line << m_panel.pixelOf(m_series, i);
        if (line.size() > 4000)
            line = thinned(line);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(look.color, m_panel.style().lineWidth, look.dash, Qt::FlatCap, Qt::RoundJoin));
    drawClippedLine(painter, line, m_panel.room());
}

void SeriesItem::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    drawBars(*painter);
    if (drawsLines(m_panel.spec()))
        drawLine(*painter);
    if (isDifferences(m_panel.spec()))
        return;
    const QList<qsizetype> &order = m_panel.pointsOf(m_series);
    const FigureStyle &style = m_panel.style();
    qsizetype all = 0;
    for (qsizetype s = 0; s < m_panel.groups(); ++s)
        all += m_panel.pointsOf(s).size();
    double size = style.markerSize * (m_panel.isInGrid() ? 0.75 : 1);
    if (m_panel.isLying() && m_panel.spec().series.size() > 6)
        size *= 0.8;
    if (!drawsLines(m_panel.spec()) && !m_panel.isLying() && all > manyPoints)
        size = std::max(2.0, size * std::sqrt(static_cast<double>(manyPoints) / static_cast<double>(all)));
    const QRectF around = m_panel.room().adjusted(-1, -1, 1, 1);
    for (const qsizetype i : order) {
        const QPointF at = m_panel.pixelOf(m_series, i);
        if (around.contains(at))
            drawMarker(*painter, at, m_panel.lookOf(m_series), style, size);
    }
}

FitItem::FitItem(QCustomPlot &plot, const PanelDrawing &panel, FigureFit fit, SeriesLook look)
    : PanelItem(plot, panel), m_fit(std::move(fit)), m_look(std::move(look))
{
}

void FitItem::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    const QRectF room = m_panel.room();
    QPolygonF above, below;
    for (const FigureFit::BandPoint &point : m_fit.band) {
        above << m_panel.pixelAt(point.x, point.high);
        below.prepend(m_panel.pixelAt(point.x, point.low));
    }
    QColor fill = m_look.color;
    fill.setAlpha(m_panel.style().bandAlpha * (m_panel.spec().fits.size() > 4 ? 5 : 10) / 10);
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    if (above.size() > 1)
        painter->drawPolygon(clippedPolygon(above + below, room));
    const auto [from, to] = m_panel.keyRange();
    // Only where the band says how sure the line is.
    const double left = m_fit.band.isEmpty() ? from : std::max(from, m_fit.band.constFirst().x);
    const double right = m_fit.band.isEmpty() ? to : std::min(to, m_fit.band.constLast().x);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(m_look.color, m_panel.style().lineWidth, m_look.dash, Qt::FlatCap));
    const auto at = [this](double x) { return m_panel.pixelAt(x, m_fit.intercept + m_fit.slope * x); };
    drawClippedLine(*painter, QPolygonF{at(left), at(right)}, room);
}

PointNamesItem::PointNamesItem(QCustomPlot &plot, const PanelDrawing &panel) : PanelItem(plot, panel) {}

void PointNamesItem::draw(QCPPainter *painter)
{
    constexpr size_t mostNames = 12;
    constexpr qsizetype mostPoints = 200;
    const FigureSpec &spec = m_panel.spec();
    const FigureStyle &style = m_panel.style();
    struct Candidate
    {
        double distance = 0; ///< From its line.
        QPointF at;
        QString label;
    };
    std::vector<Candidate> candidates;
    QList<QRectF> taken; // Markers with their intervals, then names.
    for (qsizetype s = 0; s < m_panel.groups(); ++s) {
        const FigureSeries &series = spec.series.at(s);
        const auto fit = std::ranges::find(spec.fits, series.name, &FigureFit::name);
        if (!m_panel.isSeriesVisible(s))
            continue;
        for (const qsizetype i : m_panel.pointsOf(s)) {
            const FigurePoint &p = series.points.at(i);
            const QPointF at = m_panel.pixelOf(s, i);
            const double size = style.markerSize;
            QRectF box(at.x() - size / 2, at.y() - size / 2, size, size);
            if (hasInterval(p))
                box |= QRectF(QPointF(at.x() - 1, m_panel.pixelOf(s, p, *p.high).y()),
                              QPointF(at.x() + 1, m_panel.pixelOf(s, p, *p.low).y()));
            taken << box;
            const double line = fit == spec.fits.end() ? 0 : fit->intercept + fit->slope * p.x;
            if (!p.label.isEmpty() && m_panel.room().contains(at))
                candidates.push_back({std::abs(p.y - line), at, p.label});
        }
    }
    if (taken.size() > mostPoints)
        return;
    std::ranges::stable_sort(candidates, std::ranges::greater(), &Candidate::distance);
    const double height = lineHeight(style.caption) * 0.9, gap = style.markerSize * 0.5 + 2;
    size_t named = 0;
    for (const Candidate &candidate : candidates) {
        if (named == mostNames)
            return;
        const QString words = elidedText(candidate.label, style.caption, 0.25 * m_panel.room().width());
        const double width = textWidth(words, style.caption);
        for (const QPointF &corner : {QPointF(gap, -height / 2), QPointF(-gap - width, -height / 2),
                                      QPointF(-width / 2, -gap - height), QPointF(-width / 2, gap)}) {
            const QRectF box(candidate.at + corner, QSizeF(width, height));
            const auto meets = [&box](const QRectF &other) { return other.adjusted(-1, -1, 1, 1).intersects(box); };
            if (!m_panel.room().contains(box) || std::ranges::any_of(taken, meets))
                continue;
            evalwright::drawLine(*painter, box.topLeft() - QPointF(0, 0.05 * height), words, style.caption,
                                 style.secondary);
            taken << box;
            ++named;
            break;
        }
    }
}

} // namespace evalwright
