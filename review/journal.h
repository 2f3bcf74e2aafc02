// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QFile>
#include <QList>
#include <QLockFile>

#include <memory>

namespace evalwright::review {

/// A file that only grows: one line for each record, each with a SHA-256 of itself and of all before it. What append()
/// took is on disk. Blocking, for worker threads; used by one thread at a time.
class Journal
{
public:
    /// Opens the journal, or begins one with `first` as its first record. A last line that was not written in full is
    /// dropped (isTorn()); Corrupt names any other line that is damaged. Locked: another program has it open; ReadOnly,
    /// DiskFull, Storage.
    static Result<std::unique_ptr<Journal>> open(const QString &path, const QByteArray &first);

    const QString &path() const { return m_path; }
    /// The first one included.
    const QList<QByteArray> &records() const { return m_records; }
    bool isTorn() const { return m_isTorn; }

    /// On failure the journal is as it was before; when even that fails it takes nothing more.
    Status append(const QByteArray &record);

private:
    explicit Journal(QString path) : m_path(std::move(path)), m_file(m_path) {}
    Status read();

    QString m_path;
    QFile m_file;
    std::unique_ptr<QLockFile> m_lock;
    QList<QByteArray> m_records;
    QByteArray m_sum; ///< Hex, of all records so far.
    qint64 m_size = 0;
    bool m_isTorn = false, m_isFailed = false;
};

} // namespace evalwright::review
