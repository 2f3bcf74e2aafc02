// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/dataset/itemreader.h"
#include "widgets/dataset/segmentcache.h"

#include <QAbstractTableModel>
#include <QElapsedTimer>
#include <QHash>
#include <QTimer>

namespace evalwright {

/// A window onto the items of a data set. The order of all rows is in memory, as numbers; of the rows themselves a few
/// segments are, and others are read when a view wants to paint them. Never waits: until a row has come it is empty and
/// `itemAt` has nothing.
///
/// Each change of filter or order is a question of its own; answers to an older one are dropped. Until the answer is in,
/// the rows of the former one stay and can be scrolled through.
class ItemModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Number,
        Statement,
        MatchingAnswer,
        WantedLabel,
        Confidence,
        State,
        Reason,
        Stage,
        DecidedBy,
        Cluster,
        Tags,
        Source,
        Edited,
        CheckerMass,
        ColumnCount
    };
    enum class RowState { Loading, Kept, Rejected, Undecided };
    enum Role {
        RowStateRole = Qt::UserRole, ///< int of RowState
        ReasonRole,                  ///< Reason code of the latest decision, as stored
        MatchesRole,                 ///< bool: the matching answer is the affirmative one ("Yes")
        CandidateIdRole,             ///< qint64; 0 while loading
    };
    /// What is known of the number of rows.
    enum class CountState {
        Unknown,  ///< Nothing has been read yet.
        Counting, ///< An estimate, or the number of the former answer.
        Exact,
    };
    static constexpr int segmentSize = 100;
    static constexpr int cachedSegments = 80;

    explicit ItemModel(QObject *parent = nullptr);
    ~ItemModel() override;

    /// Starts over with another source; one without functions clears the table.
    void setSource(ItemSource source, const ItemFilter &filter);
    void setFilter(const ItemFilter &filter);
    const ItemFilter &filter() const { return m_question.filter; }
    /// Reads again in place after the project changed, the more seldom the longer it takes: rows, selection and scroll
    /// position stay while the answers come. `isAwaited`: a person just changed it here and looks for the change.
    void refreshSoon(bool isAwaited = false);

    static ItemSort sortOf(int column);
    static int columnOf(ItemSort sort);
    static QString columnName(int column); ///< For people.
    static QString columnKey(int column);  ///< For files: stays the same.
    ItemSort order() const { return m_question.sort; }
    Qt::SortOrder direction() const { return m_question.direction; }

    CountState countState() const { return m_countState; }
    /// True between a change of filter or order and its first answer; the rows shown are still the former ones.
    bool isLoading() const { return m_loading; }
    /// Loading, and it is the order alone that is another.
    bool isSorting() const { return m_loading && m_order && m_question.filter == m_shownQuestion.filter; }
    /// Gives up the question that is being worked on and goes back to the one that is shown.
    void stop();
    /// What is shown; null before the first answer, when at most some rows by number are.
    const SharedOrder &shown() const { return m_order; }
    /// The row if it is here.
    const ItemRow *itemAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    void sortBy(ItemSort sort, Qt::SortOrder direction);

Q_SIGNALS:
    void loadingChanged(bool loading);
    /// Some rows are here before the order is known.
    void firstShown();
    /// The answer to a change of filter or order, or to a refresh, is in.
    void loaded();
    /// Around a refresh after which other rows stand at the places.
    void aboutToReorder();
    void reordered();
    void failed(const evalwright::Error &error);

private:
    void startOver();
    void askFirst();
    void answered(const Result<SharedOrder> &answer);
    void install(const SharedOrder &order);
    void refreshNow();
    void refreshed(const SharedOrder &order);
    void want(qint64 segment) const;
    void fetchWanted();
    void fetch(qint64 segment);
    void dropFetches();
    void setRowTotal(qint64 total);
    void setLoading(bool loading);
    void tellAllChanged();
    QVariant display(const ItemRow &item, int column) const;
    QVariant toolTip(const ItemRow &item, int column) const;

    ItemSource m_source;
    ItemQuery m_question, m_shownQuestion;
    quint64 m_asked = 0, m_shownNumber = 0; ///< Generations of questions and of what is shown.
    CancellationToken m_token;              ///< Of the newest question.
    CountState m_countState = CountState::Unknown;
    bool m_loading = false, m_refreshing = false, m_refreshAgain = false;
    QElapsedTimer m_refreshTook;
    qint64 m_refreshCost = 0; ///< Milliseconds.
    SharedOrder m_order;
    int m_rows = 0;
    mutable SegmentCache<ItemRow> m_cache{segmentSize, cachedSegments};
    QHash<qint64, CancellationToken> m_inFlight; ///< By segment.
    mutable QList<qint64> m_wanted;              ///< Segments a view asked for, latest at the end.
    mutable QTimer m_fetchTimer;
    QTimer m_refreshTimer;
};

} // namespace evalwright
