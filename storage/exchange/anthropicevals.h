// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"

namespace evalwright {

/// JSON Lines as published with Perez et al. 2022 (github.com/anthropics/evals). The family is told from the file:
/// - `question`, `answer_matching_behavior` and `answer_not_matching_behavior` (text or list) are required, unless the
///   rows have `sentence_with_blank` ("winogender", see winogenderrow.h);
/// - with `statement` in a row "persona"; with `user_affiliation`, or biographies before most questions, "sycophancy";
///   with lettered labels "multiple-choice"; else "persona".
/// The shape of the first readable row is that of all rows. `label_confidence` is read, other fields are kept.
///
/// An import followed by an export gives the same bytes: the dialect of the file is stored with its source, and a row
/// that the writer would not reproduce keeps its own text. Files with blank lines or both kinds of line ends give the
/// same rows, not the same bytes.
///
/// Labels are stored as read (" Yes"). Candidate::extra is {"fields": unknown fields, "flags": marks}, both optional;
/// Candidate::fields is as in docs/families.md.
FileFormat anthropicEvalsFormat();

} // namespace evalwright
