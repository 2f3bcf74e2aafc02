// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/datafolder.h"

#include <QDir>
#include <QStandardPaths>

namespace evalwright {

using namespace Qt::StringLiterals;

DataFolder DataFolder::standard()
{
    const QString chosen = qEnvironmentVariable("EVALWRIGHT_DATA_DIR");
    if (!chosen.isEmpty())
        return {QDir::cleanPath(QDir::current().absoluteFilePath(chosen))};
    return {QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/evalwright"_s};
}

} // namespace evalwright
