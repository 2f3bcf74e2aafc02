// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>

#include <list>
#include <utility>

namespace evalwright {

/// Some rows of a long table, in segments of a fixed number of rows. The least recently used segment leaves when another
/// one comes and there is no room. A stale segment is still shown; whoever shows it asks for it anew.
template <class Value>
class SegmentCache
{
public:
    enum class State { Absent, Stale, Fresh };

    /// `capacity`: segments, at least one.
    SegmentCache(qsizetype segmentSize, qsizetype capacity) : m_segmentSize(segmentSize), m_capacity(capacity) {}

    qsizetype segmentSize() const { return m_segmentSize; }
    qint64 segmentOf(qint64 row) const { return row / m_segmentSize; }
    qint64 firstRowOf(qint64 segment) const { return segment * m_segmentSize; }
    qsizetype count() const { return static_cast<qsizetype>(m_segments.size()); }

    State state(qint64 segment) const
    {
        const auto found = m_places.constFind(segment);
        return found == m_places.constEnd() ? State::Absent : (*found)->stale ? State::Stale : State::Fresh;
    }

    /// The value of a row; null when it is not here. Its segment is the most recently used one then.
    const Value *at(qint64 row)
    {
        const auto found = m_places.constFind(segmentOf(row));
        if (found == m_places.constEnd())
            return nullptr;
        m_segments.splice(m_segments.begin(), m_segments, *found);
        const auto place = static_cast<qsizetype>(row % m_segmentSize);
        const QList<Value> &values = (*found)->values;
        return place < values.size() ? &values.at(place) : nullptr;
    }

    /// Puts a segment in, fresh, in place of the one that was there. The last segment of a table may be shorter.
    void insert(qint64 segment, QList<Value> values)
    {
        if (const auto found = m_places.constFind(segment); found != m_places.constEnd()) {
            m_segments.splice(m_segments.begin(), m_segments, *found);
            m_segments.front() = {segment, std::move(values), false};
            return;
        }
        m_segments.push_front({segment, std::move(values), false});
        m_places.insert(segment, m_segments.begin());
        while (count() > m_capacity) {
            m_places.remove(m_segments.back().number);
            m_segments.pop_back();
        }
    }

    void markAllStale()
    {
        for (Segment &segment : m_segments)
            segment.stale = true;
    }

    void clear()
    {
        m_places.clear();
        m_segments.clear();
    }

private:
    struct Segment
    {
        qint64 number = 0;
        QList<Value> values;
        bool stale = false;
    };

    qsizetype m_segmentSize, m_capacity;
    std::list<Segment> m_segments; ///< The most recently used one first.
    QHash<qint64, typename std::list<Segment>::iterator> m_places;
};

} // namespace evalwright
