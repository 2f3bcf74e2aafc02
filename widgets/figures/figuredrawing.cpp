// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figuredrawing.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/customplot.h"
#include "widgets/figures/figuretext.h"
#include "widgets/figures/figuretickers.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double unset = std::numeric_limits<double>::quiet_NaN();
constexpr auto barLayer = "bars";

QString tr(const char *text)
{
    return QCoreApplication::translate("FigureDrawing", text);
}

/// Shapes differ as well as colours: a figure must survive a black-and-white copy.
constexpr std::array shapes{QCPScatterStyle::ssDisc, QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle,
                            QCPScatterStyle::ssDiamond, QCPScatterStyle::ssTriangleInverted};
constexpr std::array dashes{Qt::SolidLine, Qt::DashLine, Qt::DotLine};

/// Breaks text into lines that fit; a word longer than a line is cut.
QStringList wrapped(const QString &text, const QFont &font, int width)
{
    const QFontMetrics metrics(font);
    QStringList lines;
    QString line;
    for (const QString &word : text.simplified().split(u' ', Qt::SkipEmptyParts)) {
        const QString longer = line.isEmpty() ? word : line + u' ' + word;
        if (!line.isEmpty() && metrics.horizontalAdvance(longer) > width) {
            lines << line;
            line = metrics.elidedText(word, Qt::ElideRight, width);
        } else {
            line = line.isEmpty() ? metrics.elidedText(word, Qt::ElideRight, width) : longer;
        }
    }
    if (!line.isEmpty())
        lines << line;
    return lines;
}

} // namespace

FigureDrawing::FigureDrawing(QCustomPlot &plot, FigureSpec spec, FigureStyle style)
    : m_plot(plot), m_spec(std::move(spec)), m_style(std::move(style)),
      m_upward(m_spec.x.scale == FigureAxis::Scale::Category), m_key(m_upward ? plot.yAxis : plot.xAxis),
      m_value(m_upward ? plot.xAxis : plot.yAxis), m_series(static_cast<size_t>(m_spec.series.size()))
{
    plot.clearItems();
    plot.clearPlottables();
    plot.setBackground(m_style.background);
    if (!plot.layer(QLatin1StringView(barLayer)))
        plot.addLayer(QLatin1StringView(barLayer), plot.layer(u"main"_s), QCustomPlot::limBelow);
    setUpAxes();
    for (qsizetype i = 0; i < m_spec.series.size(); ++i)
        drawSeries(i);
    resetRanges();
    drawReferences();
    const bool nothing =
        std::all_of(m_series.begin(), m_series.end(), [](const Drawn &drawn) { return drawn.points.isEmpty(); });
    if (nothing) {
        auto *text = new QCPItemText(&plot);
        text->position->setType(QCPItemPosition::ptAxisRectRatio);
        text->position->setCoords(0.5, 0.5);
        text->setFont(m_style.body);
        text->setColor(m_style.secondary);
        text->setText(tr(QT_TRANSLATE_NOOP("FigureDrawing", "There are no points to show.")));
    }
    m_tracer = new QCPItemTracer(&plot);
    m_tracer->setStyle(QCPItemTracer::tsCircle);
    m_tracer->setSize(m_style.markerSize + 8);
    m_tracer->setBrush(Qt::NoBrush);
    m_tracer->setVisible(false);
}

void FigureDrawing::setUpAxes()
{
    dress(m_key, m_spec.x, m_spec.x.scale != FigureAxis::Scale::Category);
    dress(m_value, m_spec.y, true);
    m_plot.xAxis2->setVisible(false);
    m_plot.yAxis2->setVisible(false);
    m_plot.legend->setVisible(false);
    m_plot.axisRect()->setMinimumMargins(QMargins(16, 12, 16, 8));
    // Only the line along x: the values have their grid.
    m_plot.yAxis->setBasePen(Qt::NoPen);
    m_key->setRangeReversed(m_upward); // First category on top.
}

