// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/theme.h"

#include <QStyledItemDelegate>

namespace evalwright {

/// Draws the cells of the items table: the state as a chip, the matching answer in its colour, the confidence as a bar
/// with its number. Text is always plain.
class ItemDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    /// The rows are those of a former question, for the moment.
    void setDimmed(bool dimmed) { m_dimmed = dimmed; }
    bool isDimmed() const { return m_dimmed; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    void paintConfidence(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index,
                         const QColor &ink) const;
    bool m_dimmed = false;
};

/// Colour of a row's state: kept, rejected or not decided.
Theme::Meaning stateMeaning(int rowState, const QString &reason);

} // namespace evalwright
