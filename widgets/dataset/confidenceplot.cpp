// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/confidenceplot.h"

#include "widgets/figures/customplot.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;

ThresholdPlot::ThresholdPlot(QWidget *parent) : QWidget(parent), m_plot(new QCustomPlot(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setMinimumSize(200, 110);
    m_plot->setFocusPolicy(Qt::StrongFocus);
    m_plot->installEventFilter(this);
    m_plot->setCursor(Qt::SizeHorCursor);
    m_plot->xAxis->setRange(0, 1);
    m_plot->axisRect()->setMinimumMargins(QMargins(8, 8, 12, 8));
    m_line = new QCPItemStraightLine(m_plot);
    m_line->point1->setCoords(m_threshold, 0);
    m_line->point2->setCoords(m_threshold, 1);
    connect(Theme::of(this), &Theme::changed, this, [this] { dress(); });
    setToolTip(tr("Drag the line, or move it with the arrow keys"));
}

QWidget *ThresholdPlot::canvas() const
{
    return m_plot;
}

QPoint ThresholdPlot::placeOf(double threshold) const
{
    return {qRound(m_plot->xAxis->coordToPixel(threshold)), m_plot->axisRect()->center().y()};
}

void ThresholdPlot::setThreshold(double threshold)
{
    m_threshold = threshold;
    m_line->point1->setCoords(threshold, 0);
    m_line->point2->setCoords(threshold, 1);
    dress();
}

void ThresholdPlot::moveTo(double threshold)
{
    threshold = std::round(qBound(0.0, threshold, 1.0) * 100) / 100;
    if (threshold == m_threshold)
        return;
    setThreshold(threshold);
    Q_EMIT thresholdMoved(threshold);
}

bool ThresholdPlot::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_plot && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) {
            moveTo(m_threshold + (key == Qt::Key_Left ? -0.01 : 0.01));
            return true;
        }
    }
    if (watched == m_plot && (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseMove)) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (event->type() == QEvent::MouseButtonPress)
            m_dragging = mouse->button() == Qt::LeftButton;
        if (m_dragging) {
            moveTo(m_plot->xAxis->pixelToCoord(mouse->position().x()));
            return true;
        }
    }
    if (watched == m_plot && event->type() == QEvent::MouseButtonRelease)
        m_dragging = false;
    return QWidget::eventFilter(watched, event);
}

void ThresholdPlot::dress()
{
    const Theme *theme = Theme::of(this);
    m_plot->setBackground(theme->color(Theme::Meaning::Surface));
    for (QCPAxis *axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(theme->color(Theme::Meaning::Border), 1));
        axis->setTickPen(QPen(theme->color(Theme::Meaning::Border), 1));
        axis->setSubTicks(false);
        axis->setTickLength(0, 4);
        axis->setTickLabelFont(Theme::font(Theme::Role::Caption));
        axis->setTickLabelColor(theme->color(Theme::Meaning::TextSecondary));
        axis->grid()->setVisible(axis == m_plot->yAxis);
        axis->grid()->setPen(QPen(theme->color(Theme::Meaning::Border), 1, Qt::DotLine));
        axis->grid()->setZeroLinePen(QPen(theme->color(Theme::Meaning::Border), 1));
        axis->ticker()->setTickCount(axis == m_plot->yAxis ? 3 : 6);
    }
    m_line->setPen(QPen(theme->color(Theme::Meaning::Accent), 2));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

ConfidenceHistogram::ConfidenceHistogram(QWidget *parent)
    : ThresholdPlot(parent), m_below(new QCPBars(m_plot->xAxis, m_plot->yAxis)),
      m_above(new QCPBars(m_plot->xAxis, m_plot->yAxis))
{
    for (QCPBars *bars : {m_below, m_above}) {
        bars->setWidth(0.8 / bins);
        bars->setPen(Qt::NoPen);
    }
    ConfidenceHistogram::dress();
}

void ConfidenceHistogram::setCounts(const QList<qint64> &counts, Theme::Meaning meaning, const QString &name)
{
    m_counts = counts;
    m_meaning = meaning;
    m_plot->setAccessibleName(name);
    qint64 most = 1;
    for (const qint64 count : counts)
        most = qMax(most, count);
    m_plot->yAxis->setRange(0, 1.05 * static_cast<double>(most));
    dress();
}

void ConfidenceHistogram::dress()
{
    const QColor color = Theme::of(this)->color(m_meaning);
    QColor pale = color;
    pale.setAlpha(80);
    m_below->setBrush(pale);
    m_above->setBrush(color);
    QVector<double> at[2], height[2];
    for (int bin = 0; bin < m_counts.size(); ++bin) {
        const double middle = (bin + 0.5) / bins;
        const int side = middle > threshold() ? 1 : 0;
        at[side] << middle;
        height[side] << static_cast<double>(m_counts.at(bin));
    }
    m_below->setData(at[0], height[0], true);
    m_above->setData(at[1], height[1], true);
    ThresholdPlot::dress();
}

ThresholdCurves::ThresholdCurves(QWidget *parent)
    : ThresholdPlot(parent), m_yield(m_plot->addGraph()), m_agreement(m_plot->addGraph()), m_low(m_plot->addGraph()),
      m_high(m_plot->addGraph())
{
    m_plot->yAxis->setRange(0, 1.02);
    m_high->setChannelFillGraph(m_low);
    m_plot->setAccessibleName(tr("Yield and agreement over the threshold"));
    ThresholdCurves::dress();
}

void ThresholdCurves::setPoints(const QList<ThresholdPoint> &points)
{
    QVector<double> at, yield, agreement, low, high;
    constexpr double unset = std::numeric_limits<double>::quiet_NaN(); // A gap in the line.
    for (const ThresholdPoint &point : points) {
        at << point.threshold;
        yield << point.yield;
        const auto &interval = point.human.interval;
        agreement << (interval ? interval->estimate : unset);
        low << (interval ? interval->low : unset);
        high << (interval ? interval->high : unset);
    }
    m_yield->setData(at, yield, true);
    m_agreement->setData(at, agreement, true);
    m_low->setData(at, low, true);
    m_high->setData(at, high, true);
    dress();
}

void ThresholdCurves::dress()
{
    const Theme *theme = Theme::of(this);
    m_yield->setPen(QPen(theme->color(Theme::Meaning::Machine), 2, Qt::DashLine));
    m_agreement->setPen(QPen(theme->color(Theme::Meaning::Human), 2));
    QColor band = theme->color(Theme::Meaning::Human);
    band.setAlpha(50);
    m_low->setPen(Qt::NoPen);
    m_high->setPen(Qt::NoPen);
    m_high->setBrush(band);
    ThresholdPlot::dress();
}

} // namespace evalwright
