// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/engine/childprocess.h"
#include "lm/engine/localengine.h"

namespace evalwright {

/// A model server that answers.
struct StartedServer
{
    std::unique_ptr<ChildProcess> process;
    int port = 0;
    qint64 pid = 0; ///< Of the process with the model; `process` is its guard.
    QByteArray key;
    QString build, logPath;
    double loadSeconds = 0;
};

/// What the server calls a file.
QString modelIdOf(const QString &ggufPath);
/// The file's place in log names.
QString engineLogName(const QString &ggufPath, const EngineOptions &options);

/// cores - 1, at least 1; cores as this process may use them.
int defaultEngineThreads();

/// Starts a server and waits until it answers. Nothing is left behind on an error.
Result<StartedServer> startServer(const LocalEngineSettings &settings, const QString &ggufPath,
                                  const EngineOptions &options, const CancellationToken &token);

/// Resident memory of a process in bytes, 0 when it is gone.
qint64 residentMemory(qint64 pid);

} // namespace evalwright
