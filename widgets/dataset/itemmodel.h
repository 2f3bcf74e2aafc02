// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"

#include <QAbstractTableModel>
#include <QFuture>
#include <QHash>
#include <QSet>
#include <QTimer>

#include <functional>
#include <optional>

namespace evalwright {

/// One row of the items table: a candidate, its latest decision, and the checker's smallest label mass.
struct ItemRow
{
    CandidateRow candidate;
    std::optional<double> labelMass; ///< 0..1; unset when no checker scored the label.
};

/// What is asked of the store for one window of rows.
struct ItemQuery
{
    CandidateFilter filter;
    CandidateOrder order = CandidateOrder::Ordinal;
    Qt::SortOrder direction = Qt::AscendingOrder;
    qint64 offset = 0, limit = 0;
    bool count = false; ///< Also ask for the number of matching rows.
};
struct ItemPage
{
    QList<ItemRow> rows;
    std::optional<qint64> total;
};

/// Answers a query some time later. A token cancelled before the work starts may be answered with ErrorCode::Cancelled.
using FetchItems = std::function<QFuture<Result<ItemPage>>(const ItemQuery &, const CancellationToken &)>;
/// Reads from a project on its reader threads.
FetchItems itemsFromProject(std::shared_ptr<Project> project);

/// A window onto the candidates of a data set that holds a few pages of rows and asks for the others when a view wants
/// to paint them. Never waits: until a page has come its rows are empty and `isLoaded` is false. Each change of filter
/// or order starts a new generation; answers to an older one are dropped.
class ItemModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Number, Statement, MatchingAnswer, Confidence, State, CheckerMass, ColumnCount };
    enum class RowState { Loading, Kept, Rejected, Undecided };
    enum Role {
        RowStateRole = Qt::UserRole, ///< int of RowState
        ReasonRole,                  ///< Reason code of the latest decision, as stored
        MatchesRole,                 ///< bool: the matching answer is the affirmative one ("Yes")
        CandidateIdRole,             ///< qint64; 0 while loading
    };
    static constexpr int pageSize = 200;
    static constexpr int cachedPages = 40;

    explicit ItemModel(QObject *parent = nullptr);
    ~ItemModel() override;

    /// Starts over with another source; an empty function clears the table.
    void setSource(FetchItems fetch, const CandidateFilter &filter);
    void setFilter(const CandidateFilter &filter);
    const CandidateFilter &filter() const { return m_filter; }
    /// The query of a window with the present filter and order.
    ItemQuery window(qint64 offset, qint64 limit) const;
    /// Reads again in place, at most twice a second: rows, selection and scroll position stay while the answers come.
    void refreshSoon();

    static bool isSortable(int column);
    CandidateOrder order() const { return m_order; }
    Qt::SortOrder direction() const { return m_direction; }
    /// True between a change of filter or order and its first answer; the rows shown are still the former ones.
    bool isLoading() const { return m_resetting; }
    /// The row if its page is here.
    const ItemRow *itemAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

Q_SIGNALS:
    void loadingChanged(bool loading);
    /// The answer to a change of filter or order, or to a refresh, is in.
    void loaded();
    void failed(const evalwright::Error &error);

private:
    struct Page
    {
        QList<ItemRow> rows;
        bool stale = false;
    };
    void startOver();
    void refreshNow();
    void want(int page) const;
    void fetchWanted();
    void fetchPage(int page);
    void install(int page, QList<ItemRow> rows);
    void setRowTotal(qint64 total);
    void setLoading(bool loading);
    QVariant display(const ItemRow &item, int column, int row) const;
    QVariant toolTip(const ItemRow &item, int column) const;

    FetchItems m_fetch;
    CandidateFilter m_filter;
    CandidateOrder m_order = CandidateOrder::Ordinal;
    Qt::SortOrder m_direction = Qt::AscendingOrder;
    quint64 m_generation = 0;
    CancellationToken m_token;
    bool m_resetting = false;
    bool m_refreshing = false, m_refreshAgain = false;
    int m_rows = 0;
    QHash<int, Page> m_pages;
    QSet<int> m_inFlight;
    mutable QList<int> m_recent; ///< Pages by last use, latest at the end.
    mutable QList<int> m_wanted; ///< Pages a view asked for, latest at the end.
    mutable QTimer m_fetchTimer;
    QTimer m_refreshTimer;
};

} // namespace evalwright
