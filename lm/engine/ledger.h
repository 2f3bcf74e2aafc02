// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QString>

#include <functional>
#include <map>

namespace evalwright {

/// Lower-case hex SHA-256 of a file, read in pieces. Cancelled between pieces; Storage when it cannot be read.
/// `read` is told the bytes done so far.
Result<QString> sha256OfFile(const QString &path, const CancellationToken &token = {},
                             const std::function<void(qint64)> &read = {});

/// What was found about large files, so that "is it still the stated file?" need not read a gigabyte each time:
/// an entry is believed while size and modification time are unchanged. It guards against accidents; an attacker who
/// can write to the user's data directory can replace the program itself.
class Ledger
{
public:
    /// A missing or damaged ledger is an empty one: the files are then hashed again.
    static Ledger read(const QString &path);
    /// Atomic.
    Status write() const;

    /// The hash noted for the file if it still looks the same, else empty.
    QString known(const QString &file) const;
    void note(const QString &file, const QString &sha256);
    void forget(const QString &file);

private:
    struct Entry
    {
        QString sha256;
        qint64 bytes = 0, modified = 0; ///< Milliseconds since 1970.
    };
    QString m_path;
    std::map<QString, Entry> m_entries; ///< By path relative to the ledger's folder.
    QString key(const QString &file) const;
};

} // namespace evalwright
