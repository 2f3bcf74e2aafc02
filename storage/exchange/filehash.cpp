// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/filehash.h"

#include "core/hash.h"
#include "storage/exchange/fileerror.h"

#include <QFile>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<QString> sha256OfRest(QFileDevice &file, const QString &path, const CancellationToken &token)
{
    Sha256 hash;
    constexpr qint64 piece = 1 << 20;
    for (QByteArray part = file.read(piece); !part.isEmpty(); part = file.read(piece)) {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        hash.add(part);
    }
    if (file.error() != QFileDevice::NoError)
        return failure(fileError(file, u"Could not read"_s, path));
    return QString::fromLatin1(hash.result().toHex());
}

Result<QString> sha256OfFile(const QString &path, const CancellationToken &token)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(fileError(file, u"Could not read"_s, path));
    return sha256OfRest(file, path, token);
}

} // namespace evalwright
