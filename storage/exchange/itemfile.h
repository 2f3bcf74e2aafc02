// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/exchange/format.h"

#include <functional>

namespace evalwright {

/// Reads the items of a file without storing them, twice as an import does, so that `use` gets them with the fields of
/// their family. Good and bad rows both. Errors: as readRecords(); Unsupported when the format is not recognised.
/// Returns what the file says about itself.
Result<FileFacts> readItemFile(const QString &path, const std::function<Status(const ImportedRow &row)> &use,
                               const CancellationToken &token = {});

} // namespace evalwright
