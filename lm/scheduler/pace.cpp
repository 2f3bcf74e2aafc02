// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/pace.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

namespace {

constexpr double slot = 0.05;         ///< Seconds.
constexpr double settleSeconds = 0.1; ///< After the first refusal: what is under way comes back.
constexpr double cutGap = 0.25;       ///< A cut shows its effect before the next.
constexpr double kept = 1.0;          ///< A rate kept this long and then refused is known to be too high.
constexpr double below = 0.97;        ///< How far under what is known to be too high.
constexpr double longWait = 2.0;      ///< A stated wait above this is meant for everybody.
constexpr double longestProbe = 300, longestEmptyWait = 30, indifferentSeconds = 60;
constexpr int enoughAnswers = 50;

} // namespace

void Pace::LastSecond::forget(double now)
{
    const auto current = static_cast<qint64>(std::floor(now / slot));
    const auto slots = static_cast<qint64>(m_slots.size());
    if (m_latest == std::numeric_limits<qint64>::min() || current - m_latest >= slots) {
        m_slots.fill(0);
        m_sum = 0;
    } else {
        for (qint64 i = m_latest + 1; i <= current; ++i) {
            int &old = m_slots[static_cast<size_t>(((i % slots) + slots) % slots)];
            m_sum -= old;
            old = 0;
        }
    }
    m_latest = std::max(m_latest, current);
}

void Pace::LastSecond::add(double now)
{
    forget(now);
    const auto slots = static_cast<qint64>(m_slots.size());
    ++m_slots[static_cast<size_t>(((m_latest % slots) + slots) % slots)];
    ++m_sum;
}

int Pace::LastSecond::count(double now)
{
    forget(now);
    return m_sum;
}

double Pace::rate(double now)
{
    endSettling(now);
    if (m_settling)
        return m_rate;
    grow(now);
    return m_rate;
}

void Pace::hold(double until)
{
    m_hold = std::max(m_hold, until);
}

void Pace::accepted(double now)
{
    m_accepted.add(now);
    m_emptyWait = 0.5;
    ++m_answersSinceCut;
}

void Pace::endSettling(double now)
{
    if (!m_settling || now < m_settleUntil)
        return;
    m_settling = false;
    m_rate = std::max(1.0, below * m_accepted.count(now));
    m_afterCut = m_rate;
    m_cutAt = m_grownAt = now;
    m_referenceRate = m_rate;
    m_answersSinceCut = m_refusedSinceCut = 0;
}

bool Pace::dependsOnRate(double now)
{
    // At half the rate a limit refuses nothing; a fault that strikes by chance strikes as often as before.
    if (m_rate > 0.5 * m_referenceRate || m_answersSinceCut < enoughAnswers)
        return true;
    const double share = static_cast<double>(m_refusedSinceCut) / m_answersSinceCut;
    if (share < 0.5 * m_referenceShare)
        return true;
    m_indifferentUntil = now + indifferentSeconds;
    m_rate = m_bad = unlimited;
    m_settling = false;
    return false;
}

bool Pace::refused(double now, double sentAt, double statedWait)
{
    endSettling(now);
    const int acceptedLately = m_accepted.count(now);
    m_refused.add(now);
    ++m_refusedSinceCut;
    ++m_answersSinceCut;
    const int refusedLately = m_refused.count(now);
    if (statedWait > longWait) {
        m_hold = std::max(m_hold, now + statedWait);
    } else if (statedWait > 0 && !isIndifferent(now) &&
               (m_rate == unlimited || refusedLately > std::max(10, acceptedLately))) {
        m_hold = std::max(m_hold, now + statedWait);
    }
    if (isIndifferent(now))
        return false;
    if (m_rate == unlimited && !m_settling) {
        m_settling = true;
        m_settleUntil = now + settleSeconds;
        m_hold = std::max(m_hold, m_settleUntil);
        m_cutAt = now;
        m_referenceShare = static_cast<double>(refusedLately) / std::max(1, refusedLately + acceptedLately);
        return true;
    }
    if (m_settling || sentAt <= m_cutAt || now - m_cutAt < cutGap)
        return false;
    if (acceptedLately == 0 && refusedLately >= 3) {
        // A quota of a longer span is used up: the rate is not to blame, and asking again and again does not help.
        m_hold = std::max(m_hold, now + m_emptyWait);
        m_emptyWait = std::min(longestEmptyWait, 2 * m_emptyWait);
        m_cutAt = m_grownAt = now;
        return true;
    }
    const double share = static_cast<double>(refusedLately) / (refusedLately + acceptedLately);
    m_referenceShare = m_rate >= m_referenceRate ? share : m_referenceShare;
    m_referenceRate = std::max(m_referenceRate, m_rate);
    if (!dependsOnRate(now))
        return true;
    const double cut = std::min(m_rate, std::max(0.7 * m_rate, below * std::max(1, acceptedLately)));
    m_measured = now - std::max(m_cutAt, m_hold) < kept;
    if (!m_measured) {
        if (now - m_cutAt > m_probeAfter) {
            m_probeAfter = std::min(longestProbe, 2 * m_probeAfter);
            m_bad = m_rate; // What was refused long ago need not be the limit of today.
        } else {
            m_bad = std::min(m_bad, m_rate);
        }
    }
    m_rate = m_afterCut = cut;
    m_cutAt = m_grownAt = now;
    m_answersSinceCut = m_refusedSinceCut = 0;
    return true;
}

void Pace::grow(double now)
{
    if (m_rate == unlimited || now < m_hold) {
        m_grownAt = now;
        return;
    }
    const double quiet = now - std::max(m_cutAt, m_hold);
    if (quiet < (m_bad == unlimited ? 1.0 : 0.5)) {
        m_grownAt = now;
        return;
    }
    const double passed = now - m_grownAt;
    if (passed < 0.02)
        return;
    m_grownAt = now;
    const auto faster = [&](double perSecond) { return m_rate * std::pow(perSecond, std::min(passed, 1.0)); };
    const double quick = std::min(0.9 * m_bad, std::sqrt(m_afterCut * m_bad));
    if (m_bad == unlimited)
        m_rate = faster(m_rate < 25 ? 4 : 2);
    else if (m_rate < quick)
        m_rate = std::min(quick, faster(m_measured ? 1.05 : 2));
    else if (m_rate < below * m_bad)
        m_rate = std::min(below * m_bad, faster(1.02));
    else if (now - m_cutAt > m_probeAfter)
        m_rate = faster(1.005);
}

} // namespace evalwright
