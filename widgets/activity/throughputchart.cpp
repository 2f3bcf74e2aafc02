// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/throughputchart.h"

#include "core/text.h"
#include "widgets/figures/customplot.h"
#include "widgets/figures/figurestyle.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/theme.h"

#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

Chip *legendChip(const QString &text, QWidget *parent)
{
    auto *chip = new Chip(text, Theme::Meaning::Text, parent);
    chip->setFocusPolicy(Qt::NoFocus);
    chip->setAttribute(Qt::WA_TransparentForMouseEvents);
    return chip;
}

/// The top of an axis that starts at 0, with some room, never empty.
double top(double highest, double least)
{
    return std::max(highest * 1.1, least);
}

QString perSecondText(double rate)
{
    return QLocale().toString(rate, 'f', rate < 10 ? 1 : 0);
}

} // namespace

ThroughputChart::ThroughputChart(QWidget *parent)
    : QWidget(parent), m_plot(new QCustomPlot(this)), m_rate(legendChip(tr("Answers a second (left axis)"), this)),
      m_limit(legendChip(tr("Limit of requests at once (dashed, right axis)"), this))
{
    auto *legend = new QWidget(this);
    auto *flow = new FlowLayout(legend, Theme::spacing());
    flow->addWidget(m_rate);
    flow->addWidget(m_limit);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(legend);
    layout->addWidget(m_plot, 1);

    m_plot->setObjectName(u"plot"_s);
    m_plot->setMinimumSize(280, 120);
    m_plot->setAccessibleName(tr("Chart of the speed; its numbers are in the table beside it"));
    m_plot->addGraph(m_plot->xAxis, m_plot->yAxis);
    m_plot->addGraph(m_plot->xAxis, m_plot->yAxis2);
    m_plot->graph(1)->setLineStyle(QCPGraph::lsStepLeft);
    m_plot->yAxis2->setVisible(true);
    m_plot->yAxis2->grid()->setVisible(false);
    const QSharedPointer<QCPAxisTickerTime> time(new QCPAxisTickerTime);
    time->setTimeFormat(u"%h:%m:%s"_s);
    m_plot->xAxis->setTicker(time);
    for (QCPAxis *axis : {m_plot->yAxis, m_plot->yAxis2}) {
        const QSharedPointer<QCPAxisTicker> ticker(new QCPAxisTicker);
        ticker->setTickCount(4);
        axis->setTicker(ticker);
    }
    connect(Theme::of(this), &Theme::changed, this, &ThroughputChart::restyle);
    restyle();
}

void ThroughputChart::setPoints(const QList<ThroughputPoint> &points)
{
    if (points == m_points)
        return;
    m_points = points;
    redraw();
}

void ThroughputChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LocaleChange)
        restyle();
}

void ThroughputChart::restyle()
{
    const FigureStyle style = FigureStyle::screen(Theme::of(this)->isDark());
    m_plot->setBackground(style.background);
    m_plot->setLocale(QLocale());
    m_plot->xAxis->setLabel(tr("Time since the start"));
    m_plot->yAxis->setLabel(tr("Answers a second"));
    m_plot->yAxis2->setLabel(tr("Requests at once"));
    for (QCPAxis *axis : {m_plot->xAxis, m_plot->yAxis, m_plot->yAxis2}) {
        axis->setBasePen(QPen(style.grid));
        axis->setTickPen(QPen(style.grid));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(style.secondary);
        axis->setLabelColor(style.secondary);
        axis->setTickLabelFont(style.caption);
        axis->setLabelFont(style.caption);
        axis->grid()->setPen(QPen(style.grid, 0, Qt::DotLine));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    // Different strokes, so that the two can be told apart without colour.
    m_plot->graph(0)->setPen(QPen(style.series.at(0), style.lineWidth));
    m_plot->graph(1)->setPen(QPen(style.series.at(1), style.lineWidth, Qt::DashLine));
    m_rate->setDot(style.series.at(0));
    m_limit->setDot(style.series.at(1));
    redraw();
}

void ThroughputChart::redraw()
{
    QVector<double> times, rates, limits;
    double highestRate = 0, highestLimit = 0;
    for (const ThroughputPoint &point : std::as_const(m_points)) {
        times << point.seconds;
        rates << point.perSecond;
        limits << (point.limit > 0 ? point.limit : qQNaN()); // Not known is a gap, not a limit of none.
        highestRate = std::max(highestRate, point.perSecond);
        highestLimit = std::max(highestLimit, static_cast<double>(point.limit));
    }
    m_plot->graph(0)->setData(times, rates, true);
    m_plot->graph(1)->setData(times, limits, true);
    m_plot->graph(0)->setScatterStyle(m_points.size() < 2 ? QCPScatterStyle::ssDisc : QCPScatterStyle::ssNone);
    const double end = std::max(10.0, m_points.isEmpty() ? 0 : m_points.constLast().seconds);
    m_plot->xAxis->setRange(0, end);
    qSharedPointerCast<QCPAxisTickerTime>(m_plot->xAxis->ticker())
        ->setTimeFormat(end < 3600 ? u"%m:%s"_s : u"%h:%m:%s"_s);
    m_plot->yAxis->setRange(0, top(highestRate, 1));
    m_plot->yAxis2->setRange(0, top(highestLimit, 4));
    m_plot->setAccessibleDescription(m_points.isEmpty() ? QString()
                                                        : tr("%1 answers a second now, %2 at most; limit %3 at once")
                                                              .arg(perSecondText(m_points.constLast().perSecond),
                                                                   perSecondText(highestRate),
                                                                   QLocale().toString(m_points.constLast().limit)));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

QStringList throughputHeader()
{
    return {ThroughputChart::tr("Time"), ThroughputChart::tr("Answers a second"), ThroughputChart::tr("Limit at once"),
            ThroughputChart::tr("In flight")};
}

QList<QStringList> throughputRows(const QList<ThroughputPoint> &points)
{
    const QLocale locale;
    QList<QStringList> rows;
    rows.reserve(points.size());
    for (auto point = points.rbegin(); point != points.rend(); ++point)
        rows << QStringList{formatDuration(point->seconds), perSecondText(point->perSecond),
                            point->limit > 0 ? locale.toString(point->limit) : u"—"_s,
                            locale.toString(point->inFlight)};
    return rows;
}

} // namespace evalwright
