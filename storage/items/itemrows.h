// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>
#include <QStringList>

#include <optional>
#include <vector>

namespace evalwright {

/// All that a row of the items view shows.
struct ItemRow
{
    CandidateRow candidate;
    std::optional<double> labelMass; ///< 0..1, the checker's smallest; unset when no checker scored the label.
    QStringList tags;                ///< By name.
    QString source;                  ///< Name of the file that it was imported from.
    bool isEdited = false;           ///< Its text was changed here.

    qint64 id() const { return candidate.candidate.id.value; }
};

/// The rows of these candidates, in their order; a candidate that is gone has a row without an id. Some twenty
/// microseconds each, so ask for a screen or two at once.
Result<QList<ItemRow>> itemRows(Connection &connection, const std::vector<qint64> &candidates);

/// What can be shown before the columns of a large data set have been read: its first rows by number.
struct FirstItems
{
    QList<ItemRow> rows;
    /// How many rows there are if none of the numbers is left out; exact when `rows` are all.
    qint64 estimate = 0;
};
Result<FirstItems> firstItems(Connection &connection, DatasetId dataset, qint64 limit);

} // namespace evalwright
