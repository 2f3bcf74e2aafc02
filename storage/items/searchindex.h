// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/connection.h"

#include <functional>

/// Search in the texts of candidates: the question, or the statement where there is none.
namespace evalwright {

/// The full-text index (schema 9). Rows that came since, or have another text by now, are brought into it bit by bit.
struct SearchIndexState
{
    qint64 indexedTo = 0, newest = 0; ///< Candidate ids.
    qint64 stale = 0;                 ///< Rows before `indexedTo` with another text than the index has.
    bool isComplete() const { return indexedTo >= newest && stale == 0; }
};
Result<SearchIndexState> searchIndexState(Connection &connection);
/// Brings up to so many further rows in, for Project::write; what is left then.
Result<SearchIndexState> extendSearchIndex(Connection &connection, qint64 rows = 20'000);
/// Empties the index, so that extendSearchIndex() makes it anew from the texts.
Status emptySearchIndex(Connection &connection);

/// Candidates from `first` to `last`.
struct IdRange
{
    qint64 first = 0, last = -1;
};

/// The candidates of a range in pieces of at most so many numbers each, rising. Numbers may have gaps that nobody should walk
/// through: a recovered or a foreign file can hold any. Ends at the first failure of `use`.
Status forEachPiece(Connection &connection, const IdRange &range, qint64 most, const std::function<Status(const IdRange &piece)> &use);

/// A question to the index: all of the words, each as the beginning of a word, parts in quotes as they stand. Empty when
/// there is no letter or digit in it.
QString searchExpression(const QString &words);

/// Candidates that have all of the words, rising by id. Rows that are not indexed yet are indexed for this once, which takes
/// some seconds for a million. Cancelled.
Status forEachMatch(Connection &connection, const IdRange &range, const QString &words, const CancellationToken &token,
                    const std::function<void(qint64 candidate)> &use);
/// Candidates whose text has this part, without the index, rising by id. ASCII letters match in either case. Cancelled.
Status forEachContaining(Connection &connection, const IdRange &range, const QString &part, const CancellationToken &token,
                         const std::function<void(qint64 candidate)> &use);

} // namespace evalwright
