// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/relativetime.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace evalwright {

namespace {

QString words(const char *text, qint64 count)
{
    return QCoreApplication::translate("RelativeTime", text, nullptr, static_cast<int>(count));
}

} // namespace

QString relativeTime(const QString &isoTime)
{
    const QDateTime time = QDateTime::fromString(isoTime, Qt::ISODateWithMs);
    if (!time.isValid())
        return QStringLiteral("—");
    const qint64 seconds = time.secsTo(QDateTime::currentDateTimeUtc());
    if (seconds < 60)
        return QCoreApplication::translate("RelativeTime", "just now");
    if (seconds < 3600)
        return words(QT_TRANSLATE_NOOP("RelativeTime", "%n min ago"), seconds / 60);
    if (seconds < 86'400)
        return words(QT_TRANSLATE_NOOP("RelativeTime", "%n h ago"), seconds / 3600);
    if (seconds < qint64{30} * 86'400)
        return words(QT_TRANSLATE_NOOP("RelativeTime", "%n d ago"), seconds / 86'400);
    return QLocale().toString(time.toLocalTime().date(), QLocale::ShortFormat);
}

QString exactTime(const QString &isoTime)
{
    const QDateTime time = QDateTime::fromString(isoTime, Qt::ISODateWithMs);
    return time.isValid() ? QLocale().toString(time.toLocalTime(), QLocale::LongFormat) : QString();
}

} // namespace evalwright
