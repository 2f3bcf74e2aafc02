// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/textdifference.h"

#include <QWidget>

class QLabel;
class QTextEdit;

namespace evalwright {

/// Two texts side by side. What only one of them has stands on a tinted ground and is struck through (before) or underlined
/// (after), so that nobody needs to tell colours apart. Plain text; invisible characters are spelled out. Compares in the
/// background.
class TextDiff : public QWidget
{
    Q_OBJECT

public:
    /// Of longer texts equal stretches are left out, and in the end the rest: laying a text out takes time on the GUI thread.
    static constexpr qsizetype mostShown = 20'000;

    explicit TextDiff(QWidget *parent = nullptr);

    /// Names stand over the sides; both empty: no line for them.
    void setNames(const QString &before, const QString &after);
    void setTexts(const QString &before, const QString &after);
    /// Of the texts that are shown; empty until they are compared.
    const TextDifference &difference() const { return m_difference; }
    QString shownBefore() const;
    QString shownAfter() const;

Q_SIGNALS:
    void compared();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void showDifference(const TextDifference &difference);
    void fill(QTextEdit *side, bool isBefore);
    void fitHeight();

    QString m_before, m_after;
    TextDifference m_difference;
    quint64 m_generation = 0;
    QLabel *m_beforeName, *m_afterName, *m_note;
    QTextEdit *m_beforeText, *m_afterText;
};

/// What one side of a difference shows.
struct DiffPiece
{
    bool isSame = true;
    QString text; ///< With visible controls.
};
/// One side in pieces, at most `most` characters of the text: equal stretches lose their middle first. Pure.
QList<DiffPiece> diffPieces(const QString &text, const TextDifference &difference, bool isBefore, qsizetype most);

} // namespace evalwright
