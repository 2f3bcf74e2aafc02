// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/intervaldelegate.h"

#include "widgets/evaluation/resultmodel.h"
#include "widgets/theme/theme.h"

#include <QPainter>

namespace evalwright {

void IntervalDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    if (const auto *model = qobject_cast<const ResultModel *>(index.model()))
        paintInterval(*painter, QRectF(option.rect).adjusted(8, 0, -8, 0), model->rows()[index.row()], option);
}

void IntervalDelegate::paintInterval(QPainter &painter, const QRectF &room, const ResultRow &row,
                                     const QStyleOptionViewItem &option)
{
    const Theme *theme = Theme::of(option.widget);
    const auto x = [&](double share) { return room.left() + share * room.width(); };
    const double y = room.center().y();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink =
        selected ? option.palette.color(QPalette::HighlightedText) : theme->color(Theme::Meaning::Accent);
    painter.setPen(QPen(selected ? ink : theme->color(Theme::Meaning::Border), 1));
    painter.drawLine(QPointF(x(0), y), QPointF(x(1), y));
    const auto mark = [&](const std::optional<double> &share, Qt::PenStyle style) {
        if (!share)
            return;
        painter.setPen(QPen(selected ? ink : theme->color(Theme::Meaning::TextSecondary), 1, style));
        painter.drawLine(QPointF(x(*share), y - 8), QPointF(x(*share), y + 8));
    };
    // As in the figures.
    mark(row.chance, Qt::DashLine);
    mark(row.floor, Qt::DotLine);
    mark(row.ceiling, Qt::DotLine);
    if (row.low && row.high) {
        painter.setPen(QPen(ink, 4, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(QPointF(x(*row.low), y), QPointF(x(*row.high), y));
    }
    if (row.score) {
        painter.setPen(QPen(theme->color(Theme::Meaning::Surface), 1.5));
        painter.setBrush(ink);
        painter.drawEllipse(QPointF(x(*row.score), y), 5, 5);
    }
    painter.restore();
}

} // namespace evalwright
