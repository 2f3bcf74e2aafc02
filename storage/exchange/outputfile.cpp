// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/outputfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <sys/stat.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Without links, also for a file that is not there yet.
QString realPath(const QString &path)
{
    const QFileInfo info(path);
    if (QString whole = info.canonicalFilePath(); !whole.isEmpty())
        return whole;
    return QDir(info.absoluteDir().canonicalPath()).filePath(info.fileName());
}

bool isSameFile(const QString &a, const QString &b)
{
    struct stat first = {}, second = {};
    return ::stat(QFile::encodeName(a).constData(), &first) == 0 &&
           ::stat(QFile::encodeName(b).constData(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

bool belongsToProject(const QString &path, const QString &projectPath)
{
    const QString target = realPath(path), project = realPath(projectPath);
    if (target.startsWith(project + u".backup-"_s))
        return true;
    const QStringList suffixes{QString(), u"-wal"_s, u"-shm"_s, u"-journal"_s, u".lock"_s};
    return std::ranges::any_of(suffixes, [&](const QString &suffix) {
        return target == project + suffix || isSameFile(target, project + suffix);
    });
}

tl::unexpected<Error> refused(const QString &message)
{
    return failure(
        Error(ErrorCode::InvalidInput, message, u"Choose another name."_s).withConsequence(u"Nothing was written."_s));
}

} // namespace

Status mayWriteFile(const QString &path, const QString &projectPath, bool overwrite)
{
    const QFileInfo info(path);
    if (info.isDir())
        return failure(ErrorCode::InvalidInput, u"“%1” is a folder."_s.arg(path), u"Add a file name."_s);
    if (belongsToProject(path, projectPath))
        return refused(u"“%1” is a file of the open project."_s.arg(path));
    const bool isThere = info.exists(), leadsNowhere = !isThere && info.isSymLink();
    if (!overwrite && (isThere || leadsNowhere)) {
        return failure(Error(ErrorCode::AlreadyExists, u"“%1” already exists."_s.arg(path),
                             u"Choose another name, or replace it with --force."_s)
                           .withConsequence(u"Nothing was written."_s));
    }
    if (leadsNowhere)
        return refused(u"“%1” is a link to nothing."_s.arg(path));
    if (isThere && !info.isFile())
        return refused(u"“%1” is no regular file."_s.arg(path));
    return {};
}

} // namespace evalwright
