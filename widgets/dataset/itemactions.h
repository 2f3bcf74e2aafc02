// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/dataset/bulkcommands.h"
#include "widgets/dataset/itemspage.h"

#include <QObject>

class QMenu;

namespace evalwright {

/// What can be done with the selected items of a page beside keeping and rejecting them: tags, other labels, editing,
/// comparing, copying as text, a review. A menu in the page's selection bar, and actions with keys on its table.
class ItemActions : public QObject
{
    Q_OBJECT

public:
    /// Lives as long as the page.
    ItemActions(std::shared_ptr<Project> project, DatasetId dataset, ItemsPage &page);

    QMenu *menu() const { return m_menu; }
    void tagSelection(const QString &tag, bool on);
    void relabelSelection(const QString &label, const QString &reason);
    void copySelectionAsText();

private:
    void build();
    void updateMenu();
    void askForTag(bool on);
    void askForLabel();
    void editCurrent();
    void showEdits();
    void compareTwo();
    void sendToReview();
    CandidateId current() const;
    /// Says what became of a command, with a button that undoes it.
    void tell(const QString &text, bool canUndo);
    BulkReport reporter(std::function<QString(bool undone, const BulkOutcome &)> words);

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    ItemsPage &m_page;
    QMenu *m_menu;
    QAction *m_edit = nullptr, *m_edits = nullptr, *m_compare = nullptr;
    QList<QAction *> m_changes; ///< Those that need a project that can be written.
};

} // namespace evalwright
