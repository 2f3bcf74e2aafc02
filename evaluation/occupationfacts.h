// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/itemfacts.h"

namespace evalwright {

/// What can be counted in a table of occupations (storage/exchange/occupations.h), which is no data set.
struct OccupationFacts
{
    QString fileName, sha256;
    qint64 bytes = 0;
    qint64 rows = 0, bad = 0; ///< Bad rows are not in the other numbers.
    qint64 withStatistic = 0, names = 0, otherPersons = 0; ///< `names`: different everyday names, else titles.
    std::optional<double> meanPercent, smallestPercent, largestPercent;
    OccupationStatistics statistics; ///< By everyday name and by title.

    nlohmann::json toJson() const;
};
/// Errors: as readOccupations().
Result<OccupationFacts> occupationFacts(const QString &path, const CancellationToken &token = {});

} // namespace evalwright
