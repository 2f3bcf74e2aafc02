// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/fileerror.h"

#include <QFileDevice>
#include <QFileInfo>

namespace evalwright {

using namespace Qt::StringLiterals;

Error fileError(const QFileDevice &file, const QString &what, const QString &path)
{
    const bool permission = file.error() == QFileDevice::PermissionsError;
    const bool full = file.error() == QFileDevice::ResourceError;
    return Error(permission ? ErrorCode::ReadOnly
                 : full     ? ErrorCode::DiskFull
                            : ErrorCode::Storage,
                 u"%1 “%2”."_s.arg(what, path),
                 permission ? u"Check the permissions of the file and its folder."_s
                            : u"Check the path and that the disk is not full."_s,
                 file.errorString());
}

Status requireRegularFile(const QString &path)
{
    const QFileInfo info(path);
    if (info.exists() && !info.isFile())
        return failure(ErrorCode::InvalidInput, u"“%1” is no file."_s.arg(path), u"Choose a file."_s);
    return {};
}

Error stoppedOnRequest()
{
    return Error(ErrorCode::Cancelled, u"Stopped on request."_s).withConsequence(u"Nothing was changed."_s);
}

} // namespace evalwright
