// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/concurrency.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double leastSpan = 0.05;      ///< Seconds; shorter ones measure the scheduling of threads.
constexpr double leastSteadySpan = 0.5; ///< Seconds, once the rough size is known.
constexpr double clearGain = 1.15;      ///< By twice as many at once.
constexpr double smallGain = 1.05;      ///< By a quarter more at once.
constexpr double cutSeconds = 2;
constexpr double overloadShare = 0.2;
constexpr int longestPause = 64;

} // namespace

Concurrency::Concurrency(int ceiling, int start) : m_ceiling(std::max(1, ceiling)), m_limit(std::min(m_ceiling, start))
{
}

QString Concurrency::set(int limit, const QString &why)
{
    const int next = std::clamp(limit, 1, m_ceiling);
    if (next == m_limit)
        return {};
    m_limit = next;
    return why;
}

void Concurrency::startSpan(double now)
{
    m_spanStart = now;
    m_answers = 0;
    m_latencySum = 0;
    m_binding = false;
}

double Concurrency::failedShare() const
{
    const int seen = std::min(m_outcomeCount, static_cast<int>(m_outcomes.size()));
    return seen < 10 ? 0.0 : static_cast<double>(m_failures) / seen;
}

void Concurrency::note(bool failed)
{
    bool &place = m_outcomes[static_cast<size_t>(m_outcomeCount) % m_outcomes.size()];
    m_failures += int(failed) - int(place);
    place = failed;
    ++m_outcomeCount;
}

QString Concurrency::answered(double now, double latency, int inFlight)
{
    note(false);
    m_meanLatency = m_meanLatency > 0 ? 0.95 * m_meanLatency + 0.05 * latency : latency;
    if (m_spanStart < 0) {
        startSpan(now);
        return {};
    }
    ++m_answers;
    m_latencySum += latency;
    m_binding = m_binding || inFlight >= m_limit;
    const double passed = now - m_spanStart;
    const int enough = std::max(m_doubling ? 2 * m_limit : 4 * m_limit, 16);
    if (m_answers < enough || passed < (m_doubling ? leastSpan : leastSteadySpan))
        return {};
    const QString why = m_binding ? endOfSpan(now, m_answers / passed, m_latencySum / m_answers) : QString();
    startSpan(now);
    return why;
}

QString Concurrency::endOfSpan(double now, double perSecond, double latency)
{
    if (m_doubling) {
        if (m_bestRate == 0 || perSecond > clearGain * m_bestRate) {
            m_bestRate = perSecond;
            m_bestLatency = latency;
            m_before = m_limit;
            if (m_limit >= m_ceiling)
                m_doubling = false;
            return set(2 * m_limit, u"more at once brought more answers"_s);
        }
        m_doubling = false;
        const int back = perSecond > smallGain * m_bestRate ? (m_before + m_limit) / 2 : m_before;
        m_bestRate = std::max(m_bestRate, perSecond);
        m_before = 0;
        return set(back, u"twice as many brought no more answers"_s);
    }
    if (m_before > 0) { // A trial of more ends.
        const int before = std::exchange(m_before, 0);
        if (perSecond > smallGain * m_bestRate) {
            m_bestRate = perSecond;
            m_bestLatency = latency;
            m_nextPause = 1;
            return {};
        }
        m_pause = m_nextPause;
        m_nextPause = std::min(longestPause, 2 * m_nextPause);
        return set(before, u"more at once brought no more answers"_s);
    }
    if (latency > 2 * m_bestLatency && perSecond < 0.8 * m_bestRate && now - m_cutAt > cutSeconds) {
        m_cutAt = now;
        m_bestRate = perSecond;
        m_bestLatency = latency;
        m_pause = 2;
        return set(m_limit * 3 / 4, u"answers come slower and fewer"_s);
    }
    // What the endpoint gives changes with the hours: let the reference follow.
    m_bestRate = 0.7 * m_bestRate + 0.3 * perSecond;
    m_bestLatency = 0.7 * m_bestLatency + 0.3 * latency;
    if (m_pause > 0) {
        --m_pause;
        return {};
    }
    m_before = m_limit;
    // A few more of a few would be lost in the noise.
    return set(m_limit + std::max(8, m_limit / 4), u"trying more at once"_s);
}

QString Concurrency::failed(double now)
{
    note(true);
    const double share = failedShare();
    if (share <= overloadShare || now - m_cutAt < cutSeconds || now < m_notByLoadUntil)
        return {};
    if (m_shareAtCut > 0 && now - m_cutAt < 5 * cutSeconds && share > 0.7 * m_shareAtCut) {
        // Halving did not help: the failures do not come from our load, and going slower would only take longer.
        m_notByLoadUntil = now + 60;
        m_shareAtCut = 0;
        startSpan(now);
        return set(2 * m_limit, u"going slower does not make fewer fail"_s);
    }
    m_doubling = false;
    m_before = 0;
    m_bestRate /= 2;
    m_pause = 4;
    m_cutAt = now;
    m_shareAtCut = share;
    startSpan(now);
    return set(m_limit / 2, u"more than a fifth of the requests fail"_s);
}

} // namespace evalwright
