// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

namespace evalwright {

/// Where the time comes from; tests put in their own.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual QDateTime nowUtc() const = 0;
};

class SystemClock final : public Clock
{
public:
    QDateTime nowUtc() const override { return QDateTime::currentDateTimeUtc(); }
};

/// ISO 8601 UTC with milliseconds, e.g. 2026-11-24T08:15:30.123Z: the form stored and printed everywhere.
inline QString isoUtc(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

/// The same of now, by the system's clock.
inline QString isoNow()
{
    return isoUtc(SystemClock().nowUtc());
}

} // namespace evalwright
