// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/journal.h"

#include "core/hash.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/wholefile.h"

#include <cerrno>
#include <unistd.h>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largestJournal = qint64{1} << 30;
const QByteArray beforeSum = "{\"sha256\":\"", beforeRecord = "\",\"record\":", afterRecord = "}\n";
constexpr qsizetype sumLength = 64;

QByteArray sumOf(const QByteArray &before, const QByteArray &record)
{
    return sha256(before + record).toHex();
}

QByteArray lineOf(const QByteArray &sum, const QByteArray &record)
{
    return beforeSum + sum + beforeRecord + record + afterRecord;
}

} // namespace

Result<std::unique_ptr<Journal>> Journal::open(const QString &path, const QByteArray &first)
{
    auto lock = std::make_unique<QLockFile>(path + u".lock"_s);
    lock->setStaleLockTime(0);
    if (!lock->tryLock(0)) {
        if (lock->error() == QLockFile::LockFailedError)
            return failure(Error(ErrorCode::Locked, u"Another program is working on “%1”."_s.arg(path),
                                 u"Go on there, or close it first."_s)
                               .withConsequence(u"Nothing was changed."_s));
        return failure(ErrorCode::ReadOnly, u"Answers cannot be written beside “%1”."_s.arg(path),
                       u"Choose a folder for the answers that can be written and has space."_s);
    }
    std::unique_ptr<Journal> journal(new Journal(path));
    journal->m_lock = std::move(lock);
    if (!journal->m_file.open(QIODevice::ReadWrite | QIODevice::Unbuffered))
        return failure(fileError(journal->m_file, u"Could not open"_s, path));
    syncFolderOf(path);
    EVALWRIGHT_TRY(journal->read());
    if (journal->m_records.isEmpty())
        EVALWRIGHT_TRY(journal->append(first));
    return journal;
}

Status Journal::read()
{
    if (m_file.size() > largestJournal)
        return failure(ErrorCode::InvalidInput, u"“%1” is too large for a journal."_s.arg(m_path),
                       u"Choose another folder."_s);
    const QByteArray bytes = m_file.readAll();
    while (m_size < bytes.size()) {
        const qsizetype end = bytes.indexOf('\n', m_size);
        const QByteArray line = bytes.mid(m_size, end < 0 ? -1 : end + 1 - m_size);
        const qsizetype from = beforeSum.size() + sumLength + beforeRecord.size();
        const QByteArray record = line.mid(from, line.size() - from - afterRecord.size());
        const QByteArray sum = sumOf(m_sum, record);
        if (line != lineOf(sum, record)) {
            if (end >= 0 && end + 1 < bytes.size()) {
                return failure(
                    Error(ErrorCode::Corrupt, u"Line %1 of “%2” is damaged."_s.arg(m_records.size() + 1).arg(m_path),
                          u"Get the file back from a backup. To begin anew, move it away."_s)
                        .withConsequence(u"Nothing was changed; answers after it cannot be told from damage."_s));
            }
            m_isTorn = true;
            if (::ftruncate(m_file.handle(), m_size) != 0 || ::fsync(m_file.handle()) != 0)
                return failure(ErrorCode::Storage, u"Could not repair “%1”."_s.arg(m_path), u"Check the disk."_s,
                               qt_error_string(errno));
            break;
        }
        m_records << record;
        m_sum = sum;
        m_size = end + 1;
    }
    return {};
}

Status Journal::append(const QByteArray &record)
{
    if (m_isFailed)
        return failure(ErrorCode::Storage, u"“%1” could not be written before."_s.arg(m_path),
                       u"Check the disk, then open the bundle again."_s);
    const QByteArray sum = sumOf(m_sum, record), line = lineOf(sum, record);
    const bool isWritten = m_file.seek(m_size) && m_file.write(line) == line.size();
    if (!isWritten || ::fsync(m_file.handle()) != 0) {
        Error error = isWritten ? Error(ErrorCode::Storage, u"“%1” could not be brought to the disk."_s.arg(m_path),
                                        u"Check the disk."_s, qt_error_string(errno))
                                : fileError(m_file, u"Could not write"_s, m_path);
        error.consequence = u"This answer was not stored. Earlier ones are."_s;
        // After a failed fsync nobody knows what is on the disk.
        m_isFailed = ::ftruncate(m_file.handle(), m_size) != 0 || isWritten;
        return failure(std::move(error));
    }
    m_records << record;
    m_sum = sum;
    m_size += line.size();
    return {};
}

} // namespace evalwright::review
