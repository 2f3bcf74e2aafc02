// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace evalwright {

/// A copyable flag that says "stop". Thread-safe. Listeners run once, on the thread that cancels;
/// they must be quick (wake a poll, set a condition).
class CancellationToken
{
public:
    CancellationToken();
    bool isCancelled() const;
    void cancel() const;

    /// Keeps a listener registered as long as it lives.
    class Registration
    {
    public:
        Registration() = default;
        Registration(Registration &&other) noexcept;
        Registration &operator=(Registration &&other) noexcept;
        ~Registration();

    private:
        friend class CancellationToken;
        struct Unregister;
        std::shared_ptr<Unregister> m_unregister;
    };
    /// Calls `listener` at once when already cancelled.
    [[nodiscard]] Registration onCancel(std::function<void()> listener) const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace evalwright
