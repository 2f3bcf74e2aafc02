// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/results.h"

#include <QStringList>

#include <optional>

namespace evalwright {

struct ScalingQuery
{
    QStringList datasets;                        ///< Names; empty: all with results.
    QString axis = QStringLiteral("parameters"); ///< scalingAxes(): parameters | flops | steps | date
    QString family;                              ///< Empty: all.
    QString frame;                               ///< Empty: all.
    /// match: does the answer match; probability: of the matching label; shift: match less the match of the control
    /// `control`, item by item (statistics 13).
    QString measure = QStringLiteral("match");
    QString control = QStringLiteral("no-biography"); ///< Of the measure "shift".
    bool acrossFamilies = false; ///< Models of several families in one curve; such a curve gets no verdict, and says so.
    nlohmann::json toJson() const;
    static Result<ScalingQuery> fromJson(const nlohmann::json &json);
};

QStringList scalingAxes();
/// A place on an axis for people: "1.6B", "1.2e+21 FLOPs", "step 250", "2024-05-01".
QString scalingPlace(const QString &axis, double x);
QStringList scalingMeasures(); ///< match, probability, shift

struct ScalingPoint
{
    double x = 0;  ///< Parameters, FLOPs, steps, or days since 1970-01-01.
    ResultRow row; ///< Its score, low, high, n.
    /// What the curve shows: the score, the mean probability or the shift, with clustered and naive intervals.
    std::optional<double> value, low, high, naiveLow, naiveHigh;
};

/// The same models under a control, beside a curve.
struct ControlCurve
{
    QString control;
    QList<ScalingPoint> points;
};

/// One data set, one family, one training stage, one frame: nothing else may share a curve. Over steps of training and
/// dates a curve is of one size, or of one family.
struct ScalingCurve
{
    QString dataset, family, training, frame, control, scoring, polarity, measure;
    std::optional<double> parameters; ///< Over steps: of the size.
    std::optional<qint64> steps;      ///< Over sizes, where a size has several: the checkpoint.
    QStringList families;             ///< Of the points, where they are several.
    QList<ScalingPoint> points;       ///< By x.
    QList<ControlCurve> controls;
    /// Per factor ten in parameters or FLOPs, per step, per year; unset below three different x.
    std::optional<double> slope, slopeLow, slopeHigh, p, pAdjusted;
    std::optional<double> naiveP;          ///< Of the slope, as if every item were drawn by itself.
    std::optional<double> shapeP, shapePAdjusted;
    std::optional<double> change, changeLow, changeHigh; ///< Slope times the range of x.
    double smallestEffect = 0.05;          ///< Of interest, as it was set; see VerdictSettings.
    QString smallestEffectSaid;            ///< When; empty: never, the usual one.
    bool saidAfterwards = false;           ///< It was set, or changed, after the first of the answers.
    std::optional<qint64> items, clusters; ///< Answered by every model of the curve.
    std::optional<double> worthClusters; ///< That many equal ones tell as much; unset where nearly so.
    QString verdict =
        QStringLiteral("undetermined"); ///< positive | inverse | u-shaped | inverted-u | flat | undetermined
    QString reason; ///< E.g. too_few_sizes, few_clusters, narrow_range, slope, two_lines, equivalent.
    QString text;   ///< The verdict in one English sentence.
    QStringList details;
};

struct LeftOutModel
{
    QString dataset, model, family;
    QString reason; ///< no-parameters | no-compute | no-steps | no-date | no-family | no-answers | no-control
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

} // namespace evalwright
