// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/itemselection.h"

namespace evalwright {

/// Puts rows into the order of their texts (the statement, or the question where there is none), ASCII letters in either
/// case; equal ones by number. Reads the beginnings of the texts once, and further parts only of those that begin alike, so
/// that a million texts need not be held. Cancelled.
Status sortByText(Connection &connection, const ItemColumns &columns, ItemRows &rows, Qt::SortOrder direction,
                  const CancellationToken &token = {});

} // namespace evalwright
