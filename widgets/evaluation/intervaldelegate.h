// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/results.h"

#include <QStyledItemDelegate>

namespace evalwright {

/// Paints the interval on the way from 0 to 1, with chance, floor and ceiling as marks.
class IntervalDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    /// The picture alone, in a rectangle of the cell.
    static void paintInterval(QPainter &painter, const QRectF &room, const ResultRow &row,
                              const QStyleOptionViewItem &option);
};

} // namespace evalwright
