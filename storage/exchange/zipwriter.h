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

} // namespace evalwright
