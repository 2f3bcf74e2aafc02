// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QList>

namespace evalwright {

/// A JSON list, indented, with one object per candidate: uuid, statement, question, answer_matching_behavior,
/// answer_not_matching_behavior, label_confidence, state (kept | rejected | undecided) and reason.
QString itemsAsJson(const QList<CandidateRow> &rows);

} // namespace evalwright
