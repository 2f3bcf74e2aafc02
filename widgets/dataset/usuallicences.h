// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace evalwright {

/// SPDX identifiers of licences that data sets often have, to choose from.
inline QStringList usualLicences()
{
    return {QStringLiteral("CC-BY-4.0"), QStringLiteral("CC-BY-SA-4.0"), QStringLiteral("CC-BY-NC-4.0"), QStringLiteral("CC0-1.0"),
            QStringLiteral("MIT"),       QStringLiteral("Apache-2.0"),   QStringLiteral("ODC-By-1.0"),   QStringLiteral("ODbL-1.0")};
}

} // namespace evalwright
