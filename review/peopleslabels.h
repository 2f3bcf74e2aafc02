// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "storage/connection.h"

#include <QHash>

namespace evalwright::review {

/// By candidate: whether people call the item's label right. Of all reviews of the data set; where two have a word on one
/// item (a decision, else a majority), the newer review's counts. Cancelled.
Result<QHash<qint64, bool>> labelsByPeople(Connection &connection, DatasetId dataset, const CancellationToken &token = {});

} // namespace evalwright::review
