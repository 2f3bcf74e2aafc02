// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QPolygonF>
#include <QWidget>

#include <vector>

namespace evalwright {

/// Points in a plane. Drawn into a picture that is kept, so that hovering and drawing a lasso cost nothing even with
/// fifty thousand points (QCustomPlot draws each again every time). Left drag: lasso. Wheel: zoom; right drag: move;
/// double click: everything again. Arrow keys go to the nearest point in that direction, Enter activates it.
class MapView : public QWidget
{
    Q_OBJECT

public:
    explicit MapView(QWidget *parent = nullptr);

    /// New points; the selection and what is pointed at are forgotten when their number changes.
    void setPoints(std::vector<QPointF> points);
    /// One colour index per point, into `colors`. Points of equal colour are drawn together, in the order of `colors`.
    void setColors(std::vector<int> colorOf, QList<QColor> colors);
    /// Selected points are ringed, the others pale. Empty: nothing is selected.
    void setSelected(std::vector<int> points);
    const std::vector<int> &selected() const { return m_selected; }
    int current() const { return m_current; } ///< −1: none.
    QSize sizeHint() const override { return {560, 480}; }
    QPointF placeOf(int point) const;

Q_SIGNALS:
    /// Under the pointer or reached by keys; −1: none.
    void hovered(int point);
    void activated(int point);
    void lassoed(const std::vector<int> &points);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void redraw(); ///< The picture is out of date.
    void drawPicture();
    void setCurrent(int point);
    int nearest(const QPointF &at, double reach) const;

    std::vector<QPointF> m_points;
    std::vector<int> m_colorOf, m_selected;
    std::vector<bool> m_isSelected;
    QList<QColor> m_colors;
    QRectF m_bounds;
    double m_zoom = 1;
    QPointF m_shift; ///< Pixels.
    QPixmap m_picture;
    QPolygonF m_lasso;
    QPointF m_pressed, m_shiftAtPress;
    Qt::MouseButton m_button = Qt::NoButton;
    int m_current = -1;
};

} // namespace evalwright
