// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>

namespace evalwright {

/// The whole of a file that a person wrote: questions, a guideline, rules. Storage: it cannot be read. InvalidInput: more
/// than 4 MiB, or no regular file (a pipe would be waited for). Blocks.
Result<QByteArray> readSmallFile(const QString &path);

} // namespace evalwright
