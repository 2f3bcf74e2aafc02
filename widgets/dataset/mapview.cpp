// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/mapview.h"

#include "widgets/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <cmath>
#include <limits>

namespace evalwright {

namespace {

constexpr double margin = 16, reachPixels = 8;
constexpr qsizetype mostLassoPoints = 4000;

/// A disc of a colour, drawn once and stamped for every point.
QPixmap stampOf(const QColor &color, double diameter, double ratio)
{
    const int size = static_cast<int>(std::ceil((diameter + 2) * ratio));
    QPixmap stamp(size, size);
    stamp.fill(Qt::transparent);
    QPainter painter(&stamp);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(ratio, ratio);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QPointF(size / ratio / 2, size / ratio / 2), diameter / 2, diameter / 2);
    return stamp;
}

} // namespace

MapView::MapView(QWidget *parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(280, 240);
    setCursor(Qt::CrossCursor);
    connect(Theme::of(this), &Theme::changed, this, &MapView::redraw);
}

void MapView::setPoints(std::vector<QPointF> points)
{
    if (points.size() != m_points.size()) {
        m_selected.clear();
        m_isSelected.clear();
        setCurrent(-1);
    }
    m_points = std::move(points);
    double left = std::numeric_limits<double>::max(), top = left, right = -left, bottom = -left;
    for (const QPointF &point : m_points) {
        left = std::min(left, point.x());
        right = std::max(right, point.x());
        top = std::min(top, point.y());
        bottom = std::max(bottom, point.y());
    }
    m_bounds = m_points.empty() ? QRectF() : QRectF(QPointF(left, top), QPointF(right, bottom));
    redraw();
}

void MapView::setColors(std::vector<int> colorOf, QList<QColor> colors)
{
    m_colorOf = std::move(colorOf);
    m_colors = std::move(colors);
    redraw();
}

void MapView::setSelected(std::vector<int> points)
{
    m_selected = std::move(points);
    m_isSelected.assign(m_points.size(), false);
    for (const int point : m_selected)
        m_isSelected.at(static_cast<size_t>(point)) = true;
    redraw();
}

QPointF MapView::placeOf(int point) const
{
    const QPointF &p = m_points[static_cast<size_t>(point)];
    // One scale for both directions: distances mean something.
    const double span = std::max({m_bounds.width(), m_bounds.height(), 1e-9});
    const double scale = m_zoom * std::max(1.0, std::min(width(), height()) - 2 * margin) / span;
    return QPointF(width() / 2.0, height() / 2.0) + m_shift + (p - m_bounds.center()) * scale;
}

int MapView::nearest(const QPointF &at, double reach) const
{
    int found = -1;
    double best = reach * reach;
    for (int i = 0; i < static_cast<int>(m_points.size()); ++i) {
        const QPointF away = placeOf(i) - at;
        const double distance = QPointF::dotProduct(away, away);
        if (distance <= best) {
            best = distance;
            found = i;
        }
    }
    return found;
}

void MapView::redraw()
{
    m_picture = {};
    update();
}

void MapView::drawPicture()
{
    const double ratio = devicePixelRatioF();
    const Theme *theme = Theme::of(this);
    m_picture = QPixmap(size() * ratio);
    m_picture.setDevicePixelRatio(ratio);
    m_picture.fill(theme->color(Theme::Meaning::Surface));
    if (m_colors.isEmpty() || m_colorOf.size() != m_points.size())
        return;
    QPainter painter(&m_picture);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    const double diameter = m_points.size() > 20'000 ? 3 : m_points.size() > 3000 ? 4 : 6;
    const bool some = !m_selected.empty();
    std::vector<std::vector<QPainter::PixmapFragment>> fragments(static_cast<size_t>(m_colors.size()) * 2);
    QList<QPixmap> stamps;
    for (const bool chosen : {false, true}) {
        for (QColor color : std::as_const(m_colors)) {
            color.setAlpha(some && !chosen ? 50 : 210);
            stamps << stampOf(color, chosen && some ? diameter + 2 : diameter, ratio);
        }
    }
    const QRectF room = QRectF(rect()).adjusted(-diameter, -diameter, diameter, diameter);
    for (int i = 0; i < static_cast<int>(m_points.size()); ++i) {
        const QPointF at = placeOf(i);
        if (!room.contains(at))
            continue;
        const auto index = static_cast<size_t>(i);
        const auto group = static_cast<size_t>(m_colorOf[index]) +
                           (some && m_isSelected[index] ? static_cast<size_t>(m_colors.size()) : 0);
        const QPixmap &stamp = stamps.at(static_cast<qsizetype>(group));
        fragments[group].push_back(
            QPainter::PixmapFragment::create(at, QRectF(QPointF(), QSizeF(stamp.size())), 1 / ratio, 1 / ratio));
    }
    for (size_t group = 0; group < fragments.size(); ++group) {
        if (!fragments[group].empty())
            painter.drawPixmapFragments(fragments[group].data(), static_cast<int>(fragments[group].size()),
                                        stamps.at(static_cast<qsizetype>(group)));
    }
}

