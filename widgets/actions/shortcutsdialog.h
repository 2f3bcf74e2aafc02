// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/actions/actionregistry.h"

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace evalwright {

/// Every action with its shortcut, to be changed. A change is kept at once; one that another action has already is
/// named and not made, because then neither of the two would work.
class ShortcutsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutsDialog(ActionRegistry &actions, QWidget *parent = nullptr);

    QTreeWidget *list() const { return m_list; }
    QKeySequenceEdit *keys() const { return m_keys; }

private:
    void fill();
    void showChosen();
    /// What the typed keys would do; enables the button that makes them so.
    void showTyped();
    void change(const QKeySequence &shortcut);
    const ActionRegistry::Entry *chosen() const;

    ActionRegistry &m_actions;
    QTreeWidget *m_list;
    QKeySequenceEdit *m_keys;
    QLabel *m_note;
    QPushButton *m_set, *m_clear, *m_standard;
};

} // namespace evalwright
