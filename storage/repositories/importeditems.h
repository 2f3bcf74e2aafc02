// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QByteArray>
#include <QHash>
#include <QRandomGenerator>

#include <array>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace evalwright {

/// Version-4 UUIDs, random as all of them, but given out in rising order, up to a million at a time: the index over them
/// is then filled from page to page, where random places of a large index would each be another page.
class RisingUuids
{
public:
    /// Valid until the next one.
    std::string_view next();
    /// Between two files: many that wait are let go, few serve the next one.
    void rest();

private:
    using Halves = std::array<quint64, 2>; ///< Their order is that of the texts.
    void make();

    QRandomGenerator m_random = QRandomGenerator::securelySeeded();
    std::vector<Halves> m_made;
    std::array<char, 36> m_text{};
    std::size_t m_at = 0, m_next = 64;
};

/// Rows of a file that become items, in the bytes in which they are stored: whoever reads the file makes them, so that
/// the thread that writes the project only has to bind them.
class PackedItems
{
public:
    /// Texts, labels, confidence, line, source text, extra and fields are taken; the rest is the writer's to set.
    void add(const Candidate &item, std::string_view uuid);
    qsizetype size() const { return static_cast<qsizetype>(m_rows.size()); }
    qsizetype bytes() const { return m_bytes.size(); }

    enum Text { Uuid, WantedLabel, ParseStatus, Statement, Question, MatchingLabel, OtherLabels, Cluster, SourceText, Extra, Fields, TextCount };
    /// Null data: no such text.
    std::string_view text(qsizetype row, Text which) const;
    std::optional<double> confidence(qsizetype row) const { return m_rows[static_cast<size_t>(row)].confidence; }
    std::optional<qint64> line(qsizetype row) const { return m_rows[static_cast<size_t>(row)].line; }

private:
    struct Row
    {
        std::array<std::uint32_t, TextCount + 1> begin{};
        bool hasSource = false;
        std::optional<double> confidence;
        std::optional<qint64> line;
    };

    QByteArray m_bytes;
    std::vector<Row> m_rows;
    QHash<QStringList, QByteArray> m_labels; ///< As JSON; a file has few lists of labels.
};

/// Where rows come from.
struct ImportedRows
{
    /// The next ones; nothing at the end.
    std::function<std::optional<PackedItems>()> next;
    /// Whether to pass a row over; may be empty.
    std::function<bool(const PackedItems &rows, qsizetype row)> skips;
};

/// Stores rows as kept items: each a candidate with the next ordinal after `lastOrdinal`, and the decision of the import.
/// Returns how many. One statement takes all of them, for a third of the time of a statement for each. Only within a
/// transaction, which is to be rolled back when it fails.
Result<qint64> storeImportedItems(Connection &connection, DatasetId dataset, ImportSourceId source, qint64 lastOrdinal,
                                  const ImportedRows &rows);

/// What is known of a source when it is read to its end.
Status completeImportSource(Connection &connection, const ImportSource &source);

} // namespace evalwright
