// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/paneldrawing.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/customplot.h"
#include "widgets/figures/figureitems.h"
#include "widgets/figures/figuretext.h"
#include "widgets/figures/figuretickers.h"
#include "widgets/figures/figurewords.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double farthest = 1e150; ///< QCustomPlot refuses ranges beyond 1e250.

double laneOf(qsizetype series, qsizetype count)
{
    const double spread = count > 6 ? 0.8 : 0.66;
    return spread * ((static_cast<double>(series) + 0.5) / static_cast<double>(count) - 0.5);
}

} // namespace

CategoryRows::CategoryRows(const FigureAxis &axis)
{
    if (axis.scale != FigureAxis::Scale::Category)
        return;
    double row = 0;
    for (qsizetype i = 0; i < axis.categories.size(); ++i) {
        const QString group = axis.groups.value(i);
        if (!axis.groups.isEmpty() && (i == 0 || group != axis.groups.value(i - 1)))
            headings << Heading{row++, group, 0};
        if (!headings.isEmpty())
            ++headings.last().members;
        rows << row++;
    }
    count = static_cast<qsizetype>(row);
}

PanelRanges rangesOf(const FigureSpec &axes, const QList<const FigureSpec *> &panels)
{
    double lowKey = INFINITY, highKey = -INFINITY, low = INFINITY, high = -INFINITY;
    const auto fits = [](double value, const FigureAxis &axis) {
        return std::abs(value) <= farthest && (axis.scale != FigureAxis::Scale::Log || value > 0);
    };
    const auto include = [&](std::optional<double> value) {
        if (value && fits(*value, axes.y)) {
            low = std::min(low, *value);
            high = std::max(high, *value);
        }
    };
    const auto includeLines = [&](const FigureSpec &spec) {
        for (const FigureReferenceLine &line : spec.referenceLines) {
            if (line.kind != FigureReferenceLine::Kind::Diagonal)
                include(line.value);
        }
    };
    includeLines(axes);
    for (const FigureSpec *panel : panels) {
        for (const FigureSeries &series : panel->series) {
            for (const FigurePoint &p : series.points) {
                if (!fits(p.x, axes.x) || !fits(p.y, axes.y))
                    continue;
                lowKey = std::min(lowKey, p.x);
                highKey = std::max(highKey, p.x);
                for (const auto &value : {std::optional(p.y), p.low, p.high, p.boundLow, p.boundHigh})
                    include(value);
            }
        }
        includeLines(*panel);
    }
    const bool map = !panels.isEmpty() && panels.constFirst()->kind == "map"_L1;
    const auto rangeOf = [map](const FigureAxis &axis, double from, double to) {
        const bool log = axis.scale == FigureAxis::Scale::Log;
        if (axis.scale == FigureAxis::Scale::Category)
            return std::pair(-0.5, std::max(static_cast<double>(CategoryRows(axis).count) - 0.5, 0.5));
        if (axis.unit == "share"_L1 && !axis.minimum && !axis.maximum)
            return std::pair(-0.01, 1.02); // The whole of it: a cut axis makes small differences look large.
        if (axis.unit == "score"_L1 && !axis.minimum && !axis.maximum)
            return std::pair(-1.03, 1.03);
        if (from > to) {
            from = log ? 1e8 : 0;
            to = log ? 1e10 : 1;
        }
        from = axis.minimum.value_or(from);
        to = std::max(axis.maximum.value_or(to), from);
        if (log) {
            const double factor = from > 0 && to > from ? std::pow(to / from, 0.06) : 2;
            return std::pair(from > 0 ? from / factor : to / 10, to * factor);
        }
        const double pad = to > from ? (map ? 0.08 : 0.05) * (to - from) : std::max(std::abs(from) * 0.1, 0.5);
        return std::pair(axis.minimum ? from - 0.01 * (to - from) : from - pad,
                         axis.maximum ? to + 0.02 * (to - from) : to + pad);
    };
    const auto [keyFrom, keyTo] = rangeOf(axes.x, lowKey, highKey);
    const auto [valueFrom, valueTo] = rangeOf(axes.y, low, high);
    return {keyFrom, keyTo, valueFrom, valueTo};
}

