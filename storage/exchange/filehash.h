// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QFileDevice>
#include <QString>

namespace evalwright {

/// Lower-case hex SHA-256 of what is left to read in an open file; `path` is what messages call it. Storage, Cancelled.
Result<QString> sha256OfRest(QFileDevice &file, const QString &path, const CancellationToken &token = {});
/// Of a whole file.
Result<QString> sha256OfFile(const QString &path, const CancellationToken &token = {});

} // namespace evalwright
