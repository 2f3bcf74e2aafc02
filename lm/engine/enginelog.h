// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

namespace evalwright {

/// Path of a fresh, empty log `engine-<name>.log` that only its owner can read; the previous one becomes `….log.1`.
Result<QString> freshEngineLog(const QString &folder, const QString &name);

/// The last lines of a log as text, "" when there is none.
QString engineLogTail(const QString &path, int lines = 12);

/// When a log has grown over `limit` bytes, its content moves to `….log.1` and it starts anew. The server keeps
/// writing to the same file, in append mode.
void limitEngineLog(const QString &path, qint64 limit = 4'000'000);

} // namespace evalwright
