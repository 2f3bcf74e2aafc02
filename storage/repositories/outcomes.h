// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <functional>

namespace evalwright {

/// What became of a candidate, without its texts unless it was kept: for shares over a whole data set.
struct CandidateOutcome
{
    CandidateId id;
    ResponseId response;   ///< Several candidates may come from one.
    MaterialId material;
    QString cluster;
    bool isImported = false, isDecided = false, keep = false;
    QString stage, reason, actor; ///< Of the latest decision.
    std::optional<double> labelConfidence;
    QString text; ///< Statement, or question where there is none; of kept ones only.
};
/// Every candidate of a data set by ordinal.
Status forEachOutcome(Connection &connection, DatasetId dataset,
                      const std::function<Status(const CandidateOutcome &)> &use);

/// What the answers took that a data set's generation rests on, each answer once, taken from the store or not.
struct MakingUsage
{
    qint64 answers = 0;
    qint64 promptTokens = 0, completionTokens = 0;
    qint64 withoutTokens = 0; ///< Answers whose server did not count.
    double cost = 0;
    qint64 withoutCost = 0; ///< Answers of models without a known price.
};
Result<MakingUsage> usageOfMaking(Connection &connection, DatasetId dataset);

} // namespace evalwright
