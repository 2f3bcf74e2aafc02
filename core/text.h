// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace evalwright {

/// Comparison form of methods-mwe section 8: NFKC, lower case, `_` and runs of non-letters-non-digits to one blank,
/// trimmed.
QString fold(const QString &text);

/// Up to `limit` names of `known` nearest to `wanted` by edit distance (at most half its length away), nearest first.
QStringList nearestNames(const QString &wanted, const QStringList &known, int limit = 3);

/// The last path component of a name that may be a path of a server's machine (either slash).
QString withoutDirectory(const QString &name);

/// "135M", "1.5B" for a number of parameters; an em dash when unknown.
QString formatParameters(std::optional<double> parameters);
/// The number that "135M", "1.5B", "7k" or "1e9" means; unset for anything else and for what is not above 0.
std::optional<double> parametersFromText(const QString &text);

/// "92.9 MB" (decimal units).
QString formatBytes(qint64 bytes);

/// "45 s", "3 min 20 s", "2 h 5 min".
QString formatDuration(double seconds);

} // namespace evalwright
