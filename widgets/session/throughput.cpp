// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/throughput.h"

#include <algorithm>

namespace evalwright {

namespace {

/// Rates are averaged; of limits the higher one stays, so that a short peak is not lost.
ThroughputPoint merged(const ThroughputPoint &older, const ThroughputPoint &newer, double weightOfOlder)
{
    return {older.seconds, older.perSecond * weightOfOlder + newer.perSecond * (1 - weightOfOlder),
            std::max(older.limit, newer.limit), std::max(older.inFlight, newer.inFlight)};
}

} // namespace

bool ThroughputHistory::add(double seconds, double perSecond, int limit, int inFlight)
{
    if (m_points.isEmpty())
        m_start = seconds;
    else if (seconds < m_newest + 1)
        return false;
    m_newest = seconds;
    const ThroughputPoint point{seconds - m_start, perSecond, limit, inFlight};
    if (!m_points.isEmpty() && point.seconds < m_points.constLast().seconds + m_interval) {
        m_points.last() = merged(m_points.constLast(), point, m_samples / (m_samples + 1.0));
        ++m_samples;
        return true;
    }
    if (m_points.size() == mostPoints)
        thinOut();
    m_points << point;
    m_samples = 1;
    return true;
}

void ThroughputHistory::thinOut()
{
    QList<ThroughputPoint> kept;
    kept.reserve(mostPoints);
    for (qsizetype i = 0; i + 1 < m_points.size(); i += 2)
        kept << merged(m_points.at(i), m_points.at(i + 1), 0.5);
    m_points = kept;
    m_interval *= 2;
}

} // namespace evalwright
