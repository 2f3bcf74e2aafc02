// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions/commandpalette.h"

#include "widgets/actions/actionregistry.h"
#include "widgets/theme/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

int fuzzyScore(const QString &pattern, const QString &text)
{
    int score = 0;
    qsizetype at = 0;
    qsizetype previous = -2;
    for (const QChar wanted : pattern) {
        if (wanted.isSpace())
            continue;
        while (at < text.size() && text[at].toCaseFolded() != wanted.toCaseFolded())
            ++at;
        if (at == text.size())
            return -1;
        score += 1;
        if (at == previous + 1)
            score += 3;
        if (at == 0 || !text[at - 1].isLetterOrNumber())
            score += 4;
        previous = at++;
    }
    return score;
}

CommandPalette::CommandPalette(const ActionRegistry &registry, QWidget *parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint), m_registry(registry), m_field(new QLineEdit),
      m_list(new QListWidget)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Commands"));
    m_field->setPlaceholderText(tr("Type a command"));
    m_field->setAccessibleName(tr("Command"));
    m_field->setClearButtonEnabled(true);
    m_field->installEventFilter(this);
    m_list->setAccessibleName(tr("Commands that fit"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    auto *frame = new QFrame; // A window without a title bar needs an edge.
    frame->setFrameShape(QFrame::StyledPanel);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(frame);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::refill);
    connect(m_field, &QLineEdit::returnPressed, this, &CommandPalette::runChosen);
    connect(m_list, &QListWidget::itemActivated, this, &CommandPalette::runChosen);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runChosen);
    resize(560, 380);
    if (parent)
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, parent->height() / 8)));
    refill();
    m_field->setFocus();
}

void CommandPalette::refill()
{
    struct Hit
    {
        int score;
        const ActionRegistry::Entry *entry;
    };
    QList<Hit> hits;
    for (const ActionRegistry::Entry &entry : m_registry.entries()) {
        if (!entry.action->isEnabled())
            continue;
        const int score = fuzzyScore(m_field->text(), entry.action->text().remove(u'&') + u' ' + entry.group);
        if (score >= 0)
            hits << Hit{score, &entry};
    }
    std::stable_sort(hits.begin(), hits.end(), [](const Hit &a, const Hit &b) { return a.score > b.score; });
    m_list->clear();
    for (const Hit &hit : std::as_const(hits)) {
        QString text = hit.entry->group + u"  ›  "_s + hit.entry->action->text().remove(u'&');
        if (const QKeySequence keys = hit.entry->action->shortcut(); !keys.isEmpty())
            text += u"    "_s + keys.toString(QKeySequence::NativeText);
        auto *item = new QListWidgetItem(text, m_list);
        item->setData(Qt::UserRole, hit.entry->id);
    }
    if (hits.isEmpty()) {
        auto *none = new QListWidgetItem(tr("No command fits “%1”.").arg(m_field->text().left(60)), m_list);
        none->setFlags(Qt::NoItemFlags);
        return;
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runChosen()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item || item->data(Qt::UserRole).isNull())
        return;
    QAction *action = m_registry.action(item->data(Qt::UserRole).toString());
    accept();
    // After this dialog is gone: the action may open another one.
    QTimer::singleShot(0, action, &QAction::trigger);
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int step = key == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace evalwright
