// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/theme.h"

#include <QAbstractButton>

class QPainter;

namespace evalwright {

/// Draws a chip: a tinted round rectangle with one line of plain text, cut at its end where the room is too small.
/// Returns the rectangle that was used, left-aligned (right-aligned in right-to-left) and centred in height.
QRect drawChip(QPainter &painter, const QRect &room, const QString &text, const QColor &ink, const QColor &tint,
               const QFont &font, Qt::LayoutDirection direction);
QSize chipSize(const QString &text, const QFont &font);

/// A small button with a meaning: a state, a filter, a verdict. The text is shown as it is, letter by letter.
class Chip : public QAbstractButton
{
    Q_OBJECT

public:
    explicit Chip(QWidget *parent = nullptr);
    Chip(const QString &text, Theme::Meaning meaning, QWidget *parent = nullptr);

    void setChipText(const QString &text);
    QString chipText() const { return m_text; }
    void setMeaning(Theme::Meaning meaning);
    Theme::Meaning meaning() const { return m_meaning; }
    /// A colour instead of a meaning, shown as a dot before the text (series of a figure).
    void setDot(const QColor &color);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
    Theme::Meaning m_meaning = Theme::Meaning::TextSecondary;
    QColor m_dot;
};

} // namespace evalwright
