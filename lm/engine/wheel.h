// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QByteArrayView>
#include <QString>

#include <functional>

namespace evalwright {

/// Streams one member of a wheel (a zip archive) to `sink`, piece by piece. The caller chooses where the bytes go:
/// no path of the archive is ever used as a path on disk.
///
/// The member has to have exactly `bytes` bytes, so an archive cannot unpack to more than was announced.
/// Corrupt when the archive or the member is not as stated; errors of `sink` are passed on.
Status readWheelMember(const QString &wheel, const QString &member, qint64 bytes, const CancellationToken &token,
                       const std::function<Status(QByteArrayView)> &sink);

} // namespace evalwright
