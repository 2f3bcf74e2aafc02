// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/treereader.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace evalwright {

namespace {

constexpr qint64 largestPayload = 1'000'000'000; ///< SQLite's own limit.

struct Varint
{
    quint64 value = 0;
    qint64 next = 0; ///< Where it ends.
};

std::optional<Varint> varintAt(const QByteArray &bytes, qint64 at)
{
    quint64 value = 0;
    for (int i = 0; i < 9; ++i) {
        if (at < 0 || at + i >= bytes.size())
            return std::nullopt;
        const auto byte = static_cast<unsigned char>(bytes[at + i]);
        if (i == 8)
            return Varint{(value << 8U) | byte, at + 9};
        value = (value << 7U) | (byte & 0x7fU);
        if ((byte & 0x80U) == 0)
            return Varint{value, at + i + 1};
    }
    return std::nullopt;
}

qint64 headerAt(qint64 page)
{
    return page == 1 ? 100 : 0;
}

/// Two's complement, big-endian.
qint64 signedAt(const char *bytes, int size)
{
    auto value = static_cast<quint64>((static_cast<unsigned char>(bytes[0]) & 0x80U) != 0 ? -1 : 0);
    for (int i = 0; i < size; ++i)
        value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
    return static_cast<qint64>(value);
}

} // namespace

TreeReader::TreeReader(DamagedFile &file) : m_file(file), m_read(static_cast<std::size_t>(file.pageCount()) + 1) {}

bool TreeReader::take(qint64 page)
{
    if (page < 1 || page > m_file.pageCount() || m_read[static_cast<std::size_t>(page)])
        return false;
    m_read[static_cast<std::size_t>(page)] = true;
    ++m_pagesRead;
    return true;
}

TreeReader::Kind TreeReader::kind(qint64 page)
{
    const QByteArray &bytes = m_file.page(page);
    if (bytes.isEmpty())
        return Kind::Other;
    switch (bytes[headerAt(page)]) {
    case 0x0d:
        return Kind::TableLeaf;
    case 0x05:
        return Kind::TableInner;
    case 0x0a:
        return Kind::IndexLeaf;
    case 0x02:
        return Kind::IndexInner;
    default:
        return Kind::Other;
    }
}

TreeReader::Found TreeReader::readTree(qint64 root, const Use &use, const CancellationToken &token)
{
    Found found;
    const Kind first = kind(root);
    const bool isTable = first == Kind::TableLeaf || first == Kind::TableInner;
    std::vector<qint64> waiting{root};
    while (!waiting.empty() && !token.isCancelled()) {
        const qint64 number = waiting.back();
        waiting.pop_back();
        const Kind here = kind(number);
        const bool fits = isTable ? here == Kind::TableLeaf || here == Kind::TableInner : here == Kind::IndexLeaf || here == Kind::IndexInner;
        if (!fits || !take(number)) {
            ++found.brokenPages;
            continue;
        }
        const QByteArray page = m_file.page(number); // Shared: reading an overflow may drop it from its slot.
        if (here == Kind::TableInner || here == Kind::IndexInner) {
            const qint64 start = headerAt(number);
            const qint64 cells = numberAt(page.constData() + start + 3, 2);
            // The last child first on the stack, so that rows come in their order.
            waiting.push_back(numberAt(page.constData() + start + 8, 4));
            for (qint64 i = cells - 1; i >= 0; --i) {
                const qint64 pointer = start + 12 + 2 * i;
                const qint64 cell = pointer + 2 <= page.size() ? numberAt(page.constData() + pointer, 2) : page.size();
                if (cell + 4 > page.size()) {
                    ++found.brokenPages;
                    continue;
                }
                waiting.push_back(numberAt(page.constData() + cell, 4));
            }
        }
        if (here != Kind::TableInner)
            readRows(number, page, here, found, use);
    }
    return found;
}

TreeReader::Found TreeReader::readLeaf(qint64 page, const Use &use)
{
    Found found;
    const Kind here = kind(page);
    if (take(page) && (here == Kind::TableLeaf || here == Kind::IndexLeaf)) {
        const QByteArray bytes = m_file.page(page);
        readRows(page, bytes, here, found, use);
    }
    return found;
}

