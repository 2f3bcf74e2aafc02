// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/estimate.h"
#include "lm/request.h"
#include "storage/connection.h"

namespace evalwright {

/// The requests of one stage that are still to be sent.
struct StageToEstimate
{
    const Model &model;
    QString stages; ///< Earlier stages of this kind, as latestUsage() takes them.
    QString what;   ///< The kind in words: "writing", "label checks".
    EstimateRange requests;
    QStringList requestsBasis;    ///< Why their number is not exact; empty when it is.
    double charactersEach = 0;    ///< Mean length of the prompts; see promptCharacters().
    QStringList charactersBasis;  ///< Why the length is a guess; empty when the prompts are known.
    int mostTokensEach = 0;       ///< Limit of an answer; 0: nothing is generated, and nothing counted.
};

/// Tokens from what earlier answers of the model took, else from four characters a token and the answers' limit; time
/// from how fast earlier stages of this kind went. Every number says what it rests on (docs/estimates.md).
Result<Estimate> estimateStage(Connection &connection, const StageToEstimate &stage);

/// A sum with a share of it, such as statements that reach the checker: 95% Wilson interval, low = 0 and high = 1
/// around `unknown` when nothing was counted.
EstimateRange estimatedShare(qint64 part, qint64 all, double unknown);

/// Characters (UTF-16 units) of the texts in a request, without their roles.
qint64 promptCharacters(const LmRequest &request);
/// The same from a stored body; unset when the prompt is made of token ids, or there is none.
std::optional<qint64> promptCharacters(const QString &requestJson);

} // namespace evalwright
