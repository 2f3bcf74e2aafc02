// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/throughput.h"

#include <algorithm>

namespace evalwright {

bool ThroughputHistory::add(double seconds, double perSecond, int limit, int inFlight)
{
    if (m_points.isEmpty())
        m_start = seconds;
    else if (seconds - m_start < m_points.constLast().seconds + 1)
        return false;
    if (m_points.size() == mostPoints)
        thinOut();
    m_points << ThroughputPoint{seconds - m_start, perSecond, limit, inFlight};
    return true;
}

/// Two neighbours of the older half become one at the earlier's time. Its rate is their mean, its limit the higher one,
/// so that a short peak of the limit is not lost.
void ThroughputHistory::thinOut()
{
    constexpr qsizetype half = mostPoints / 2;
    QList<ThroughputPoint> kept;
    kept.reserve(mostPoints);
    for (qsizetype i = 0; i < half; i += 2) {
        const ThroughputPoint &a = m_points.at(i), &b = m_points.at(i + 1);
        kept << ThroughputPoint{a.seconds, (a.perSecond + b.perSecond) / 2, std::max(a.limit, b.limit),
                                std::max(a.inFlight, b.inFlight)};
    }
    kept << m_points.mid(half);
    m_points = kept;
}

} // namespace evalwright
