// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/smallfile.h"

#include "storage/exchange/fileerror.h"

#include <QFile>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<QByteArray> readSmallFile(const QString &path)
{
    constexpr qint64 most = qint64{4} << 20;
    EVALWRIGHT_TRY(requireRegularFile(path));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Storage, u"“%1” cannot be read."_s.arg(path), QString(), file.errorString());
    const QByteArray text = file.read(most + 1);
    if (text.size() > most)
        return failure(ErrorCode::InvalidInput, u"“%1” is larger than 4 MiB."_s.arg(path));
    return text;
}

} // namespace evalwright
