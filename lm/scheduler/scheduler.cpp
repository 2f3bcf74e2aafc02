// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/scheduler.h"

#include <chrono>

namespace evalwright {

double Scheduler::now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::shared_ptr<EndpointGate> Scheduler::gate(const QString &baseUrl, const EndpointLimits &limits)
{
    const std::lock_guard lock(m_mutex);
    std::weak_ptr<EndpointGate> &known = m_gates[baseUrl];
    auto gate = known.lock();
    if (!gate) {
        gate = std::make_shared<EndpointGate>(baseUrl, limits);
        known = gate;
    }
    return gate;
}

bool Scheduler::claim(const QString &project, const QByteArray &key)
{
    const QByteArray entry = key + project.toUtf8();
    const std::lock_guard lock(m_mutex);
    if (m_claimed.contains(entry))
        return false;
    m_claimed.insert(entry);
    return true;
}

void Scheduler::release(const QString &project, const QByteArray &key)
{
    const std::lock_guard lock(m_mutex);
    m_claimed.remove(key + project.toUtf8());
}

} // namespace evalwright