void FigureDrawing::dress(QCPAxis *axis, const FigureAxis &content, bool gridLines)
{
    axis->setRangeReversed(false);
    axis->setScaleType(content.scale == FigureAxis::Scale::Log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    axis->setTicker(makeTicker(content));
    axis->setLabel(singleLine(content.label, 120));
    axis->setLabelFont(m_style.body);
    axis->setLabelColor(m_style.secondary);
    axis->setTickLabelFont(m_style.caption);
    axis->setTickLabelColor(m_style.secondary);
    axis->setBasePen(QPen(m_style.grid, 1));
    axis->setTickPen(QPen(m_style.grid, 1));
    axis->setSubTicks(false);
    axis->setTickLength(0, 4);
    axis->setTickLabelPadding(6);
    axis->setLabelPadding(8);
    QColor line = m_style.grid;
    if (axis == m_key)
        line.setAlpha(110);
    axis->grid()->setPen(gridLines ? QPen(line, 1) : QPen(Qt::NoPen));
    axis->grid()->setZeroLinePen(Qt::NoPen);
    axis->grid()->setSubGridVisible(false);
}

bool FigureDrawing::hasPlace(const FigurePoint &point) const
{
    const auto fits = [](double value, const FigureAxis &axis) {
        return std::isfinite(value) && (axis.scale != FigureAxis::Scale::Log || value > 0);
    };
    return fits(point.x, m_spec.x) && fits(point.y, m_spec.y);
}

double FigureDrawing::keyOf(qsizetype series, const FigurePoint &point) const
{
    const auto count = static_cast<double>(m_spec.series.size());
    if (!m_upward || count < 2)
        return point.x;
    return point.x + 0.7 * ((static_cast<double>(series) + 0.5) / count - 0.5);
}

void FigureDrawing::drawSeries(qsizetype index)
{
    const FigureSeries &series = m_spec.series.at(index);
    Drawn &drawn = m_series.at(static_cast<size_t>(index));
    for (qsizetype i = 0; i < series.points.size(); ++i) {
        if (hasPlace(series.points.at(i)))
            drawn.points << i;
        else
            ++m_withoutPlace;
    }
    std::stable_sort(drawn.points.begin(), drawn.points.end(),
                     [&series](qsizetype a, qsizetype b) { return series.points.at(a).x < series.points.at(b).x; });

    const QColor color = m_style.colorOf(m_spec, index);
    const auto at = static_cast<size_t>(index);
    const Qt::PenStyle dash = dashes.at((at / static_cast<size_t>(m_style.series.size())) % dashes.size());
    const QList<qsizetype> &points = drawn.points;
    const auto hasInterval = [&](qsizetype i) {
        return i >= 0 && i < points.size() && series.points.at(points.at(i)).low && series.points.at(points.at(i)).high;
    };

    QVector<double> keys, values, lows, highs, below, above, naiveBelow, naiveAbove;
    bool bars = false, band = false, naive = false;
    for (qsizetype i = 0; i < points.size(); ++i) {
        const FigurePoint &p = series.points.at(points.at(i));
        const bool alone = m_upward || (!hasInterval(i - 1) && !hasInterval(i + 1));
        keys << keyOf(index, p);
        values << p.y;
        lows << (hasInterval(i) ? *p.low : unset);
        highs << (hasInterval(i) ? *p.high : unset);
        below << (hasInterval(i) && alone ? p.y - *p.low : unset);
        above << (hasInterval(i) && alone ? *p.high - p.y : unset);
        const bool differs = p.naiveLow && p.naiveHigh && (p.naiveLow != p.low || p.naiveHigh != p.high);
        naiveBelow << (differs ? p.y - *p.naiveLow : unset);
        naiveAbove << (differs ? *p.naiveHigh - p.y : unset);
        bars = bars || (hasInterval(i) && alone);
        band = band || (hasInterval(i) && !alone);
        naive = naive || differs;
    }

    const auto graph = [this](const QVector<double> &k, const QVector<double> &v) {
        QCPGraph *made = m_plot.addGraph(m_key, m_value);
        made->setAdaptiveSampling(false);
        made->setData(k, v, true);
        return made;
    };
    if (band) {
        QColor fill = color;
        fill.setAlpha(m_style.bandAlpha);
        QCPGraph *low = graph(keys, lows);
        QCPGraph *high = graph(keys, highs);
        for (QCPGraph *edge : {low, high}) {
            edge->setPen(Qt::NoPen);
            edge->setLayer(QLatin1StringView(barLayer));
            edge->removeFromLegend();
            drawn.parts.push_back(edge);
        }
        high->setBrush(fill);
        high->setChannelFillGraph(low);
    }
    QCPGraph *line = graph(keys, values);
    const auto addBars = [&](const QVector<double> &minus, const QVector<double> &plus, const QPen &pen,
                             double whisker) {
        auto *errorBars = new QCPErrorBars(m_key, m_value);
        errorBars->setDataPlottable(line);
        errorBars->setData(minus, plus);
        errorBars->setPen(pen);
        errorBars->setWhiskerWidth(whisker);
        errorBars->setSymbolGap(0);
        errorBars->setLayer(QLatin1StringView(barLayer));
        errorBars->removeFromLegend();
        drawn.parts.push_back(errorBars);
    };
    if (bars) {
        QColor pale = color;
        pale.setAlpha(naive ? 110 : 210);
        addBars(below, above, QPen(pale, naive ? 5 : m_style.lineWidth, Qt::SolidLine, Qt::FlatCap), naive ? 0 : 7);
    }
    if (naive)
        addBars(naiveBelow, naiveAbove, QPen(color, 1), 5);

    line->setName(singleLine(series.name, 80));
    line->setLineStyle(m_upward ? QCPGraph::lsNone : QCPGraph::lsLine);
    line->setPen(QPen(color, m_style.lineWidth, dash, Qt::RoundCap, Qt::RoundJoin));
    line->setScatterStyle(QCPScatterStyle(shapes.at(at % shapes.size()), QPen(color, 1), color, m_style.markerSize));
    drawn.parts.push_back(line);
}

void FigureDrawing::drawReferences()
{
    const double span = m_value->range().size();
    QList<double> placed;
    for (const FigureReferenceLine &reference : m_spec.referenceLines) {
        if (!std::isfinite(reference.value) || (m_spec.y.scale == FigureAxis::Scale::Log && reference.value <= 0))
            continue;
        const QPointF one = m_upward ? QPointF(reference.value, 0) : QPointF(1, reference.value);
        const QPointF other = m_upward ? QPointF(reference.value, 1) : QPointF(2, reference.value);
        auto *line = new QCPItemStraightLine(&m_plot);
        line->point1->setCoords(one);
        line->point2->setCoords(other);
        line->setPen(QPen(m_style.secondary, 1.2,
                          reference.kind == FigureReferenceLine::Kind::Chance ? Qt::DashLine : Qt::DotLine));
        line->setLayer(QLatin1StringView(barLayer));

        // Labels of lines close together stand beside each other.
        const auto close = std::count_if(placed.begin(), placed.end(),
                                         [&](double v) { return std::abs(v - reference.value) < 0.06 * span; });
        placed << reference.value;
        auto *label = new QCPItemText(&m_plot);
        label->setText(singleLine(reference.label, 60));
        label->setFont(m_style.caption);
        label->setColor(m_style.secondary);
        QColor ground = m_style.background;
        ground.setAlpha(190);
        label->setBrush(ground);
        label->setPadding(QMargins(3, 0, 3, 0));
        const bool above = reference.kind == FigureReferenceLine::Kind::Ceiling;
        if (m_upward) {
            label->position->setTypeX(QCPItemPosition::ptPlotCoords);
            label->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
            // Lying figures are low: a fixed step would print the names of near lines over each other.
            constexpr double stepPixels = 18;
            const double step = stepPixels / std::max(stepPixels, static_cast<double>(m_plot.axisRect()->height()));
            label->position->setCoords(reference.value, 1.0 - step * static_cast<double>(close));
            label->setPositionAlignment((above ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignBottom);
        } else {
            label->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
            label->position->setTypeY(QCPItemPosition::ptPlotCoords);
            label->position->setCoords(1.0 - 0.2 * static_cast<double>(close), reference.value);
            label->setPositionAlignment(Qt::AlignRight | (above ? Qt::AlignBottom : Qt::AlignTop));
        }
    }
}

void FigureDrawing::resetRanges()
{
    double lowKey = INFINITY, highKey = -INFINITY, low = INFINITY, high = -INFINITY;
    for (size_t s = 0; s < m_series.size(); ++s) {
        for (const qsizetype i : m_series.at(s).points) {
            const FigurePoint &p = m_spec.series.at(static_cast<qsizetype>(s)).points.at(i);
            lowKey = std::min(lowKey, p.x);
            highKey = std::max(highKey, p.x);
            low = std::min({low, p.y, p.low.value_or(p.y)});
            high = std::max({high, p.y, p.high.value_or(p.y)});
        }
    }
    for (const FigureReferenceLine &reference : m_spec.referenceLines) {
        if (std::isfinite(reference.value)) {
            low = std::min(low, reference.value);
            high = std::max(high, reference.value);
        }
    }
    const auto rangeOf = [](const FigureAxis &axis, double from, double to) {
        const bool log = axis.scale == FigureAxis::Scale::Log;
        if (axis.scale == FigureAxis::Scale::Category)
            return QCPRange(-0.5, std::max<double>(static_cast<double>(axis.categories.size()) - 0.5, 0.5));
        if (axis.unit == "share"_L1 && !axis.minimum && !axis.maximum)
            return QCPRange(-0.01, 1.03); // The whole of it: a cut axis makes small differences look large.
        if (from > to) {
            from = log ? 1e8 : 0;
            to = log ? 1e10 : 1;
        }
        from = axis.minimum.value_or(from);
        to = axis.maximum.value_or(to);
        if (log) {
            const double factor = from > 0 && to > from ? std::pow(to / from, 0.07) : 2;
            return QCPRange(from / factor, to * factor);
        }
        const double pad = to > from ? 0.05 * (to - from) : std::max(std::abs(from) * 0.1, 0.5);
        return QCPRange(axis.minimum ? from - 0.01 * (to - from) : from - pad,
                        axis.maximum ? to + 0.03 * (to - from) : to + pad);
    };
    m_key->setRange(rangeOf(m_spec.x, lowKey, highKey));
    m_value->setRange(rangeOf(m_spec.y, low, high));
}

void FigureDrawing::setSeriesVisible(qsizetype series, bool visible)
{
    Drawn &drawn = m_series.at(static_cast<size_t>(series));
    drawn.visible = visible;
    for (QCPAbstractPlottable *part : drawn.parts)
        part->setVisible(visible);
}

bool FigureDrawing::isSeriesVisible(qsizetype series) const
{
    return m_series.at(static_cast<size_t>(series)).visible;
}

QPointF FigureDrawing::pixelOf(const Place &place) const
{
    const FigurePoint &p = m_spec.series.at(place.series).points.at(place.point);
    const double key = m_key->coordToPixel(keyOf(place.series, p)), value = m_value->coordToPixel(p.y);
    return m_upward ? QPointF(value, key) : QPointF(key, value);
}

std::optional<FigureDrawing::Place> FigureDrawing::nearest(const QPointF &pixel, double reach) const
{
    std::optional<Place> best;
    for (qsizetype s = 0; s < m_spec.series.size(); ++s) {
        if (!isSeriesVisible(s))
            continue;
        for (const qsizetype i : m_series.at(static_cast<size_t>(s)).points) {
            const QPointF way = pixelOf({s, i}) - pixel;
            const double distance = std::hypot(way.x(), way.y());
            if (distance <= reach) {
                reach = distance;
                best = Place{s, i};
            }
        }
    }
    return best;
}

void FigureDrawing::highlight(const std::optional<Place> &place)
{
    m_tracer->setVisible(place.has_value());
    if (!place)
        return;
    const FigurePoint &p = m_spec.series.at(place->series).points.at(place->point);
    const double key = keyOf(place->series, p);
    m_tracer->position->setCoords(m_upward ? QPointF(p.y, key) : QPointF(key, p.y));
    m_tracer->setPen(QPen(m_style.colorOf(m_spec, place->series), 2));
}

void FigureDrawing::addText(int row, const QString &text, const QFont &font, const QColor &color, int width)
{
    for (const QString &line : wrapped(text, font, width - 40)) {
        m_plot.plotLayout()->insertRow(row);
        auto *element = new QCPTextElement(&m_plot, line, font);
        element->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine);
        element->setTextColor(color);
        element->setMargins(QMargins(20, 2, 20, 0));
        m_plot.plotLayout()->addElement(row++, 0, element);
    }
}

void FigureDrawing::addSurroundings(int width, const QSet<qsizetype> &hidden)
{
    QCPLayoutGrid *layout = m_plot.plotLayout();
    layout->setRowSpacing(2);
    layout->setMargins(QMargins(0, 14, 0, 16));
    addText(0, m_spec.subtitle, m_style.body, m_style.secondary, width);
    addText(0, m_spec.title, m_style.title, m_style.text, width);

    // The legend stands between the head and the plot, in as many columns as fit.
    const QFontMetrics metrics(m_style.caption);
    int widest = 1, entries = 0;
    for (qsizetype i = 0; i < m_spec.series.size(); ++i) {
        if (hidden.contains(i)) {
            m_series.at(static_cast<size_t>(i)).parts.back()->removeFromLegend();
            continue;
        }
        widest = std::max(widest, metrics.horizontalAdvance(singleLine(m_spec.series.at(i).name, 80)) + 60);
        ++entries;
    }
    if (entries > 0) {
        QCPLegend *legend = m_plot.legend;
        const int row = layout->rowCount() - 1;
        layout->insertRow(row);
        layout->addElement(row, 0, legend);
        legend->setVisible(true);
        legend->setFont(m_style.caption);
        legend->setTextColor(m_style.text);
        legend->setBorderPen(Qt::NoPen);
        legend->setBrush(Qt::NoBrush);
        legend->setFillOrder(QCPLayoutGrid::foColumnsFirst);
        legend->setWrap(std::max(1, (width - 40) / widest));
        legend->setMargins(QMargins(20, 6, 20, 0));
        layout->setRowStretchFactor(row, 0.001);
    }

    const auto verdict = [&](const FigureVerdict &v, const QString &of) {
        const QString head = of.isEmpty() ? verdictName(v.code) : u"%1: %2"_s.arg(of, verdictName(v.code));
        addText(layout->rowCount(), u"%1 — %2"_s.arg(head, v.text), m_style.caption, m_style.text, width);
    };
    if (m_spec.verdict)
        verdict(*m_spec.verdict, {});
    for (qsizetype i = 0; i < m_spec.series.size(); ++i) {
        if (m_spec.series.at(i).verdict && !hidden.contains(i))
            verdict(*m_spec.series.at(i).verdict, m_spec.series.at(i).name);
    }
    QStringList notes = m_spec.notes;
    if (hasNaiveIntervals(m_spec))
        notes << tr(QT_TRANSLATE_NOOP(
            "FigureDrawing",
            "Bands and thick bars: intervals that account for clusters. Thin bars: intervals that ignore them."));
    if (m_withoutPlace > 0)
        notes << tr(QT_TRANSLATE_NOOP("FigureDrawing", "%1 points have no place on these axes and are not drawn."))
                     .arg(m_withoutPlace);
    if (!hidden.isEmpty())
        notes << tr(QT_TRANSLATE_NOOP("FigureDrawing", "%1 series of this figure are hidden.")).arg(hidden.size());
    for (const QString &note : notes)
        addText(layout->rowCount(), note, m_style.caption, m_style.secondary, width);
}

} // namespace evalwright
