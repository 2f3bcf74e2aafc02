// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace evalwright {

/// What will be here, in a sentence, and the button that fills it.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    EmptyState(const QString &title, const QString &sentence, const QString &button = {}, QWidget *parent = nullptr);
    void setSentence(const QString &sentence);
    QPushButton *button() const { return m_button; } ///< Null without one.

Q_SIGNALS:
    void clicked();

protected:
    bool event(QEvent *event) override;

private:
    void fitSentence();

    QLabel *m_sentence;
    QPushButton *m_button = nullptr;
};

} // namespace evalwright
