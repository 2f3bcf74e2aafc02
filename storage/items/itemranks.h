// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/itemselection.h"

#include <map>
#include <mutex>

namespace evalwright {

/// Numbers that rows are ordered by, one a row; NaN: without a value.
using ItemRanks = std::shared_ptr<const std::vector<double>>;

/// Kept with the columns that they belong to, which several threads use.
struct RankCache
{
    std::mutex mutex;
    std::map<ItemSort, ItemRanks> known;
};

/// By the matching answer, cluster, tags, file, the latest edit or the checker's probability mass: reads these for all rows
/// of the columns, half a second for a million. Unsupported for other orders. Cancelled.
Result<ItemRanks> itemRanks(Connection &connection, const ItemColumns &columns, ItemSort sort, const CancellationToken &token = {});

} // namespace evalwright
