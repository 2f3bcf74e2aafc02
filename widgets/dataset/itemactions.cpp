// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemactions.h"

#include "core/onfinished.h"
#include "storage/items/itemselection.h"
#include "widgets/dataset/itemeditor.h"
#include "widgets/dataset/itemedits.h"
#include "widgets/dataset/itemtextcopy.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/review/newreviewdialog.h"

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QUndoStack>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// A question of one or two lines; `use` gets the answers when a person accepts and the first is not empty.
void askFor(QWidget *parent, const QString &title, const QString &what, const QStringList &choices, bool hasReason,
            std::function<void(const QString &choice, const QString &reason)> use)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto *choice = new QComboBox(dialog);
    choice->setEditable(true);
    choice->addItems(choices);
    choice->setCurrentText({});
    choice->setMinimumContentsLength(24);
    auto *reason = new QLineEdit(dialog);
    reason->setMaxLength(400);
    reason->setPlaceholderText(QObject::tr("optional"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, dialog);
    auto *layout = new QFormLayout(dialog);
    layout->addRow(what, choice);
    if (hasReason)
        layout->addRow(QObject::tr("Reason:"), reason);
    else
        reason->hide();
    layout->addRow(buttons);
    QPushButton *ok = buttons->button(QDialogButtonBox::Ok);
    ok->setEnabled(false);
    QObject::connect(choice, &QComboBox::currentTextChanged, ok, [ok](const QString &text) { ok->setEnabled(!text.trimmed().isEmpty()); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, [dialog, choice, reason, use = std::move(use)] {
        use(choice->currentText().trimmed(), reason->text().trimmed());
        dialog->accept();
    });
    dialog->open();
}

} // namespace

ItemActions::ItemActions(std::shared_ptr<Project> project, DatasetId dataset, ItemsPage &page)
    : QObject(&page), m_project(std::move(project)), m_dataset(dataset), m_page(page), m_menu(new QMenu(&page))
{
    build();
}

void ItemActions::build()
{
    const bool isWritable = m_project->access() == Project::Access::ReadWrite;
    const auto add = [&](const QString &text, const QKeySequence &keys, auto act, bool changes) {
        QAction *action = m_menu->addAction(text, this, act);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        m_page.table()->addAction(action); // Its keys work where the items are.
        if (changes)
            m_changes << action;
        return action;
    };
    m_edit = add(tr("Edit…"), Qt::Key_F2, [this] { editCurrent(); }, true);
    m_edits = add(tr("Edits of this item"), {}, [this] { showEdits(); }, false);
    m_compare = add(tr("Compare the two"), Qt::Key_D, [this] { compareTwo(); }, false);
    m_menu->addSeparator();
    add(tr("Add a tag…"), Qt::Key_T, [this] { askForTag(true); }, true);
    add(tr("Take a tag away…"), {}, [this] { askForTag(false); }, true);
    add(tr("Change the matching answer…"), Qt::Key_L, [this] { askForLabel(); }, true);
    m_menu->addSeparator();
    add(tr("Copy as text"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), [this] { copySelectionAsText(); }, false);
    add(tr("Send to a review…"), {}, [this] { sendToReview(); }, true);
    for (QAction *action : std::as_const(m_changes)) {
        action->setEnabled(isWritable);
        if (!isWritable)
            action->setToolTip(tr("The project is open for reading only"));
    }
    m_menu->setToolTipsVisible(true);
    connect(m_menu, &QMenu::aboutToShow, this, &ItemActions::updateMenu);

    auto *button = new QPushButton(tr("More"));
    button->setToolTip(tr("Edit, tag, compare, copy or review the selected items"));
    button->setMenu(m_menu);
    m_page.addSelectionAction(button);
}

void ItemActions::updateMenu()
{
    const qint64 selected = m_page.selectedCount();
    m_edit->setEnabled(selected == 1 && m_project->access() == Project::Access::ReadWrite);
    m_edits->setEnabled(selected == 1);
    m_compare->setEnabled(selected == 2);
}

CandidateId ItemActions::current() const
{
    return CandidateId{m_page.table()->currentIndex().data(ItemModel::CandidateIdRole).toLongLong()};
}

void ItemActions::tell(const QString &text, bool canUndo)
{
    std::function<void()> undo;
    if (canUndo)
        undo = [this] { m_page.undoStack()->undo(); };
    m_page.tell(Theme::Meaning::Human, text, canUndo ? tr("Undo") : QString(), std::move(undo));
}

BulkReport ItemActions::reporter(std::function<QString(bool, const BulkOutcome &)> words)
{
    return [this, words = std::move(words)](bool undone, const Result<BulkOutcome> &outcome) {
        m_page.model()->refreshSoon(true);
        if (!outcome)
            return m_page.tellError(outcome.error());
        QString text = words(undone, *outcome);
        if (outcome->findingsAreOld)
            text += u' ' + tr("The findings of lint are about the items as they were: check the data set again on the page Lint.");
        tell(text, !undone);
    };
}

