// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/shownitem.h"
#include "storage/connection.h"

#include <functional>

namespace evalwright::review {

/// What raters see of these candidates of a data set's family, in no order, however many there are; those that are gone
/// are left out. The first failure of `use` ends it.
Status forEachShown(Connection &connection, const QList<qint64> &candidates, const QString &family,
                    const std::function<Status(const Candidate &item, const ShownItem &shown)> &use);

} // namespace evalwright::review
