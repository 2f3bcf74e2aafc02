// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace evalwright {

/// Things on their way from one thread to another, in order. What waits in it is bounded: whoever makes faster than the
/// other takes waits.
template <class T>
class Handover
{
public:
    explicit Handover(std::size_t most) : m_most(most) {}

    /// False when nobody takes them any more.
    bool push(T &&thing)
    {
        std::unique_lock lock(m_mutex);
        m_moved.wait(lock, [this] { return m_abandoned || m_waiting.size() < m_most; });
        if (m_abandoned)
            return false;
        m_waiting.push_back(std::move(thing));
        m_moved.notify_all();
        return true;
    }
    /// No more will come. Not `complete`: what waits is not to be taken either.
    void end(bool complete = true)
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
        m_complete = complete;
        m_moved.notify_all();
    }
    /// The next one; nothing at the end.
    std::optional<T> pop()
    {
        std::unique_lock lock(m_mutex);
        m_moved.wait(lock, [this] { return m_ended || !m_waiting.empty(); });
        if ((m_ended && !m_complete) || m_waiting.empty())
            return std::nullopt;
        std::optional<T> thing(std::move(m_waiting.front()));
        m_waiting.pop_front();
        m_moved.notify_all();
        return thing;
    }
    /// Ended, and all of it was to be taken.
    bool isComplete()
    {
        const std::lock_guard lock(m_mutex);
        return m_ended && m_complete;
    }
    /// Nothing more is taken; nobody waits for room.
    void abandon()
    {
        const std::lock_guard lock(m_mutex);
        m_abandoned = true;
        m_moved.notify_all();
    }

private:
    const std::size_t m_most;
    std::mutex m_mutex;
    std::condition_variable m_moved;
    std::deque<T> m_waiting;
    bool m_ended = false, m_complete = false, m_abandoned = false;
};

} // namespace evalwright
