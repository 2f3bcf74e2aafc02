// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

class QFileDevice;

namespace evalwright {

/// What a failed file operation means; `what` is the beginning of a sentence ("Could not read").
Error fileError(const QFileDevice &file, const QString &what, const QString &path);
/// InvalidInput for what is there and is no regular file: a folder, or a pipe or device that reading would wait for or never
/// end with. What is not there is told by whoever opens it.
Status requireRegularFile(const QString &path);
/// The work stopped on request before it changed anything.
Error stoppedOnRequest();

} // namespace evalwright
