// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "widgets/theme/theme.h"

#include <QStyledItemDelegate>

class QAbstractItemModel;

namespace evalwright {

/// How a model would be scored, in a word: exact, forced, first token, sampled, not probed, server changed.
struct ScoringBadge
{
    QString text;
    Theme::Meaning meaning = Theme::Meaning::TextSecondary;
    QString evidence; ///< Lines of plain text: when the probe was, what it saw, what it is based on.
};
ScoringBadge scoringBadge(const Model &model);
/// While its probe runs.
ScoringBadge probingBadge();

/// Draws the badge of a list's or table's entry as a chip: on the left of an empty cell, else at the end of the text.
class ScoringBadgeDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    /// The evidence becomes the entry's tooltip.
    static void setBadge(QAbstractItemModel &model, const QModelIndex &index, const ScoringBadge &badge);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace evalwright