void MapView::paintEvent(QPaintEvent *)
{
    if (m_picture.isNull())
        drawPicture();
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme *theme = Theme::of(this);
    if (m_lasso.size() > 1) {
        QColor fill = theme->color(Theme::Meaning::Accent);
        fill.setAlpha(40);
        painter.setPen(QPen(theme->color(Theme::Meaning::Accent), 1.5, Qt::DashLine));
        painter.setBrush(fill);
        painter.drawPolygon(m_lasso);
    }
    if (m_current >= 0) {
        painter.setPen(QPen(theme->color(Theme::Meaning::Text), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(placeOf(m_current), 7, 7);
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme->color(Theme::Meaning::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void MapView::resizeEvent(QResizeEvent *)
{
    redraw();
}

void MapView::mousePressEvent(QMouseEvent *event)
{
    m_button = event->button();
    m_pressed = event->position();
    m_shiftAtPress = m_shift;
    m_lasso.clear();
}

void MapView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_button == Qt::LeftButton) {
        if (m_lasso.isEmpty() && (event->position() - m_pressed).manhattanLength() < 6)
            return;
        if (m_lasso.size() < mostLassoPoints)
            m_lasso << event->position();
        update();
    } else if (m_button == Qt::RightButton) {
        m_shift = m_shiftAtPress + event->position() - m_pressed;
        redraw();
    } else {
        setCurrent(nearest(event->position(), reachPixels));
    }
}

void MapView::mouseReleaseEvent(QMouseEvent *event)
{
    const Qt::MouseButton button = std::exchange(m_button, Qt::NoButton);
    if (button != Qt::LeftButton)
        return;
    const QPolygonF lasso = std::exchange(m_lasso, {});
    update();
    if (lasso.size() < 3) {
        const int point = nearest(event->position(), reachPixels);
        setCurrent(point);
        if (point >= 0)
            Q_EMIT activated(point);
        return;
    }
    std::vector<int> inside;
    const QRectF box = lasso.boundingRect();
    for (int i = 0; i < static_cast<int>(m_points.size()); ++i) {
        const QPointF at = placeOf(i);
        if (box.contains(at) && lasso.containsPoint(at, Qt::OddEvenFill))
            inside.push_back(i);
    }
    Q_EMIT lassoed(inside);
}

void MapView::mouseDoubleClickEvent(QMouseEvent *)
{
    m_zoom = 1;
    m_shift = {};
    redraw();
}

void MapView::wheelEvent(QWheelEvent *event)
{
    const double factor = std::pow(1.0015, event->angleDelta().y());
    const double zoom = qBound(0.5, m_zoom * factor, 60.0);
    // What is under the pointer stays there.
    const QPointF from = event->position() - QPointF(width() / 2.0, height() / 2.0);
    m_shift = from - (from - m_shift) * (zoom / m_zoom);
    m_zoom = zoom;
    redraw();
    event->accept();
}

void MapView::leaveEvent(QEvent *)
{
    if (!hasFocus())
        setCurrent(-1);
}

void MapView::keyPressEvent(QKeyEvent *event)
{
    const int key = event->key();
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_current >= 0) {
        Q_EMIT activated(m_current);
        return;
    }
    if (key == Qt::Key_Escape && !m_selected.empty()) {
        Q_EMIT lassoed({});
        return;
    }
    const QPointF way = key == Qt::Key_Left    ? QPointF(-1, 0)
                        : key == Qt::Key_Right ? QPointF(1, 0)
                        : key == Qt::Key_Up    ? QPointF(0, -1)
                        : key == Qt::Key_Down  ? QPointF(0, 1)
                                               : QPointF();
    if (way.isNull() || m_points.empty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    if (m_current < 0) {
        setCurrent(nearest(QRectF(rect()).center(), width() + height()));
        return;
    }
    const QPointF from = placeOf(m_current);
    int best = -1;
    double least = std::numeric_limits<double>::max();
    for (int i = 0; i < static_cast<int>(m_points.size()); ++i) {
        const QPointF away = placeOf(i) - from;
        const double along = QPointF::dotProduct(away, way), distance = std::hypot(away.x(), away.y());
        if (along > 0.5 && along > 0.7 * distance && distance < least) {
            least = distance;
            best = i;
        }
    }
    if (best >= 0)
        setCurrent(best);
}

void MapView::setCurrent(int point)
{
    if (point == m_current)
        return;
    m_current = point;
    update();
    Q_EMIT hovered(point);
}

} // namespace evalwright