void ItemActions::tagSelection(const QString &tag, bool on)
{
    m_page.withSelectedIds([this, tag, on](std::vector<qint64> ids) {
        const auto words = [this, tag, on](bool undone, const BulkOutcome &outcome) {
            const int count = static_cast<int>(outcome.changed);
            const QString name = singleLine(tag, 64);
            const QString text = on != undone ? tr("%Ln item(s) have the tag “%1” now.", nullptr, count).arg(name)
                                              : tr("%Ln item(s) lost the tag “%1”.", nullptr, count).arg(name);
            return undone ? tr("Undone: %1").arg(text) : text;
        };
        m_page.undoStack()->push(new TagCommand(m_project, std::move(ids), tag, on, this, reporter(words)));
    });
}

void ItemActions::relabelSelection(const QString &label, const QString &reason)
{
    m_page.withSelectedIds([this, label, reason](std::vector<qint64> ids) {
        const auto words = [this, label](bool undone, const BulkOutcome &outcome) {
            const int count = static_cast<int>(outcome.changed), left = static_cast<int>(outcome.left);
            if (undone) {
                QString text = tr("Undone: %Ln item(s) have their former matching answer again.", nullptr, count);
                if (left > 0)
                    text += u' ' + tr("%Ln item(s) were changed since, and stay as they are.", nullptr, left);
                return text;
            }
            QString text = tr("“%1” is the matching answer of %Ln item(s) now; the former one is kept.", nullptr, count).arg(singleLine(label, 40));
            if (left > 0)
                text += u' ' + tr("%Ln item(s) have no such answer, or had it as the matching one.", nullptr, left);
            return text;
        };
        m_page.undoStack()->push(new RelabelCommand(m_project, std::move(ids), label, reason, this, reporter(words)));
    });
}

void ItemActions::copySelectionAsText()
{
    m_page.withSelectedIds([this](std::vector<qint64> ids) {
        auto *copy = new ItemCopy(m_project, std::move(ids), ItemCopy::Format::PlainText, this);
        connect(copy, &ItemCopy::copied, this, [this, copy](qint64 items) {
            tell(tr("Copied %Ln item(s) as text.", nullptr, static_cast<int>(items)), false);
            copy->deleteLater();
        });
        connect(copy, &ItemCopy::failed, this, [this, copy](const Error &error) {
            m_page.tellError(error);
            copy->deleteLater();
        });
        copy->start();
    });
}

void ItemActions::askForTag(bool on)
{
    if (m_page.selectedCount() == 0)
        return;
    const auto names = m_project->read([dataset = m_dataset](Connection &connection) {
        ItemColumns columns; // Tags are asked of the project.
        columns.dataset = dataset;
        return itemFieldValues(connection, columns, ItemField::Tag);
    });
    onFinished(names, this, [this, on](const Result<QStringList> &tags) {
        if (!tags) {
            m_page.tellError(tags.error());
            return;
        }
        askFor(&m_page, on ? tr("Add a tag") : tr("Take a tag away"), tr("Tag:"), *tags, false,
               [this, on](const QString &tag, const QString &) { tagSelection(tag, on); });
    });
}

void ItemActions::askForLabel()
{
    if (m_page.selectedCount() == 0)
        return;
    QStringList labels;
    if (const SharedOrder &order = m_page.model()->shown()) {
        constexpr qsizetype most = 50;
        for (const QString &label : order->columns->labels.mid(0, most)) {
            if (const QString bare = label.trimmed(); !bare.isEmpty() && !labels.contains(bare))
                labels << bare;
        }
    }
    askFor(&m_page, tr("Change the matching answer"), tr("Matching answer:"), labels, true,
           [this](const QString &label, const QString &reason) { relabelSelection(label, reason); });
}

void ItemActions::editCurrent()
{
    if (!current().isValid())
        return;
    openItemEditor(m_project, current(), m_page.undoStack(), &m_page, [this](bool undone, const Status &outcome) {
        m_page.model()->refreshSoon(true);
        if (outcome)
            tell(undone ? tr("Undone: the item has its former text again.") : tr("The item was changed; its former text is kept."), !undone);
        else
            m_page.tellError(outcome.error());
    });
}

void ItemActions::showEdits()
{
    if (current().isValid())
        openItemEdits(m_project, current(), m_page.undoStack(), &m_page);
}

void ItemActions::compareTwo()
{
    if (m_page.selectedCount() != 2) {
        tell(tr("Select two items to see them side by side."), false);
        return;
    }
    m_page.withSelectedIds([this](const std::vector<qint64> &ids) {
        openItemPair(m_project, CandidateId{ids.front()}, CandidateId{ids.back()}, &m_page);
    });
}

void ItemActions::sendToReview()
{
    m_page.withSelectedIds([this](std::vector<qint64> ids) { openReviewOf(m_project, m_dataset, std::move(ids), &m_page); });
}

} // namespace evalwright
