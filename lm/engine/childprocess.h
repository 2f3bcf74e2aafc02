// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <memory>
#include <sys/types.h>

namespace evalwright {

/// A child process that may be started on one thread and ended on another (QProcess may not). Its standard input is
/// a connection that ends with this process, however it ends. Runs in a session of its own, so that Ctrl-C in the
/// terminal stops the work but not the model server below it.
class ChildProcess
{
public:
    struct Setup
    {
        QString program; ///< Absolute path.
        QStringList arguments;
        QByteArrayList environment; ///< NAME=value; nothing else is inherited.
        QString logPath;            ///< Standard error is appended here.
    };
    static Result<std::unique_ptr<ChildProcess>> start(const Setup &setup);
    ~ChildProcess(); ///< Ends it as stop() does.
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;

    pid_t pid() const { return m_pid; }
    /// Readable when the process has ended; for poll().
    int endDescriptor() const { return m_pidfd; }

    /// Writes to its standard input. Engine when it is gone.
    Status write(const QByteArray &bytes);
    /// The first line of its standard output. Engine when it ends before, Timeout, Cancelled (within 50 ms).
    Result<QByteArray> readLine(std::chrono::milliseconds timeout, const CancellationToken &token);
    /// True when it has ended; waits up to `timeout`.
    bool hasEnded(std::chrono::milliseconds timeout = {});
    /// It ended by itself with exit status 0; only after hasEnded().
    bool succeeded() const;
    /// "exit status 1", "signal 9 (Killed)"; only after hasEnded().
    QString howItEnded() const;
    /// Closes the input, which asks it to end; kills it when it does not within `grace`.
    void stop(std::chrono::milliseconds grace = std::chrono::seconds(3));

private:
    ChildProcess() = default;
    pid_t m_pid = -1;
    int m_pidfd = -1, m_input = -1, m_output = -1;
    bool m_reaped = false;
    int m_status = 0;
};

/// The environment for a model server: what it needs to run, without the keys of other services.
QByteArrayList serverEnvironment();

} // namespace evalwright
