// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

namespace evalwright {

/// May a command write its result to `path`? AlreadyExists when something has the name, be it a link to nothing, and
/// `overwrite` is not set. InvalidInput, whatever is set: folders, devices, pipes and links to nothing, and every file
/// that belongs to the project at `projectPath` (itself, SQLite's files beside it, its lock, backups), under whatever
/// name.
Status mayWriteFile(const QString &path, const QString &projectPath, bool overwrite);

} // namespace evalwright
