// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/enginelog.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <unistd.h>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<QString> freshEngineLog(const QString &folder, const QString &name)
{
    if (!QDir().mkpath(folder))
        return failure(ErrorCode::Storage, u"The folder %1 cannot be made."_s.arg(folder), u"Check its permissions."_s);
    const QString path = u"%1/engine-%2.log"_s.arg(folder, name);
    if (QFileInfo::exists(path)) {
        QFile::remove(path + u".1"_s);
        QFile::rename(path, path + u".1"_s);
    }
    const int fd = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return failure(ErrorCode::Storage, u"The log %1 cannot be written."_s.arg(path),
                       u"Check the folder's permissions."_s);
    ::close(fd);
    return path;
}

QString engineLogTail(const QString &path, int lines)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(qMax<qint64>(0, file.size() - 8'000));
    const QStringList all = QString::fromUtf8(file.readAll()).trimmed().split(u'\n');
    return all.mid(qMax<qsizetype>(0, all.size() - lines)).join(u'\n');
}

void limitEngineLog(const QString &path, qint64 limit)
{
    if (QFileInfo(path).size() <= limit)
        return;
    // A copy, because the server holds the file open; lines written in between are lost, and only those.
    QFile::remove(path + u".1"_s);
    QFile::copy(path, path + u".1"_s);
    QFile::resize(path, 0);
}

} // namespace evalwright
