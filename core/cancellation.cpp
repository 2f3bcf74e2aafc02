// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cancellation.h"

#include <utility>
#include <vector>

namespace evalwright {

struct CancellationToken::State
{
    std::atomic<bool> cancelled = false;
    std::mutex mutex;
    std::map<int, std::function<void()>> listeners;
    int next = 0;
};

struct CancellationToken::Registration::Unregister
{
    std::weak_ptr<CancellationToken::State> state;
    int number = 0;
    ~Unregister()
    {
        if (const auto alive = state.lock()) {
            // Holding the mutex while listeners run means: after this line the listener is not running any more.
            const std::lock_guard lock(alive->mutex);
            alive->listeners.erase(number);
        }
    }
};

CancellationToken::Registration::Registration(Registration &&other) noexcept = default;
CancellationToken::Registration &CancellationToken::Registration::operator=(Registration &&other) noexcept = default;
CancellationToken::Registration::~Registration() = default;

CancellationToken::CancellationToken() : m_state(std::make_shared<State>()) {}

bool CancellationToken::isCancelled() const
{
    return m_state->cancelled.load(std::memory_order_acquire);
}

void CancellationToken::cancel() const
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->cancelled.exchange(true, std::memory_order_acq_rel))
        return;
    for (const auto &[number, listener] : m_state->listeners)
        listener();
}

CancellationToken::Registration CancellationToken::onCancel(std::function<void()> listener) const
{
    Registration registration;
    const std::lock_guard lock(m_state->mutex);
    if (m_state->cancelled.load(std::memory_order_acquire)) {
        listener();
        return registration;
    }
    registration.m_unregister = std::make_shared<Registration::Unregister>();
    registration.m_unregister->state = m_state;
    registration.m_unregister->number = m_state->next;
    m_state->listeners.emplace(m_state->next++, std::move(listener));
    return registration;
}

} // namespace evalwright
