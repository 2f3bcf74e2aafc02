// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/connection.h"

#include <functional>
#include <optional>

namespace evalwright {

/// The order in which the items of a data set are written.
class ItemOrder
{
public:
    /// `wanted` and `where` as in ExportOptions. InvalidInput for an order that there is not, and for a filter that
    /// cannot be read.
    static Result<ItemOrder> of(Connection &connection, const Dataset &dataset, const QString &wanted,
                                const QString &where = {});
    QString name() const { return m_name; }
    /// One item after the other; the first failure of `use` ends it.
    Status forEach(Connection &connection, const std::function<Status(Candidate &)> &use) const;

private:
    QString m_name;
    DatasetId m_dataset;
    std::optional<QList<qint64>> m_ids; ///< Unset: as they are stored.
};

} // namespace evalwright
