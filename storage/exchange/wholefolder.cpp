// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/wholefolder.h"

#include "storage/exchange/fileerror.h"
#include "storage/exchange/wholefile.h"

#include <QDir>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> refused(ErrorCode code, const QString &message, const QString &advice)
{
    return failure(Error(code, message, advice).withConsequence(u"Nothing was written."_s));
}

bool hasMark(const QString &folder, const QString &mark, const QByteArray &text)
{
    QFile file(QDir(folder).filePath(mark));
    return file.open(QIODevice::ReadOnly) && file.read(1 << 16).contains(text);
}

bool holdsProject(const QString &folder, const QString &projectPath)
{
    const QString project = QFileInfo(projectPath).canonicalFilePath(), root = QFileInfo(folder).canonicalFilePath();
    return !root.isEmpty() && project.startsWith(root + u'/');
}

} // namespace

Result<WholeFolder> WholeFolder::prepare(const QString &path, const QString &projectPath, bool replace,
                                         const QString &mark, const QByteArray &markText, const QStringList &own)
{
    const QString target = QDir::cleanPath(path);
    const QFileInfo info(target);
    if (info.isSymLink())
        return refused(ErrorCode::InvalidInput, u"“%1” is a link."_s.arg(target), u"Name the folder itself."_s);
    if (info.exists()) {
        if (!info.isDir())
            return refused(ErrorCode::InvalidInput, u"“%1” is a file; a folder is written."_s.arg(target),
                           u"Choose another name."_s);
        if (!replace)
            return refused(ErrorCode::AlreadyExists, u"“%1” already exists."_s.arg(target),
                           u"Choose another name, or replace it with --force."_s);
        const bool isEmpty =
            QDir(target).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
        if (!isEmpty && !hasMark(target, mark, markText))
            return refused(ErrorCode::InvalidInput,
                           u"“%1” was not written by this program and is not replaced."_s.arg(target),
                           u"Choose another name, or empty the folder."_s);
        if (holdsProject(target, projectPath))
            return refused(ErrorCode::InvalidInput, u"The open project lies in “%1”."_s.arg(target),
                           u"Choose another name."_s);
    }
    const QString temporary = target + u".part-"_s + newUuid().left(8);
    if (!QDir().mkdir(temporary))
        return refused(ErrorCode::ReadOnly, u"Could not make the folder “%1”."_s.arg(target),
                       u"Check that the folder around it is there and can be written."_s);
    return WholeFolder(target, temporary, own);
}

WholeFolder::WholeFolder(WholeFolder &&other) noexcept
    : m_path(std::move(other.m_path)), m_temporary(std::exchange(other.m_temporary, {})), m_own(std::move(other.m_own))
{
}

WholeFolder::~WholeFolder()
{
    if (!m_temporary.isEmpty())
        QDir(m_temporary).removeRecursively();
}

Status WholeFolder::Output::write(const QByteArray &bytes)
{
    m_hash.add(bytes);
    m_bytes += bytes.size();
    if (m_file->write(bytes) != bytes.size())
        return failure(fileError(*m_file, u"Could not write"_s, m_name));
    return {};
}

Status WholeFolder::Output::close()
{
    if (!m_file->flush() || ::fsync(m_file->handle()) != 0)
        return failure(fileError(*m_file, u"Could not write"_s, m_name));
    m_file->close();
    m_sha256 = QString::fromLatin1(m_hash.result().toHex());
    return {};
}

Result<WholeFolder::Output> WholeFolder::file(const QString &name)
{
    const QString path = QDir(m_temporary).filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    Output out;
    out.m_name = name;
    out.m_file = std::make_unique<QFile>(path);
    if (!out.m_file->open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return failure(fileError(*out.m_file, u"Could not write"_s, QDir(m_path).filePath(name)));
    return out;
}

Status WholeFolder::write(const QString &name, const QByteArray &bytes)
{
    EVALWRIGHT_ASSIGN(Output out, file(name));
    EVALWRIGHT_TRY(out.write(bytes));
    return out.close();
}

Status WholeFolder::publish()
{
    const QByteArray from = QFile::encodeName(m_temporary), to = QFile::encodeName(m_path);
    const auto failed = [this] {
        const int error = errno;
        return failure(Error(error == EEXIST || error == ENOTEMPTY ? ErrorCode::AlreadyExists : ErrorCode::Storage,
                             u"Could not give the folder its name “%1”."_s.arg(m_path), u"Choose another name."_s,
                             qt_error_string(error))
                           .withConsequence(u"Nothing was written."_s));
    };
    if (!QFileInfo::exists(m_path)) {
        if (::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_NOREPLACE) != 0)
            return failed();
        m_temporary.clear();
        syncFolderOf(m_path);
        return {};
    }
    // Both at once, so that at no moment there is none; what is not ours then moves over.
    if (::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_EXCHANGE) != 0)
        return failed();
    const QString old = std::exchange(m_temporary, {});
    QDir before(old);
    for (const QString &entry :
         before.entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)) {
        if (m_own.contains(entry))
            continue;
        if (!before.rename(entry, QDir(m_path).absoluteFilePath(entry))) {
            return failure(
                Error(ErrorCode::Storage, u"“%1” could not be moved into the new folder."_s.arg(entry),
                      u"Move it by hand from “%1”."_s.arg(old))
                    .withConsequence(u"The folder was written; what it had besides is still in “%1”."_s.arg(old)));
        }
    }
    before.removeRecursively();
    syncFolderOf(m_path);
    return {};
}

} // namespace evalwright
