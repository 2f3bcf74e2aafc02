// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"

#include <QList>
#include <QSharedPointer>

class QCPAxisTicker;

namespace evalwright {

/// Round values for a log axis from `from` to `to` (both > 0): 1, then 1-3, then 1-2-5 per decade, as many as are
/// needed for at least three; below that the values of a linear axis.
QList<double> logTicks(double from, double to);

/// The ticks and their words for an axis of a figure.
QSharedPointer<QCPAxisTicker> makeTicker(const FigureAxis &axis);

} // namespace evalwright
