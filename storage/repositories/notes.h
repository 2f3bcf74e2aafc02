// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

namespace evalwright {

/// What stays with a data set in words: same-family | untried-checker | overridden-checker | release-with-findings | …
struct DatasetNote
{
    QString kind, text;
    QString detail = QStringLiteral("{}");
    QString actor = QStringLiteral("rule"); ///< rule | person
    QString createdAt;
};

/// Appends a note unless the data set has the same kind, text and actor already.
Status addNote(Connection &connection, DatasetId dataset, const DatasetNote &note);
/// In the order in which they were made.
Result<QList<DatasetNote>> notesOf(Connection &connection, DatasetId dataset);

} // namespace evalwright
