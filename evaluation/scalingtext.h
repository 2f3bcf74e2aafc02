// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/scaling.h"
#include "evaluation/scaling.h"

/// Inside of the evaluation room: verdicts in words.
namespace evalwright::scalingtext {

/// Distinct sizes of a curve.
int sizes(const ScalingCurve &curve);

/// Sets text and details from the curve's verdict and numbers. `trend` and `tests` are null where there is no trend.
void describe(ScalingCurve &curve, const statistics::ScalingTrend *trend, const statistics::CurveVerdict *tests,
              qint64 curvesTested);

} // namespace evalwright::scalingtext
