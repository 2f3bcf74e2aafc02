// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

class Session;

/// Work on whole project files, as lines of the activity bar with progress and a way to stop.
void queueBackup(Session &session, const QString &to, bool overwrite);
/// Nothing else runs meanwhile.
void queueCompaction(Session &session);
/// Brings everything of another project into this one.
void queueMerge(Session &session, const QString &other);
/// Brings one data set of another project into this one. `as`: what it is called here; empty: as there, or “NAME (2)”.
void queueCopyFrom(Session &session, const QString &other, const QString &dataset, const QString &as);
/// Brings a data set of this project into another one, which is opened for it.
void queueCopyTo(Session &session, const QString &dataset, const QString &other);
/// Makes a new project of what can be read of a damaged one; needs none to be open. Returns its ticket.
quint64 queueRecovery(Session &session, const QString &damaged, const QString &to);

} // namespace evalwright
