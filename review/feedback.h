// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/agreement.h"

namespace evalwright::review {

/// Which items people's word drops from a data set.
struct FeedbackRule
{
    int broken = 0;           ///< Called broken by so many raters or more; 0: not looked at.
    bool mislabelled = false; ///< People's word is another label: a decision, or a majority of `votes` or more.
    int votes = 2;
};

struct FeedbackPlan
{
    QList<qint64> broken, mislabelled; ///< Candidates; one that is both is broken.
};
FeedbackPlan planFeedback(const Agreement &agreement, const FeedbackRule &rule);

/// Rejects those of them that are kept now, as people's decision (stage "reviewed", reason people-broken or
/// people-label), so that no filter that is applied again takes it back. Returns how many.
Result<qint64> applyFeedback(Connection &connection, const FeedbackPlan &plan);

/// Takes back what applyFeedback() decided, where that is still the latest decision: the one before is made again.
/// Returns how many items.
Result<qint64> undoFeedback(Connection &connection, DatasetId dataset);

} // namespace evalwright::review
