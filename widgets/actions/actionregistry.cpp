// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions/actionregistry.h"

#include <QSettings>
#include <QWidget>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString settingsKey(const QString &id)
{
    return u"shortcuts/"_s + id;
}

} // namespace

ActionRegistry::ActionRegistry(QWidget *window) : QObject(window), m_window(window) {}

QAction *ActionRegistry::add(const QString &id, const QString &group, const QString &text, const QKeySequence &shortcut,
                             std::function<void()> run)
{
    auto *action = new QAction(text, this);
    action->setObjectName(id);
    const QVariant own = QSettings().value(settingsKey(id));
    action->setShortcut(own.isValid() ? QKeySequence(own.toString(), QKeySequence::PortableText) : shortcut);
    action->setShortcutContext(Qt::WindowShortcut);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    m_window->addAction(action);
    m_entries << Entry{id, group, action, shortcut};
    return action;
}

QAction *ActionRegistry::action(const QString &id) const
{
    for (const Entry &entry : m_entries) {
        if (entry.id == id)
            return entry.action;
    }
    return nullptr;
}

QList<ActionRegistry::Entry> ActionRegistry::conflicts(const QString &id, const QKeySequence &shortcut) const
{
    QList<Entry> found;
    if (shortcut.isEmpty())
        return found;
    for (const Entry &entry : m_entries) {
        if (entry.id != id && entry.action->shortcut() == shortcut)
            found << entry;
    }
    return found;
}

void ActionRegistry::setShortcut(const QString &id, const QKeySequence &shortcut)
{
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.id != id)
            continue;
        entry.action->setShortcut(shortcut);
        if (shortcut == entry.standard)
            QSettings().remove(settingsKey(id));
        else
            QSettings().setValue(settingsKey(id), shortcut.toString(QKeySequence::PortableText));
    }
}

void ActionRegistry::resetShortcuts()
{
    for (const Entry &entry : std::as_const(m_entries))
        setShortcut(entry.id, entry.standard);
}

} // namespace evalwright
