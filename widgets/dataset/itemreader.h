// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/items/itemrows.h"
#include "storage/items/itemselection.h"
#include "storage/project.h"

#include <QFuture>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace evalwright {

/// Which rows, in which order.
struct ItemQuery
{
    ItemFilter filter;
    ItemSort sort = ItemSort::Number;
    Qt::SortOrder direction = Qt::AscendingOrder;
    bool anew = false; ///< The columns are read once more first, since the project changed.
};

/// The answer: an order over columns that nobody changes any more.
struct ItemOrder
{
    std::shared_ptr<const ItemColumns> columns;
    ItemRows rows;
    ItemFacets facets;

    qint64 size() const { return static_cast<qint64>(rows.size()); }
    qint64 idAt(qint64 row) const { return columns->id[rows[static_cast<std::size_t>(row)]]; }
    std::vector<qint64> ids(qint64 from, qint64 to) const; ///< Candidates of the rows from `from` up to before `to`.
    std::vector<qint64> allIds() const { return ids(0, size()); }
    /// The same candidates in the same order, whatever else is known of them.
    bool hasSameRows(const ItemOrder &other) const;
};
using SharedOrder = std::shared_ptr<const ItemOrder>;

/// Where a table of items has its rows from. All of it answers some time later, and a cancelled token may be answered with
/// ErrorCode::Cancelled.
struct ItemSource
{
    /// The first rows by number while the first order is being worked out; may be empty.
    std::function<QFuture<Result<FirstItems>>(qint64 limit, const CancellationToken &)> first;
    std::function<QFuture<Result<SharedOrder>>(const ItemQuery &, const CancellationToken &)> order;
    std::function<QFuture<Result<QList<ItemRow>>>(const std::vector<qint64> &candidates, const CancellationToken &)> rows;
};

/// Reads the items of one data set for one page, on the project's reader threads. The columns are read once and then shared
/// by all questions, until one asks for them anew.
class ItemReader
{
public:
    ItemReader(std::shared_ptr<Project> project, DatasetId dataset);

    ItemSource source() const;
    /// These candidates alone; filters, orders and facets apply among them.
    ItemSource sourceOf(std::vector<qint64> candidates) const;
    /// For completion.
    QFuture<Result<QStringList>> values(ItemField field) const;
    const std::shared_ptr<Project> &project() const { return m_project; }

private:
    struct Held;
    ItemSource make(std::optional<std::vector<qint64>> only) const;

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    std::shared_ptr<Held> m_held;
};

} // namespace evalwright
