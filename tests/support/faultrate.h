// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <chrono>
#include <deque>
#include <optional>
#include <queue>
#include <vector>

namespace evalwright::test {

/// How many requests a server takes per second. Beyond that it answers 429.
struct RateRule
{
    enum class Kind {
        None,
        TokenBucket,   ///< Holds at most `burst` tokens and gains `perSecond`; a request takes one.
        FixedWindow,   ///< perSecond · windowSeconds requests from one whole multiple of the window to the next.
        SlidingWindow, ///< perSecond · windowSeconds requests in the last windowSeconds, at any time.
    };
    Kind kind = Kind::None;
    double perSecond = 0;
    double burst = 1;          ///< Token bucket only; at least 1.
    double windowSeconds = 1;  ///< Windows only.
    bool retryAfter = true;    ///< A refusal says "Retry-After: whole seconds, rounded up"…
    bool retryAfterMs = false; ///< …and "retry-after-ms".
    bool headers = false;      ///< Every answer has x-ratelimit-{limit,remaining,reset}-requests.

    /// "token-bucket", "fixed-window", "sliding-window", "none".
    static std::optional<Kind> kindNamed(const QByteArray &name);
};

/// What the rule says about one request.
struct RateVerdict
{
    bool isAdmitted = true;
    int limit = 0;           ///< Most requests at once: bucket size or requests per window.
    int remaining = 0;       ///< After this one.
    double resetSeconds = 0; ///< Until `remaining` is `limit` again.
    double waitSeconds = 0;  ///< Until the next request is admitted; 0 if it would be now.
};

/// Keeps a rule. Not thread-safe.
class RateGate
{
public:
    using Clock = std::chrono::steady_clock;
    explicit RateGate(const RateRule &rule, Clock::time_point start = Clock::now());
    /// `now` never goes back. A refused request does not count.
    RateVerdict ask(Clock::time_point now);

private:
    RateVerdict askBucket(double now);
    RateVerdict askFixed(double now);
    RateVerdict askSliding(double now);
    RateRule m_rule;
    Clock::time_point m_start;
    double m_tokens = 0, m_filled = 0; ///< Token bucket: content, and as of when.
    qint64 m_window = 0;               ///< Fixed window: its number and the requests in it.
    int m_inWindow = 0;
    std::deque<double> m_taken; ///< Sliding window: when.
};

/// How long a server works, and on how many requests at once.
struct Pace
{
    int latencyMs = 0;    ///< For every answer with status 200.
    int parallel = 0;     ///< So many requests are worked on at once, the others wait in a queue. 0: all at once.
    int mostInFlight = 0; ///< A request that comes while so many others are not answered yet gets 429. 0: no limit.
};

/// Says when a request is answered. A slot stays busy even if its client goes away. Not thread-safe.
class PaceKeeper
{
public:
    using Clock = std::chrono::steady_clock;
    explicit PaceKeeper(const Pace &pace);
    Clock::time_point answerAt(Clock::time_point now);

private:
    Pace m_pace;
    std::priority_queue<Clock::time_point, std::vector<Clock::time_point>, std::greater<>> m_freeAt;
};

/// As OpenAI writes a duration in its headers: "20ms", "1.5s", "6m0s".
QByteArray durationText(double seconds);
/// An HTTP date so many seconds from now, rounded up to a whole one.
QByteArray httpDateIn(double seconds);

} // namespace evalwright::test
