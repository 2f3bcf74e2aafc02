// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <array>

namespace evalwright {

/// How many requests may be under way at once at an endpoint, found out while working.
///
/// Doubles from a small start while twice as many bring clearly more answers a second; then tries a quarter more now
/// and then and goes back when that brings nothing, or goes down when answers come slower and fewer. Halves when many
/// requests fail by overload, unless halving does not help: then the failures have another reason (docs/scheduler.md).
///
/// Pure: times in seconds of any steady clock, never going back.
class Concurrency
{
public:
    explicit Concurrency(int ceiling, int start = 4);

    int limit() const { return m_limit; }
    /// An answer came `latency` seconds after its request; `inFlight` counts it still. Returns the reason when the
    /// limit changed, else an empty text.
    QString answered(double now, double latency, int inFlight);
    /// A request failed by overload, a broken connection or a time-out.
    QString failed(double now);
    double meanLatency() const { return m_meanLatency; } ///< Seconds, moving mean; 0 before the first answer.

private:
    QString endOfSpan(double now, double perSecond, double latency);
    QString set(int limit, const QString &why);
    void startSpan(double now);
    double failedShare() const;
    void note(bool failed);

    int m_ceiling, m_limit;
    bool m_doubling = true;
    double m_meanLatency = 0;
    // The span over which throughput is measured.
    double m_spanStart = -1, m_latencySum = 0;
    int m_answers = 0;
    bool m_binding = false; ///< The limit was reached: without that a span says nothing about it.
    // What is known from the spans before.
    double m_bestRate = 0, m_bestLatency = 0;
    int m_before = 0;                 ///< Limit before the present trial; 0 when none is going on.
    int m_pause = 0, m_nextPause = 1; ///< Spans until the next trial.
    // The last outcomes.
    std::array<bool, 50> m_outcomes{};
    int m_outcomeCount = 0, m_failures = 0;
    double m_cutAt = -1e9, m_shareAtCut = 0, m_notByLoadUntil = -1e9;
};

} // namespace evalwright
