// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <functional>

namespace evalwright {

/// Milliseconds of a clock that only goes forward.
using SteadyClock = std::function<qint64()>;
SteadyClock steadyClock();

/// Time that a rater worked on an item: while the window is in front, and without pauses. A stretch of more than 60 s
/// without any input is a pause and does not count at all.
class ActiveTime
{
public:
    static constexpr qint64 longestGap = 60'000; ///< ms

    explicit ActiveTime(SteadyClock clock) : m_clock(std::move(clock)), m_last(m_clock()) {}

    /// For another item, `seconds` of which were worked before.
    void restart(double seconds = 0);
    /// A key, a click, a turn of the wheel, a move of the pointer over the window.
    void input();
    /// Whether the window is in front of the rater.
    void setWatched(bool watched);
    double seconds() const;

private:
    qint64 sinceLast() const; ///< ms that count.

    SteadyClock m_clock;
    qint64 m_last; ///< Of the last input.
    qint64 m_total = 0;
    bool m_watched = false;
};

} // namespace evalwright
