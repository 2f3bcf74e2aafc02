// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/wholefile.h"

#include "core/hash.h"
#include "storage/exchange/fileerror.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

WholeFile::WholeFile(WholeFile &&other) noexcept
    : m_path(std::move(other.m_path)), m_temporary(std::exchange(other.m_temporary, {}))
{
}

WholeFile &WholeFile::operator=(WholeFile &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_temporary, other.m_temporary);
    return *this;
}

WholeFile::~WholeFile()
{
    if (!m_temporary.isEmpty())
        QFile::remove(m_temporary);
}

Result<WholeFile> WholeFile::prepare(const QString &path, const QByteArray &bytes)
{
    const QString temporary = path + u".part-"_s + newUuid().left(8);
    QFile file(temporary);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::Unbuffered))
        return failure(fileError(file, u"Could not write"_s, path));
    WholeFile whole(path, temporary);
    if (file.write(bytes) != bytes.size())
        return failure(fileError(file, u"Could not write"_s, path));
    if (::fsync(file.handle()) != 0)
        return failure(ErrorCode::Storage, u"“%1” could not be brought to the disk."_s.arg(path), u"Check the disk."_s,
                       qt_error_string(errno));
    return whole;
}

Status WholeFile::publish(bool replace)
{
    if (replace) {
        if (std::rename(QFile::encodeName(m_temporary).constData(), QFile::encodeName(m_path).constData()) != 0)
            return failure(ErrorCode::Storage, u"Could not replace “%1”."_s.arg(m_path),
                           u"Check the permissions of the folder."_s, qt_error_string(errno));
    } else {
        QFile file(m_temporary); // Its rename never replaces a file.
        if (!file.rename(m_path)) {
            if (QFileInfo::exists(m_path))
                return failure(Error(ErrorCode::AlreadyExists, u"“%1” already exists."_s.arg(m_path),
                                     u"Choose another name, or replace it with --force."_s)
                                   .withConsequence(u"Nothing was written."_s));
            return failure(fileError(file, u"Could not write"_s, m_path));
        }
    }
    m_temporary.clear();
    syncFolderOf(m_path);
    return {};
}

Status writeWholeFile(const QString &path, const QByteArray &bytes, bool replace)
{
    EVALWRIGHT_ASSIGN(WholeFile file, WholeFile::prepare(path, bytes));
    return file.publish(replace);
}

void syncFolderOf(const QString &path)
{
    const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
    if (const int handle = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
        ::fsync(handle);
        ::close(handle);
    }
}

} // namespace evalwright
