// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"

namespace evalwright {

/// Tables with a header: "csv" (RFC 4180; the delimiter is guessed among `, ; tab |`) and "tsv" (no quoting). Which
/// column is which field is mapped (fieldmapping.h) or guessed from the header; columns that no field is mapped to are
/// kept as texts. A round trip keeps the texts; lists and unknown values that are no texts are written as JSON and come
/// back as texts. What a TSV cannot hold (tabs and line ends in a text) is refused, not changed.
///
/// Spreadsheet safety: a text cell that begins with `=`, `+`, `-`, `@`, tab, CR, LF, one of the full-width forms of the
/// first four or an apostrophe gets an apostrophe before it, and the first column `_ew_csv` has 1 in each row, by which
/// the reader knows to take one apostrophe off. Numbers are left alone.
FileFormat csvFormat();
FileFormat tsvFormat();

} // namespace evalwright
