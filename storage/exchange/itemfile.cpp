// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/itemfile.h"

#include "storage/exchange/fileerror.h"
#include "storage/exchange/recordsource.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<FileFacts> readItemFile(const QString &path, const std::function<Status(const ImportedRow &row)> &use,
                               const CancellationToken &token)
{
    QFile file(path);
    ReadSettings settings;
    EVALWRIGHT_TRY(openInput(file, settings.head));
    const auto format = std::ranges::find_if(
        fileFormats(), [&](const FileFormat &f) { return f.reader && f.recognises(settings.head); });
    if (format == fileFormats().cend()) {
        return failure(Error(ErrorCode::Unsupported, u"The format of “%1” is not recognised."_s.arg(path),
                             u"Use JSON Lines, or a table whose header names the question."_s)
                           .withConsequence(u"Nothing was read."_s));
    }
    for (const bool second : {false, true}) {
        if (!file.seek(0))
            return failure(fileError(file, u"Could not read"_s, path));
        const auto reader = format->reader(file, settings);
        qint64 rows = 0;
        for (ImportedRow row; reader->next(row);) {
            if (token.isCancelled())
                return failure(stoppedOnRequest());
            if (++rows > mostInputRows) {
                return failure(Error(ErrorCode::InvalidInput, u"“%1” has more than %2 rows."_s.arg(path).arg(mostInputRows),
                                     u"This kind of input is meant to be small; cut it."_s)
                                   .withConsequence(u"Nothing was read."_s));
            }
            if (second)
                EVALWRIGHT_TRY(use(row));
        }
        if (file.error() != QFileDevice::NoError)
            return failure(fileError(file, u"Could not read"_s, path));
        if (std::optional<Error> refusal = reader->refusal())
            return failure(*std::move(refusal));
        if (!second)
            settings.survey = reader->facts();
    }
    return *settings.survey;
}

} // namespace evalwright
