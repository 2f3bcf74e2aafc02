// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids.h"
#include "core/result.h"
#include "storage/connection.h"

namespace evalwright {

/// The newest decision of the project, 0 when there is none: a mark between what was decided before and after.
Result<qint64> newestDecision(Connection &connection);

/// Appends, for each candidate that `which` names, the decision that it had at a mark once more. `which` is a question for
/// a candidate and its mark, the id of the last decision to be looked at; candidates without one up to there are passed
/// over. How many were appended. Within a transaction that is rolled back when it fails.
Result<qint64> restoreDecisions(Connection &connection, const QString &which, const QVariantList &values);

/// What taking back the decisions of a rule did.
struct Withdrawn
{
    qint64 restored = 0;      ///< Candidates that have their former decision again.
    qint64 withoutFormer = 0; ///< Had none before, so the rule's one stays.
};
/// Withdraws what rules decided about a data set after the mark `after` and up to `upTo`: appends the decision that
/// each of these candidates had at `after` once more. What a person or a later rule decided since stays.
Result<Withdrawn> withdrawDecisions(Connection &connection, DatasetId dataset, qint64 after, qint64 upTo);

} // namespace evalwright
