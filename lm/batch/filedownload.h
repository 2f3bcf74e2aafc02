// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchapi.h"

namespace evalwright {

struct DownloadLimits
{
    qint64 bytes = qint64{4} * 1024 * 1024 * 1024; ///< After decompression.
    double connectSeconds = 10;
    double stallSeconds = 120; ///< Without a byte.
};

/// Streams one file to `path` (HttpTransport keeps whole replies in memory and refuses those above 64 MiB). The same
/// rules: http and https only, TLS verified, no redirects, so that the key stays at its host. The file gets its name
/// only when it arrived whole. `key` is replaced by "[key]" should the server repeat it. Blocks; a cancellation ends it
/// at once.
BatchReply<BatchDownload> downloadFile(const HttpRequest &request, const QByteArray &key, const QString &keyEnv,
                                       const QString &path, const DownloadLimits &limits,
                                       const CancellationToken &token);

} // namespace evalwright
