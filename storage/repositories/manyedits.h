// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/bulkwriting.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace evalwright {

/// What an edit makes of a candidate. Many candidates share one of these.
struct EditShape
{
    enum Column { Statement, Question, MatchingLabel, OtherLabels, Fields, ColumnCount };
    static constexpr std::array names{"statement", "question", "matching_label", "other_labels", "fields"};
    using Columns = std::array<std::optional<std::string>, ColumnCount>;

    Columns to;                ///< As they are stored; unset: stays.
    std::string before, after; ///< As the edit keeps them (editcolumns.h).
    bool changesText() const { return to[Statement] || to[Question]; }
    bool changesAnything() const;
};

/// Gives many candidates other texts or labels and keeps an edit of each, in few statements: a statement for each would
/// take longer than what it does. Within a transaction that is rolled back on failure.
class ManyEdits
{
public:
    ManyEdits(Connection &connection, const QString &batch, const QString &reason);
    Status begin();

    /// Columns as they are stored now, by EditShape::Column; statement and question are empty where only labels are changed.
    using Stored = std::array<std::string_view, EditShape::ColumnCount>;
    /// What becomes of a candidate; null: it stays. What it points to has to stay until the call is over.
    using Choose = std::function<const EditShape *(qint64 candidate, const Stored &now)>;
    /// `candidates` rise and are some ten thousand at most; those that are not there are passed over. `textsToo`: shapes may
    /// change statement and question; else none does. How many were edited.
    Result<qint64> apply(std::span<const qint64> candidates, bool textsToo, const Choose &choose);

private:
    struct Edited
    {
        qint64 candidate = 0;
        const EditShape *shape = nullptr;
    };
    const EditShape *shapeOf(qint64 candidate);

    Connection &m_connection;
    BulkWriting m_writing;
    QString m_batch, m_reason;
    std::span<const qint64> m_candidates;
    RisingLookup m_lookup{{}};
    const Choose *m_choose = nullptr;
    std::vector<Edited> m_edited; ///< Rising.
    std::size_t m_at = 0;         ///< Where it was looked at last.
};

} // namespace evalwright
