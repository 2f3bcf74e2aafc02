// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <array>
#include <limits>

namespace evalwright {

/// How many requests a second an endpoint lets pass, found out from what it refuses (status 429).
///
/// Unlimited until the first refusal. Then sending stops for a moment, so that what is under way comes back, and goes
/// on at the rate that was accepted in the last second. The rate rises quickly while nobody knows where the limit is,
/// slowly close to a rate that was refused before, and rarely beyond it. A refusal cuts it to what was accepted in the
/// last second. Refusals that do not depend on the rate (docs/scheduler.md) are left to the single request.
///
/// Pure: the time is an argument, in seconds of any steady clock, and never goes back between calls.
class Pace
{
public:
    static constexpr double unlimited = std::numeric_limits<double>::infinity();

    /// Requests a second that may be sent now; `unlimited` before any refusal.
    double rate(double now);
    /// Nothing may be sent before this time.
    double heldUntil() const { return m_hold; }

    /// `sentAt`: when the request was sent.
    void accepted(double now, double sentAt);
    /// `statedWait`: seconds that the server asks for, 0 when it says
    /// none. Returns true when the rate or the hold changed, which is worth an event.
    bool refused(double now, double sentAt, double statedWait);
    /// The server says that nothing is left before this time (rate-limit headers).
    void hold(double until);
    bool isIndifferent(double now) const { return now < m_indifferentUntil; }

private:
    /// Events of the last second, in slots of 50 ms.
    class LastSecond
    {
    public:
        void add(double now);
        int count(double now);

    private:
        void forget(double now);
        std::array<int, 20> m_slots{};
        qint64 m_latest = std::numeric_limits<qint64>::min();
        int m_sum = 0;
    };
    void grow(double now);
    void cutNow(double now);
    void endSettling(double now);
    void count(double now, double sentAt, bool isRefused);
    void startTrial(double now, double rate);
    void endTrial(double now);

    LastSecond m_accepted, m_refused;
    double m_rate = unlimited;
    double m_bad = unlimited;    ///< Lowest rate that was refused after it had been kept for a while.
    double m_afterCut = 1;       ///< Rate after the last cut.
    double m_cutAt = -unlimited; ///< Time of the last cut.
    double m_grownAt = 0, m_hold = -unlimited, m_settleUntil = -unlimited;
    double m_probeAfter = 10; ///< Quiet seconds after which a rate that was refused before is tried again.
    int m_acceptedSinceCut = 0, m_refusedSinceCut = 0; ///< Of requests sent since.
    double m_emptyWait = 0.5;                          ///< Next wait when nothing at all is accepted.
    bool m_settling = false, m_measured = false;

    // Whether refusals depend on the rate at all is tried out: slower for a while, and do they become fewer?
    double m_shareNow = 0, m_shareLong = 0; ///< Refused share, moving means of about 15 and 100 answers.
    double m_chance = 0;                    ///< Refused share that does not depend on the rate.
    double m_indifferentUntil = -unlimited;
    int m_watched = -1, m_watchedRefused = 0; ///< Answers since the first weak sign; -1: not watching.
    double m_reference = unlimited;           ///< A rate that was seen to be allowed.
    bool m_trying = false;
    double m_trialStarted = 0, m_rateBefore = 0, m_shareBefore = 0, m_acceptedBefore = 0;
    int m_trialAnswers = 0, m_trialRefused = 0;
};

} // namespace evalwright
