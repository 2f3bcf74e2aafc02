// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/damagedfile.h"

#include <algorithm>
#include <bit>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 leastPage = 512;
constexpr qint64 headerSize = 100, logHeaderSize = 32, frameHeaderSize = 24;

bool isPageSize(qint64 size)
{
    return size >= leastPage && size <= 65536 && std::has_single_bit(static_cast<quint64>(size));
}

/// The log's checksum over pairs of words, in the order of bytes that its header names.
class LogChecksum
{
public:
    explicit LogChecksum(bool bigEndian) : m_bigEndian(bigEndian) {}
    void add(const char *bytes, qint64 size)
    {
        for (qint64 i = 0; i + 8 <= size; i += 8) {
            m_first += word(bytes + i) + m_second;
            m_second += word(bytes + i + 4) + m_first;
        }
    }
    bool is(const char *stored) const { return numberAt(stored, 4) == m_first && numberAt(stored + 4, 4) == m_second; }

private:
    quint32 word(const char *bytes) const
    {
        const quint32 value = numberAt(bytes, 4);
        return m_bigEndian ? value : ((value & 0xffU) << 24U) | ((value & 0xff00U) << 8U) | ((value >> 8U) & 0xff00U) | (value >> 24U);
    }
    bool m_bigEndian;
    quint32 m_first = 0, m_second = 0;
};

} // namespace

quint32 numberAt(const char *bytes, int size)
{
    quint32 value = 0;
    for (int i = 0; i < size; ++i)
        value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
    return value;
}

Result<std::unique_ptr<DamagedFile>> DamagedFile::open(const QString &path)
{
    std::unique_ptr<DamagedFile> file(new DamagedFile(path));
    if (!file->m_file.open(QIODevice::ReadOnly)) {
        return failure(file->m_file.exists() ? ErrorCode::ReadOnly : ErrorCode::NotFound, u"“%1” cannot be read."_s.arg(path),
                       u"Check the path and the permissions."_s, file->m_file.errorString());
    }
    file->readHeader(file->m_file.read(headerSize));
    file->m_pageCount = (file->m_file.size() + file->m_pageSize - 1) / file->m_pageSize;
    file->readLog();
    return file;
}

void DamagedFile::readHeader(const QByteArray &header)
{
    if (header.size() < headerSize || !header.startsWith(QByteArray("SQLite format 3\0", 16)))
        return;
    qint64 size = numberAt(header.constData() + 16, 2);
    size = size == 1 ? 65536 : size;
    if (!isPageSize(size))
        return;
    m_hasHeader = true;
    m_pageSize = size;
    const qint64 reserved = static_cast<unsigned char>(header[20]);
    m_reserved = size - reserved >= 480 ? reserved : 0; // The least that SQLite allows.
    m_schemaVersion = static_cast<int>(numberAt(header.constData() + 60, 4));
}

/// As SQLite reads it: frames count up to the last one that ends a transaction and before the first whose checksum is not
/// right.
void DamagedFile::readLog()
{
    if (!m_logFile.open(QIODevice::ReadOnly))
        return;
    const QByteArray header = m_logFile.read(logHeaderSize);
    if (header.size() < logHeaderSize)
        return;
    const quint32 magic = numberAt(header.constData(), 4);
    const qint64 size = numberAt(header.constData() + 8, 4);
    if ((magic & ~1U) != 0x377f0682U || !isPageSize(size) || (m_hasHeader && size != m_pageSize))
        return;
    LogChecksum checksum((magic & 1U) != 0);
    checksum.add(header.constData(), 24);
    if (!checksum.is(header.constData() + 24))
        return;
    if (!m_hasHeader) {
        m_pageSize = size;
        m_pageCount = (m_file.size() + size - 1) / size;
    }
    const qint64 inFile = m_pageCount;
    std::unordered_map<qint64, qint64> pending;
    for (;;) {
        const qint64 at = m_logFile.pos();
        const QByteArray frame = m_logFile.read(frameHeaderSize + size);
        if (frame.size() < frameHeaderSize + size || frame.mid(8, 8) != header.mid(16, 8))
            return;
        checksum.add(frame.constData(), 8);
        checksum.add(frame.constData() + frameHeaderSize, size);
        if (!checksum.is(frame.constData() + 16))
            return;
        const qint64 page = numberAt(frame.constData(), 4), committed = numberAt(frame.constData() + 4, 4);
        if (page == 0)
            return;
        pending[page] = at + frameHeaderSize;
        if (page == 1)
            readHeader(frame.mid(frameHeaderSize, headerSize));
        if (committed > 0) {
            for (const auto &[number, place] : pending)
                m_log[number] = place;
            pending.clear();
            // Pages that a transaction claims and that lie nowhere would only be work: up to four thousand million.
            m_pageCount = std::min(committed, inFile + static_cast<qint64>(m_log.size()));
        }
    }
}

const QByteArray &DamagedFile::page(qint64 number)
{
    if (number < 1 || number > m_pageCount)
        return m_none;
    Slot &slot = m_slots[static_cast<std::size_t>(number) % slots];
    if (slot.number != number) {
        const auto logged = m_log.find(number);
        QFile &file = logged == m_log.end() ? m_file : m_logFile;
        slot.bytes = file.seek(logged == m_log.end() ? (number - 1) * m_pageSize : logged->second) ? file.read(m_pageSize) : QByteArray();
        if (slot.bytes.size() < leastPage)
            slot.bytes.clear();
        slot.number = number;
    }
    return slot.bytes;
}

std::vector<bool> DamagedFile::freePages()
{
    std::vector<bool> free(static_cast<std::size_t>(m_pageCount) + 1);
    if (!m_hasHeader || page(1).isEmpty())
        return free;
    qint64 trunk = numberAt(page(1).constData() + 32, 4);
    while (trunk > 0 && trunk <= m_pageCount && !free[static_cast<std::size_t>(trunk)]) {
        free[static_cast<std::size_t>(trunk)] = true;
        const QByteArray bytes = page(trunk);
        if (bytes.size() < m_pageSize)
            break;
        const qint64 leaves = std::min<qint64>(numberAt(bytes.constData() + 4, 4), m_pageSize / 4 - 2);
        for (qint64 i = 0; i < leaves; ++i) {
            const qint64 leaf = numberAt(bytes.constData() + 8 + 4 * i, 4);
            if (leaf > 0 && leaf <= m_pageCount)
                free[static_cast<std::size_t>(leaf)] = true;
        }
        trunk = numberAt(bytes.constData(), 4);
    }
    return free;
}

} // namespace evalwright
