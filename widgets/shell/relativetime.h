// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

/// "3 minutes ago" for a stored ISO 8601 time; an em dash for an empty one.
QString relativeTime(const QString &isoTime);
/// The same moment in the reader's locale and time zone, for a tooltip.
QString exactTime(const QString &isoTime);

} // namespace evalwright
