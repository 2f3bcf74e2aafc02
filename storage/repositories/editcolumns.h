// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/repositories/edits.h"

#include <nlohmann/json_fwd.hpp>

/// How `before` and `after` of an edit are stored: as objects of the columns that changed.
namespace evalwright::editcolumns {

nlohmann::json labelsToJson(const QStringList &labels);
/// The columns in which `text` differs from `other`, as `text` has them.
QString differing(const CandidateText &text, const CandidateText &other);
/// Puts stored columns over a text.
void apply(const QString &stored, CandidateText &text);

} // namespace evalwright::editcolumns
