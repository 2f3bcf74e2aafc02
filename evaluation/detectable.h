// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/connection.h"

#include <QList>
#include <QStringList>

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace evalwright {

namespace preparation {
struct Prepared;
}

/// What a planned evaluation can find at most, with a chance of 80% (statistics 18; core/statistics/trendplan.h).
struct DetectableEffect
{
    QString dataset, frame, scoring;
    QString family, training; ///< Of the curve; empty: of pairs of models only.
    QStringList models;       ///< By size.
    qint64 items = 0, clusters = 0;
    double worth = 0; ///< What unequal clusters are worth; that of equal ones: clusters.
    /// The smallest true change from the smallest to the largest size that gets its verdict; unset: no verdict whatever
    /// comes, see reason.
    std::optional<double> change;
    /// The smallest rise and fall (both) that is called U-shaped.
    std::optional<double> armChange;
    std::optional<double> pair; ///< The smallest true difference of two of the models; unset with one model.
                                ///< Of any family on the data set, asked in this way.
    QString reason;             ///< too_few_sizes | few_clusters | narrow_range
    /// What it rests on. The correlation is that of two models' answers to an item; the ICC is that of the *differences*
    /// between models, which is not the ICC of scores.
    double itemVariance = 0.25, correlation = 0, discordant = 0.5, icc = 0;
    qint64 pilotItems = 0; ///< Of earlier answers, from which these come; 0: they are assumed, on the safe side.
    qint64 curves = 1;     ///< Judged together.

    nlohmann::json toJson() const;
    QString text() const; ///< In sentences.
};

/// One for each data set, family, training, frame and scoring that is planned without a control; of sentences with a
/// blank none. Errors of reading.
Result<QList<DetectableEffect>> detectableEffects(Connection &connection, const preparation::Prepared &prepared);

} // namespace evalwright
