// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>

namespace evalwright {

/// How fast a job went at a moment.
struct ThroughputPoint
{
    double seconds = 0;   ///< Since the first point.
    double perSecond = 0; ///< Requests answered a second.
    int limit = 0;        ///< Requests at once that the endpoint was given; 0: not known.
    int inFlight = 0;
    bool operator==(const ThroughputPoint &) const = default;
};

/// The course of a job with bounded memory: one point a second at first; whenever there are too many, two neighbours
/// become one and from then on a point stands for twice as long. The newest point still changes.
class ThroughputHistory
{
public:
    static constexpr qsizetype mostPoints = 600;

    /// `seconds` of any clock that does not go back. False when it came less than a second after the one before.
    bool add(double seconds, double perSecond, int limit, int inFlight);
    const QList<ThroughputPoint> &points() const { return m_points; }

private:
    void thinOut();

    QList<ThroughputPoint> m_points;
    double m_start = 0, m_newest = 0; ///< Of the given clock.
    double m_interval = 1;            ///< Seconds that a point stands for.
    int m_samples = 0;                ///< In the newest point.
};

} // namespace evalwright
