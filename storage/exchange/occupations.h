// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/exchange/format.h"
#include "storage/exchange/inputrows.h"

namespace evalwright {

struct OccupationTable
{
    QList<OccupationRow> rows;
    QList<RowProblem> problems; ///< Every bad row; those are not in `rows`.
};

/// Reads a table of occupations, JSON Lines or a table with a header, known by its columns:
/// - winogenerated_occupations.jsonl: BLS_original_occupation, occupation, other_person, BLS_percent_women_2019;
/// - occupations-stats.tsv of the Winogender schemas: occupation, bls_pct_female (the title is the occupation);
/// - any table: title, percent_women, and occupation and other_person where it has them.
/// A share that is absent, null, empty or a dash is not known; another that is no number in 0 … 100 makes the row bad
/// (wrong-type), as do a missing title (missing-field) and a title that was there before (exact-duplicate).
/// Errors: as readRecords(); InvalidInput when no column is a title.
Result<OccupationTable> readOccupations(const QString &path, const CancellationToken &token = {});

} // namespace evalwright
