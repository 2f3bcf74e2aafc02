// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "widgets/dataset/decidecommand.h"
#include "widgets/dataset/itemmodel.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;
class QUndoStack;

namespace evalwright {

class Banner;
class FacetBar;

/// The items of a data set: search, narrow, sort, decide, copy.
class ItemsPage : public QWidget
{
    Q_OBJECT

public:
    /// Decisions go on `undoStack`, which must outlive the page; without one the page has its own.
    ItemsPage(std::shared_ptr<Project> project, DatasetId dataset, QUndoStack *undoStack = nullptr,
              QWidget *parent = nullptr);

    /// Shows what a filter asks for; its data set is ignored.
    void setFilter(const CandidateFilter &filter);
    CandidateFilter filter() const;
    /// Shows these candidates alone, with a line that says which they are (plain text) and a button that shows all
    /// again; search, facets and order work among them.
    void showOnly(const QList<CandidateId> &ids, const QString &which);
    /// Back to the whole data set.
    void showAll();
    void focusSearch();
    QUndoStack *undoStack() const { return m_undo; }
    ItemModel *model() const { return m_model; }
    QTableView *table() const { return m_table; }

    /// The same reason for all selected items; plain text, may be empty.
    void decideSelection(bool keep, const QString &reason);
    /// A JSON list with an object per selected item goes to the clipboard.
    void copySelectionAsJson();

    /// Widths, order and visibility of the columns, as an opaque value to be remembered.
    QByteArray columnState() const;
    void restoreColumnState(const QByteArray &state);

Q_SIGNALS:
    /// The current item, for the inspector.
    void candidateActivated(evalwright::CandidateId id);
    /// Asked for from the empty state of a data set that has no candidates.
    void fillRequested();
    void copied(qsizetype items);

private:
    void buildHead();
    void buildTable();
    void applyFilter();
    void readCounts();
    void updateState();
    void updateSelection();
    void announceCurrent();
    /// Rows of the selection, those not in memory read first; then `use` is called.
    void withSelectedRows(std::function<void(const QList<CandidateRow> &)> use);

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QUndoStack *m_undo;
    ItemModel *m_model;
    Banner *m_banner;
    QLineEdit *m_search;
    FacetBar *m_facets;
    QLabel *m_count;
    QWidget *m_chosenBar;
    QLabel *m_chosenText;
    qint64 m_chosen = -1; ///< How many are shown alone; −1: the whole data set is shown.
    QWidget *m_selectionBar;
    QLabel *m_selected;
    QLineEdit *m_reason;
    QPushButton *m_keep, *m_reject, *m_copy;
    QTableView *m_table;
    QWidget *m_empty;
    QLabel *m_emptyText;
    QPushButton *m_emptyButton;
    QTimer m_searchTimer, m_countTimer;
    CandidateId m_announced;
    bool m_countsAsked = false, m_countsAgain = false;
};

} // namespace evalwright
