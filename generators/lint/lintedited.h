// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/connection.h"

#include <QString>

namespace evalwright {

/// Findings of at most so many edited items are renewed with the edit; those of more wait for lint, which takes longer than
/// an edit may.
inline constexpr qint64 mostLintedWithEdit = 1000;

/// Looks anew at the items that the edits of a batch changed, in the transaction that stored the edits. Rules that look at an
/// item alone are run; findings of rules that compare it with others (repeats, frame) stay, and say from now on that they are
/// about a text before an edit. Items that are not kept and have no findings are passed over. False when they are too many
/// and the project has findings: then nothing was done.
Result<bool> lintEdits(Connection &connection, const QString &batch);

} // namespace evalwright
