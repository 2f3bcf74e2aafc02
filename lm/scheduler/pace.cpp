// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/pace.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace evalwright {

namespace {

constexpr double slot = 0.05;         ///< Seconds.
constexpr double settleSeconds = 0.1; ///< After the first refusal: what is under way comes back.
constexpr double cutGap = 0.25;       ///< A cut shows its effect before the next.
constexpr double kept = 1.0;          ///< A rate kept this long and then refused is known to be too high.
constexpr double below = 0.97;        ///< How far under what is known to be too high.
constexpr double longWait = 2.0;      ///< A stated wait above this is meant for everybody.
constexpr double longestProbe = 300, longestEmptyWait = 30, indifferentSeconds = 60;
constexpr double strongShare = 0.25;   ///< So many refused at once leave no doubt about a limit.
constexpr int watchedAnswers = 200;    ///< Over which weaker signs are counted…
constexpr int watchedRefusals = 5;     ///< …and from so many on worth a trial.
constexpr int leastRefusals = 3;       ///< Fewer prove nothing.
constexpr double expectedRefusals = 8; ///< A trial goes on until so many would have come by chance.
constexpr double trialSeconds = 15;
constexpr double farBelow = 0.7; ///< Cut this far below what was allowed before, chance is the better explanation.

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

void Pace::accepted(double now, double sentAt)
{
    m_accepted.add(now);
    m_emptyWait = 0.5;
    count(now, sentAt, false);
}

void Pace::cutNow(double now)
{
    m_cutAt = m_grownAt = now;
    m_acceptedSinceCut = m_refusedSinceCut = 0;
}

void Pace::endSettling(double now)
{
    if (!m_settling || now < m_settleUntil)
        return;
    m_settling = false;
    m_rate = std::max(1.0, below * m_accepted.count(now));
    m_afterCut = m_reference = m_rate;
    cutNow(now);
}

void Pace::count(double now, double sentAt, bool isRefused)
{
    const double value = isRefused ? 1.0 : 0.0;
    m_shareNow += 0.06 * (value - m_shareNow);
    m_shareLong += 0.01 * (value - m_shareLong);
    if (sentAt > m_cutAt)
        ++(isRefused ? m_refusedSinceCut : m_acceptedSinceCut);
    if (m_trying) {
        if (sentAt > m_trialStarted) {
            ++m_trialAnswers;
            m_trialRefused += int(isRefused);
        }
        endTrial(now);
    } else if (m_watched >= 0) {
        ++m_watched;
        m_watchedRefused += int(isRefused);
        if (m_watched >= watchedAnswers) {
            const double share = static_cast<double>(m_watchedRefused) / m_watched;
            const bool unusual = m_watchedRefused >= watchedRefusals && share > 2 * m_chance;
            m_watched = -1;
            if (unusual) {
                m_shareBefore = share;
                startTrial(now, 0.8 * m_accepted.count(now));
            }
        }
    }
}

/// Below what was accepted a limit refuses nothing; a fault that strikes by chance strikes as often as before.
void Pace::startTrial(double now, double rate)
{
    m_trying = true;
    m_trialStarted = now;
    m_trialAnswers = m_trialRefused = 0;
    m_acceptedBefore = m_accepted.count(now);
    m_rateBefore = m_rate;
    m_rate = std::max(1.0, rate);
    cutNow(now);
    m_watched = -1;
}

void Pace::endTrial(double now)
{
    const double expected = m_trialAnswers * m_shareBefore;
    if (!m_trying || (now - m_trialStarted < trialSeconds && expected < expectedRefusals))
        return;
    m_trying = false;
    cutNow(now);
    const bool byChance =
        m_trialRefused >= leastRefusals && m_trialRefused > 0.4 * expected && 2 * m_trialRefused < m_trialAnswers;
    if (byChance) {
        m_chance = static_cast<double>(m_trialRefused) / m_trialAnswers;
        m_indifferentUntil = now + indifferentSeconds;
        m_bad = unlimited;
        m_rate = m_afterCut = m_reference; // Which is no limit at all, when there was none before.
    } else {
        m_rate = m_afterCut = std::max(1.0, std::min(m_rateBefore, below * m_acceptedBefore));
        m_reference = m_rate;
        m_measured = true;
    }
}

bool Pace::refused(double now, double sentAt, double statedWait)
{
    endSettling(now);
    const int acceptedLately = m_accepted.count(now);
    m_refused.add(now);
    count(now, sentAt, true);
    const int refusedLately = m_refused.count(now);
    const bool isStrong = m_shareNow > strongShare + m_chance;
    const bool isOne = m_rate == unlimited || refusedLately > std::max(10, acceptedLately);
    if (statedWait > 0 && !isIndifferent(now) && (statedWait > longWait || (isStrong && isOne)))
        m_hold = std::max(m_hold, now + statedWait);
    if (m_acceptedSinceCut == 0 && m_refusedSinceCut >= leastRefusals && now >= m_hold && m_rate != unlimited) {
        // A quota of a longer span is used up: the rate is not to blame, and asking again and again does not help.
        m_hold = std::max(m_hold, now + m_emptyWait);
        m_emptyWait = std::min(longestEmptyWait, 2 * m_emptyWait);
        cutNow(now);
        if (std::exchange(m_trying, false))
            m_rate = m_rateBefore; // Proves nothing.
        return true;
    }
    if (m_settling || m_trying)
        return false;
    if (m_rate == unlimited) {
        if (!isStrong) {
            if (m_watched < 0 && !isIndifferent(now)) {
                m_watched = 0;
                m_watchedRefused = 0;
            }
            return false;
        }
        m_settling = true;
        m_settleUntil = now + settleSeconds;
        m_hold = std::max(m_hold, m_settleUntil);
        cutNow(now);
        m_watched = -1;
        return true;
    }
    if (sentAt <= m_cutAt || now - m_cutAt < cutGap)
        return false;
    if (m_chance > 0 && m_shareLong < 2.5 * m_chance + 0.02 && !isStrong)
        return false; // As many as come by chance.
    const double cut = std::min(m_rate, std::max(0.7 * m_rate, below * std::max(1, acceptedLately)));
    if (cut < farBelow * m_reference) {
        m_shareBefore = std::max(m_shareLong, 0.01);
        startTrial(now, 0.5 * m_rate);
        return true;
    }
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
    cutNow(now);
    return true;
}

void Pace::grow(double now)
{
    endTrial(now);
    if (m_rate == unlimited || m_trying || now < m_hold) {
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