PanelDrawing::PanelDrawing(QCustomPlot &plot, const FigureSpec &spec, const FigureStyle &style, Frame frame)
    : m_plot(plot), m_spec(spec), m_style(style), m_frame(std::move(frame)), m_lying(liesDown(spec)),
      m_heat(spec.kind == "heatmap"_L1), m_rowsX(spec.x), m_rowsY(spec.y),
      m_key(m_frame.rect->axis(m_lying ? QCPAxis::atLeft : QCPAxis::atBottom)),
      m_value(m_frame.rect->axis(m_lying ? QCPAxis::atBottom : QCPAxis::atLeft))
{
    findPoints();
    setUpAxes();
    setUpReferences();
    setUpCategories();
    if (m_heat)
        setUpHeatMap();
    else {
        for (qsizetype i = 0; i < m_spec.series.size(); ++i) {
            Drawn &drawn = m_drawn.at(static_cast<size_t>(i));
            drawn.parts.push_back(new BandItem(m_plot, *this, i));
            drawn.parts.push_back(new SeriesItem(m_plot, *this, i));
        }
        for (const FigureFit &fit : m_spec.fits) {
            SeriesLook look;
            look.color = m_style.secondary;
            for (qsizetype i = 0; i < m_spec.series.size(); ++i) {
                if (m_spec.series.at(i).name == fit.name)
                    look = lookOf(i);
            }
            auto *item = new FitItem(m_plot, *this, fit, look);
            for (qsizetype i = 0; i < m_spec.series.size(); ++i) {
                if (m_spec.series.at(i).name == fit.name)
                    m_drawn.at(static_cast<size_t>(i)).parts.push_back(item);
            }
        }
    }
    if (m_spec.kind == "winogender"_L1 && !m_frame.inGrid)
        new PointNamesItem(m_plot, *this);
    if (m_frame.strip)
        setUpStrip();
    setRanges(rangesOf(m_spec, {&m_spec}));
    if (std::ranges::all_of(m_drawn, [](const Drawn &drawn) { return drawn.points.isEmpty(); }))
        new MessageItem(m_plot, *this,
                        QCoreApplication::translate("FigureDrawing", "There are no points to show."));
    if (!m_frame.inGrid) {
        m_frame.rect->setAutoMargins(QCP::msAll);
        m_frame.rect->setMinimumMargins(QMargins(static_cast<int>(m_left), static_cast<int>(m_top),
                                                 static_cast<int>(m_right), static_cast<int>(m_bottom)));
    }
}

void PanelDrawing::findPoints()
{
    if (m_heat) {
        m_drawn.resize(static_cast<size_t>(m_spec.y.categories.size()));
        QList<qsizetype> order(m_spec.cells.size());
        std::iota(order.begin(), order.end(), 0);
        std::ranges::stable_sort(order, {}, [this](qsizetype i) { return m_spec.cells.at(i).x; });
        for (const qsizetype i : order) {
            const FigureCell &cell = m_spec.cells.at(i);
            if (cell.y >= 0 && cell.y < groups() && cell.x >= 0 && cell.x < m_spec.x.categories.size())
                m_drawn.at(static_cast<size_t>(cell.y)).points << i;
            else
                ++m_withoutPlace;
        }
        return;
    }
    m_drawn.resize(static_cast<size_t>(m_spec.series.size()));
    for (qsizetype s = 0; s < m_spec.series.size(); ++s) {
        const QList<FigurePoint> &points = m_spec.series.at(s).points;
        QList<qsizetype> &found = m_drawn.at(static_cast<size_t>(s)).points;
        for (qsizetype i = 0; i < points.size(); ++i) {
            if (hasPlace(points.at(i)))
                found << i;
            else
                ++m_withoutPlace;
        }
        std::ranges::stable_sort(found, {}, [&points](qsizetype i) { return points.at(i).x; });
    }
}

