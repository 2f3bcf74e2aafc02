// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "lm/engine/catalogue.h"

#include <QString>
#include <QStringList>

#include <functional>

namespace evalwright {

/// A Python interpreter of at least version `least` ("3.10"): the system's, else the first one on the PATH.
/// Unsupported, with what to install, when there is none.
Result<QString> findPython(const QString &least);

/// The command that runs pip, e.g. {"/usr/bin/python3", "-m", "pip"}. Unsupported when no interpreter has it.
Result<QStringList> findPip(const QString &leastPython);

/// What pip is asked to fetch.
struct PackageFile
{
    QString package, version;
    qint64 bytes = 0;
    QString sha256;
};

/// Downloads one package without its dependencies into the empty folder `folder` and returns the wheel's path.
/// The file's hash is not looked at here. Blocking; the child ends with the calling thread, with the token, and with
/// this process. `downloaded` is told about how many bytes are there, a few times a second.
/// Network (retryable), DiskFull, NotFound; the last lines of pip are in Error::detail.
Result<QString> downloadWheel(const QStringList &pip, const PackageFile &file, const QString &folder,
                              const CancellationToken &token, const std::function<void(qint64)> &downloaded);

} // namespace evalwright
