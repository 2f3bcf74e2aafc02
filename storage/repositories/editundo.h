// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/repositories/edits.h"

namespace evalwright {

/// Takes one edit of one candidate back, as undoEdits() does with all of its batch. Later edits of other columns stay.
/// NotFound when there is no such edit.
Result<UndoneEdits> undoEdit(Connection &connection, qint64 edit);

/// Whether a batch has edits in this project.
Result<bool> hasEdits(Connection &connection, const QString &batch);

} // namespace evalwright
