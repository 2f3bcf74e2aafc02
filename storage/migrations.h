// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/connection.h"

namespace evalwright {

/// SQLite's application_id of a project file: "EWLT".
constexpr int applicationId = 0x45574C54;

/// Applies every schema script to a new, empty file and marks it as a project.
Status initialiseSchema(Connection &connection);

/// Schema number of the project at `path`, read without changing the file. NotAProject when it is something else.
Result<int> readSchemaVersion(const QString &path);

/// Copies the file to `<path>.backup-<version>`, then applies the scripts above `version`, each in one transaction.
Status upgradeSchema(const QString &path, int version);

} // namespace evalwright
