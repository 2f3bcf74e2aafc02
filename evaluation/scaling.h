// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"
#include "evaluation/results.h"
#include "storage/repositories/runs.h"

#include <QStringList>

#include <optional>

namespace evalwright {

struct ScalingQuery
{
    QStringList datasets;                        ///< Names; empty: all with results.
    QString axis = QStringLiteral("parameters"); ///< This version knows "parameters".
    QString family;                              ///< Empty: all.
    QString frame;                               ///< Empty: all.
    nlohmann::json toJson() const;
    static Result<ScalingQuery> fromJson(const nlohmann::json &json);
};

struct ScalingPoint
{
    double x = 0;  ///< Parameters.
    ResultRow row; ///< Its score, low, high, n.
};

/// One data set, one family, one training stage, one frame: nothing else may share a curve.
struct ScalingCurve
{
    QString dataset, family, training, frame, control, scoring, polarity;
    QList<ScalingPoint> points; ///< By x.
    /// Per factor ten in x; unset below three sizes.
    std::optional<double> slope, slopeLow, slopeHigh, p, pAdjusted;
    std::optional<double> change;          ///< Slope times the range of x.
    std::optional<qint64> items, clusters; ///< Answered by every model of the curve.
    QString verdict =
        QStringLiteral("undetermined"); ///< positive | inverse | u-shaped | inverted-u | flat | undetermined
    QString reason; ///< E.g. too_few_sizes, few_clusters, narrow_range, slope, two_lines, equivalent.
    QString text;   ///< The verdict in one English sentence.
    QStringList details;
};

struct LeftOutModel
{
    QString dataset, model, family;
    QString reason; ///< no-parameters | no-family | no-answers
};

struct ScalingReport
{
    QString axis;
    QList<ScalingCurve> curves; ///< By data set, family, training, frame.
    QList<LeftOutModel> leftOut;
    qint64 curvesTested = 0; ///< The J of the adjustment: curves with a slope.
    nlohmann::json toJson() const;
};

/// Curves and verdicts from the latest results (statistics 16; adjusted over all curves of the answer).
/// NotFound for unknown names, Unsupported for an axis this version lacks, InvalidInput when there are no results.
Result<ScalingReport> scaling(Connection &connection, const ScalingQuery &query);

/// Score over parameters, one line per curve, with ceiling, floor and chance where one data set is shown.
FigureSpec scalingFigure(const ScalingReport &report, const ScalingQuery &query);
/// A dot per data set and model with its interval.
FigureSpec scoresFigure(const QList<ResultRow> &rows, const ResultFilter &filter);

/// Stores the figure in the project.
Result<FigureRecord> storeFigure(Connection &connection, const FigureSpec &spec);
/// Builds a stored figure again from what it was created from: compare dataHash to see whether newer results exist.
Result<FigureSpec> rebuildFigure(Connection &connection, const FigureSpec &spec);

} // namespace evalwright
