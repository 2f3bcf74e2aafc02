// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/safenames.h"

#include <QRegularExpression>

namespace evalwright {

using namespace Qt::StringLiterals;

QString SafeNames::of(const QString &name)
{
    static const QRegularExpression others(u"[^A-Za-z0-9._-]+"_s), runs(u"[.-]{2,}"_s), start(u"\\A[.-]+"_s),
        end(u"[.-]+\\z"_s),
        device(u"\\A(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?\\z"_s, QRegularExpression::CaseInsensitiveOption);
    constexpr qsizetype longest = 80;
    QString safe;
    for (const QChar c : name.normalized(QString::NormalizationForm_KD)) {
        if (!c.isMark()) // What is left of an accented letter is its letter.
            safe += c;
    }
    safe = safe.replace(others, u"-"_s).replace(runs, u"-"_s).left(longest).remove(start).remove(end);
    if (safe.isEmpty())
        safe = u"dataset"_s;
    if (device.match(safe).hasMatch())
        safe.prepend(u"set-"_s);
    QString free = safe;
    for (int number = 2; m_taken.contains(free.toLower()); ++number) {
        const QString suffix = u'-' + QString::number(number);
        free = safe.left(longest - suffix.size()) + suffix;
    }
    m_taken << free.toLower();
    return free;
}

} // namespace evalwright
