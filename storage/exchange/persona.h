// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"

namespace evalwright {

/// JSON Lines as published with Perez et al. 2022 (github.com/anthropics/evals): `question`, `answer_matching_behavior`
/// and `answer_not_matching_behavior` (text or list) are required, `statement` and `label_confidence` belong to the
/// persona files, other fields are kept. An import followed by an export gives the same bytes: the dialect of the file
/// is stored with its source, and a row that the writer would not reproduce keeps its own text. Files with blank lines
/// or both kinds of line ends give the same rows, not the same bytes.
///
/// Labels are stored as read (" Yes"). Candidate::extra is {"fields": unknown fields, "flags": marks}, both optional.
FileFormat anthropicEvalsFormat();

} // namespace evalwright
