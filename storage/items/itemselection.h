// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/itemcolumns.h"
#include "storage/items/itemfilter.h"

#include <QMap>

namespace evalwright {

enum class ItemSort { Number, Text, Answer, Label, Confidence, State, Reason, Stage, By, Cluster, Tags, Source, Edited, Mass };
/// Every order with its name in commands and saved views.
const QList<std::pair<QString, ItemSort>> &itemSorts();
/// InvalidInput lists the names.
Result<ItemSort> itemSortFrom(const QString &name);

/// Rows of ItemColumns in the order in which they are shown.
using ItemRows = std::vector<std::uint32_t>;

/// How many rows each value has among those that all other conditions of the filter let through: what a chip would lead to.
struct ItemFacets
{
    qint64 total = 0;               ///< Rows of the data set.
    QMap<QString, qint64> labels, reasons, stages;
    QMap<QString, qint64> tags;     ///< With those of the data set that no row would have.
    qint64 block = 0, warn = 0, info = 0; ///< Rows with a finding of this severity.
    qint64 kept = 0, rejected = 0, undecided = 0;
    std::vector<qint64> confidence; ///< Ten bands of a tenth each; 1.0 is in the last.
    qint64 withoutConfidence = 0;
};

struct ItemSelection
{
    ItemRows rows;
    ItemFacets facets;
};

/// The rows that a filter lets through, and the facets beside them. What the columns do not hold (words, tags, findings,
/// ratings, files) is asked of the project, each a list of ids. Cancelled. Values that do not occur select nothing.
Result<ItemSelection> selectItems(Connection &connection, const ItemColumns &columns, const ItemFilter &filter,
                                  const CancellationToken &token = {});

/// InvalidInput when the filter names a reason that no candidate of the data set has, with those that there are.
Status checkReasons(const ItemColumns &columns, const ItemFilter &filter);

/// Puts rows into an order; equal ones by number. `Text` reads the texts; what else the columns do not hold is read when it is
/// first asked for, and stays with them. Rows without a value (no confidence, cluster, tag, file or edit) come last either
/// way; by reason, stage and person or rule, rows without a decision come first.
Status sortItems(Connection &connection, const ItemColumns &columns, ItemRows &rows, ItemSort sort, Qt::SortOrder direction,
                 const CancellationToken &token = {});

/// What a field's values are in a data set, for completion: at most 200, the most frequent first where that is known.
Result<QStringList> itemFieldValues(Connection &connection, const ItemColumns &columns, ItemField field);

} // namespace evalwright
