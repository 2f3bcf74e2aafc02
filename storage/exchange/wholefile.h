// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

namespace evalwright {

/// A file that gets its name when all of it is on disk: written beside its place, then renamed.
class WholeFile
{
public:
    /// Writes the bytes beside `path`. ReadOnly, DiskFull, Storage: nothing is left.
    static Result<WholeFile> prepare(const QString &path, const QByteArray &bytes);
    WholeFile(WholeFile &&other) noexcept;
    WholeFile &operator=(WholeFile &&other) noexcept;
    ~WholeFile(); ///< Removes what was not published.

    /// Gives it its name. AlreadyExists unless `replace`, also when the file appeared a moment ago.
    Status publish(bool replace);

private:
    WholeFile(QString path, QString temporary) : m_path(std::move(path)), m_temporary(std::move(temporary)) {}
    QString m_path, m_temporary;
};

/// Both at once.
Status writeWholeFile(const QString &path, const QByteArray &bytes, bool replace);

/// Makes a new name in the folder of `path` lasting.
void syncFolderOf(const QString &path);

} // namespace evalwright
