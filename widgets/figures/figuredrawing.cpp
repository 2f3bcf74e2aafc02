// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figuredrawing.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/figureitems.h"
#include "widgets/figures/figurelayout.h"
#include "widgets/figures/figuretext.h"
#include "widgets/figures/figuretickers.h"
#include "widgets/figures/figurewords.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr auto bandLayer = "bands"_L1;
constexpr qsizetype mostSentences = 4; ///< Of verdicts; more are chips in the legend only.

QCPAxisRect *newRect(QCustomPlot &plot)
{
    auto *rect = new QCPAxisRect(&plot, false);
    for (QCPAxis *axis : {rect->addAxis(QCPAxis::atBottom), rect->addAxis(QCPAxis::atLeft)}) {
        axis->setLayer(u"axes"_s);
        axis->grid()->setLayer(u"grid"_s);
    }
    rect->setRangeDragAxes(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
    rect->setRangeZoomAxes(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
    return rect;
}

bool hasStrip(const FigureSpec &spec)
{
    if (spec.kind != "reliability"_L1 && spec.kind != "agreement"_L1)
        return false;
    return std::ranges::any_of(spec.series, [](const FigureSeries &series) {
        return std::ranges::any_of(series.points, [](const FigurePoint &point) { return point.n > 0; });
    });
}

int columnsOf(qsizetype panels, double width, const FigureStyle &style)
{
    const int wanted = panels <= 1 ? 1 : panels <= 4 ? 2 : panels <= 9 ? 3 : panels <= 16 ? 4 : 5;
    const int fitting = static_cast<int>(width / (9 * lineHeight(style.caption)));
    return std::clamp(wanted, 1, std::max(1, fitting));
}

bool sameAxis(const FigureAxis &a, const FigureAxis &b)
{
    return a.scale == b.scale && a.unit == b.unit && a.categories == b.categories;
}

} // namespace

FigureDrawing::FigureDrawing(QCustomPlot &plot, FigureSpec spec, FigureStyle style, const QSizeF &about)
    : m_plot(plot), m_spec(std::move(spec)), m_style(std::move(style)), m_legend(legendOf(m_spec, m_style))
{
    plot.clearItems();
    plot.clearPlottables();
    plot.plotLayout()->clear();
    plot.setBackground(m_style.background);
    if (!plot.layer(bandLayer))
        plot.addLayer(bandLayer, plot.layer(u"main"_s), QCustomPlot::limBelow);
    m_layout = new FigureLayout(m_style);
    plot.plotLayout()->addElement(0, 0, m_layout);
    plot.plotLayout()->setMargins({});
    if (isGrid())
        drawGrid(about);
    else
        drawOne(about);
}

FigureDrawing::~FigureDrawing() = default;

bool FigureDrawing::isGrid() const
{
    return m_spec.kind == "grid"_L1 && !m_spec.panels.isEmpty();
}

void FigureDrawing::drawOne(const QSizeF &about)
{
    PanelDrawing::Frame frame;
    frame.rect = newRect(m_plot);
    frame.strip = hasStrip(m_spec) ? newRect(m_plot) : nullptr;
    m_layout->addPanel({nullptr, frame.rect, frame.strip});
    m_places.push_back(legendPlaces(m_legend, m_spec));
    for (const qsizetype entry : m_places.back())
        frame.looks << m_legend.at(entry).look;
    frame.width = about.width();
    frame.height = about.height() * (frame.strip ? 0.75 : 1);
    m_panels.push_back(std::make_unique<PanelDrawing>(m_plot, m_spec, m_style, frame));
}

void FigureDrawing::drawGrid(const QSizeF &about)
{
    const int columns = columnsOf(m_spec.panels.size(), about.width(), m_style);
    const auto rows = static_cast<double>((m_spec.panels.size() + columns - 1) / columns);
    // Common ranges, so that panels can be compared; a panel of another kind of axis keeps its own.
    QList<const FigureSpec *> alike;
    for (const FigureSpec &panel : m_spec.panels) {
        if (sameAxis(panel.x, m_spec.x) && sameAxis(panel.y, m_spec.y))
            alike << &panel;
    }
    const PanelRanges ranges = rangesOf(m_spec, alike);
    const double below = 2 * lineHeight(m_style.caption) + lineHeight(m_style.body);
    for (qsizetype i = 0; i < m_spec.panels.size(); ++i) {
        const FigureSpec &panel = m_spec.panels.at(i);
        PanelDrawing::Frame frame;
        frame.rect = newRect(m_plot);
        frame.rect->setAutoMargins(QCP::msNone);
        frame.rect->setMargins({});
        auto *title = new TextBlock(m_plot, panel.title, m_style.heading, m_style.text, m_style);
        title->setTitle(2);
        if (panel.verdict)
            title->setVerdict(panel.verdict->code);
        m_layout->addPanel({title, frame.rect, nullptr});
        m_places.push_back(legendPlaces(m_legend, panel));
        for (const qsizetype entry : m_places.back())
            frame.looks << m_legend.at(entry).look;
        frame.width = 0.92 * about.width() / columns;
        frame.namesWidth = 0.28 * about.width();
        frame.height = about.height() / rows - 2 * lineHeight(m_style.caption);
        frame.inGrid = true;
        frame.numbersLeft = i % columns == 0;
        frame.numbersBelow = i + columns >= m_spec.panels.size();
        frame.sharedLines = m_spec.referenceLines;
        m_panels.push_back(std::make_unique<PanelDrawing>(m_plot, panel, m_style, frame));
        if (alike.contains(&panel))
            m_panels.back()->setRanges(ranges);
    }
    const bool lying = liesDown(m_spec);
    m_layout->setGrid(columns, m_panels.front()->widthOfNumbers(), below,
                      new AxisTitles(m_plot, lying ? m_spec.y.label : m_spec.x.label,
                                     lying ? QString() : m_spec.y.label, m_style));
}

double FigureDrawing::wordsHeight(double width) const
{
    return m_layout->wordsHeight(width);
}

bool FigureDrawing::hasRows() const
{
    return isGrid() || liesDown(m_spec) || m_spec.kind == "heatmap"_L1;
}

double FigureDrawing::leastPlotHeight(double width) const
{
    const double line = lineHeight(m_style.caption);
    const auto rowsOf = [](const FigureAxis &axis) { return static_cast<double>(CategoryRows(axis).count); };
    const auto lying = [&](const FigureSpec &spec) {
        const auto series = static_cast<double>(spec.series.size());
        return rowsOf(spec.x) * std::max(line + 2, 4 + 0.22 * m_style.markerSize * series);
    };
    if (isGrid()) {
        const auto rows = static_cast<double>((m_spec.panels.size() + m_layout->columns() - 1) / m_layout->columns());
        double panel = 5 * line;
        if (liesDown(m_spec)) {
            for (const FigureSpec &each : m_spec.panels)
                panel = std::max(panel, lying(each));
        }
        return rows * panel;
    }
    if (liesDown(m_spec))
        return lying(m_spec) + 7 * line;
    if (m_spec.kind == "heatmap"_L1)
        return rowsOf(m_spec.y) * (line + 3) + 0.3 * width;
    return std::max(11 * line, 0.29 * width);
}

double FigureDrawing::plotHeight(double width) const
{
    const double line = lineHeight(m_style.caption), least = leastPlotHeight(width);
    const auto lane = [&](const FigureSpec &spec) {
        const auto series = static_cast<double>(spec.series.size());
        const bool longNames = std::ranges::any_of(spec.x.categories, [&](const QString &name) {
            return textWidth(singleLine(name, 300), m_style.caption) > 0.36 * width;
        });
        return static_cast<double>(CategoryRows(spec.x).count) *
               std::max((longNames ? 2.1 : 1.7) * line, 6 + 0.5 * m_style.markerSize * series);
    };
    if (isGrid()) {
        const double columns = m_layout->columns();
        const auto rows = std::ceil(static_cast<double>(m_spec.panels.size()) / columns);
        double panel = 0.66 * width / columns;
        if (liesDown(m_spec)) {
            panel = 0;
            for (const FigureSpec &each : m_spec.panels)
                panel = std::max(panel, lane(each));
        }
        return std::max(least, rows * panel);
    }
    if (liesDown(m_spec)) // At most a page of a journal, where it can be read in that.
        return std::clamp(lane(m_spec) + 7 * line, least, std::max(least, 74 * line));
    if (m_spec.kind == "heatmap"_L1)
        return std::max(least, static_cast<double>(CategoryRows(m_spec.y).count) * 1.8 * line + 0.25 * width);
    if (m_spec.kind == "reliability"_L1 || m_spec.kind == "agreement"_L1 || m_spec.kind == "map"_L1)
        return std::max(least, 0.85 * std::min(width, 60 * line));
    return std::max(least, 0.58 * std::min(width, 75 * line) + 4 * line);
}

void FigureDrawing::resetRanges()
{
    QList<const FigureSpec *> alike;
    for (const auto &panel : m_panels) {
        if (!isGrid() || (sameAxis(panel->spec().x, m_spec.x) && sameAxis(panel->spec().y, m_spec.y)))
            alike << &panel->spec();
    }
    const PanelRanges common = rangesOf(m_spec, alike);
    for (const auto &panel : m_panels)
        panel->setRanges(alike.contains(&panel->spec()) ? common : rangesOf(panel->spec(), {&panel->spec()}));
}

void FigureDrawing::setSeriesVisible(qsizetype entry, bool visible)
{
    for (size_t p = 0; p < m_panels.size(); ++p) {
        for (qsizetype s = 0; s < m_places.at(p).size(); ++s) {
            if (m_places.at(p).at(s) == entry)
                m_panels.at(p)->setSeriesVisible(s, visible);
        }
    }
}

QList<FigureDrawing::Place> FigureDrawing::places() const
{
    QList<Place> all;
    for (size_t p = 0; p < m_panels.size(); ++p) {
        const PanelDrawing &panel = *m_panels.at(p);
        for (qsizetype s = 0; s < panel.groups(); ++s) {
            if (!panel.isSeriesVisible(s))
                continue;
            for (const qsizetype point : panel.pointsOf(s))
                all << Place{s, point, static_cast<qsizetype>(p)};
        }
    }
    return all;
}

std::optional<FigureDrawing::Place> FigureDrawing::nearest(const QPointF &pixel, double reach) const
{
    std::optional<Place> best;
    for (size_t p = 0; p < m_panels.size(); ++p) {
        const PanelDrawing &panel = *m_panels.at(p);
        if (!panel.room().adjusted(-reach, -reach, reach, reach).contains(pixel))
            continue;
        if (const auto found = panel.nearest(pixel, reach))
            best = Place{found->first, found->second, static_cast<qsizetype>(p)};
    }
    return best;
}

QPointF FigureDrawing::pixelOf(const Place &place) const
{
    return m_panels.at(static_cast<size_t>(place.panel))->pixelOf(place.series, place.point);
}

void FigureDrawing::highlight(const std::optional<Place> &place)
{
    if (m_ring)
        m_plot.removeItem(m_ring);
    m_ring = place ? new RingItem(m_plot, *m_panels.at(static_cast<size_t>(place->panel)), place->series, place->point)
                   : nullptr;
}

qsizetype FigureDrawing::withoutPlace() const
{
    qsizetype sum = 0;
    for (const auto &panel : m_panels)
        sum += panel->withoutPlace();
    return sum;
}

void FigureDrawing::addSurroundings(const QSet<qsizetype> &hidden)
{
    m_layout->setBorder(static_cast<int>(m_style.padding * 1.75));
    const auto words = [this](const QString &text, const QFont &font, const QColor &color) {
        return new TextBlock(m_plot, text, font, color, m_style);
    };
    if (!m_spec.title.isEmpty())
        m_layout->addHead(words(m_spec.title, m_style.title, m_style.text));
    if (!m_spec.subtitle.isEmpty())
        m_layout->addHead(words(m_spec.subtitle, m_style.body, m_style.secondary));
    if (m_spec.verdict) {
        TextBlock *verdict = words(m_spec.verdict->text, m_style.caption, m_style.text);
        verdict->setVerdict(m_spec.verdict->code);
        m_layout->addHead(verdict);
    }
    m_layout->addHead(new SpaceBlock(m_plot, m_style.padding * 0.75));
    if (m_spec.kind == "heatmap"_L1)
        m_layout->addHead(new ColorBlock(m_plot, m_spec, m_style));

    QList<LegendEntry> entries;
    for (qsizetype i = 0; i < m_legend.size(); ++i) {
        if (!hidden.contains(i))
            entries << m_legend.at(i);
    }
    LegendLines lines;
    lines.joined = isGrid() ? drawsLines(m_spec.panels.constFirst()) : drawsLines(m_spec);
    const auto named = [&lines](const FigureReferenceLine &line) {
        return std::ranges::any_of(lines.references, [&](const FigureReferenceLine &other) {
            return other.label == line.label && other.kind == line.kind;
        });
    };
    const auto collect = [&](const QList<FigureReferenceLine> &all, bool onlyDiagonals) {
        for (const FigureReferenceLine &line : all) {
            const bool beside = onlyDiagonals && line.kind != FigureReferenceLine::Kind::Diagonal;
            if (!line.label.isEmpty() && !beside && !named(line) && lines.references.size() < 8)
                lines.references << line;
        }
    };
    collect(m_spec.referenceLines, !isGrid());
    for (const FigureSpec &panel : m_spec.panels)
        collect(panel.referenceLines, false);
    if (!entries.isEmpty() || !lines.references.isEmpty())
        m_layout->addHead(new LegendBlock(m_plot, entries, lines, m_style));

    m_layout->addFoot(new SpaceBlock(m_plot, m_style.padding * 0.75));
    const auto foot = [&](const QString &text, const QColor &color) {
        m_layout->addFoot(words(text, m_style.note, color));
    };
    const auto told = std::ranges::count_if(entries, [](const LegendEntry &entry) { return entry.verdict.has_value(); });
    for (const LegendEntry &entry : entries) {
        if (entry.verdict && told <= mostSentences)
            foot(u"%1 — %2"_s.arg(entry.name, entry.verdict->text), m_style.text);
    }
    QStringList notes = m_spec.notes;
    if (hidden.size() > 0)
        notes << QCoreApplication::translate("FigureDrawing", "%1 series of this figure are hidden.").arg(hidden.size());
    for (const QString &note : notes)
        foot(note, m_style.secondary);
    // What the figure tells by itself is running text, as below the figures of a paper.
    if (const QStringList automatic = automaticNotes(m_spec, withoutPlace()); !automatic.isEmpty())
        foot(automatic.join(u' '), m_style.secondary);
}

} // namespace evalwright
