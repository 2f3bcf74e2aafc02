// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/scaling.h"
#include "evaluation/cells.h"
#include "evaluation/scaling.h"

#include <vector>

/// Inside of the evaluation room: which cells make a curve, and the trend through them.
namespace evalwright::scalingcurves {

/// A value of one item under one model: a match, a probability or a shift.
struct Value
{
    std::uint32_t place = 0; ///< Of the item in cells::Items.
    double value = 0;
};

/// A model of a curve.
struct Member
{
    const cells::Cell *cell = nullptr;
    double x = 0; ///< As the point shows it.
    std::vector<Value> values; ///< By place.
};

/// A curve under work: its members in the order of its points.
struct Draft
{
    ScalingCurve curve;
    std::vector<Member> members;
    std::optional<statistics::ScalingTrend> trend;
    qint64 withoutControl = 0; ///< Answers of the measure "shift" that have no control to be compared with.
    QStringList endpointNotes; ///< Models that were asked at several endpoints.
};

/// Where the model stands on the axis, or why it does not.
struct Place
{
    std::optional<double> x; ///< Parameters, FLOPs, steps, or days since 1970-01-01.
    QString reason; ///< LeftOutModel::reason
};
Place placeOf(const Model &model, const QString &axis);

/// Parameters and FLOPs as logarithms, steps as they are, dates in years: what the slope is per unit of.
double trendX(const QString &axis, double x);

/// Groups the cells; those that cannot be points are listed in `leftOut` with the reason.
std::vector<Draft> drafts(const QList<cells::Cell> &list, const ScalingQuery &query, QList<LeftOutModel> &leftOut);

/// Fits the trend over the items that every model answered; sets the reason where there is none.
void fit(Draft &draft, const QString &axis);

} // namespace evalwright::scalingcurves
