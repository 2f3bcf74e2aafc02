// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QGridLayout;

namespace evalwright {

/// Groups of widgets beside each other, the first of them with the room that is left; where they do not fit, one of them
/// goes below the others. Words are longer in some languages and type is larger for some people.
class FittingRows : public QWidget
{
    Q_OBJECT

public:
    /// `below`: the index of the group that goes below.
    FittingRows(const QList<QWidget *> &groups, qsizetype below, QWidget *parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    int widthOf(bool two) const; ///< Pixels that it takes.
    void fit();
    void place(bool two);

    QList<QWidget *> m_groups;
    qsizetype m_below;
    QGridLayout *m_grid;
    bool m_two = false;
};

} // namespace evalwright
