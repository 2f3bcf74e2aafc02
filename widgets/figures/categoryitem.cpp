// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/plaintext.h"
#include "widgets/figures/figureitems.h"
#include "widgets/figures/figurewords.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostLines = 2;

QString withCount(const QString &name, qint64 count)
{
    return u"%1 (%2)"_s.arg(name, QLocale().toString(count));
}

} // namespace

CategoryItem::CategoryItem(QCustomPlot &plot, const PanelDrawing &panel, const FigureAxis &axis, Side side, bool shaded)
    : PanelItem(plot, panel, "bands"), m_axis(axis), m_rows(axis), m_side(side), m_shaded(shaded)
{
}

QString CategoryItem::nameOf(qsizetype category) const
{
    const QString name = singleLine(m_axis.categories.at(category), 300);
    return category < m_axis.counts.size() ? withCount(name, m_axis.counts.at(category)) : name;
}

double CategoryItem::rowPixel(double row) const
{
    return m_side == Side::Bottom || m_panel.isLying() ? m_panel.keyPixel(row) : m_panel.valuePixel(row);
}

double CategoryItem::depth(double along, double across)
{
    const FigureStyle &style = m_panel.style();
    const double lane = along / std::max(1.0, static_cast<double>(m_rows.count));
    double widest = 0, broken = 0, lines = 1;
    bool breaksWords = false;
    for (qsizetype i = 0; i < m_axis.categories.size(); ++i) {
        const QString name = nameOf(i);
        widest = std::max(widest, textWidth(name, style.caption));
        if (m_side == Side::Bottom && i < 200) { // More have no room beside each other anyway.
            const QStringList wrapped = wrappedText(name, style.caption, lane - 6, mostLines + 1);
            lines = std::max(lines, static_cast<double>(wrapped.size()));
            for (const QString &word : name.split(u' '))
                broken = std::max(broken, textWidth(word, style.caption));
        }
    }
    breaksWords = broken > lane - 6 || m_axis.categories.size() > 200;
    const double title = m_panel.isLying() || m_axis.label.isEmpty() ? 0 : lineHeight(style.body) + style.padding;
    if (m_side == Side::Left) {
        m_depth = std::min(widest, across);
        return m_depth + 1.5 * style.padding + title;
    }
    m_turned = breaksWords || lines > mostLines;
    m_depth = m_turned ? std::min(widest, across) : lines * lineHeight(style.caption);
    return m_depth + style.padding + title;
}

void CategoryItem::drawShades(QCPPainter &painter) const
{
    const QRectF room = m_panel.room();
    const FigureStyle &style = m_panel.style();
    QColor shade = style.grid;
    shade.setAlpha(style.dark ? 70 : 60);
    painter.setPen(Qt::NoPen);
    painter.setBrush(shade);
    for (qsizetype i = 0; i < m_rows.rows.size(); ++i) {
        if (static_cast<qsizetype>(m_rows.rows.at(i)) % 2 == 0)
            continue;
        const double top = rowPixel(m_rows.rows.at(i) - 0.5), bottom = rowPixel(m_rows.rows.at(i) + 0.5);
        painter.drawRect(QRectF(room.left(), top, room.width(), bottom - top));
    }
}

void CategoryItem::drawLeft(QCPPainter &painter) const
{
    const FigureStyle &style = m_panel.style();
    const QRectF room = m_panel.room();
    const double line = lineHeight(style.caption);
    const double lane = std::abs(rowPixel(1) - rowPixel(0));
    const double right = room.left() - style.padding;
    const int lines = std::clamp(static_cast<int>(lane / line), 1, mostLines);
    const auto step = static_cast<qsizetype>(std::max(1.0, std::ceil((line - 1) / std::max(lane, 0.01))));
    for (qsizetype i = 0; i < m_rows.rows.size(); i += step) {
        const QStringList words = wrappedText(nameOf(i), style.caption, m_depth, lines);
        double top = rowPixel(m_rows.rows.at(i)) - static_cast<double>(words.size()) * line / 2;
        for (const QString &part : words) {
            drawLine(painter, {right - textWidth(part, style.caption), top}, part, style.caption, style.text);
            top += line;
        }
    }
    const double left = right - m_depth;
    if (step > 1)
        return;
    for (const CategoryRows::Heading &heading : m_rows.headings) {
        const QString words = elidedText(withCount(singleLine(heading.name, 200), heading.members), style.heading,
                                         room.right() - left);
        const double middle = rowPixel(heading.row);
        drawLine(painter, {left, middle - line / 2}, words, style.heading, style.text);
        painter.setPen(QPen(style.secondary, style.thinLine * 0.7));
        painter.drawLine(QPointF(left, middle + line / 2 + 1), QPointF(room.right(), middle + line / 2 + 1));
    }
}

void CategoryItem::drawBottom(QCPPainter &painter) const
{
    const FigureStyle &style = m_panel.style();
    const QRectF room = m_panel.room();
    const double line = lineHeight(style.caption);
    const double lane = std::abs(rowPixel(1) - rowPixel(0));
    const double top = room.bottom() + style.padding / 2;
    const auto step =
        static_cast<qsizetype>(m_turned ? std::max(1.0, std::ceil((line - 1) / std::max(lane, 0.01))) : 1.0);
    for (qsizetype i = 0; i < m_rows.rows.size(); i += step) {
        const double middle = rowPixel(m_rows.rows.at(i));
        if (m_turned) {
            const QString words = elidedText(nameOf(i), style.caption, m_depth);
            painter.save();
            painter.translate(middle, top);
            painter.rotate(-90); // Read from below, ending at the panel.
            drawLine(painter, {-textWidth(words, style.caption), -line / 2}, words, style.caption, style.text);
            painter.restore();
            continue;
        }
        double at = top;
        for (const QString &part : wrappedText(nameOf(i), style.caption, lane - 4, mostLines)) {
            drawLine(painter, {middle - textWidth(part, style.caption) / 2, at}, part, style.caption, style.text);
            at += line;
        }
    }
}

void CategoryItem::draw(QCPPainter *painter)
{
    painter->setAntialiasing(true);
    if (m_shaded)
        drawShades(*painter);
    const FigureStyle &style = m_panel.style();
    const QRectF room = m_panel.room();
    const bool titled = !m_panel.isLying() && !m_axis.label.isEmpty();
    if (m_side == Side::Bottom) {
        drawBottom(*painter);
        if (titled) {
            const QString title = elidedText(m_axis.label, style.body, room.width());
            drawLine(*painter,
                     {room.center().x() - textWidth(title, style.body) / 2, room.bottom() + m_depth + style.padding},
                     title, style.body, style.text);
        }
        return;
    }
    drawLeft(*painter);
    if (titled) {
        const QString title = elidedText(m_axis.label, style.body, room.height());
        painter->save();
        painter->translate(room.left() - m_depth - 1.5 * style.padding - lineHeight(style.body),
                           room.center().y() + textWidth(title, style.body) / 2);
        painter->rotate(-90);
        drawLine(*painter, {}, title, style.body, style.text);
        painter->restore();
    }
}

} // namespace evalwright
