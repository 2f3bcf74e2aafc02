// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLineEdit;
class QListWidget;

namespace evalwright {

class ActionRegistry;

/// How well `pattern` fits `text`, ignoring case: its letters in order, better when they start words or follow each
/// other. Negative when it does not fit.
int fuzzyScore(const QString &pattern, const QString &text);

/// A field and the actions that fit what is typed; Enter runs the chosen one.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    explicit CommandPalette(const ActionRegistry &registry, QWidget *parent);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refill();
    void runChosen();

    const ActionRegistry &m_registry;
    QLineEdit *m_field;
    QListWidget *m_list;
};

} // namespace evalwright
