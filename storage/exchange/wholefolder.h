// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/hash.h"
#include "core/result.h"

#include <QFile>
#include <QString>
#include <QStringList>

#include <memory>

namespace evalwright {

/// A folder that gets its name when all of it is on disk: filled beside its place, then renamed. What is in the way is
/// replaced only when it was written by this program, and only its files: what else lies in the folder (".git") moves
/// on into the new one.
class WholeFolder
{
public:
    /// `mark`: a file inside that every folder of this kind has, and a text that it then contains. `own`: the entries
    /// at the top that belong to this kind. AlreadyExists, or InvalidInput for a file, a link, a folder without the
    /// mark, and a folder that the project lies in.
    static Result<WholeFolder> prepare(const QString &path, const QString &projectPath, bool replace,
                                       const QString &mark, const QByteArray &markText, const QStringList &own);
    WholeFolder(WholeFolder &&) noexcept;
    WholeFolder &operator=(WholeFolder &&) = delete;
    ~WholeFolder(); ///< Removes what was not published.

    /// A file of the folder that is being filled; folders on the way are made. `name` is relative, with slashes.
    class Output
    {
    public:
        Status write(const QByteArray &bytes);
        /// Brings it to the disk.
        Status close();
        QString sha256() const { return m_sha256; } ///< After close().
        qint64 bytes() const { return m_bytes; }

    private:
        friend class WholeFolder;
        QString m_name, m_sha256;
        std::unique_ptr<QFile> m_file;
        Sha256 m_hash;
        qint64 m_bytes = 0;
    };
    Result<Output> file(const QString &name);
    Status write(const QString &name, const QByteArray &bytes);

    /// Gives it its name.
    Status publish();

private:
    WholeFolder(QString path, QString temporary, QStringList own)
        : m_path(std::move(path)), m_temporary(std::move(temporary)), m_own(std::move(own))
    {
    }
    QString m_path, m_temporary;
    QStringList m_own;
};

} // namespace evalwright
