// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/activetime.h"

#include <QElapsedTimer>

namespace evalwright {

SteadyClock steadyClock()
{
    QElapsedTimer timer;
    timer.start();
    return [timer] { return timer.elapsed(); };
}

void ActiveTime::restart(double seconds)
{
    m_total = qRound64(seconds * 1000);
    m_last = m_clock();
}

void ActiveTime::input()
{
    m_total += sinceLast();
    m_last = m_clock();
}

void ActiveTime::setWatched(bool watched)
{
    if (watched == m_watched)
        return;
    input();
    m_watched = watched;
}

double ActiveTime::seconds() const
{
    return static_cast<double>(m_total + sinceLast()) / 1000;
}

qint64 ActiveTime::sinceLast() const
{
    const qint64 gap = m_clock() - m_last;
    return m_watched && gap <= longestGap ? gap : 0;
}

} // namespace evalwright
