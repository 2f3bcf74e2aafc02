// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/connection.h"

#include <QHash>

#include <nlohmann/json.hpp>

#include <optional>

namespace evalwright {

/// A map from a checker's confidence to a calibrated probability, fitted on items whose labels are known
/// (statistics.md section 5). It stands in the side of the question: x = ln(p/(1 - p)) that the described one would say
/// it, calibrated = sigmoid(slope x + intercept). A temperature T is slope 1/T, intercept 0.
struct CalibrationMap
{
    QString kind;      ///< temperature | platt
    QString source;    ///< people | raters | validation
    double slope = 1, intercept = 0;
    qint64 n = 0;      ///< Items that it was fitted on.
    QString checker;   ///< Name of the model whose confidences they are; empty when it is not known.
    QString checkHash; ///< Of the form, frame and method; empty for prompts of a recipe's own.
    QString fittedAt;  ///< ISO 8601, UTC.
    nlohmann::json quality = nlohmann::json::object(); ///< {before, held_out}: brier, ece and log_loss, the
                                                     ///< latter on folds not fitted on; of a trial's Platt map null.

    /// Of the confidence 0..1 in the wanted label; `matching`: that label is what the described one would say. 0 and 1
    /// stay what they are.
    double apply(double confidence, bool matching) const;
    /// The confidence at which apply() gives `calibrated`.
    double inverse(double calibrated, bool matching) const;
    nlohmann::json toJson() const;
    static Result<CalibrationMap> fromJson(const QByteArray &bytes);
    /// "temperature 1.83, of 212 items that people decided about, 2026-11-28, for small"
    QString text() const;
};

constexpr qint64 leastForTemperature = 200, leastForPlatt = 50;

/// Which checker a data set's confidences are of: that of its newest job that asked one. Empty name: nobody knows.
struct CheckerInForce
{
    ModelId model;
    QString name, checkHash;
};
Result<CheckerInForce> checkerInForce(Connection &connection, DatasetId dataset);

enum class CalibrationSource {
    People,     ///< Items of the data set that a person kept or rejected.
    Validation, ///< The checker's newest trial on known labels that offers a map.
};
/// Fits a map for a data set's confidences. InvalidInput when there are too few items of known label (200 for a
/// temperature, 50 for Platt), with how many there are, or when they do not determine the map; NotFound without a trial.
Result<CalibrationMap> fitCalibration(Connection &connection, DatasetId dataset, CalibrationSource source,
                                      const QString &kind, qint64 seed = 1);

/// The same on items that raters judged: by candidate, whether people call its label right. Items without a confidence
/// inside of 0..1 are left out.
Result<CalibrationMap> fitCalibration(Connection &connection, DatasetId dataset, const QHash<qint64, bool> &rated,
                                      const QString &kind, qint64 seed = 1);

/// Stays with the data set as a note; the newest one counts. The same map again is no new one.
Status storeCalibration(Connection &connection, DatasetId dataset, const CalibrationMap &map);
/// The newest map for the checker that is in force; unset: there is none.
Result<std::optional<CalibrationMap>> calibrationOf(Connection &connection, DatasetId dataset);

/// Whether the wanted label of a target is what the described one would say: all but the second of a persona set.
bool isMatchingTarget(const QString &family, int target);

} // namespace evalwright
