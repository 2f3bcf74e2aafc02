// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figureblocks.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/figurewords.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int legendLines = 3;

/// Reference lines stand in a legend under this role; their kind is the shape.
constexpr auto referenceRole = "reference"_L1;
constexpr std::array lineKinds{FigureReferenceLine::Kind::Chance, FigureReferenceLine::Kind::Ceiling,
                               FigureReferenceLine::Kind::Floor, FigureReferenceLine::Kind::Diagonal,
                               FigureReferenceLine::Kind::Mean};

} // namespace

QPen referencePen(FigureReferenceLine::Kind kind, const FigureStyle &style)
{
    QPen pen(style.secondary, style.thinLine * 1.2);
    switch (kind) {
    case FigureReferenceLine::Kind::Mean:
        pen.setColor(style.text);
        break;
    case FigureReferenceLine::Kind::Chance:
    case FigureReferenceLine::Kind::Diagonal:
        pen.setDashPattern({5, 3});
        break;
    case FigureReferenceLine::Kind::Ceiling:
        pen.setDashPattern({1.5, 2.5});
        break;
    case FigureReferenceLine::Kind::Floor:
        pen.setDashPattern({5, 2.5, 1.5, 2.5});
        break;
    }
    pen.setCapStyle(Qt::FlatCap);
    return pen;
}

TextBlock::TextBlock(QCustomPlot &plot, QString text, const QFont &font, const QColor &color, FigureStyle style)
    : FigureBlock(&plot), m_text(std::move(text)), m_font(font), m_color(color), m_style(std::move(style))
{
    setMargins({});
}

double TextBlock::chipRoom() const
{
    return m_verdict.isEmpty() || m_chipBelow ? 0 : verdictChipSize(m_verdict, m_style).width() + m_style.padding;
}

QStringList TextBlock::linesFor(double width) const
{
    return wrappedText(m_text, m_font, width - chipRoom(), m_most);
}

double TextBlock::heightFor(double width) const
{
    const double lines = static_cast<double>(linesFor(width).size()) * lineHeight(m_font);
    const double chip = m_verdict.isEmpty() ? 0 : verdictChipSize(m_verdict, m_style).height();
    return (m_chipBelow ? lines + chip : std::max(lines, chip)) + 3;
}

void TextBlock::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    const QRectF room = rect();
    const double left = room.left() + chipRoom();
    double top = room.top() + 1;
    if (!m_verdict.isEmpty() && !m_chipBelow)
        drawVerdictChip(*painter, {room.left(), top}, m_verdict, m_style);
    for (const QString &line : linesFor(room.width())) {
        drawLine(*painter, {left, top + (m_verdict.isEmpty() || m_chipBelow ? 0 : 1)}, line, m_font, m_color);
        top += lineHeight(m_font);
    }
    if (!m_verdict.isEmpty() && m_chipBelow)
        drawVerdictChip(*painter, {room.left() + 0.5, top}, m_verdict, m_style);
}

LegendBlock::LegendBlock(QCustomPlot &plot, QList<LegendEntry> entries, LegendLines lines, FigureStyle style)
    : FigureBlock(&plot), m_entries(std::move(entries)), m_lines(std::move(lines)), m_style(std::move(style))
{
    setMargins({});
    for (const FigureReferenceLine &line : m_lines.references) {
        LegendEntry entry{line.label, referenceRole, {}, std::nullopt, {}, false};
        entry.look.shape =
            static_cast<int>(std::distance(lineKinds.begin(), std::ranges::find(lineKinds, line.kind)));
        m_entries << entry;
    }
}

double LegendBlock::symbolWidth() const
{
    return std::round(3.5 * m_style.markerSize) + m_style.padding;
}

LegendBlock::Cell LegendBlock::cellFor(const LegendEntry &entry, double width) const
{
    const double line = lineHeight(m_style.caption);
    const QString words = entry.text.isEmpty() ? entry.name : u"%1: %2"_s.arg(entry.name, entry.text);
    Cell cell;
    const QSizeF chip = entry.verdict ? verdictChipSize(entry.verdict->code, m_style) : QSizeF();
    const double room = width - symbolWidth();
    cell.lines = wrappedText(words, m_style.caption, room, legendLines);
    if (cell.lines.isEmpty())
        cell.lines << QString();
    if (entry.verdict) {
        const double beside = textWidth(cell.lines.last(), m_style.caption) + m_style.padding + chip.width();
        cell.chipBelow = beside > room;
        cell.chipFits = chip.width() <= room;
    }
    cell.height = static_cast<double>(cell.lines.size() + (cell.chipBelow ? 1 : 0)) * line + (entry.verdict ? 6 : 2);
    return cell;
}

