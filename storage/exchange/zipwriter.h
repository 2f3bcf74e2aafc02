// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace evalwright {

struct ZipPart
{
    QString name;
    QByteArray bytes;
};

/// A ZIP file (deflate) with these members in this order, all of 1980-01-01: equal members give equal bytes.
Result<QByteArray> zipBytes(const std::vector<ZipPart> &parts);

/// A member that is a piece of a file.
struct ZipSection
{
    QString name;
    qint64 begin = 0, bytes = 0;
};
/// The same from pieces of the file `source` into the file `path`, which gets its name at the end and replaces what has it.
/// Memory holds the directory only.
Status writeZip(const QString &path, const QString &source, const std::vector<ZipSection> &sections);

} // namespace evalwright
