// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/scheduler/endpointgate.h"

#include <QByteArray>
#include <QHash>
#include <QSet>

#include <map>

namespace evalwright {

/// What the jobs of one program share: the gates of the endpoints, and which requests are under way, so that the same
/// request of two jobs is asked once. Thread-safe.
class Scheduler
{
public:
    /// The gate of an address; made on first use. Later limits of the same address replace nothing while a job is
    /// working there.
    std::shared_ptr<EndpointGate> gate(const QString &baseUrl, const EndpointLimits &limits);

    /// Claims a request of a project: true when nobody else is asking it. Give it back when its answer is stored or it
    /// is given up.
    bool claim(const QString &project, const QByteArray &key);
    void release(const QString &project, const QByteArray &key);

    /// Seconds of the steady clock that all gates are asked with.
    static double now();

private:
    std::mutex m_mutex;
    std::map<QString, std::weak_ptr<EndpointGate>> m_gates;
    QSet<QByteArray> m_claimed;
};

} // namespace evalwright
