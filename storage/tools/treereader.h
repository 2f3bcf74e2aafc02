// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/tools/damagedfile.h"

#include <functional>
#include <string_view>

namespace evalwright {

/// A value of a record, as the file has it. Texts and blobs are valid while the record is.
struct StoredValue
{
    enum class Type { Null, Integer, Real, Text, Blob };
    Type type = Type::Null;
    qint64 integer = 0;
    double real = 0;
    std::string_view bytes;
};
using StoredRecord = std::vector<StoredValue>;

/// Reads b-trees of a damaged file as far as they hang together; no page is read twice, so that nothing in a file can make
/// it run for ever.
class TreeReader
{
public:
    explicit TreeReader(DamagedFile &file);

    struct Found
    {
        qint64 rows = 0;
        qint64 brokenRows = 0;  ///< Of pages that could be read.
        qint64 brokenPages = 0; ///< Which should be parts of the tree.
    };
    /// `rowid` is 0 in trees without row numbers, such as indices.
    using Use = std::function<void(qint64 rowid, const StoredRecord &record)>;
    Found readTree(qint64 root, const Use &use, const CancellationToken &token);
    /// The rows of one page that lies alone; not a page whose rows were handed on before.
    Found readLeaf(qint64 page, const Use &use);

    enum class Kind { Other, TableLeaf, TableInner, IndexLeaf, IndexInner };
    Kind kind(qint64 page);
    bool isRead(qint64 page) const { return m_read[static_cast<std::size_t>(page)]; }
    qint64 pagesRead() const { return m_pagesRead; }

private:
    bool take(qint64 page);
    void readRows(qint64 number, const QByteArray &page, Kind kind, Found &found, const Use &use);
    bool readCell(const QByteArray &page, qint64 at, Kind kind, const Use &use);
    bool readPayload(const QByteArray &page, qint64 at, qint64 size, bool isTable, QByteArray &payload);
    static bool readRecord(const QByteArray &payload, StoredRecord &record);

    DamagedFile &m_file;
    std::vector<bool> m_read;
    qint64 m_pagesRead = 0;
};

} // namespace evalwright
