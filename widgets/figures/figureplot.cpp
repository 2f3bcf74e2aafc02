// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figureplot.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/customplot.h"
#include "widgets/figures/figuretext.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/theme.h"

#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double reachPixels = 14;

} // namespace

FigurePlot::FigurePlot(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    m_legend = new QWidget(this);
    m_legend->setAccessibleName(tr("Legend: switch series on and off"));
    m_legendLayout = new FlowLayout(m_legend, Theme::spacing());
    layout->addWidget(m_legend);
    m_plot = new QCustomPlot(this);
    m_plot->setMinimumSize(320, 240);
    m_plot->setFocusPolicy(Qt::StrongFocus);
    m_plot->setMouseTracking(true);
    m_plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    m_plot->installEventFilter(this);
    m_values = new QLabel(m_plot);
    m_values->setObjectName(u"values"_s);
    m_values->setTextFormat(Qt::PlainText);
    m_values->setFrameShape(QFrame::StyledPanel);
    m_values->setMargin(Theme::spacing());
    m_values->setFont(Theme::font(Theme::Role::Caption));
    m_values->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_values->hide();
    setCard(m_values);
    layout->addWidget(m_plot, 1);
    connect(Theme::of(this), &Theme::changed, this, &FigurePlot::redraw);
    redraw();
}

FigurePlot::~FigurePlot() = default;

void FigurePlot::setFigure(const FigureSpec &spec)
{
    // A figure that was read again keeps what is hidden, if it still has the same series.
    const auto names = [](const FigureSpec &of) {
        QStringList list;
        for (const LegendEntry &entry : legendOf(of, FigureStyle::screen(false)))
            list << entry.name;
        return list;
    };
    if (names(spec) != names(m_spec))
        m_hidden.clear();
    m_spec = spec;
    redraw();
}

qsizetype FigurePlot::withoutPlace() const
{
    return m_drawing->withoutPlace();
}

void FigurePlot::redraw()
{
    m_current.reset();
    m_values->hide();
    m_drawing.reset(); // Before the plot is emptied: it takes its ring off the plot.
    m_drawnWidth = m_plot->width();
    m_drawing = std::make_unique<FigureDrawing>(*m_plot, m_spec, FigureStyle::screen(Theme::of(this)->isDark()),
                                                QSizeF(m_plot->size()));
    m_plot->setMinimumHeight(
        std::clamp(static_cast<int>(m_drawing->leastPlotHeight(m_plot->width()) +
                                    m_drawing->wordsHeight(m_plot->width())),
                   240, QWIDGETSIZE_MAX / 4));
    for (const qsizetype series : std::as_const(m_hidden))
        m_drawing->setSeriesVisible(series, false);
    fillLegend();
    m_plot->setAccessibleName(m_spec.title.isEmpty() ? tr("Figure") : tr("Figure: %1").arg(m_spec.title));
    m_plot->setAccessibleDescription(figureSummary(m_spec));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void FigurePlot::fillLegend()
{
    m_legendLayout->clear();
    const QList<LegendEntry> &entries = m_drawing->legend();
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const QString words = entries.at(i).text.isEmpty() ? entries.at(i).name
                                                           : u"%1: %2"_s.arg(entries.at(i).name, entries.at(i).text);
        auto *chip = new Chip(singleLine(words, 60), Theme::Meaning::Text, m_legend);
        chip->setDot(entries.at(i).look.color);
        chip->setCheckable(true);
        chip->setChecked(!m_hidden.contains(i));
        chip->setToolTip(plainToolTip(tr("%1\nClick to show or hide this series.").arg(words)));
        connect(chip, &Chip::toggled, this, [this, i](bool on) { setSeriesVisible(i, on); });
        m_legendLayout->addWidget(chip);
        chip->show();
    }
    m_legend->setVisible(!entries.isEmpty());
    m_legend->updateGeometry();
}

