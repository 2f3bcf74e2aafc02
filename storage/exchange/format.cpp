// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/format.h"

#include "core/text.h"
#include "storage/exchange/anthropicevals.h"
#include "storage/exchange/genericjsonl.h"
#include "storage/exchange/generictable.h"
#include "storage/exchange/inspectsamples.h"
#include "storage/exchange/inversescaling.h"
#include "storage/exchange/winogendertsv.h"

namespace evalwright {

using namespace Qt::StringLiterals;

const QList<FileFormat> &fileFormats()
{
    // A file of unknown format is of the first that recognises it.
    static const QList<FileFormat> formats{inspectJsonlFormat(), anthropicEvalsFormat(), winogenderFormat(),
                                           genericJsonlFormat(), inspectCsvFormat(),     inverseScalingFormat(),
                                           tsvFormat(),          csvFormat()};
    return formats;
}

Result<FileFormat> fileFormat(const QString &name)
{
    QStringList names;
    for (const FileFormat &format : fileFormats()) {
        if (format.name == name)
            return format;
        names << format.name;
    }
    QStringList near = nearestNames(name, names);
    return failure(Error(ErrorCode::NotFound, u"There is no file format named “%1”."_s.arg(name),
                         u"Known formats: %1."_s.arg(names.join(u", "_s)))
                       .withSuggestions(std::move(near)));
}

} // namespace evalwright
