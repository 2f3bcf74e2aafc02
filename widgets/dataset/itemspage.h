// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/savedviews.h"
#include "storage/project.h"
#include "widgets/dataset/decidecommand.h"
#include "widgets/dataset/itemmodel.h"
#include "widgets/theme/theme.h"

#include <QTimer>
#include <QWidget>

#include <functional>

class QJsonArray;
class QLabel;
class QMenu;
class QPushButton;
class QTableView;
class QToolButton;
class QUndoStack;

namespace evalwright {

class Banner;
class FacetBar;
class FilterField;
class ItemDelegate;
class ItemTable;
class SelectionBar;
class ViewsButton;

/// The items of a data set: search, narrow, sort, decide, copy. Works for a million of them (docs/items.md).
class ItemsPage : public QWidget
{
    Q_OBJECT

public:
    /// Decisions go on `undoStack`, which must outlive the page; without one the page has its own.
    ItemsPage(std::shared_ptr<Project> project, DatasetId dataset, QUndoStack *undoStack = nullptr,
              QWidget *parent = nullptr);

    /// Shows what a filter asks for, of the whole data set.
    void setFilter(const ItemFilter &filter);
    const ItemFilter &filter() const;
    /// Shows these candidates alone, with a line that says which they are (plain text) and a button that shows all
    /// again; search, facets and order work among them.
    void showOnly(const QList<CandidateId> &ids, const QString &which);
    /// Back to the whole data set.
    void showAll();
    void focusSearch();
    QUndoStack *undoStack() const { return m_undo; }
    ItemModel *model() const { return m_model; }
    QTableView *table() const;
    FilterField *field() const { return m_field; }
    FacetBar *facets() const { return m_facets; }
    ViewsButton *views() const { return m_views; }

    /// Selects all rows that the filter lets through, as many as they are.
    void selectAllMatching();
    qint64 selectedCount() const;
    /// Calls `use` with the candidates of the selected rows, in their order, as they were selected when this was called. At
    /// once for some thousands, later for more; not at all when nothing is selected.
    void withSelectedIds(std::function<void(std::vector<qint64>)> use);
    /// A further button for the selected items.
    void addSelectionAction(QWidget *widget);
    /// A button beside Views and Columns.
    void addPageAction(QWidget *widget);
    Banner *banner() const { return m_banner; }
    /// Says something above the items, with a button when `action` is given.
    void tell(Theme::Meaning meaning, const QString &text, const QString &action = {}, std::function<void()> run = {});
    void tellError(const Error &error);

    /// The same reason for all selected items; plain text, may be empty.
    void decideSelection(bool keep, const QString &reason);
    /// A JSON list with an object per selected item goes to the clipboard.
    void copySelectionAsJson();

    /// Widths, order and visibility of the columns, as an opaque value to be remembered.
    QByteArray columnState() const;
    void restoreColumnState(const QByteArray &state);
    /// Filter, order and columns.
    SavedView currentView() const;
    void showView(const SavedView &view);

Q_SIGNALS:
    /// The current item, for the inspector.
    void candidateActivated(evalwright::CandidateId id);
    /// Asked for from the empty state of a data set that has no candidates.
    void fillRequested();
    void copied(qsizetype items);

private:
    using Interval = std::pair<int, int>; ///< Rows, both in it.
    void buildHead();
    void buildTable();
    void buildActions();
    void connectModel();
    void fillColumnMenu(QMenu *menu);
    void applyFilter(const ItemFilter &filter);
    void setSource();
    void setDimmed(bool dimmed);
    void updateState();
    void updateSelection();
    void selectionChanged();
    void announceCurrent(bool again = false);
    void rememberSelection();
    void restoreSelection();
    QList<Interval> selectedIntervals() const;
    void showOutcome(bool keep, bool undone, const Result<DecideCommand::Outcome> &outcome);
    void showSort();
    void showColumns(const QJsonArray &columns);
    QJsonArray shownColumns() const;
    void readIndexState();

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QUndoStack *m_undo;
    ItemReader m_reader;
    ItemModel *m_model;
    Banner *m_banner;
    FilterField *m_field;
    FacetBar *m_facets;
    QLabel *m_count, *m_indexNote;
    QToolButton *m_stop, *m_columns;
    ViewsButton *m_views;
    QWidget *m_pageActions;
    QWidget *m_chosenBar;
    QLabel *m_chosenText;
    std::optional<std::vector<qint64>> m_only; ///< Shown alone; unset: the whole data set is shown.
    SelectionBar *m_selectionBar;
    ItemTable *m_table;
    ItemDelegate *m_delegate;
    QWidget *m_empty;
    QLabel *m_emptyText;
    QPushButton *m_emptyButton;
    QTimer m_dimTimer, m_indexTimer;
    std::function<void()> m_bannerAction;
    CandidateId m_announced;
    bool m_all = false;         ///< All rows that match are selected, whatever their number.
    bool m_isSelecting = false; ///< The page itself changes the selection.
    bool m_isRestoring = false; ///< The header gets a former state, which is no wish for another order.
    struct Kept
    {
        SharedOrder order;
        QList<Interval> selected;
        qint64 current = 0;
    };
    std::optional<Kept> m_kept; ///< While rows change their places.
    std::vector<std::function<void()>> m_whenLoaded;
};

} // namespace evalwright
