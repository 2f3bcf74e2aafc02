// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QList>
#include <QString>

namespace evalwright {

/// A data file of a published repository, and the data set that it holds.
struct RepositoryData
{
    QString path, dataset;
};

/// The data files of a folder that was published: data/NAME/*.jsonl, by name. A data set is called as
/// metadata/generation.json says, else as its folder; with several files in one folder, "folder-file". NotFound when
/// there are none.
Result<QList<RepositoryData>> repositoryData(const QString &folder);

} // namespace evalwright
