// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/requestrunner.h"

#include <map>
#include <mutex>
#include <tuple>

namespace evalwright {

/// What a look at a server's own pages says against what its model's probe saw.
struct ServerLook
{
    QStringList changes; ///< In words; empty when nothing that both sides know is different.
    QString warning;     ///< Set when the pages could not be read, so that nothing is known.
};

/// One or two requests for pages that cost nothing, tried once each, 10 s at most. Nothing to compare, and nothing
/// asked, for a model without a stored identity. An unreachable page is a warning, never an error; errors: Cancelled,
/// and those of ModelAccess::connect.
Result<ServerLook> lookAtServer(const JobServices &services, const Model &model, const CancellationToken &token);

/// Before a job's first request to a model, and every five minutes at most after that: that the server is still the one
/// that was probed. A job with another server behind the same address would mix scores of two builds. Lives as long as
/// the job's services; thread-safe.
class ServerChecks
{
public:
    /// ServerChanged when it is another one, with what is different and what to do; the model then carries the mark
    /// "server_changed" until it is probed again. `connection` is the job's own. What could not be checked is noted in
    /// the job's events and returned as text.
    Result<QString> check(const JobServices &services, JobId job, const Model &model, const ModelConnection &connection,
                          const CancellationToken &token);

private:
    using Key = std::tuple<QString, qint64, qint64, QString>; ///< Project, job, model, fingerprint.
    std::mutex m_mutex;
    std::map<Key, double> m_checkedAt; ///< Scheduler::now()
};

} // namespace evalwright