void TreeReader::readRows(qint64 number, const QByteArray &page, Kind kind, Found &found, const Use &use)
{
    const qint64 start = headerAt(number);
    const qint64 pointers = start + (kind == Kind::IndexInner ? 12 : 8);
    const qint64 cells = numberAt(page.constData() + start + 3, 2);
    for (qint64 i = 0; i < cells; ++i) {
        const qint64 pointer = pointers + 2 * i;
        if (pointer + 2 > page.size()) {
            found.brokenRows += cells - i;
            return;
        }
        if (readCell(page, numberAt(page.constData() + pointer, 2), kind, use))
            ++found.rows;
        else
            ++found.brokenRows;
    }
}

bool TreeReader::readCell(const QByteArray &page, qint64 at, Kind kind, const Use &use)
{
    const bool isTable = kind == Kind::TableLeaf;
    const auto size = varintAt(page, at + (kind == Kind::IndexInner ? 4 : 0));
    if (!size || size->value > largestPayload)
        return false;
    qint64 next = size->next, rowid = 0;
    if (isTable) {
        const auto id = varintAt(page, next);
        if (!id)
            return false;
        rowid = static_cast<qint64>(id->value);
        next = id->next;
    }
    QByteArray payload;
    StoredRecord record;
    if (!readPayload(page, next, static_cast<qint64>(size->value), isTable, payload) || !readRecord(payload, record))
        return false;
    use(rowid, record);
    return true;
}

bool TreeReader::readPayload(const QByteArray &page, qint64 at, qint64 size, bool isTable, QByteArray &payload)
{
    // How much of it lies on the page (sqlite.org/fileformat.html, “Cell Payload Overflow Pages”).
    const qint64 usable = m_file.usableSize();
    const qint64 most = isTable ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    const qint64 least = (usable - 12) * 32 / 255 - 23;
    qint64 local = size;
    if (size > most) {
        local = least + (size - least) % (usable - 4);
        local = local > most ? least : local;
    }
    const bool overflows = local < size;
    if (at + local + (overflows ? 4 : 0) > page.size())
        return false;
    payload = page.mid(at, local);
    if (!overflows)
        return true;
    // A length that is wrong must not make room for what is not there.
    if (size > m_file.pageCount() * usable)
        return false;
    payload.reserve(size);
    qint64 number = numberAt(page.constData() + at + local, 4);
    while (payload.size() < size) {
        if (!take(number))
            return false;
        const QByteArray &more = m_file.page(number);
        if (more.size() < m_file.pageSize())
            return false;
        // Pages have no checksum. One of nothing but zeros was never a part of a text or a reply.
        if (std::ranges::all_of(more, [](char byte) { return byte == '\0'; }))
            return false;
        payload += more.mid(4, std::min(usable - 4, size - payload.size()));
        number = numberAt(more.constData(), 4);
    }
    return number == 0; // The last one has no next.
}

bool TreeReader::readRecord(const QByteArray &payload, StoredRecord &record)
{
    const auto header = varintAt(payload, 0);
    if (!header || header->value > static_cast<quint64>(payload.size()) || header->value < static_cast<quint64>(header->next))
        return false;
    const auto end = static_cast<qint64>(header->value);
    qint64 type = header->next, at = end;
    while (type < end) {
        const auto serial = varintAt(payload, type);
        if (!serial || serial->next > end)
            return false;
        type = serial->next;
        StoredValue value;
        static constexpr int sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
        if (serial->value == 10 || serial->value == 11)
            return false; // Reserved.
        const quint64 wide = serial->value < 10 ? static_cast<quint64>(sizes[serial->value]) : (serial->value - 12) / 2;
        if (wide > static_cast<quint64>(payload.size() - at))
            return false;
        const char *bytes = payload.constData() + at;
        const auto size = static_cast<qint64>(wide);
        if (serial->value == 7) {
            value.type = StoredValue::Type::Real;
            value.real = std::bit_cast<double>(signedAt(bytes, 8));
        } else if (serial->value >= 12) {
            value.type = serial->value % 2 == 0 ? StoredValue::Type::Blob : StoredValue::Type::Text;
            value.bytes = std::string_view(bytes, static_cast<std::size_t>(size));
        } else if (serial->value != 0) {
            value.type = StoredValue::Type::Integer;
            value.integer = serial->value >= 8 ? static_cast<qint64>(serial->value) - 8 : signedAt(bytes, static_cast<int>(size));
        }
        record.push_back(value);
        at += size;
    }
    return !record.empty();
}

} // namespace evalwright
