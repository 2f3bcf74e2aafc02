// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QFile>
#include <QString>

#include <memory>
#include <unordered_map>
#include <vector>

namespace evalwright {

/// The pages of an SQLite file that may be damaged anywhere, read byte by byte without SQLite (sqlite.org/fileformat.html).
/// Pages that a valid transaction of the write-ahead log has replaced come from there. Nothing is ever written.
class DamagedFile
{
public:
    static constexpr qint64 usualPageSize = 4096; ///< Of the files that this program makes.

    static Result<std::unique_ptr<DamagedFile>> open(const QString &path);

    qint64 pageSize() const { return m_pageSize; }
    qint64 usableSize() const { return m_pageSize - m_reserved; }
    qint64 pageCount() const { return m_pageCount; }
    bool hasHeader() const { return m_hasHeader; }
    int schemaVersion() const { return m_schemaVersion; } ///< 0: the header does not say.
    bool usesLog() const { return !m_log.empty(); }

    /// A page by its number from 1: at least 512 bytes of it, fewer than all where the file ends in its middle, or nothing.
    /// Valid until the next call for another page of the same number modulo 64.
    const QByteArray &page(qint64 number);
    /// Pages that hold nothing, as far as the header's list can be followed.
    std::vector<bool> freePages();

private:
    explicit DamagedFile(const QString &path) : m_file(path), m_logFile(path + QStringLiteral("-wal")) {}
    void readHeader(const QByteArray &header);
    void readLog();

    struct Slot
    {
        qint64 number = 0;
        QByteArray bytes;
    };
    static constexpr std::size_t slots = 64;

    QFile m_file, m_logFile;
    qint64 m_pageSize = usualPageSize, m_reserved = 0, m_pageCount = 0;
    bool m_hasHeader = false;
    int m_schemaVersion = 0;
    std::unordered_map<qint64, qint64> m_log; ///< Page to its place in the log.
    std::vector<Slot> m_slots = std::vector<Slot>(slots);
    QByteArray m_none;
};

/// Big-endian numbers; the caller knows that the bytes are there.
quint32 numberAt(const char *bytes, int size);

} // namespace evalwright
