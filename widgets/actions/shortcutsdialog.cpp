// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions/shortcutsdialog.h"

#include "widgets/theme/theme.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

enum Column { ActionColumn, ShortcutColumn, StandardColumn };

QString shown(const QKeySequence &shortcut)
{
    return shortcut.isEmpty() ? u"—"_s : shortcut.toString(QKeySequence::NativeText);
}

} // namespace

ShortcutsDialog::ShortcutsDialog(ActionRegistry &actions, QWidget *parent)
    : QDialog(parent), m_actions(actions), m_list(new QTreeWidget), m_keys(new QKeySequenceEdit), m_note(new QLabel),
      m_set(new QPushButton(tr("&Use these keys"))), m_clear(new QPushButton(tr("&No shortcut"))),
      m_standard(new QPushButton(tr("As &shipped")))
{
    setWindowTitle(tr("Keyboard shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(640, 640);
    m_list->setHeaderLabels({tr("Action"), tr("Shortcut"), tr("As shipped")});
    m_list->setAccessibleName(tr("Actions and their shortcuts"));
    m_list->setUniformRowHeights(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(ActionColumn, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(ShortcutColumn, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(StandardColumn, QHeaderView::ResizeToContents);
    m_keys->setAccessibleName(tr("New keys for the chosen action"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    setSecondary(m_note);

    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::spacing());
    row->addWidget(m_keys, 1);
    row->addWidget(m_set);
    row->addWidget(m_clear);
    row->addWidget(m_standard);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close | QDialogButtonBox::RestoreDefaults);
    buttons->button(QDialogButtonBox::RestoreDefaults)->setText(tr("All as shipped"));
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_list, 1);
    layout->addWidget(m_note);
    layout->addLayout(row);
    layout->addWidget(buttons);

    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutsDialog::showChosen);
    connect(m_keys, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutsDialog::showTyped);
    connect(m_set, &QPushButton::clicked, this, [this] { change(m_keys->keySequence()); });
    connect(m_clear, &QPushButton::clicked, this, [this] { change({}); });
    connect(m_standard, &QPushButton::clicked, this, [this] {
        if (const auto *entry = chosen())
            m_keys->setKeySequence(entry->standard);
        if (m_set->isEnabled())
            change(m_keys->keySequence());
    });
    connect(buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this, [this] {
        m_actions.resetShortcuts();
        fill();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    fill();
}

const ActionRegistry::Entry *ShortcutsDialog::chosen() const
{
    const QTreeWidgetItem *item = m_list->currentItem();
    if (!item)
        return nullptr;
    const QString id = item->data(ActionColumn, Qt::UserRole).toString();
    for (const ActionRegistry::Entry &entry : m_actions.entries()) {
        if (entry.id == id)
            return &entry;
    }
    return nullptr;
}

void ShortcutsDialog::fill()
{
    const auto *before = chosen();
    const QString id = before ? before->id : QString();
    m_list->clear();
    QTreeWidgetItem *group = nullptr;
    QTreeWidgetItem *current = nullptr;
    for (const ActionRegistry::Entry &entry : m_actions.entries()) {
        if (!group || group->text(ActionColumn) != entry.group) {
            group = new QTreeWidgetItem(m_list, {entry.group});
            group->setFlags(Qt::ItemIsEnabled);
        }
        auto *item = new QTreeWidgetItem(
            group, {entry.action->text().remove(u'&'), shown(entry.action->shortcut()), shown(entry.standard)});
        item->setData(ActionColumn, Qt::UserRole, entry.id);
        if (entry.action->shortcut() != entry.standard) {
            QFont bold = m_list->font();
            bold.setBold(true);
            item->setFont(ShortcutColumn, bold);
        }
        if (!current || entry.id == id)
            current = item;
    }
    m_list->expandAll();
    m_list->setCurrentItem(current);
    showChosen();
}

void ShortcutsDialog::showChosen()
{
    const auto *entry = chosen();
    m_keys->setEnabled(entry);
    m_keys->setKeySequence(entry ? entry->action->shortcut() : QKeySequence());
    showTyped();
}

void ShortcutsDialog::showTyped()
{
    const auto *entry = chosen();
    const QKeySequence typed = m_keys->keySequence();
    const auto others = entry ? m_actions.conflicts(entry->id, typed) : QList<ActionRegistry::Entry>();
    m_set->setEnabled(entry && others.isEmpty() && typed != entry->action->shortcut());
    m_clear->setEnabled(entry && !entry->action->shortcut().isEmpty());
    m_standard->setEnabled(entry && entry->action->shortcut() != entry->standard);
    if (!entry)
        m_note->setText(tr("Choose an action."));
    else if (!others.isEmpty())
        m_note->setText(tr("%1 belongs to “%2” already; change that one first.")
                            .arg(shown(typed), others.first().action->text().remove(u'&')));
    else
        m_note->setText(tr("Press the new keys for “%1”.").arg(entry->action->text().remove(u'&')));
}

void ShortcutsDialog::change(const QKeySequence &shortcut)
{
    const auto *entry = chosen();
    if (!entry || !m_actions.conflicts(entry->id, shortcut).isEmpty())
        return;
    m_actions.setShortcut(entry->id, shortcut);
    fill();
}

} // namespace evalwright
