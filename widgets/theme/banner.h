// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "widgets/theme/theme.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace evalwright {

/// A message inside a page, above what it is about: it covers nothing and waits for no one. Hidden until it says
/// something. All text is plain.
class Banner : public QFrame
{
    Q_OBJECT

public:
    explicit Banner(QWidget *parent = nullptr);

    /// What happened, what it means, what to do next; the raw text behind “Details”.
    void showError(const Error &error);
    /// A message, with a button when `action` is given.
    void showMessage(Theme::Meaning meaning, const QString &text, const QString &action = {});
    /// A button beside what is shown, an error too; empty: none.
    void setAction(const QString &action);
    QString text() const;

    /// What stands on its own buttons, for windows in other languages.
    struct Words
    {
        QString details, copy, copyTip, close, raw;
    };
    void setWords(const Words &words);

Q_SIGNALS:
    void actionTriggered();

private:
    void colour();

    Theme::Meaning m_meaning = Theme::Meaning::Warning;
    QLabel *m_text;
    QPushButton *m_action;
    QToolButton *m_details, *m_copy, *m_close;
    QPlainTextEdit *m_raw;
};

} // namespace evalwright
