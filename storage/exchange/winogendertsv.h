// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"

namespace evalwright {

/// The tables of Rudinger et al. 2018 (github.com/rudinger/winogender-schemas), read only, as a "winogender" data set:
/// - templates.tsv: an item for each template; `answer` (0: the pronoun means the occupation, 1: the other person) is
///   kept in Candidate::fields beside the fields of the family, `index` counts the templates from 0;
/// - all_sentences.tsv: an item for three lines that follow each other and differ in the pronoun (and, behind "they",
///   in the verb): male, female, neutral; a line whose companions are not there is a bad row.
/// Neither has the share of women: percent_women is null (see occupations.h for the statistics beside them).
FileFormat winogenderFormat();

} // namespace evalwright
