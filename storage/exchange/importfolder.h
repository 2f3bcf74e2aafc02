// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace evalwright {

/// A file to import, alone or out of a folder.
struct ImportPath
{
    QString path;
    QString dataset; ///< Empty: called as the file.
    QString format = QStringLiteral("auto");
};

struct ImportFolder
{
    QList<ImportPath> files;
    QStringList passedOver; ///< What is neither items nor answers of models, by names within the folder.
    /// "Left out, because …: a, b and 3 more."; empty when nothing was.
    QString passedOverText() const;
};

/// What an import takes of a folder: the data files of a published repository (repositoryfolder.h), else every file in it and
/// below whose content is of a format that is read, by name. Links and what is hidden are not followed. Files of one name
/// in several folders are called by folder and name. NotFound when there is nothing; InvalidInput for more than 5,000
/// files, or a tree that is too large to look through; Cancelled.
Result<ImportFolder> importFolder(const QString &folder, const CancellationToken &token = {});

} // namespace evalwright
