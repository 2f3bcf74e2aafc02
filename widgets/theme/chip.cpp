// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/chip.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>

namespace evalwright {

namespace {

constexpr int sidePadding = 8, dotSize = 9, dotGap = 6;

int chipHeight(const QFont &font)
{
    return QFontMetrics(font).height() + 6;
}

} // namespace

QSize chipSize(const QString &text, const QFont &font)
{
    // Advances are rounded; without the slack a text would sometimes be cut by its last pixel.
    constexpr int slack = 3;
    return {QFontMetrics(font).horizontalAdvance(text) + 2 * sidePadding + slack, chipHeight(font)};
}

QRect drawChip(QPainter &painter, const QRect &room, const QString &text, const QColor &ink, const QColor &tint,
               const QFont &font, Qt::LayoutDirection direction)
{
    const QSize wanted = chipSize(text, font);
    const QSize size(qMin(wanted.width(), room.width()), qMin(wanted.height(), room.height()));
    const QRect box = QStyle::alignedRect(direction, Qt::AlignLeft | Qt::AlignVCenter, size, room);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tint);
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(ink);
    painter.setFont(font);
    const QRect inner = box.adjusted(sidePadding, 0, -sidePadding, 0);
    painter.drawText(inner, Qt::AlignCenter | Qt::TextSingleLine,
                     QFontMetrics(font).elidedText(text, Qt::ElideRight, inner.width()));
    painter.restore();
    return box;
}

Chip::Chip(QWidget *parent) : QAbstractButton(parent)
{
    setFont(Theme::font(Theme::Role::Caption));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
}

Chip::Chip(const QString &text, Theme::Meaning meaning, QWidget *parent) : Chip(parent)
{
    m_meaning = meaning;
    setChipText(text);
}

void Chip::setChipText(const QString &text)
{
    // Not QAbstractButton::setText: an ampersand in the text would become a shortcut.
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Chip::setMeaning(Theme::Meaning meaning)
{
    m_meaning = meaning;
    update();
}

void Chip::setDot(const QColor &color)
{
    m_dot = color;
    updateGeometry();
    update();
}

QSize Chip::sizeHint() const
{
    return chipSize(m_text, font()) + QSize(m_dot.isValid() ? dotSize + dotGap : 0, 2);
}

QSize Chip::minimumSizeHint() const
{
    return {qMin(sizeHint().width(), Theme::spacing(6)), sizeHint().height()};
}

void Chip::paintEvent(QPaintEvent *)
{
    const Theme *theme = Theme::of(this);
    const bool filled = !isCheckable() || isChecked();
    QColor ink = filled ? theme->color(m_meaning) : theme->color(Theme::Meaning::TextSecondary);
    if (!isEnabled())
        ink = palette().color(QPalette::Disabled, QPalette::Text);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QColor edge = filled ? Qt::transparent : theme->color(Theme::Meaning::Border);
    if (hasFocus())
        edge = theme->color(Theme::Meaning::Accent);
    else if (underMouse())
        edge = ink;
    painter.setPen(edge.alpha() == 0 ? QPen(Qt::NoPen) : QPen(edge, hasFocus() ? 1.6 : 1));
    painter.setBrush(filled ? theme->tint(m_meaning) : theme->color(Theme::Meaning::Surface));
    painter.drawRoundedRect(box, 4, 4);

    QRect inner = rect().adjusted(sidePadding, 0, -sidePadding, 0);
    if (m_dot.isValid()) {
        const QRect dot =
            QStyle::alignedRect(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter, QSize(dotSize, dotSize), inner);
        painter.setPen(QPen(m_dot, 1.6));
        painter.setBrush(filled ? QBrush(m_dot) : QBrush(Qt::NoBrush));
        painter.drawEllipse(QRectF(dot).adjusted(1, 1, -1, -1));
        if (layoutDirection() == Qt::RightToLeft)
            inner.setRight(dot.left() - dotGap);
        else
            inner.setLeft(dot.right() + dotGap);
    }
    painter.setPen(ink);
    painter.setFont(font());
    painter.drawText(inner,
                     Qt::AlignVCenter | (m_dot.isValid() ? Qt::AlignLeft : Qt::AlignHCenter) | Qt::TextSingleLine,
                     fontMetrics().elidedText(m_text, Qt::ElideRight, inner.width()));
}

} // namespace evalwright
