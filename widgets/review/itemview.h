// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace evalwright {

/// The item's text in large type, letter by letter: nothing in it is markup, and what would be invisible or turn the
/// direction is spelled out. Each paragraph has the direction of its own letters, whatever the interface has; all stand on
/// the side where the first one begins. As high as its text, at most `highest`; then it scrolls.
class ItemView : public QPlainTextEdit
{
    Q_OBJECT

public:
    static constexpr int inset = 4; ///< Pixels of the text from the edge.

    explicit ItemView(QWidget *parent = nullptr);
    void showText(const QString &text);
    void setHighest(int pixels);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fit();

    int m_highest = 400;
};

} // namespace evalwright
