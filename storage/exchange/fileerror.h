// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

class QFileDevice;

namespace evalwright {

/// What a failed file operation means; `what` is the beginning of a sentence ("Could not read").
Error fileError(const QFileDevice &file, const QString &what, const QString &path);
/// The work stopped on request before it changed anything.
Error stoppedOnRequest();

} // namespace evalwright