bool PanelDrawing::hasPlace(const FigurePoint &point) const
{
    const auto fits = [](double value, const FigureAxis &axis) {
        if (axis.scale == FigureAxis::Scale::Category)
            return value >= 0 && value < static_cast<double>(axis.categories.size());
        return std::abs(value) <= farthest && (axis.scale != FigureAxis::Scale::Log || value > 0);
    };
    return fits(point.x, m_spec.x) && fits(point.y, m_spec.y);
}

void PanelDrawing::dress(QCPAxis *axis, const FigureAxis &content, bool gridLines, bool numbers, double length)
{
    const bool category = content.scale == FigureAxis::Scale::Category;
    const bool bare = category || content.unit == "none"_L1;
    axis->setScaleType(content.scale == FigureAxis::Scale::Log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    const bool across = axis->axisType() == QCPAxis::atBottom;
    const double step = across ? 5.5 * lineHeight(m_style.caption) : 2.6 * lineHeight(m_style.caption);
    axis->setTicker(makeTicker(content, std::clamp(static_cast<int>(length / step), 2, across ? 7 : 6),
                               across ? length : 0, m_style.caption));
    axis->setTicks(!bare);
    axis->setTickLabels(!bare && numbers);
    if (!category && !m_frame.inGrid)
        axis->setLabel(wrappedText(content.label, m_style.body, std::max(length, 60.0), 2).join(u'\n'));
    axis->setLabelFont(m_style.body);
    axis->setLabelColor(m_style.text);
    axis->setTickLabelFont(m_style.caption);
    axis->setTickLabelColor(m_style.secondary);
    const QPen line(m_style.secondary, m_style.thinLine);
    axis->setBasePen(across && !m_heat && !bare ? line : QPen(Qt::NoPen));
    axis->setTickPen(across && !m_heat ? line : QPen(Qt::NoPen));
    axis->setSubTicks(false);
    axis->setTickLength(0, m_style.padding / 2);
    axis->setTickLabelPadding(across ? m_style.padding / 2 : m_style.padding * 3 / 4);
    axis->setLabelPadding(m_style.padding * 3 / 4);
    axis->grid()->setPen(gridLines && !bare ? QPen(m_style.grid, m_style.thinLine) : QPen(Qt::NoPen));
    const bool signedValues = content.unit == "points"_L1 || content.unit == "score"_L1;
    axis->grid()->setZeroLinePen(signedValues ? line : axis->grid()->pen());
    axis->grid()->setSubGridVisible(false);
    axis->grid()->setVisible(true);
}

void PanelDrawing::setUpAxes()
{
    const double labels = 2.5 * lineHeight(m_style.caption);
    const bool onlyRows = !m_lying;
    dress(m_key, m_spec.x, !onlyRows, m_lying ? m_frame.numbersLeft : m_frame.numbersBelow && !m_frame.strip,
          m_lying ? m_frame.height - labels : m_frame.width - 2 * labels);
    dress(m_value, m_spec.y, true, m_lying ? m_frame.numbersBelow : m_frame.numbersLeft,
          m_lying ? m_frame.width - 2 * labels : m_frame.height - labels);
    if (m_frame.strip)
        m_key->setLabel(QString());
    if (m_spec.kind == "winogender"_L1 || m_spec.kind == "reliability"_L1 || m_spec.kind == "agreement"_L1)
        m_key->grid()->setPen(QPen(m_style.grid, m_style.thinLine));
    m_key->setRangeReversed(m_lying); // First category on top.
    m_value->setRangeReversed(m_heat);
    // Names of categories stand at the panel, so they are not dragged away from it.
    const Qt::Orientations free = m_heat      ? Qt::Orientations()
                                  : m_lying   ? Qt::Orientations(Qt::Horizontal)
                                              : Qt::Orientations(Qt::Horizontal | Qt::Vertical);
    m_frame.rect->setRangeDrag(free);
    m_frame.rect->setRangeZoom(free);
    m_top = m_style.padding;
    m_bottom = m_style.padding;
    m_left = m_style.padding;
    m_right = 2 * lineHeight(m_style.caption); // Half of the last number below.
}

void PanelDrawing::setUpReferences()
{
    QList<FigureReferenceLine> lines;
    for (const FigureReferenceLine &line : m_frame.sharedLines + m_spec.referenceLines) {
        const bool log = m_spec.y.scale == FigureAxis::Scale::Log && line.kind != FigureReferenceLine::Kind::Diagonal;
        if (std::abs(line.value) <= farthest && (!log || line.value > 0))
            lines << line;
    }
    if (lines.isEmpty() || m_heat)
        return;
    auto *item = new ReferenceItem(m_plot, *this, lines, !m_frame.inGrid, m_frame.width);
    if (m_frame.inGrid)
        return;
    if (m_lying)
        m_top += item->heightOfNames();
    else
        m_right = std::max(m_right, item->widthOfNames());
}

void PanelDrawing::setUpCategories()
{
    const auto add = [this](const FigureAxis &axis, CategoryItem::Side side, double along, double across) {
        auto *item = new CategoryItem(m_plot, *this, axis, side, m_lying);
        return item->depth(along, across);
    };
    if (m_lying && m_frame.numbersLeft)
        m_left = add(m_spec.x, CategoryItem::Side::Left, 0.8 * m_frame.height,
                     m_frame.namesWidth > 0 ? m_frame.namesWidth : 0.4 * m_frame.width);
    if (!m_heat)
        return;
    m_left = add(m_spec.y, CategoryItem::Side::Left, 0.7 * m_frame.height, 0.36 * m_frame.width);
    m_bottom = add(m_spec.x, CategoryItem::Side::Bottom, m_frame.width - m_left - m_right, 0.3 * m_frame.width);
}

void PanelDrawing::setUpHeatMap()
{
    auto *item = new HeatItem(m_plot, *this, m_spec);
    for (Drawn &drawn : m_drawn)
        drawn.parts.push_back(item);
}

void PanelDrawing::setUpStrip()
{
    QCPAxis *key = m_frame.strip->axis(QCPAxis::atBottom), *count = m_frame.strip->axis(QCPAxis::atLeft);
    dress(key, m_spec.x, false, true, m_frame.width - 5 * lineHeight(m_style.caption));
    qint64 most = 1;
    for (const FigureSeries &series : m_spec.series) {
        for (const FigurePoint &point : series.points)
            most = std::max(most, point.n);
    }
    const FigureAxis items{QCoreApplication::translate("FigureDrawing", "Items"), FigureAxis::Scale::Linear,
                           u"items"_s, {}, {}, {}};
    dress(count, items, false, true, 2.5 * lineHeight(m_style.caption));
    QSharedPointer<QCPAxisTickerText> ends(new QCPAxisTickerText);
    ends->addTick(0, QLocale().toString(0));
    ends->addTick(static_cast<double>(most), QLocale().toString(most));
    count->setTicker(ends);
    count->setRange(0, 1.08 * static_cast<double>(most));
    m_frame.strip->setRangeDrag({});
    m_frame.strip->setRangeZoom({});
    m_frame.strip->setMinimumMargins(QMargins(static_cast<int>(m_left), 2, static_cast<int>(m_right), 0));
    auto *sides = new QCPMarginGroup(&m_plot);
    sides->setParent(m_frame.strip); // Ends with it.
    m_frame.rect->setMarginGroup(QCP::msLeft | QCP::msRight, sides);
    m_frame.strip->setMarginGroup(QCP::msLeft | QCP::msRight, sides);
    QObject::connect(m_key, qOverload<const QCPRange &>(&QCPAxis::rangeChanged), key,
                     [key](const QCPRange &range) { key->setRange(range); });
    new StripItem(m_plot, *this, *m_frame.strip);
}

void PanelDrawing::setRanges(const PanelRanges &ranges)
{
    m_key->setRange(ranges.keyLow, ranges.keyHigh);
    m_value->setRange(ranges.valueLow, ranges.valueHigh);
}

void PanelDrawing::setSeriesVisible(qsizetype series, bool visible)
{
    Drawn &drawn = m_drawn.at(static_cast<size_t>(series));
    drawn.visible = visible;
    for (QCPLayerable *part : drawn.parts)
        part->setVisible(visible);
}

double PanelDrawing::keyOf(qsizetype series, const FigurePoint &point) const
{
    if (!m_lying)
        return point.x;
    const double row = m_rowsX.rows.value(static_cast<qsizetype>(point.x), point.x);
    return m_spec.series.size() < 2 ? row : row + laneOf(series, m_spec.series.size());
}

QPointF PanelDrawing::pixelAt(double x, double y) const
{
    const double key = m_key->coordToPixel(x), value = m_value->coordToPixel(y);
    return m_lying ? QPointF(value, key) : QPointF(key, value);
}

QPointF PanelDrawing::pixelOf(qsizetype series, const FigurePoint &point, double value) const
{
    return pixelAt(keyOf(series, point), value);
}

QPointF PanelDrawing::pixelOf(qsizetype group, qsizetype point) const
{
    if (m_heat) {
        const FigureCell &cell = m_spec.cells.at(point);
        return pixelAt(m_rowsX.rows.at(cell.x), m_rowsY.rows.at(cell.y));
    }
    const FigurePoint &p = m_spec.series.at(group).points.at(point);
    return pixelOf(group, p, p.y);
}

QRectF PanelDrawing::room() const
{
    return m_frame.rect->rect();
}

double PanelDrawing::keyPixel(double coordinate) const
{
    return m_key->coordToPixel(coordinate);
}

double PanelDrawing::valuePixel(double coordinate) const
{
    return m_value->coordToPixel(coordinate);
}

double PanelDrawing::widthOfNumbers() const
{
    if (m_lying)
        return m_left;
    QVector<double> ticks;
    QVector<QString> labels;
    m_value->ticker()->generate(m_value->range(), QLocale(), u'g', 6, ticks, nullptr, &labels);
    double widest = 0;
    for (const QString &label : labels)
        widest = std::max(widest, textWidth(label, m_style.caption));
    return widest + 1.5 * m_style.padding + (m_spec.y.label.isEmpty() ? 0 : lineHeight(m_style.body));
}

std::pair<double, double> PanelDrawing::keyRange() const
{
    return {m_key->range().lower, m_key->range().upper};
}

std::optional<std::pair<qsizetype, qsizetype>> PanelDrawing::nearest(const QPointF &pixel, double &reach) const
{
    std::optional<std::pair<qsizetype, qsizetype>> best;
    if (m_heat) { // A field is met anywhere inside.
        if (!room().contains(pixel))
            return best;
        const auto at = [](const CategoryRows &rows, double coord) {
            return rows.rows.indexOf(std::round(coord));
        };
        const qsizetype x = at(m_rowsX, m_key->pixelToCoord(pixel.x()));
        const qsizetype y = at(m_rowsY, m_value->pixelToCoord(pixel.y()));
        if (x < 0 || y < 0)
            return best;
        for (const qsizetype i : pointsOf(y)) {
            if (m_spec.cells.at(i).x == x)
                best = std::pair(y, i);
        }
        return best;
    }
    for (qsizetype s = 0; s < groups(); ++s) {
        if (!isSeriesVisible(s))
            continue;
        for (const qsizetype i : pointsOf(s)) {
            const QPointF way = pixelOf(s, i) - pixel;
            const double distance = std::hypot(way.x(), way.y());
            if (distance <= reach) {
                reach = distance;
                best = std::pair(s, i);
            }
        }
    }
    return best;
}

} // namespace evalwright
