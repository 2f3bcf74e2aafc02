// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurelayout.h"

#include "widgets/figures/figurewords.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

namespace {

constexpr double stripShare = 0.2;

double gapBetween(const FigureStyle &style)
{
    return 1.5 * style.padding;
}

} // namespace

AxisTitles::AxisTitles(QCustomPlot &plot, QString across, QString upwards, FigureStyle style)
    : FigureBlock(&plot), m_across(std::move(across)), m_upwards(std::move(upwards)), m_style(std::move(style))
{
    setMargins({});
}

void AxisTitles::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    const QRectF room = rect();
    const QString across = elidedText(m_across, m_style.body, room.width());
    drawLine(*painter,
             {room.center().x() - textWidth(across, m_style.body) / 2, room.bottom() - lineHeight(m_style.body)}, across,
             m_style.body, m_style.text);
    const QString upwards = elidedText(m_upwards, m_style.body, room.height());
    painter->save();
    painter->translate(room.left(), room.center().y() + textWidth(upwards, m_style.body) / 2);
    painter->rotate(-90);
    drawLine(*painter, {}, upwards, m_style.body, m_style.text);
    painter->restore();
}

FigureLayout::~FigureLayout()
{
    clear(); // Needs the functions of this class.
}

void FigureLayout::add(QCPLayoutElement *element)
{
    if (element->layout())
        element->layout()->take(element);
    m_all << element;
    adoptElement(element);
}

void FigureLayout::addHead(FigureBlock *block)
{
    add(block);
    m_head << block;
}

void FigureLayout::addFoot(FigureBlock *block)
{
    add(block);
    m_foot << block;
}

void FigureLayout::addPanel(const Panel &panel)
{
    add(panel.rect);
    if (panel.strip)
        add(panel.strip);
    if (panel.title)
        add(panel.title);
    m_panels << panel;
}

void FigureLayout::setGrid(int columns, double left, double below, AxisTitles *titles)
{
    m_columns = columns;
    m_left = left;
    m_below = below;
    m_titles = titles;
    add(titles);
}

QCPLayoutElement *FigureLayout::takeAt(int index)
{
    QCPLayoutElement *element = m_all.value(index);
    if (element)
        take(element);
    return element;
}

bool FigureLayout::take(QCPLayoutElement *element)
{
    if (!element || !m_all.removeOne(element))
        return false;
    m_head.removeIf([element](FigureBlock *block) { return block == element; });
    m_foot.removeIf([element](FigureBlock *block) { return block == element; });
    m_panels.removeIf([element](const Panel &panel) { return panel.rect == element; });
    for (Panel &panel : m_panels) {
        panel.title = panel.title == element ? nullptr : panel.title;
        panel.strip = panel.strip == element ? nullptr : panel.strip;
    }
    if (m_titles == element)
        m_titles = nullptr;
    releaseElement(element);
    return true;
}

QList<QCPLayoutElement *> FigureLayout::elements(bool recursive) const
{
    QList<QCPLayoutElement *> found = m_all;
    if (recursive) {
        for (const QCPLayoutElement *element : m_all)
            found += element->elements(true);
    }
    return found;
}

double FigureLayout::columnWidth(double width) const
{
    const int columns = std::max(1, m_columns);
    return (width - m_left - gapBetween(m_style) * columns) / columns;
}

double FigureLayout::titleWidth(double column) const
{
    return column - 2 * m_style.padding; // The first number below the panel to the right reaches over its edge.
}

double FigureLayout::titleHeight(double column) const
{
    double height = 0;
    for (const Panel &panel : m_panels) {
        if (panel.title)
            height = std::max(height, panel.title->heightFor(titleWidth(column)));
    }
    return height;
}

double FigureLayout::wordsHeight(double width) const
{
    const double inner = width - 2 * m_border;
    double height = 2 * m_border;
    for (const QList<FigureBlock *> &blocks : {m_head, m_foot}) {
        for (const FigureBlock *block : blocks)
            height += block->heightFor(inner);
    }
    if (m_columns > 0) {
        const auto rows = static_cast<double>((m_panels.size() + m_columns - 1) / m_columns);
        height += m_below + rows * (titleHeight(columnWidth(inner)) + gapBetween(m_style));
    }
    return height;
}

double FigureLayout::placeAll(const QList<FigureBlock *> &blocks, double top) const
{
    const QRect inner = rect().adjusted(m_border, 0, -m_border, 0);
    for (FigureBlock *block : blocks) {
        const double height = block->heightFor(inner.width());
        block->setOuterRect(QRect(inner.left(), static_cast<int>(std::round(top)), inner.width(),
                                  static_cast<int>(std::ceil(height))));
        top += height;
    }
    return top;
}

void FigureLayout::placePanels(const QRectF &area) const
{
    if (m_columns == 0) {
        for (const Panel &panel : m_panels) {
            QRectF plot = area;
            if (panel.strip) {
                const double strip = std::round(area.height() * stripShare + 3 * lineHeight(m_style.caption));
                plot.setBottom(area.bottom() - strip);
                panel.strip->setOuterRect(
                    QRectF(area.left(), plot.bottom(), area.width(), strip).toAlignedRect());
            }
            panel.rect->setOuterRect(plot.toRect());
        }
        return;
    }
    const double column = columnWidth(area.width()), title = titleHeight(column), gap = gapBetween(m_style);
    const auto rows = static_cast<double>((m_panels.size() + m_columns - 1) / m_columns);
    const double row = (area.height() - m_below) / rows;
    for (qsizetype i = 0; i < m_panels.size(); ++i) {
        const auto across = static_cast<double>(i % m_columns), down = static_cast<double>(i / m_columns);
        const QPointF at(area.left() + m_left + across * (column + gap), area.top() + down * row);
        const Panel &panel = m_panels.at(i);
        if (panel.title)
            panel.title->setOuterRect(QRectF(at, QSizeF(titleWidth(column), title)).toRect());
        panel.rect->setOuterRect(
            QRectF(at + QPointF(0, title), QSizeF(column, std::max(10.0, row - title - gap))).toRect());
    }
    if (m_titles)
        m_titles->setOuterRect(area.toRect());
}

void FigureLayout::updateLayout()
{
    const QRectF all = rect();
    const double top = placeAll(m_head, all.top() + m_border);
    double foot = 0;
    for (const FigureBlock *block : m_foot)
        foot += block->heightFor(all.width() - 2 * m_border);
    const double bottom = all.bottom() + 1 - m_border - foot;
    placeAll(m_foot, bottom);
    placePanels(QRectF(all.left() + m_border, top, all.width() - 2 * m_border, std::max(40.0, bottom - top)));
}

} // namespace evalwright
