// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemdelegate.h"

#include "widgets/dataset/itemmodel.h"
#include "widgets/theme/chip.h"

#include <QApplication>
#include <QPainter>

namespace evalwright {

namespace {

constexpr int padding = 6;

} // namespace

Theme::Meaning stateMeaning(int rowState, const QString &reason)
{
    if (reason == QLatin1StringView("person") || reason.startsWith(QLatin1StringView("person:")))
        return Theme::Meaning::Human;
    switch (static_cast<ItemModel::RowState>(rowState)) {
    case ItemModel::RowState::Kept:
        return Theme::Meaning::Success;
    case ItemModel::RowState::Undecided:
        return Theme::Meaning::Warning;
    case ItemModel::RowState::Rejected:
    case ItemModel::RowState::Loading:
        break;
    }
    return Theme::Meaning::Refusal;
}

void ItemDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (m_dimmed)
        option->palette.setColor(QPalette::Text, Theme::of(option->widget)->color(Theme::Meaning::Border));
}

void ItemDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int column = index.column();
    const int state = index.data(ItemModel::RowStateRole).toInt();
    const bool special =
        column == ItemModel::State || column == ItemModel::MatchingAnswer || column == ItemModel::Confidence;
    if (!special || static_cast<ItemModel::RowState>(state) == ItemModel::RowState::Loading) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem view = option;
    initStyleOption(&view, index);
    view.text.clear();
    const QStyle *style = view.widget ? view.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &view, painter, view.widget);

    const Theme *theme = Theme::of(view.widget);
    const QString text = index.data().toString();
    const bool selected = view.state.testFlag(QStyle::State_Selected);
    const QRect room = view.rect.adjusted(padding, 0, -padding, 0);
    const auto inkOf = [&](Theme::Meaning meaning) {
        return selected ? view.palette.color(QPalette::Active, QPalette::HighlightedText) : theme->color(meaning);
    };
    painter->save();
    if (m_dimmed)
        painter->setOpacity(0.4);
    if (column == ItemModel::State) {
        const Theme::Meaning meaning = stateMeaning(state, index.data(ItemModel::ReasonRole).toString());
        drawChip(*painter, room, text, theme->color(meaning), theme->tint(meaning), Theme::font(Theme::Role::Caption),
                 view.direction);
    } else if (column == ItemModel::MatchingAnswer) {
        QFont font = view.font;
        font.setWeight(QFont::DemiBold);
        painter->setFont(font);
        painter->setPen(inkOf(index.data(ItemModel::MatchesRole).toBool() ? Theme::Meaning::Matching
                                                                          : Theme::Meaning::NotMatching));
        painter->drawText(
            room, QStyle::visualAlignment(view.direction, Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
            QFontMetrics(font).elidedText(text, Qt::ElideRight, room.width()));
    } else {
        paintConfidence(painter, view, index, inkOf(Theme::Meaning::Text));
    }
    painter->restore();
}

void ItemDelegate::paintConfidence(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index,
                                   const QColor &ink) const
{
    const QRect room = option.rect.adjusted(padding, 0, -padding, 0);
    const int number = option.fontMetrics.horizontalAdvance(QStringLiteral("0.000")) + padding;
    painter->setPen(ink);
    painter->setFont(option.font);
    painter->drawText(room, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, index.data().toString());
    const auto *model = qobject_cast<const ItemModel *>(index.model());
    const ItemRow *row = model ? model->itemAt(index.row()) : nullptr;
    const int width = room.width() - number;
    if (!row || !row->candidate.candidate.labelConfidence || width < Theme::spacing(2))
        return;
    const Theme *theme = Theme::of(option.widget);
    const QRectF groove(room.left(), room.center().y() - 2.5, width, 6);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme->color(Theme::Meaning::Border));
    painter->drawRoundedRect(groove, 3, 3);
    QRectF filled = groove;
    filled.setWidth(groove.width() * qBound(0.0, *row->candidate.candidate.labelConfidence, 1.0));
    painter->setBrush(option.state.testFlag(QStyle::State_Selected) ? ink : theme->color(Theme::Meaning::Accent));
    painter->drawRoundedRect(filled, 3, 3);
}

} // namespace evalwright
