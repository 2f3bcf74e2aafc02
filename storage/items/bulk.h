// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/connection.h"

#include <functional>
#include <vector>

/// Changes of many candidates at once, each of them taken back in one step. Run by Project::write.
namespace evalwright {

/// The decisions that one doing added: ids above `after`, up to `upTo`.
struct DecisionMarks
{
    qint64 after = 0, upTo = 0;
    qint64 changed = 0;
};
/// A person keeps or rejects them. `reason` is a code ("person", or "person:" and words).
Result<DecisionMarks> decideAll(Connection &connection, const std::vector<qint64> &candidates, bool keep, const QString &reason);

struct TakenBack
{
    qint64 restored = 0;
    qint64 withoutFormer = 0; ///< Had no decision before; this one stays.
    qint64 changedSince = 0;  ///< Were decided about again since; left as they are.
};
/// Gives each candidate the decision that it had before, as a new one.
Result<TakenBack> takeBackDecisions(Connection &connection, const DecisionMarks &marks);
/// The same for one doing that was done in parts, rising. Asks `goesOn` before each part, with how many were taken back
/// before; Cancelled when it says no.
Result<TakenBack> takeBackDecisions(Connection &connection, const std::vector<DecisionMarks> &parts,
                                    const std::function<bool(qint64 done)> &goesOn);

/// Gives them a tag or takes it away; those that were changed by it. InvalidInput: a name that is empty, longer than 64
/// characters or has a comma or quotes in it.
Result<std::vector<qint64>> tagAll(Connection &connection, const std::vector<qint64> &candidates, const QString &tag, bool on);
Result<QStringList> tagsOf(Connection &connection, qint64 candidate);

struct Relabelled
{
    QString batch;         ///< For undoEdits(); empty when nothing was changed.
    qint64 changed = 0;
    qint64 withoutLabel = 0; ///< Have no such answer, or have it as the matching one already.
};
/// Makes `label` (as it is shown, without outer blanks) the answer that matches; the one that did becomes another answer.
/// The texts before are kept.
Result<Relabelled> relabelAll(Connection &connection, const std::vector<qint64> &candidates, const QString &label,
                              const QString &reason);

} // namespace evalwright