LegendBlock::Arrangement LegendBlock::arranged(double width) const
{
    Arrangement best;
    double bestCost = INFINITY;
    for (int columns = 1; columns <= std::min<int>(6, static_cast<int>(m_entries.size())); ++columns) {
        const double column = (width - (columns - 1) * 2.0 * m_style.padding) / columns;
        if (columns > 1 && column < symbolWidth() + 4 * lineHeight(m_style.caption))
            break;
        Arrangement tried;
        tried.columns = columns;
        bool broken = false, cut = false, fits = true;
        for (const LegendEntry &entry : m_entries) {
            const Cell cell = cellFor(entry, column);
            broken = broken || cell.lines.size() > 1 || cell.chipBelow;
            cut = cut || cell.lines.last().endsWith(u'…');
            fits = fits && cell.chipFits;
            tried.cells << cell;
        }
        if (columns > 1 && !fits)
            break; // Narrower columns have no more room for a verdict.
        for (qsizetype i = 0; i < tried.cells.size(); i += columns) {
            double height = 0;
            for (qsizetype j = i; j < std::min(i + columns, tried.cells.size()); ++j)
                height = std::max(height, tried.cells.at(j).height);
            tried.rowHeights << height;
            tried.height += height;
        }
        const double cost = tried.height * (cut ? 4 : broken ? 1.25 : 1);
        if (cost < bestCost) {
            bestCost = cost;
            best = tried;
        }
    }
    return best;
}

double LegendBlock::heightFor(double width) const
{
    return arranged(width).height + m_style.padding;
}

void LegendBlock::drawSymbol(QCPPainter &painter, const QPointF &at, const LegendEntry &entry) const
{
    const double length = symbolWidth() - m_style.padding;
    const QPointF middle(at.x() + length / 2, at.y());
    if (entry.role == referenceRole) {
        painter.setPen(referencePen(lineKinds.at(static_cast<size_t>(entry.look.shape)), m_style));
        painter.drawLine(at, at + QPointF(length, 0));
        return;
    }
    if (m_lines.joined || entry.fitted) {
        painter.setPen(QPen(entry.look.color, m_style.lineWidth, m_lines.joined ? entry.look.dash : Qt::SolidLine,
                            Qt::FlatCap));
        painter.drawLine(at, at + QPointF(length, 0));
    }
    if (entry.role != "fit"_L1)
        drawMarker(painter, middle, entry.look, m_style);
}

void LegendBlock::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    const QRectF room = rect();
    const Arrangement all = arranged(room.width());
    const double column = (room.width() - (all.columns - 1) * 2.0 * m_style.padding) / all.columns;
    const double line = lineHeight(m_style.caption);
    double top = room.top();
    for (qsizetype i = 0; i < all.cells.size(); ++i) {
        const auto place = static_cast<int>(i % all.columns);
        if (i > 0 && place == 0)
            top += all.rowHeights.at(i / all.columns - 1);
        const LegendEntry &entry = m_entries.at(i);
        const Cell &cell = all.cells.at(i);
        const double left = room.left() + place * (column + 2.0 * m_style.padding);
        drawSymbol(*painter, {left, top + line / 2 + 1}, entry);
        QPointF at(left + symbolWidth(), top + 1);
        for (const QString &words : cell.lines) {
            drawLine(*painter, at, words, m_style.caption, m_style.text);
            at.ry() += line;
        }
        if (entry.verdict) {
            if (!cell.chipBelow)
                at += QPointF(textWidth(cell.lines.last(), m_style.caption) + m_style.padding, -line);
            drawVerdictChip(*painter, at - QPointF(0, cell.chipBelow ? 0 : 1), entry.verdict->code, m_style);
        }
    }
}

} // namespace evalwright
