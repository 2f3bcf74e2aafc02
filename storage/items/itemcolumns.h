// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/ids.h"
#include "storage/connection.h"

#include <QStringList>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace evalwright {

struct RankCache;

/// What the candidates of one data set are filtered, counted and ordered by, without their texts: some 32 bytes a row, so
/// that a million of them are looked through in milliseconds. A row is an index into all of the vectors; rows stand by
/// ordinal. Nothing changes once it is read: whoever wants newer values reads anew.
struct ItemColumns
{
    enum State : std::uint8_t { Undecided, Kept, Rejected };
    enum Lint : std::uint8_t { Info = 1, Warn = 2, Block = 4 };

    DatasetId dataset;
    std::vector<qint64> id, ordinal;
    std::vector<double> confidence;     ///< Of the label; NaN: unknown.
    std::vector<std::uint16_t> label;   ///< Index into `labels`: the wanted one.
    std::vector<std::uint16_t> reason;  ///< Index into `reasons`, of the latest decision; 0 is none.
    std::vector<std::uint16_t> stage;   ///< Index into `stages`, likewise.
    std::vector<std::uint8_t> state;    ///< State
    std::vector<std::uint8_t> byPerson; ///< 1: a person made the latest decision.
    std::vector<std::uint8_t> lint;     ///< Lint, several at once: severities of what lint found.
    QStringList labels, reasons, stages;

    std::size_t size() const { return id.size(); }
    /// The row of a candidate; unset when it is of another data set.
    std::optional<std::uint32_t> rowOf(qint64 candidate) const;

    /// What orders need besides; whoever asks for one first reads it (itemranks.h).
    std::shared_ptr<RankCache> ranks;

private:
    friend Result<std::shared_ptr<const ItemColumns>> readItemColumns(Connection &, DatasetId, const CancellationToken &);
    friend std::shared_ptr<const ItemColumns> onlyCandidates(const ItemColumns &, const std::vector<qint64> &);
    void indexIds();
    /// Rows by id, where ids do not rise with ordinals; else empty.
    std::vector<std::uint32_t> m_byId;
};

/// Reads them from two indexes. Unsupported: more than 65,000 different labels, reasons or stages, or four thousand
/// million rows. Cancelled.
Result<std::shared_ptr<const ItemColumns>> readItemColumns(Connection &connection, DatasetId dataset,
                                                           const CancellationToken &token = {});

/// The rows of these candidates alone; those of other data sets are passed over. Everything that works on columns then works
/// among them.
std::shared_ptr<const ItemColumns> onlyCandidates(const ItemColumns &columns, const std::vector<qint64> &candidates);

} // namespace evalwright
