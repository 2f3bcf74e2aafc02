// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>

namespace evalwright {

/// In English, as the rest of the researcher's window: "German", "Chinese (China)". A code that means nothing stays.
inline QString englishLanguageName(const QString &language)
{
    const QLocale locale(language);
    if (locale.language() == QLocale::C)
        return language;
    const QString name = QLocale::languageToString(locale.language());
    return language.contains(QLatin1Char('_')) ? QStringLiteral("%1 (%2)").arg(name, QLocale::countryToString(locale.country())) : name;
}

} // namespace evalwright
