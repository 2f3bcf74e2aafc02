// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>

namespace evalwright {

/// Every action of the window by a stable name: menus, tool bar, shortcuts and the command palette show the same ones.
/// A person's own shortcuts are kept in the settings.
class ActionRegistry : public QObject
{
    Q_OBJECT

public:
    struct Entry
    {
        QString id;    ///< Stable, e.g. "dataset.new".
        QString group; ///< For people, e.g. "Data sets".
        QAction *action = nullptr;
        QKeySequence standard; ///< As shipped.
    };

    explicit ActionRegistry(QWidget *window);

    QAction *add(const QString &id, const QString &group, const QString &text, const QKeySequence &shortcut,
                 std::function<void()> run);
    QAction *action(const QString &id) const; ///< Null for an unknown name.
    const QList<Entry> &entries() const { return m_entries; }

    /// Other actions that have this shortcut.
    QList<Entry> conflicts(const QString &id, const QKeySequence &shortcut) const;
    /// Sets and remembers; an empty sequence takes the shortcut away.
    void setShortcut(const QString &id, const QKeySequence &shortcut);
    void resetShortcuts();

private:
    QWidget *m_window;
    QList<Entry> m_entries;
};

} // namespace evalwright
