// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/fittingrows.h"

#include "widgets/theme/theme.h"

#include <QEvent>
#include <QGridLayout>

#include <algorithm>

namespace evalwright {

FittingRows::FittingRows(const QList<QWidget *> &groups, qsizetype below, QWidget *parent)
    : QWidget(parent), m_groups(groups), m_below(below), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(Theme::spacing(2));
    m_grid->setVerticalSpacing(Theme::spacing());
    m_grid->setColumnStretch(0, 1);
    place(false);
}

int FittingRows::widthOf(bool two) const
{
    int row = 0;
    for (qsizetype i = 0; i < m_groups.size(); ++i) {
        if (!two || i != m_below)
            row += m_groups[i]->sizeHint().width() + (row > 0 ? m_grid->horizontalSpacing() : 0);
    }
    return two ? std::max(row, m_groups[m_below]->sizeHint().width()) : row;
}

QSize FittingRows::minimumSizeHint() const
{
    // Narrower than one row: then there are two.
    int row = 0;
    for (qsizetype i = 0; i < m_groups.size(); ++i) {
        if (i != m_below)
            row += m_groups[i]->minimumSizeHint().width() + (row > 0 ? m_grid->horizontalSpacing() : 0);
    }
    return {std::max(row, m_groups[m_below]->minimumSizeHint().width()), QWidget::minimumSizeHint().height()};
}

void FittingRows::fit()
{
    // Back to one row only with some room to spare, so that numbers that change do not have it jump.
    const int spare = m_two ? Theme::spacing(6) : 0;
    if (const bool two = widthOf(false) + spare > width(); two != m_two)
        place(two);
}

void FittingRows::place(bool two)
{
    m_two = two;
    int column = 0;
    for (qsizetype i = 0; i < m_groups.size(); ++i) {
        m_grid->removeWidget(m_groups[i]);
        if (!two || i != m_below)
            m_grid->addWidget(m_groups[i], 0, column++);
    }
    if (two)
        m_grid->addWidget(m_groups[m_below], 1, 0, 1, column);
    updateGeometry();
}

bool FittingRows::event(QEvent *event)
{
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest)
        fit();
    return handled;
}

void FittingRows::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

} // namespace evalwright
