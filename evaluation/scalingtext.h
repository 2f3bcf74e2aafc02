// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/scaling.h"
#include "evaluation/scaling.h"
#include "evaluation/scalingcurves.h"

/// Inside of the evaluation room: verdicts in words.
namespace evalwright::scalingtext {

/// Distinct places of a curve's points on its axis.
int sizes(const ScalingCurve &curve);

/// Sets text and details of the draft's curve from its verdict and numbers. `tests` is null where there is none.
void describe(scalingcurves::Draft &draft, const statistics::CurveVerdict *tests, const ScalingReport &report);

} // namespace evalwright::scalingtext