void FigurePlot::setSeriesVisible(qsizetype series, bool visible)
{
    if (series < 0 || series >= m_drawing->legend().size())
        return;
    if (visible)
        m_hidden.remove(series);
    else
        m_hidden.insert(series);
    m_drawing->setSeriesVisible(series, visible);
    if (m_current && !m_drawing->places().contains(*m_current))
        setCurrent(std::nullopt);
    if (auto *chip = qobject_cast<Chip *>(m_legendLayout->itemAt(static_cast<int>(series))->widget()))
        chip->setChecked(visible);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void FigurePlot::resetZoom()
{
    m_drawing->resetRanges();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void FigurePlot::setCurrent(const std::optional<FigureDrawing::Place> &place)
{
    if (place == m_current)
        return;
    m_current = place;
    m_drawing->highlight(place);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
    m_values->setVisible(place.has_value());
    if (!place)
        return;
    m_values->setText(withVisibleControls(textOf(*place)));
    m_values->setMaximumWidth(std::max(200, m_plot->width() - 16));
    m_values->setWordWrap(m_values->fontMetrics().boundingRect(QRect(), 0, m_values->text()).width() + 32 >
                          m_values->maximumWidth());
    m_values->adjustSize();
    // Right above the point, or on its other sides where the plot ends.
    constexpr int gap = 12;
    const QPoint at = m_drawing->pixelOf(*place).toPoint();
    QRect box(at + QPoint(gap, -gap - m_values->height()), m_values->size());
    if (box.right() > m_plot->width())
        box.moveRight(at.x() - gap);
    if (box.top() < 0)
        box.moveTop(at.y() + gap);
    m_values->move(qMax(0, box.x()), box.y());
    m_values->raise();
    Q_EMIT pointHovered(place->series, place->point, place->panel);
}

QString FigurePlot::textOf(const FigureDrawing::Place &place) const
{
    if (m_spec.kind == "heatmap"_L1)
        return cellText(m_spec, place.point);
    if (m_spec.panels.isEmpty())
        return pointText(m_spec, place.series, place.point);
    const FigureSpec &panel = m_spec.panels.at(place.panel);
    return panel.title + u'\n' + pointText(panel, place.series, place.point);
}

bool FigurePlot::handleKey(int key)
{
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        if (m_current)
            Q_EMIT pointActivated(m_current->series, m_current->point, m_current->panel);
        return m_current.has_value();
    }
    if (key == Qt::Key_Escape && m_current) {
        setCurrent(std::nullopt);
        return true;
    }
    const int along = key == Qt::Key_Right ? 1 : key == Qt::Key_Left ? -1 : 0;
    const int across = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
    if (along == 0 && across == 0)
        return false;
    const QList<FigureDrawing::Place> places = m_drawing->places();
    if (places.isEmpty())
        return false;
    qsizetype at = m_current ? places.indexOf(*m_current) : -1;
    if (at < 0) {
        at = 0;
    } else if (along != 0) {
        at = qBound<qsizetype>(0, at + along, places.size() - 1);
    } else {
        const auto sameSeries = [&places](qsizetype a, qsizetype b) {
            return places.at(a).series == places.at(b).series && places.at(a).panel == places.at(b).panel;
        };
        const auto first = [&](qsizetype of) {
            while (of > 0 && sameSeries(of - 1, of))
                --of;
            return of;
        };
        const qsizetype rank = at - first(at);
        qsizetype other = at;
        while (other >= 0 && other < places.size() && sameSeries(at, other))
            other += across;
        if (other >= 0 && other < places.size()) { // The same rank, or the last where that series is shorter.
            qsizetype to = first(other);
            for (qsizetype k = 0; k < rank && to + 1 < places.size() && sameSeries(to, to + 1); ++k)
                ++to;
            at = to;
        }
    }
    setCurrent(places.at(at));
    return true;
}

bool FigurePlot::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_plot)
        return QWidget::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseMove: {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->buttons() == Qt::NoButton)
            setCurrent(m_drawing->nearest(mouse->position(), reachPixels));
        break;
    }
    case QEvent::MouseButtonRelease: {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() == Qt::LeftButton && m_current &&
            m_drawing->nearest(mouse->position(), reachPixels) == m_current)
            Q_EMIT pointActivated(m_current->series, m_current->point, m_current->panel);
        break;
    }
    case QEvent::Resize:
        // Ticks and columns fit a width; small changes are not worth drawing anew.
        if (std::abs(m_plot->width() - m_drawnWidth) > m_drawnWidth / 10)
            QMetaObject::invokeMethod(this, &FigurePlot::redraw, Qt::QueuedConnection);
        break;
    case QEvent::MouseButtonDblClick:
        resetZoom();
        break;
    case QEvent::Leave:
        setCurrent(std::nullopt);
        break;
    case QEvent::KeyPress:
        if (handleKey(static_cast<QKeyEvent *>(event)->key()))
            return true;
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace evalwright
