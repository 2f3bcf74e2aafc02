// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

class Session;

/// Work on the open project's whole file, as lines of the activity bar with progress and a way to stop.
void queueBackup(Session &session, const QString &to, bool overwrite);
/// Nothing else runs meanwhile.
void queueCompaction(Session &session);
/// Brings everything of another project into this one.
void queueMerge(Session &session, const QString &other);

} // namespace evalwright
